// HTTP requests with the functions of Connector. || HTTP-запросы с функциями Коннектора.
// Times are in seconds; 0 is the longest wait, 24 hours. || Время - в секундах; 0 - самое долгое ожидание, 24 часа.

#Region Requests

// Sends GET. || Отправляет GET.
//
// Parameters: || Параметры:
//  URL - String - where to; without a scheme it is http. || URL - Строка - куда; без схемы - http.
//  RequestParameters - Structure, Map - parameters added to the URL; an array repeats its name. || ПараметрыЗапроса - Структура, Соответствие - параметры, добавляемые к URL; массив повторяет имя.
//  AdditionalParameters - Structure - see NewParameters. || ДополнительныеПараметры - Структура - см. НовыеПараметры.
//  Session - Structure - see NewSession. || Сессия - Структура - см. СоздатьСессию.
//
// Returns: || Возвращаемое значение:
//  Structure - Method, URL, StatusCode, Headers, Body, Encoding, ExecutionTime, IsPermanentRedirect, IsRedirect. || Структура - Метод, URL, КодСостояния, Заголовки, Тело, Кодировка, ВремяВыполнения, ЭтоПостоянныйРедирект, ЭтоРедирект.
Function Get(Val URL, Val RequestParameters = Undefined, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Return Exchange("GET", URL, RequestParameters, Undefined, Undefined, AdditionalParameters, Session);

EndFunction

// Sends OPTIONS; see Get. || Отправляет OPTIONS; см. Get.
Function Options(Val URL, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Return Exchange("OPTIONS", URL, Undefined, Undefined, Undefined, AdditionalParameters, Session);

EndFunction

// Sends HEAD; see Get. || Отправляет HEAD; см. Get.
Function Head(Val URL, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Return Exchange("HEAD", URL, Undefined, Undefined, Undefined, AdditionalParameters, Session);

EndFunction

// Sends POST; see Get. || Отправляет POST; см. Get.
//
// Parameters: || Параметры:
//  Data - Structure, Map, String, BinaryData - a structure or a map goes as a form. || Данные - Структура, Соответствие, Строка, ДвоичныеДанные - структура или соответствие уйдут как форма.
Function Post(Val URL, Val Data = Undefined, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Return Exchange("POST", URL, Undefined, Data, Undefined, AdditionalParameters, Session);

EndFunction

// Sends PUT; see Post. || Отправляет PUT; см. Post.
Function Put(Val URL, Val Data = Undefined, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Return Exchange("PUT", URL, Undefined, Data, Undefined, AdditionalParameters, Session);

EndFunction

// Sends PATCH; see Post. || Отправляет PATCH; см. Post.
Function Patch(Val URL, Val Data = Undefined, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Return Exchange("PATCH", URL, Undefined, Data, Undefined, AdditionalParameters, Session);

EndFunction

// Sends DELETE; see Post. || Отправляет DELETE; см. Post.
Function Delete(Val URL, Val Data = Undefined, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Return Exchange("DELETE", URL, Undefined, Data, Undefined, AdditionalParameters, Session);

EndFunction

// Sends a request with any method; see Get. || Отправляет запрос с любым методом; см. Get.
Function CallMethod(Val Method, Val URL, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Return Exchange(Method, URL, Undefined, Undefined, Undefined, AdditionalParameters, Session);

EndFunction

#EndRegion

#Region JSONRequests

// Sends GET and reads the answer, whatever its status, as JSON. || Отправляет GET и читает ответ с любым кодом как JSON.
//
// Returns: || Возвращаемое значение:
//  Map, Array, Structure and so on - what the answer holds. || Соответствие, Массив, Структура и так далее - содержимое ответа.
Function GetJson(Val URL, Val RequestParameters = Undefined, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Response = Exchange("GET", URL, RequestParameters, Undefined, Undefined, AdditionalParameters, Session);

    Return AsJson(Response, FieldOf(AdditionalParameters, "[[JSONConversionParameters]]"));

EndFunction

// Sends a value as JSON by POST, and reads the answer as JSON. || Отправляет значение как JSON методом POST и читает ответ как JSON.
Function PostJson(Val URL, Val Json, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Response = Exchange("POST", URL, Undefined, Undefined, Json, AdditionalParameters, Session);

    Return AsJson(Response, FieldOf(AdditionalParameters, "[[JSONConversionParameters]]"));

EndFunction

// Sends a value as JSON by PUT, and reads the answer as JSON. || Отправляет значение как JSON методом PUT и читает ответ как JSON.
Function PutJson(Val URL, Val Json, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Response = Exchange("PUT", URL, Undefined, Undefined, Json, AdditionalParameters, Session);

    Return AsJson(Response, FieldOf(AdditionalParameters, "[[JSONConversionParameters]]"));

EndFunction

// Sends a value as JSON by DELETE, and reads the answer as JSON. || Отправляет значение как JSON методом DELETE и читает ответ как JSON.
Function DeleteJson(Val URL, Val Json, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Response = Exchange("DELETE", URL, Undefined, Undefined, Json, AdditionalParameters, Session);

    Return AsJson(Response, FieldOf(AdditionalParameters, "[[JSONConversionParameters]]"));

EndFunction

#EndRegion

#Region Settings

// Additional parameters of a request with their defaults; an unknown key is an error. || Дополнительные параметры запроса со значениями по умолчанию; неизвестный ключ - ошибка.
//
// Returns: || Возвращаемое значение:
//  Structure: || Структура:
//   Headers - Map - headers of the request; they win over those of the session. || Заголовки - Соответствие - заголовки запроса; они важнее заголовков сессии.
//   Authentication - Structure - see NewBasicAuthentication, NewBearerAuthentication. || Аутентификация - Структура - см. НоваяАутентификацияBasic, НоваяАутентификацияBearer.
//   Proxy - String, Structure - text such as socks5://user:password@host:port, or server, port, proxy_type, login, password. || Прокси - Строка, Структура - строка вида socks5://имя:пароль@узел:порт либо server, port, proxy_type, login, password.
//   RequestParameters - Structure, Map - parameters added to the URL. || ПараметрыЗапроса - Структура, Соответствие - параметры, добавляемые к URL.
//   VerifySSL - Boolean, String - False checks no certificate; text is the path of a PEM file with issuers to trust besides the system's. || ПроверятьSSL - Булево, Строка - Ложь не проверяет сертификаты; строка - путь к файлу PEM с ЦС, которым доверять помимо системных.
//   Timeout - Number - how long the request may take, in seconds. || Таймаут - Число - сколько может длиться запрос, в секундах.
//   AllowRedirect - Boolean - whether redirects are followed. || РазрешитьПеренаправление - Булево - следовать ли перенаправлениям.
//   Json - the value to send as JSON. || Json - значение, которое отправить как JSON.
//   JSONConversionParameters - Structure - ReadToMap, JSONDateFormat, PropertiesNamesWithDateValues. || ПараметрыПреобразованияJSON - Структура - ПрочитатьВСоответствие, ФорматДатыJSON, ИменаСвойствСоЗначениямиДата.
//   JSONWriterSettings - Structure - NewLines, PaddingSymbols. || ПараметрыЗаписиJSON - Структура - ПереносСтрок, СимволыОтступа.
//   Data - the body; see Post. || Данные - тело; см. Post.
Function NewParameters() Export

    Parameters = New Structure;
    Parameters.Insert("[[Headers]]", New Map);
    Parameters.Insert("[[Authentication]]", Undefined);
    Parameters.Insert("[[Proxy]]", Undefined);
    Parameters.Insert("[[RequestParameters]]", Undefined);
    Parameters.Insert("[[VerifySSL]]", True);
    Parameters.Insert("[[Timeout]]", 30);
    Parameters.Insert("[[AllowRedirect]]", True);
    Parameters.Insert("[[Json]]", Undefined);
    Parameters.Insert("[[JSONConversionParameters]]", Undefined);
    Parameters.Insert("[[JSONWriterSettings]]", Undefined);
    Parameters.Insert("[[Data]]", Undefined);

    Return Parameters;

EndFunction

// A session: it keeps cookies and connections between requests. || Сессия: хранит cookies и соединения между запросами.
// Proxy and VerifySSL are those of its first request; another choice needs another session. || Прокси и ПроверятьSSL - как в её первом запросе; для других нужна другая сессия.
//
// Returns: || Возвращаемое значение:
//  Structure: || Структура:
//   Headers - Map - headers of every request. || Заголовки - Соответствие - заголовки каждого запроса.
//   Authentication - Structure - see NewParameters. || Аутентификация - Структура - см. НовыеПараметры.
//   Proxy - String, Structure - see NewParameters. || Прокси - Строка, Структура - см. НовыеПараметры.
//   RequestParameters - Map - parameters added to every URL. || ПараметрыЗапроса - Соответствие - параметры, добавляемые к каждому URL.
//   VerifySSL - Boolean, String - see NewParameters. || ПроверятьSSL - Булево, Строка - см. НовыеПараметры.
//   MaximumNumberOfRedirects - Number - how many redirects are followed. || МаксимальноеКоличествоПеренаправлений - Число - скольким перенаправлениям следовать.
//   ServiceData - Structure - of the module itself. || СлужебныеДанные - Структура - для самого модуля.
Function NewSession() Export

    ServiceData = New Structure;
    ServiceData.Insert("[[Connector]]", Undefined);
    ServiceData.Insert("[[Settings]]", Undefined);

    Session = New Structure;
    Session.Insert("[[Headers]]", New Map);
    Session.Insert("[[Authentication]]", Undefined);
    Session.Insert("[[Proxy]]", Undefined);
    Session.Insert("[[RequestParameters]]", New Map);
    Session.Insert("[[VerifySSL]]", True);
    Session.Insert("[[MaximumNumberOfRedirects]]", 30);
    Session.Insert("[[ServiceData]]", ServiceData);

    Return Session;

EndFunction

// Basic authentication, by a user and a password. || Аутентификация Basic, по имени и паролю.
Function NewBasicAuthentication(Val User = "", Val Password = "") Export

    Authentication = New Structure;
    Authentication.Insert("[[Type]]", "Basic");
    Authentication.Insert("[[User]]", User);
    Authentication.Insert("[[Password]]", Password);

    Return Authentication;

EndFunction

// Bearer authentication, by a token. || Аутентификация Bearer, по токену.
Function NewBearerAuthentication(Val Token = "") Export

    Authentication = New Structure;
    Authentication.Insert("[[Type]]", "Bearer");
    Authentication.Insert("[[Token]]", Token);

    Return Authentication;

EndFunction

#EndRegion

#Region Responses

// The body of a response as a value of JSON. || Тело ответа как значение JSON.
Function AsJson(Val Response, Val JSONConversionParameters = Undefined) Export

    Try
        Return JsonToObject(Response.Body, EncodingOr(Response, Undefined), JSONConversionParameters);
    Except
        Problem = BriefErrorDescription(ErrorInfo());
    EndTry;

    Raise AsException(Response, "[[The answer is no JSON||Ответ сервера - не JSON]]. " + Problem);

EndFunction

// The body of a response as text. || Тело ответа как строка.
Function AsText(Val Response, Val Encoding = Undefined) Export

    If Response.Body.Size() = 0 Then
        Return "";
    EndIf;

    Return GetStringFromBinaryData(Response.Body, EncodingOr(Response, Encoding));

EndFunction

// The body of a response as binary data. || Тело ответа как двоичные данные.
Function AsBinaryData(Val Response) Export

    Return Response.Body;

EndFunction

// A response as text for an exception or a log. || Ответ как текст для исключения или журнала.
Function AsException(Val Response, Val UserText = Undefined) Export

    Text = "HTTP " + Response.Method + " " + Response.URL + Chars.LF + HTTPStatusCodePresentation(Response.StatusCode);
    If IsGiven(UserText) Then
        Text = UserText + Chars.LF + Chars.LF + Text;
    EndIf;

    Body = AsText(Response);
    If StrLen(Body) > 1000 Then
        Body = Left(Body, 500) + Chars.LF + "..." + Chars.LF + Right(Body, 500);
    EndIf;
    If Body <> "" Then
        Text = Text + Chars.LF + "[[Body of the answer||Тело ответа]]:" + Chars.LF + Body;
    EndIf;

    Return Text;

EndFunction

// A value as text of JSON. || Значение как текст JSON.
Function ObjectToJson(Val Object, Val ConversionParameters = Undefined, Val WriterSettings = Undefined) Export

    CheckKeys(ConversionParameters, "[[ReadToMap]],[[JSONDateFormat]],[[PropertiesNamesWithDateValues]]");
    If Not IsKeyAndValueCollection(WriterSettings) Then
        Return JSONText(Object);
    EndIf;

    CheckKeys(WriterSettings, "[[NewLines]],[[PaddingSymbols]]");
    NewLines = FieldOf(WriterSettings, "[[NewLines]]");
    If NewLines = Undefined Then
        NewLines = JSONLineBreak.Auto;
    EndIf;
    PaddingSymbols = FieldOf(WriterSettings, "[[PaddingSymbols]]");
    If PaddingSymbols = Undefined Then
        PaddingSymbols = " ";
    EndIf;

    // OneScript takes what is left out here for True. || OneScript считает пропущенное здесь за Истина.
    Writer = New JSONWriter;
    Writer.SetString(New JSONWriterSettings(NewLines, PaddingSymbols, True, JSONCharactersEscapeMode.None, False, True, False, False, False));
    WriteJSON(Writer, Object);

    Return Writer.Close();

EndFunction

// A value from JSON, given as text or binary data. || Значение из JSON, заданного строкой или двоичными данными.
Function JsonToObject(Val Json, Val Encoding = "utf-8", Val ConversionParameters = Undefined) Export

    CheckKeys(ConversionParameters, "[[ReadToMap]],[[JSONDateFormat]],[[PropertiesNamesWithDateValues]]");
    Text = Json;
    If TypeOf(Json) = Type("[[BinaryData]]") Then
        Text = GetStringFromBinaryData(Json, Encoding);
    EndIf;
    If Left(Text, 1) = Char(65279) Then
        Text = Mid(Text, 2);
    EndIf;

    DateFormat = FieldOf(ConversionParameters, "[[JSONDateFormat]]");
    DateNames = FieldOf(ConversionParameters, "[[PropertiesNamesWithDateValues]]");
    ReadToMap = FieldOf(ConversionParameters, "[[ReadToMap]]") <> False;

    Reader = New JSONReader;
    Reader.SetString(Text);
    If DateFormat <> Undefined Then
        Value = ReadJSON(Reader, ReadToMap, DateNames, DateFormat);
    ElsIf DateNames <> Undefined Then
        Value = ReadJSON(Reader, ReadToMap, DateNames);
    Else
        Value = ReadJSON(Reader, ReadToMap);
    EndIf;
    Reader.Close();

    Return Value;

EndFunction

#EndRegion

#Region Statuses

// The statuses of HTTP by name, for example NotFound_404. || Коды состояния HTTP по именам, например НеНайдено_404.
//
// Returns: || Возвращаемое значение:
//  Structure - a number for each name. || Структура - число для каждого имени.
Function HTTPStatusCodes() Export

    Codes = New Structure;
    For Each Row In StatusTable() Do
        Codes.Insert(Row.Name, Row.Code);
    EndDo;

    Return Codes;

EndFunction

// A status as text, for example 404: Not Found. || Код состояния как текст, например 404: Not Found.
Function HTTPStatusCodePresentation(Val StatusCode) Export

    For Each Row In StatusTable() Do
        If Row.Code = StatusCode Then
            Return NumberText(StatusCode) + ": " + Row.Reason;
        EndIf;
    EndDo;

    Return NumberText(StatusCode) + ": [[Unknown HTTP status code||Неизвестный код состояния HTTP]]";

EndFunction

Function StatusTable()

    Table = New Array;
//@ statuses

    Return Table;

EndFunction

Procedure AddStatus(Table, Val Code, Val Name, Val Reason)

    Row = New Structure;
    Row.Insert("[[Code]]", Code);
    Row.Insert("[[Name]]", Name);
    Row.Insert("[[Reason]]", Reason);
    Table.Add(Row);

EndProcedure

#EndRegion

#Region Private

Function Exchange(Val Method, Val URL, Val RequestParameters, Val Data, Val Json, Val AdditionalParameters, Session)

    IsOwnSession = Session = Undefined;
    If IsOwnSession Then
        Session = NewSession();
    EndIf;
    Parameters = CompleteParameters(AdditionalParameters);
    If RequestParameters <> Undefined Then
        Parameters.RequestParameters = RequestParameters;
    EndIf;
    If Data <> Undefined Then
        Parameters.Data = Data;
    EndIf;
    If Json <> Undefined Then
        Parameters.Json = Json;
    EndIf;

    Target = FullURL(URL);
    Headers = MergeHeaders(Session.Headers, Parameters.Headers);
    If IsOwnSession And HeaderName(Headers, "Connection") = Undefined Then
        // Nobody will use the connection again, and OneScript never lets go of objects. || Соединение больше никому не нужно, а OneScript никогда не освобождает объекты.
        Headers.Insert("Connection", "close");
    EndIf;
    Query = New Map;
    AddQuery(Query, Target, Session.RequestParameters);
    AddQuery(Query, Target, Parameters.RequestParameters);

    CallOptions = New Structure;
    CallOptions.Insert("query", Query);
    CallOptions.Insert("headers", Headers);
    AddAuthentication(CallOptions, FirstGiven(Parameters.Authentication, Session.Authentication));
    CallOptions.Insert("timeout", Milliseconds(Parameters.Timeout));
    Redirects = Session.MaximumNumberOfRedirects;
    If Parameters.AllowRedirect = False Then
        Redirects = 0;
    EndIf;
    CallOptions.Insert("redirects", Redirects);
    Body = TakeBody(Parameters, CallOptions);

    Connector = SessionConnector(Session, Parameters);
    Answer = ReadAnswer(Connector.Request(Body, Upper(Method), Target, JSONText(CallOptions)));
    If Not IsSuccess(Answer) Then
        Raise "HTTP " + Upper(Method) + ": " + ErrorText(Answer.Get("error"));
    EndIf;

    Return ResponseOf(Upper(Method), Connector, Answer);

EndFunction

Function CompleteParameters(Val Given)

    Parameters = NewParameters();
    If Given = Undefined Then
        Return Parameters;
    EndIf;
    If Not IsKeyAndValueCollection(Given) Then
        Raise "[[Additional parameters must be a structure; see NewParameters||Дополнительные параметры должны быть структурой; см. НовыеПараметры]].";
    EndIf;

    Accepted = "";
    For Each Item In Parameters Do
        Accepted = Accepted + "," + Item.Key;
    EndDo;
    CheckKeys(Given, Mid(Accepted, 2));
    For Each Item In Given Do
        If Item.Value <> Undefined Then
            Parameters.Insert(Item.Key, Item.Value);
        EndIf;
    EndDo;

    Return Parameters;

EndFunction

// Raises an exception for a key that is none of those accepted, so that no typo is lost. || Вызывает исключение для ключа не из списка, чтобы опечатка не терялась.
Procedure CheckKeys(Val Given, Val Accepted)

    If Not IsKeyAndValueCollection(Given) Then
        Return;
    EndIf;
    For Each Item In Given Do
        If StrFind("," + Upper(Accepted) + ",", "," + Upper(Item.Key) + ",") = 0 Then
            Raise "[[Unknown key||Неизвестный ключ]] " + Item.Key + "; [[accepted||допустимы]]: " + StrReplace(Accepted, ",", ", ") + ".";
        EndIf;
    EndDo;

EndProcedure

Function SessionConnector(Val Session, Val Parameters)

    ServiceData = Session.ServiceData;
    SessionSettings = JSONText(SessionOptions(Session, Parameters));
    If ServiceData.Connector = Undefined Then
        Connector = NewAddInObject("HTTPConnector");
        Answer = ReadAnswer(Connector.NewSession(SessionSettings));
        If Not IsSuccess(Answer) Then
            Raise ErrorText(Answer.Get("error"));
        EndIf;
        ServiceData.Connector = Connector;
        ServiceData.Settings = SessionSettings;
    ElsIf ServiceData.Settings <> SessionSettings Then
        Raise "[[Proxy and VerifySSL of a session cannot change after its first request; use another session||Прокси и ПроверятьSSL сессии нельзя менять после первого запроса; используйте другую сессию]].";
    EndIf;

    Return ServiceData.Connector;

EndFunction

Function SessionOptions(Val Session, Val Parameters)

    Settings = New Structure;

    // True of a request is its default, so it does not outweigh the choice of the session. || Истина в запросе - значение по умолчанию, поэтому не отменяет выбор сессии.
    VerifySSL = Parameters.VerifySSL;
    If VerifySSL = True Then
        VerifySSL = Session.VerifySSL;
    EndIf;
    If VerifySSL = False Then
        Settings.Insert("dangerous_accept_any_certificate", True);
    ElsIf TypeOf(VerifySSL) = Type("[[String]]") Then
        Settings.Insert("ca_file", VerifySSL);
    ElsIf VerifySSL <> True Then
        Raise "[[VerifySSL must be True, False or the path of a PEM file||ПроверятьSSL должен быть Истина, Ложь или путь к файлу PEM]].";
    EndIf;

    Proxy = FirstGiven(Parameters.Proxy, Session.Proxy);
    If IsKeyAndValueCollection(Proxy) Then
        Settings.Insert("proxy", ProxyRoute(Proxy));
    ElsIf TypeOf(Proxy) = Type("[[String]]") And Proxy <> "" Then
        Settings.Insert("proxy", Proxy);
    ElsIf IsGiven(Proxy) Then
        Raise "[[Proxy must be text such as socks5://host:port, or a structure with server, port, proxy_type, login and password||Прокси должен быть строкой вида socks5://узел:порт или структурой с server, port, proxy_type, login и password]].";
    EndIf;

    Return Settings;

EndFunction

Function FirstGiven(Val First, Val Second)

    If IsGiven(First) Then
        Return First;
    EndIf;

    Return Second;

EndFunction

Procedure AddAuthentication(CallOptions, Val Authentication)

    If Not IsGiven(Authentication) Then
        Return;
    EndIf;
    CheckKeys(Authentication, "[[Type]],[[User]],[[Password]],[[Token]]");

    Scheme = FirstGiven(FieldOf(Authentication, "[[Type]]"), "Basic");
    If Upper(Scheme) = "BASIC" Then
        CallOptions.Insert("user", FirstGiven(FieldOf(Authentication, "[[User]]"), ""));
        CallOptions.Insert("password", FirstGiven(FieldOf(Authentication, "[[Password]]"), ""));
    ElsIf Upper(Scheme) = "BEARER" Then
        Token = FieldOf(Authentication, "[[Token]]");
        If IsGiven(Token) Then
            CallOptions.Insert("token", Token);
        EndIf;
    Else
        Raise "[[This version knows the authentications Basic and Bearer, not||Эта версия знает аутентификации Basic и Bearer, но не]] " + Scheme + ".";
    EndIf;

EndProcedure

// The body; a form goes into the options instead. || Тело; форма вместо этого попадает в параметры вызова.
Function TakeBody(Val Parameters, CallOptions)

    Data = Parameters.Data;
    If IsKeyAndValueCollection(Data) And Data.Count() > 0 Then
        CallOptions.Insert("form", Data);
        Return "";
    EndIf;
    If TypeOf(Data) = Type("[[BinaryData]]") Then
        SetContentType(CallOptions.headers, "application/octet-stream");
        Return Data;
    EndIf;
    If TypeOf(Data) = Type("[[String]]") And Data <> "" Then
        SetContentType(CallOptions.headers, "application/x-www-form-urlencoded; charset=utf-8");
        Return Data;
    EndIf;
    If IsGiven(Data) And Not IsKeyAndValueCollection(Data) Then
        Raise "[[Data must be a structure, a map, text or binary data||Данные должны быть структурой, соответствием, строкой или двоичными данными]].";
    EndIf;
    If Parameters.Json = Undefined Then
        Return "";
    EndIf;
    SetContentType(CallOptions.headers, "application/json; charset=utf-8");

    Return ObjectToJson(Parameters.Json, Parameters.JSONConversionParameters, Parameters.JSONWriterSettings);

EndFunction

Procedure SetContentType(Headers, Val ContentType)

    If HeaderName(Headers, "Content-Type") = Undefined Then
        Headers.Insert("Content-Type", ContentType);
    EndIf;

EndProcedure

// Headers of the session and of the request, whose names have no letter case; the request wins. || Заголовки сессии и запроса, имена которых не различают регистр; важнее запрос.
Function MergeHeaders(Val First, Val Second)

    Headers = New Map;
    For Each Item In First Do
        Headers.Insert(Item.Key, Item.Value);
    EndDo;
    For Each Item In Second Do
        Name = HeaderName(Headers, Item.Key);
        If Name <> Undefined Then
            Headers.Delete(Name);
        EndIf;
        Headers.Insert(Item.Key, Item.Value);
    EndDo;

    Return Headers;

EndFunction

// A header's name as it is spelled there, Undefined when there is none. || Имя заголовка, как оно там написано, Неопределено при его отсутствии.
Function HeaderName(Val Headers, Val Name)

    For Each Item In Headers Do
        If Upper(Item.Key) = Upper(Name) Then
            Return Item.Key;
        EndIf;
    EndDo;

    Return Undefined;

EndFunction

// Adds parameters of the URL; a name without a value goes into the URL itself. || Добавляет параметры URL; имя без значения попадает в сам URL.
Procedure AddQuery(Query, URL, Val Given)

    If Not IsKeyAndValueCollection(Given) Then
        Return;
    EndIf;
    For Each Item In Given Do
        If Item.Value = Undefined Then
            URL = WithBareName(URL, Item.Key);
        Else
            Query.Insert(Item.Key, Item.Value);
        EndIf;
    EndDo;

EndProcedure

Function WithBareName(Val URL, Val Name)

    Start = UpTo(URL, "#");
    Separator = "?";
    If StrFind(Start, "?") > 0 Then
        Separator = "&";
    EndIf;

    Return Start + Separator + EncodeString(Name, StringEncodingMethod.URLEncoding) + Mid(URL, StrLen(Start) + 1);

EndFunction

// A URL without a scheme is one of http; a scheme that stands in the query is none. || URL без схемы - это http; схема внутри параметров схемой не считается.
Function FullURL(Val URL)

    Target = TrimAll(URL);
    Start = UpTo(UpTo(UpTo(Target, "/"), "?"), "#");
    If Right(Start, 1) = ":" And Mid(Target, StrLen(Start) + 1, 2) = "//" Then
        Return Target;
    EndIf;

    Return "http://" + Target;

EndFunction

// What stands before a mark, or all when there is none. || Что стоит до метки, или всё, если её нет.
Function UpTo(Val Text, Val Mark)

    Position = StrFind(Text, Mark);
    If Position = 0 Then
        Return Text;
    EndIf;

    Return Left(Text, Position - 1);

EndFunction

Function Milliseconds(Val Seconds)

    If TypeOf(Seconds) <> Type("[[Number]]") Or Seconds < 0 Then
        Raise "[[Timeout must be a number of seconds, 0 or more||Таймаут должен быть числом секунд, 0 или больше]].";
    EndIf;
    // Less than a millisecond is not the same as no limit. || Меньше миллисекунды - не то же, что без предела.
    If Seconds > 0 And Seconds < 0.001 Then
        Return 1;
    EndIf;

    Return Int(Seconds * 1000);

EndFunction

Function ResponseOf(Val Method, Val Connector, Val Answer)

    Headers = New Map;
    Location = Undefined;
    ContentType = "";
    For Each Item In Answer.Get("headers") Do
        Text = Item.Value;
        If TypeOf(Text) = Type("[[Array]]") Then
            Text = StrConcat(Text, ", ");
        ElsIf TypeOf(Text) <> Type("[[String]]") Then
            // OneScript reads text that looks like a date as a date. || OneScript читает строку, похожую на дату, как дату.
            Text = XMLString(Text);
        EndIf;
        Headers.Insert(HeaderSpelled(Item.Key), Text);
        If Lower(Item.Key) = "location" Then
            Location = Text;
        ElsIf Lower(Item.Key) = "content-type" Then
            ContentType = Text;
        EndIf;
    EndDo;

    StatusCode = Answer.Get("status");
    IsPermanent = (StatusCode = 301 Or StatusCode = 308) And Location <> Undefined;
    IsTemporary = (StatusCode = 302 Or StatusCode = 303 Or StatusCode = 307) And Location <> Undefined;

    Response = New Structure;
    Response.Insert("[[Method]]", FinalMethod(Method, Answer.Get("history")));
    Response.Insert("[[URL]]", Answer.Get("url"));
    Response.Insert("[[StatusCode]]", StatusCode);
    Response.Insert("[[Headers]]", Headers);
    Response.Insert("[[Body]]", TakeData(Connector, Answer));
    Response.Insert("[[Encoding]]", CharsetOf(ContentType));
    Response.Insert("[[ExecutionTime]]", Answer.Get("elapsed_ms"));
    Response.Insert("[[IsPermanentRedirect]]", IsPermanent);
    Response.Insert("[[IsRedirect]]", IsPermanent Or IsTemporary);

    Return Response;

EndFunction

// Names come in lower case; programs look for them as servers usually spell them. || Имена приходят в нижнем регистре; программы ищут их так, как их обычно пишут серверы.
Function HeaderSpelled(Val Name)

    If Lower(Name) = "etag" Then
        Return "ETag";
    ElsIf Lower(Name) = "www-authenticate" Then
        Return "WWW-Authenticate";
    EndIf;

    Words = New Array;
    For Each Word In StrSplit(Name, "-") Do
        Words.Add(Upper(Left(Word, 1)) + Mid(Word, 2));
    EndDo;

    Return StrConcat(Words, "-");

EndFunction

// The method of the last request, by the rules of redirects. || Метод последнего запроса, по правилам перенаправлений.
Function FinalMethod(Val Method, Val History)

    For Each Hop In History Do
        StatusCode = Hop.Get("status");
        If StatusCode = 303 And Method <> "HEAD" Then
            Method = "GET";
        ElsIf (StatusCode = 301 Or StatusCode = 302) And Method = "POST" Then
            Method = "GET";
        EndIf;
    EndDo;

    Return Method;

EndFunction

Function CharsetOf(Val ContentType)

    Position = StrFind(Lower(ContentType), "charset=");
    If Position = 0 Then
        Return Undefined;
    EndIf;
    Charset = UpTo(Mid(ContentType, Position + StrLen("charset=")), ";");

    Return Lower(TrimAll(StrReplace(Charset, """", "")));

EndFunction

Function EncodingOr(Val Response, Val Encoding)

    Return FirstGiven(FirstGiven(Encoding, Response.Encoding), "utf-8");

EndFunction

#EndRegion

//@ include data

//@ include addin
