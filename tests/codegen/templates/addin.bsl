#Region AddIn

// Makes an object of the add-in; the first call attaches the add-in. || Создаёт объект компоненты; первый вызов подключает компоненту.
Function NewAddInObject(Val ClassName)

    TypeName = AddInTypeName(ClassName);
    Try
        Return New(TypeName);
    Except
        // The add-in is not attached yet. || Компонента ещё не подключена.
//@ only onescript
        Problem = "";
//@ end
    EndTry;
//@ only 1c

    If Not AddInAttached(AddInLocation(), AddInIdentifier()) Then
        Raise "[[The add-in opi is not attached; it is looked for here||Компонента opi не подключена; она ищется здесь]]: " + AddInLocation();
    EndIf;

    Return New(TypeName);
//@ end
//@ only onescript

    // Attaching and creating stand in one function: early versions of OneScript 2 need that. || Подключение и создание стоят в одной функции: так нужно ранним версиям OneScript 2.
    For Each Path In AddInFiles() Do
        Try
            AttachAddIn(Path, AddInIdentifier(), AddInType.Native);
            Return New(TypeName);
        Except
            Problem = Problem + Chars.LF + Path + ": " + BriefErrorDescription(ErrorInfo());
        EndTry;
    EndDo;

    Raise "[[The add-in opi is not attached; put its library beside this module or its path into the variable OPI_ADDIN||Компонента opi не подключена; положите её библиотеку рядом с этим модулем или укажите её путь в переменной OPI_ADDIN]]." + Problem;
//@ end

EndFunction

Function IsAddInObject(Val Value, Val ClassName)

    Return Upper(String(TypeOf(Value))) = Upper(AddInTypeName(ClassName));

EndFunction

Function AddInTypeName(Val ClassName)

    Return "AddIn." + AddInIdentifier() + "." + ClassName;

EndFunction

// The version is part of the identifier, since a server keeps old versions in memory. || Версия входит в идентификатор, так как сервер держит в памяти старые версии.
Function AddInIdentifier()

    Return "OPI_{{version}}";

EndFunction
//@ only 1c

// The template of the configuration that holds opi.zip; a path of the library does on a server as well. || Макет конфигурации, в котором лежит opi.zip; на сервере подойдёт и путь к библиотеке.
Function AddInLocation()

    Return "ОбщийМакет.OPI_AddIn";

EndFunction

Function AddInAttached(Val Location, Val Identifier)

#If Server Or ThickClientOrdinaryApplication Or ThickClientManagedApplication Or ExternalConnection Then
    SystemInfo = New SystemInfo;
    PlatformTypeHere = SystemInfo.PlatformType;
    If PlatformTypeHere = PlatformType.Linux_x86 Or PlatformTypeHere = PlatformType.Linux_x86_64 Then
        // Isolated add-ins of Linux are unreliable with large data. || Изолированные компоненты в Linux ненадёжны на больших данных.
        // Platforms before 8.3.21 do not know the fourth parameter, so the call is not compiled. || Платформы до 8.3.21 не знают четвёртого параметра, поэтому вызов не компилируется.
        Try
            If Eval("ПодключитьВнешнююКомпоненту([[Location]], [[Identifier]], ТипВнешнейКомпоненты.Native, ТипПодключенияВнешнейКомпоненты.НеИзолированно)") Then
                Return True;
            EndIf;
        Except
            // An old platform: the call below does. || Старая платформа: подойдёт вызов ниже.
        EndTry;
    EndIf;
#EndIf

    Return AttachAddIn(Location, Identifier, AddInType.Native);

EndFunction
//@ end
//@ only onescript

// The libraries to try: the one named by OPI_ADDIN, else those beside this module. || Библиотеки, которые следует попробовать: указанная в OPI_ADDIN, иначе лежащие рядом с этим модулем.
Function AddInFiles()

    Paths = New Array;
    Named = GetEnvironmentVariable("OPI_ADDIN");
    If ValueIsFilled(Named) Then
        Paths.Add(Named);
        Return Paths;
    EndIf;

    ModuleFile = New File(CurrentScript().Source);
    Extension = ".so";
    If GetPathSeparator() = "\" Then
        Extension = ".dll";
    EndIf;
    For Each Found In FindFiles(ModuleFile.Path, "opi_{{version}}_*" + Extension) Do
        Paths.Add(Found.FullName);
    EndDo;

    Return Paths;

EndFunction
//@ end

// What a method of the add-in returned, as a map. || Что вернул метод компоненты, в виде соответствия.
Function ReadAnswer(Val Text)

    If TypeOf(Text) <> Type("[[String]]") Then
        Raise "[[The add-in gave no answer||Компонента не дала ответа]].";
    EndIf;

    Return ReadJSONText(Text, True);

EndFunction

Function IsSuccess(Val Answer)

    Return Answer.Get("result") = True;

EndFunction

// Received bytes wait in the add-in under a number until they are taken, once. || Полученные данные ждут в компоненте под номером, пока их не заберут, один раз.
Function TakeData(Val AddInObject, Val Facts)

    Size = Facts.Get("size");
    If Size = Undefined Or Size = 0 Then
        Return EmptyData();
    EndIf;

    Data = AddInObject.TakeBytes(Facts.Get("data"));
    If TypeOf(Data) <> Type("[[BinaryData]]") Then
        Raise ErrorText(ReadAnswer(Data).Get("error"));
    EndIf;

    Return Data;

EndFunction

Function ErrorText(Val Error)

    Return Error.Get("code") + ": " + Error.Get("message") + ". " + Error.Get("hint");

EndFunction

#EndRegion
