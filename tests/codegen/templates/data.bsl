#Region Data

Function EmptyData()

    Return GetBinaryDataFromString("");

EndFunction

Function JSONText(Val Value)

    Writer = New JSONWriter;
    Writer.SetString();
    WriteJSON(Writer, Value);

    Return Writer.Close();

EndFunction

Function ReadJSONText(Val Text, Val ReadToMap)

    Reader = New JSONReader;
    Reader.SetString(Text);
    Value = ReadJSON(Reader, ReadToMap);
    Reader.Close();

    Return Value;

EndFunction

// A number as programs write it: no groups of digits. || Число, как его пишут программы: без групп разрядов.
Function NumberText(Val Value)

    If TypeOf(Value) = Type("[[Number]]") Then
        Return XMLString(Value);
    EndIf;

    Return TrimAll(Value);

EndFunction

// Whether an optional value was given: neither Undefined nor empty text. || Задано ли необязательное значение: не Неопределено и не пустая строка.
Function IsGiven(Val Value)

    Return Value <> Undefined And Value <> Null And Value <> "";

EndFunction

// The value of a structure or a map, Undefined when there is none. || Значение структуры или соответствия, Неопределено при его отсутствии.
Function FieldOf(Val Collection, Val Key)

    If TypeOf(Collection) = Type("[[Map]]") Then
        Return Collection.Get(Key);
    EndIf;

    Value = Undefined;
    If TypeOf(Collection) = Type("[[Structure]]") Then
        Collection.Property(Key, Value);
    EndIf;

    Return Value;

EndFunction

Function IsKeyAndValueCollection(Val Value)

    Return TypeOf(Value) = Type("[[Structure]]") Or TypeOf(Value) = Type("[[Map]]");

EndFunction

#EndRegion

#Region Proxy

// From the settings of a proxy to text such as socks5://user:password@host:port. || От настроек прокси к тексту вида socks5://имя:пароль@узел:порт.
Function ProxyRoute(Val Proxy)

    Scheme = FieldOf(Proxy, "proxy_type");
    If Not IsGiven(Scheme) Then
        Scheme = "socks5";
    EndIf;

    Return Lower(Scheme) + "://" + ProxyLogin(Proxy)
        + FieldOf(Proxy, "server") + ":" + NumberText(FieldOf(Proxy, "port"));

EndFunction

Function ProxyLogin(Val Proxy)

    Login = FieldOf(Proxy, "login");
    If Not IsGiven(Login) Then
        Return "";
    EndIf;

    Password = FieldOf(Proxy, "password");
    If Not IsGiven(Password) Then
        Password = "";
    EndIf;

    Return EncodeString(Login, StringEncodingMethod.URLEncoding)
        + ":" + EncodeString(Password, StringEncodingMethod.URLEncoding) + "@";

EndFunction

#EndRegion
