// HTTP requests with the functions of Connector. || HTTP-запросы с функциями Коннектора.
// Times are in seconds; 0 is the longest wait, 24 hours. || Время - в секундах; 0 - самое долгое ожидание, 24 часа.
//@ only onescript

Var ToolsObject; // OneScript never lets go of objects, so one serves every call. || OneScript никогда не освобождает объекты, поэтому всем вызовам служит один.
//@ end

#Region Requests

// Sends GET. || Отправляет GET.
//
// Parameters: || Параметры:
//  URL - String - where to; without a scheme it is http. || URL - Строка - куда; без схемы - http.
//  RequestParameters - Structure, Map - parameters added to the URL; an array repeats its name, Undefined stands without a value. || ПараметрыЗапроса - Структура, Соответствие - параметры, добавляемые к URL; массив повторяет имя, Неопределено остаётся без значения.
//  AdditionalParameters - Structure - see NewParameters. || ДополнительныеПараметры - Структура - см. НовыеПараметры.
//  Session - Structure - see NewSession. || Сессия - Структура - см. СоздатьСессию.
//
// Returns: || Возвращаемое значение:
//  Structure - see NewResponse. || Структура - см. НовыйОтвет.
Function Get(Val URL, Val RequestParameters = Undefined, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Return Exchange("GET", URL, ArgumentsOf(RequestParameters, Undefined, Undefined), AdditionalParameters, Session);

EndFunction

// Sends OPTIONS; see Get. || Отправляет OPTIONS; см. Get.
Function Options(Val URL, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Return Exchange("OPTIONS", URL, ArgumentsOf(Undefined, Undefined, Undefined), AdditionalParameters, Session);

EndFunction

// Sends HEAD; see Get. Redirects are followed only when the parameters say so. || Отправляет HEAD; см. Get. Перенаправлениям следует, только если это сказано в параметрах.
Function Head(Val URL, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Return Exchange("HEAD", URL, ArgumentsOf(Undefined, Undefined, Undefined), AdditionalParameters, Session);

EndFunction

// Sends POST; see Get. || Отправляет POST; см. Get.
//
// Parameters: || Параметры:
//  Data - Structure, Map, String, BinaryData - a structure or a map goes as a form. || Данные - Структура, Соответствие, Строка, ДвоичныеДанные - структура или соответствие уйдут как форма.
Function Post(Val URL, Val Data = Undefined, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Return Exchange("POST", URL, ArgumentsOf(Undefined, Data, Undefined), AdditionalParameters, Session);

EndFunction

// Sends PUT; see Post. || Отправляет PUT; см. Post.
Function Put(Val URL, Val Data = Undefined, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Return Exchange("PUT", URL, ArgumentsOf(Undefined, Data, Undefined), AdditionalParameters, Session);

EndFunction

// Sends PATCH; see Post. || Отправляет PATCH; см. Post.
Function Patch(Val URL, Val Data = Undefined, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Return Exchange("PATCH", URL, ArgumentsOf(Undefined, Data, Undefined), AdditionalParameters, Session);

EndFunction

// Sends DELETE; see Post. || Отправляет DELETE; см. Post.
Function Delete(Val URL, Val Data = Undefined, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Return Exchange("DELETE", URL, ArgumentsOf(Undefined, Data, Undefined), AdditionalParameters, Session);

EndFunction

// Sends MKCOL of WebDAV; see Post. || Отправляет MKCOL из WebDAV; см. Post.
Function Mkcol(Val URL, Val Data = Undefined, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Return Exchange("MKCOL", URL, ArgumentsOf(Undefined, Data, Undefined), AdditionalParameters, Session);

EndFunction

// Sends a request with any method; see Get. || Отправляет запрос с любым методом; см. Get.
Function CallMethod(Val Method, Val URL, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Return Exchange(Method, URL, ArgumentsOf(Undefined, Undefined, Undefined), AdditionalParameters, Session);

EndFunction

#EndRegion

#Region JSONRequests

// Sends GET and reads the answer, whatever its status, as JSON. || Отправляет GET и читает ответ с любым кодом как JSON.
//
// Returns: || Возвращаемое значение:
//  Map, Array, Structure and so on - what the answer holds. || Соответствие, Массив, Структура и так далее - содержимое ответа.
Function GetJson(Val URL, Val RequestParameters = Undefined, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Response = Exchange("GET", URL, ArgumentsOf(RequestParameters, Undefined, Undefined), AdditionalParameters, Session);

    Return AsJson(Response, FieldOf(AdditionalParameters, "[[JSONConversionParameters]]"));

EndFunction

// Sends a value as JSON by POST, and reads the answer as JSON. || Отправляет значение как JSON методом POST и читает ответ как JSON.
Function PostJson(Val URL, Val Json, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Response = Exchange("POST", URL, ArgumentsOf(Undefined, Undefined, Json), AdditionalParameters, Session);

    Return AsJson(Response, FieldOf(AdditionalParameters, "[[JSONConversionParameters]]"));

EndFunction

// Sends a value as JSON by PUT, and reads the answer as JSON. || Отправляет значение как JSON методом PUT и читает ответ как JSON.
Function PutJson(Val URL, Val Json, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Response = Exchange("PUT", URL, ArgumentsOf(Undefined, Undefined, Json), AdditionalParameters, Session);

    Return AsJson(Response, FieldOf(AdditionalParameters, "[[JSONConversionParameters]]"));

EndFunction

// Sends a value as JSON by DELETE, and reads the answer as JSON. || Отправляет значение как JSON методом DELETE и читает ответ как JSON.
Function DeleteJson(Val URL, Val Json, Val AdditionalParameters = Undefined, Session = Undefined) Export

    Response = Exchange("DELETE", URL, ArgumentsOf(Undefined, Undefined, Json), AdditionalParameters, Session);

    Return AsJson(Response, FieldOf(AdditionalParameters, "[[JSONConversionParameters]]"));

EndFunction

#EndRegion

#Region Settings

// Additional parameters of a request with their defaults; an unknown key is an error. || Дополнительные параметры запроса со значениями по умолчанию; неизвестный ключ - ошибка.
// Also accepted: OutputFileName - the path of a file for the body; JSONWriterSettings - see ObjectToJson; || Также допустимы: ИмяВыходногоФайла - путь к файлу для тела; ПараметрыЗаписиJSON - см. ОбъектВJson;
// BodyEncoding - the encoding of Data that is text or a form, for example windows-1251; ResumeDownload - True goes on with a file that broke off; || КодировкаТела - кодировка данных-строки или формы, например windows-1251; Докачивать - Истина продолжает прерванный файл;
// AddInOptions - a structure or a map with any options of the method Request of the add-in, such as expect_continue or proxy_ca_file; they go before all others. || ПараметрыКомпоненты - структура или соответствие с любыми параметрами метода Запрос компоненты, например expect_continue или proxy_ca_file; они важнее остальных.
//
// Returns: || Возвращаемое значение:
//  Structure: || Структура:
//   Headers - Map - headers of the request; they win over those of the session, an array repeats its name. || Заголовки - Соответствие - заголовки запроса; они важнее заголовков сессии, массив повторяет имя.
//   Authentication - Structure - see NewBasicAuthentication and those beside it. || Аутентификация - Структура - см. НоваяАутентификацияBasic и соседние.
//   Proxy - InternetProxy, String, Structure, Array - text such as socks5://user:password@host:port, or server, port, proxy_type, login, password; ways of an array are tried in turn. || Прокси - ИнтернетПрокси, Строка, Структура, Массив - строка вида socks5://имя:пароль@узел:порт либо server, port, proxy_type, login, password; пути из массива пробуются по очереди.
//   RequestParameters - Structure, Map - parameters added to the URL. || ПараметрыЗапроса - Структура, Соответствие - параметры, добавляемые к URL.
//   VerifySSL - Boolean, String - False checks no certificate; text is the path of a PEM file with issuers to trust besides the system's. || ПроверятьSSL - Булево, Строка - Ложь не проверяет сертификаты; строка - путь к файлу PEM с ЦС, которым доверять помимо системных.
//   ClientSSLCertificate - String, BinaryData, Structure - the path of a file .p12, .pfx or .pem, the binary data of a file .p12, or FileName or Data, and Password. || КлиентскийСертификатSSL - Строка, ДвоичныеДанные, Структура - путь к файлу .p12, .pfx или .pem, двоичные данные файла .p12 либо ИмяФайла или Данные, и Пароль.
//   Cookies - Array, Map - cookies of this request: structures with Description and Value. || Cookies - Массив, Соответствие - cookies этого запроса: структуры с полями Наименование и Значение.
//   Timeout - Number - how long the request may take, in seconds. || Таймаут - Число - сколько может длиться запрос, в секундах.
//   AllowRedirect - Boolean - whether redirects are followed. || РазрешитьПеренаправление - Булево - следовать ли перенаправлениям.
//   Json - the value to send as JSON. || Json - значение, которое отправить как JSON.
//   JSONConversionParameters - Structure - see JsonToObject and ObjectToJson. || ПараметрыПреобразованияJSON - Структура - см. JsonВОбъект и ОбъектВJson.
//   Data - the body; see Post. || Данные - тело; см. Post.
//   Files - Structure, Array - see NewFileToSend. || Файлы - Структура, Массив - см. НовыйОтправляемыйФайл.
//   MaximumNumberOfRetries - Number - how often a request that may be repeated is. || МаксимальноеКоличествоПовторов - Число - сколько раз повторять запрос, который можно повторить.
//   MaximumTimeOfRetries - Number - how long all tries may take, in seconds. || МаксимальноеВремяПовторов - Число - сколько могут длиться все попытки, в секундах.
//   ExponentialDelayRatio - Number - the first pause in seconds; each next one is twice as long at most. || КоэффициентЭкспоненциальнойЗадержки - Число - первая пауза в секундах; каждая следующая не более чем вдвое длиннее.
//   ToRetryForStatusesCodes - Array - statuses that are tried again; Undefined is 500 and above. || ПовторятьДляКодовСостояний - Массив - коды, при которых запрос повторяется; Неопределено - от 500.
Function NewParameters() Export

    Parameters = New Structure;
    Parameters.Insert("[[Headers]]", New Map);
    Parameters.Insert("[[Authentication]]", Undefined);
    Parameters.Insert("[[Proxy]]", Undefined);
    Parameters.Insert("[[RequestParameters]]", Undefined);
    Parameters.Insert("[[VerifySSL]]", True);
    Parameters.Insert("[[ClientSSLCertificate]]", Undefined);
    Parameters.Insert("[[Cookies]]", New Map);
    Parameters.Insert("[[Timeout]]", 30);
    Parameters.Insert("[[AllowRedirect]]", True);
    Parameters.Insert("[[Json]]", Undefined);
    Parameters.Insert("[[JSONConversionParameters]]", ConversionByDefault());
    Parameters.Insert("[[Data]]", Undefined);
    Parameters.Insert("[[Files]]", New Array);
    Parameters.Insert("[[MaximumNumberOfRetries]]", 0);
    Parameters.Insert("[[MaximumTimeOfRetries]]", 600);
    Parameters.Insert("[[ExponentialDelayRatio]]", 1);
    Parameters.Insert("[[ToRetryForStatusesCodes]]", Undefined);

    Return Parameters;

EndFunction

// A file to send in a form; FilePath in place of Data names a file on disk. || Файл для отправки в форме; ПутьКФайлу вместо Данные называет файл на диске.
Function NewFileToSend(Val Name, Val FileName, Val Data = Undefined, Val Type = Undefined) Export

    If Data = Undefined Then
        Data = EmptyData();
    EndIf;

    FileToSend = New Structure;
    FileToSend.Insert("[[Name]]", Name);
    FileToSend.Insert("[[FileName]]", FileName);
    FileToSend.Insert("[[Data]]", Data);
    FileToSend.Insert("[[Type]]", Type);
    FileToSend.Insert("[[Headers]]", New Map);

    Return FileToSend;

EndFunction

// A session: it keeps cookies and connections between requests. || Сессия: хранит cookies и соединения между запросами.
//
// Returns: || Возвращаемое значение:
//  Structure: || Структура:
//   Headers - Map - headers of every request. || Заголовки - Соответствие - заголовки каждого запроса.
//   Authentication - Structure - see NewParameters. || Аутентификация - Структура - см. НовыеПараметры.
//   Proxy - see NewParameters. || Прокси - см. НовыеПараметры.
//   RequestParameters - Map - parameters added to every URL. || ПараметрыЗапроса - Соответствие - параметры, добавляемые к каждому URL.
//   VerifySSL - Boolean, String - see NewParameters. || ПроверятьSSL - Булево, Строка - см. НовыеПараметры.
//   ClientSSLCertificate - see NewParameters. || КлиентскийСертификатSSL - см. НовыеПараметры.
//   MaximumNumberOfRedirects - Number - how many redirects are followed. || МаксимальноеКоличествоПеренаправлений - Число - скольким перенаправлениям следовать.
//   Cookies - Map - the cookies: by domain, path and name. || Cookies - Соответствие - cookies: по домену, пути и имени.
//   AddInOptions - Structure, Map - any options of the method NewSession of the add-in, such as log or pool; they are read by the first call. || ПараметрыКомпоненты - Структура, Соответствие - любые параметры метода НоваяСессия компоненты, например log или pool; читаются при первом вызове.
//   ServiceData - Structure - of the module itself. || СлужебныеДанные - Структура - для самого модуля.
Function NewSession() Export

    Headers = New Map;
    Headers.Insert("Accept-Encoding", "gzip");
    Headers.Insert("Accept", "*/*");
    Headers.Insert("Connection", "keep-alive");

    ServiceData = New Structure;
    ServiceData.Insert("[[Connector]]", Undefined);

    Session = New Structure;
    Session.Insert("[[Headers]]", Headers);
    Session.Insert("[[Authentication]]", Undefined);
    Session.Insert("[[Proxy]]", Undefined);
    Session.Insert("[[RequestParameters]]", New Map);
    Session.Insert("[[VerifySSL]]", True);
    Session.Insert("[[ClientSSLCertificate]]", Undefined);
    Session.Insert("[[MaximumNumberOfRedirects]]", 30);
    Session.Insert("[[Cookies]]", New Map);
    Session.Insert("[[AddInOptions]]", Undefined);
    Session.Insert("[[ServiceData]]", ServiceData);

    Return Session;

EndFunction

// The log of a session whose AddInOptions asked for one: log, for example New Structure("log", New Structure). || Журнал сессии, заказанный в её ПараметрыКомпоненты: log, например Новый Структура("log", Новый Структура).
//
// Parameters: || Параметры:
//  Session - see NewSession. || Сессия - см. СоздатьСессию.
//  AsString - Boolean - whether the entries come as text, a line each. || КакСтрока - Булево - вернуть ли записи текстом, по строке на запись.
//  EventCount - Number - how many of the newest entries; 0 is all in memory. || КоличествоСобытий - Число - сколько последних записей; 0 - все, что есть в памяти.
//
// Returns: || Возвращаемое значение:
//  Array, String - the entries, the oldest first; or their text. || Массив, Строка - записи, старшие первыми; либо их текст.
Function GetLog(Session, Val AsString = False, Val EventCount = 100) Export

    Connector = SessionConnector(Session);
    Entries = Done(Connector.GetLog(EventCount)).Get("logs");
    If AsString Then
        Return StrConcat(Entries, Chars.LF);
    EndIf;

    Return Entries;

EndFunction

// How far the requests of a session are that other threads send, as by asynchronous calls of a client. || Как далеко продвинулись запросы сессии, которые отправляют другие потоки, например асинхронные вызовы клиента.
//
// Returns: || Возвращаемое значение:
//  Array - of maps: method, url, elapsed_ms, sent, to_send, received, to_receive, in bytes. || Массив - соответствия: method, url, elapsed_ms, sent, to_send, received, to_receive, в байтах.
Function GetProgress(Session) Export

    Connector = SessionConnector(Session);

    Return ReadResult(Connector.Progress).Get("requests");

EndFunction

// A response before anything has come: its status is that of a network failure. || Ответ, пока ничего не пришло: его код означает сетевую ошибку.
//
// Returns: || Возвращаемое значение:
//  Structure: || Структура:
//   Method - String - of the last request. || Метод - Строка - последнего запроса.
//   URL - String - that answered, without a login. || URL - Строка - ответивший, без имени и пароля.
//   StatusCode - Number - of the answer. || КодСостояния - Число - ответа.
//   Headers - Map - of the answer; repeated ones are joined by a comma. || Заголовки - Соответствие - ответа; повторные соединены запятой.
//   Body - BinaryData - decoded. || Тело - ДвоичныеДанные - раскодированное.
//   Encoding - String - of the text. || Кодировка - Строка - текста.
//   ExecutionTime - Number - in milliseconds, with redirects and pauses. || ВремяВыполнения - Число - в миллисекундах, с перенаправлениями и паузами.
//   IsPermanentRedirect, IsRedirect - Boolean - whether the answer points elsewhere. || ЭтоПостоянныйРедирект, ЭтоРедирект - Булево - указывает ли ответ на другой адрес.
//   Cookies - Map - that the answer set. || Cookies - Соответствие - которые задал ответ.
//   Errors - Array - texts of the tries that failed. || Ошибки - Массив - тексты неудачных попыток.
Function NewResponse() Export

    Response = New Structure;
    Response.Insert("[[Method]]", "GET");
    Response.Insert("[[URL]]", "");
    Response.Insert("[[StatusCode]]", 600);
    Response.Insert("[[Headers]]", New Map);
    Response.Insert("[[Body]]", EmptyData());
    Response.Insert("[[Encoding]]", "utf-8");
    Response.Insert("[[ExecutionTime]]", Undefined);
    Response.Insert("[[IsPermanentRedirect]]", False);
    Response.Insert("[[IsRedirect]]", False);
    Response.Insert("[[Cookies]]", New Map);
    Response.Insert("[[Errors]]", New Array);

    Return Response;

EndFunction

// Authentication as the user of the system: NTLM and Negotiate are not in this build, a request says so. || Аутентификация от имени пользователя системы: NTLM и Negotiate нет в этой сборке, о чём скажет запрос.
Function NewOSAuthentication() Export

    Authentication = New Structure;
    Authentication.Insert("[[UseOSAuthentication]]", True);

    Return Authentication;

EndFunction

// Basic authentication, by a user and a password. || Аутентификация Basic, по имени и паролю.
Function NewBasicAuthentication(Val User = "", Val Password = "") Export

    Return NewLogin("Basic", User, Password);

EndFunction

// Digest authentication, by a user and a password; the password itself is never sent. || Аутентификация Digest, по имени и паролю; сам пароль не отправляется.
Function NewDigestAuthentication(Val User = "", Val Password = "") Export

    Return NewLogin("Digest", User, Password);

EndFunction

// Bearer authentication, by a token. || Аутентификация Bearer, по токену.
Function NewBearerAuthentication(Val Token = "") Export

    Authentication = New Structure;
    Authentication.Insert("[[Type]]", "Bearer");
    Authentication.Insert("[[Token]]", Token);

    Return Authentication;

EndFunction

// Authentication of Amazon Web Services, version 4. || Аутентификация Amazon Web Services, версия 4.
Function NewAWS4Authentication(Val AccessKeyID = "", Val SecretKey = "", Val Service = "", Val AWSRegion = "") Export

    Authentication = New Structure;
    Authentication.Insert("[[Type]]", "AWS4-HMAC-SHA256");
    Authentication.Insert("[[AccessKeyID]]", AccessKeyID);
    Authentication.Insert("[[SecretKey]]", SecretKey);
    Authentication.Insert("[[Service]]", Service);
    Authentication.Insert("[[Region||Регион]]", AWSRegion);

    Return Authentication;

EndFunction

#EndRegion

#Region Responses

// The body of a response as a value of JSON. || Тело ответа как значение JSON.
Function AsJson(Val Response, Val JSONConversionParameters = Undefined) Export

    Try
        Return JsonToObject(AsBinaryData(Response), EncodingOr(Response, Undefined), JSONConversionParameters);
    Except
        Problem = BriefErrorDescription(ErrorInfo());
    EndTry;

    Raise AsException(Response, "[[JSON deserialization error||Ошибка при десериализации JSON]]. " + Problem);

EndFunction

// The body of a response as text. || Тело ответа как строка.
Function AsText(Val Response, Val Encoding = Undefined) Export

    Data = AsBinaryData(Response);
    If Data.Size() = 0 Then
        Return "";
    EndIf;

    ToolOptions = New Structure;
    AddEncoding(ToolOptions, Response, Encoding);

    Return Done(Tools().ReadText(Data, JSONText(ToolOptions))).Get("text");

EndFunction

// The body of a response as binary data. || Тело ответа как двоичные данные.
Function AsBinaryData(Val Response) Export

    Return Response.Body;

EndFunction

// The body of a response as an object of XDTO; OneScript has none. || Тело ответа как объект XDTO; в OneScript их нет.
Function AsXDTO(Val Response, Val XMLReaderSettings = Undefined, Val XMLSchemaSet = Undefined, Val Encoding = Undefined) Export

//@ only onescript
    Raise "[[OneScript has no XDTO; take AsText||В OneScript нет XDTO; используйте КакТекст]]. " + TypeNames(XMLReaderSettings, XMLSchemaSet, Encoding, Response);
//@ end
//@ only 1c
#If Server Or ThickClientOrdinaryApplication Or ThickClientManagedApplication Or ExternalConnection Then
    Try
        Reader = New XMLReader;
        If XMLReaderSettings = Undefined And XMLSchemaSet = Undefined Then
            Reader.SetString(AsText(Response, Encoding));
        Else
            Reader.SetString(AsText(Response, Encoding), XMLReaderSettings, XMLSchemaSet);
        EndIf;
        Return XDTOFactory.ReadXML(Reader);
    Except
        Problem = BriefErrorDescription(ErrorInfo());
    EndTry;

    Raise AsException(Response, "[[XDTO deserialization error||Ошибка при десериализации XDTO]]. " + Problem);
#Else
    Raise "[[XDTO is only on a server and in thick clients||XDTO есть только на сервере и в толстых клиентах]].";
#EndIf
//@ end

EndFunction

// A response as text for an exception or a log. || Ответ как текст для исключения или журнала.
Function AsException(Val Response, Val UserText = Undefined) Export

    ToolOptions = New Structure;
    ToolOptions.Insert("user_text", FirstGiven(UserText, ""));
    ToolOptions.Insert("method", Response.Method);
    ToolOptions.Insert("url", Response.URL);
    ToolOptions.Insert("status", Response.StatusCode);
    ToolOptions.Insert("errors", FirstGiven(FieldOf(Response, "[[Errors]]"), New Array));
    AddEncoding(ToolOptions, Response, Undefined);

    Return Done(Tools().ExceptionText(AsBinaryData(Response), JSONText(ToolOptions))).Get("text");

EndFunction

#EndRegion

#Region Tools

// A URL taken apart; a + in it stays a +. || Разобранный URL; + в нём остаётся +.
//
// Returns: || Возвращаемое значение:
//  Structure - Scheme, Authentication with User and Password, Host, Port (0 when none is written), Path, RequestParameters, Fragment. || Структура - Схема, Аутентификация с полями Пользователь и Пароль, Сервер, Порт (0, если не указан), Путь, ПараметрыЗапроса, Фрагмент.
Function ParseURL(Val URL) Export

    Answer = Done(Tools().ParseURL(URL));

    Authentication = New Structure;
    Authentication.Insert("[[User]]", Answer.Get("user"));
    Authentication.Insert("[[Password]]", Answer.Get("password"));

    Parts = New Structure;
    Parts.Insert("[[Scheme]]", Answer.Get("scheme"));
    Parts.Insert("[[Authentication]]", Authentication);
    Parts.Insert("[[Host||Сервер]]", Answer.Get("host"));
    Parts.Insert("[[Port]]", Answer.Get("port"));
    Parts.Insert("[[Path]]", Answer.Get("path"));
    Parts.Insert("[[RequestParameters]]", Answer.Get("query"));
    Parts.Insert("[[Fragment]]", Answer.Get("fragment"));

    Return Parts;

EndFunction

// The code of data by a key, with a hash function: MD5, SHA1, SHA256 and the rest, or HashFunction of 1C. || Код данных по ключу, с хеш-функцией: MD5, SHA1, SHA256 и остальные либо ХешФункция 1С.
Function HMAC(Val Key, Val Data, Val Algorithm) Export

    If Not IsGiven(Data) Then
        Data = "";
    EndIf;

    Return TakenOrRaised(Tools().ComputeHMAC(Data, Key, String(Algorithm)));

EndFunction

// Unpacks gzip, every member of it. || Распаковывает gzip, все его части.
Function ReadGZip(Val CompressedData) Export

    Return TakenOrRaised(Tools().ReadGZip(CompressedData));

EndFunction

// Packs data by gzip. || Упаковывает данные gzip.
Function WriteGZip(Val Data) Export

    Return TakenOrRaised(Tools().WriteGZip(Data));

EndFunction

// What would be sent, without sending it. || Что было бы отправлено, без отправки.
//
// Returns: || Возвращаемое значение:
//  Structure - Method, URL, Headers, Body, Authentication, RequestParameters, Cookies, JSONConversionParameters. || Структура - Метод, URL, Заголовки, Тело, Аутентификация, ПараметрыЗапроса, Cookies, ПараметрыПреобразованияJSON.
Function PrepareRequest(Val Session, Val Method, Val URL, Val AdditionalParameters) Export

    Parameters = CompleteParameters(AdditionalParameters, ArgumentsOf(Undefined, Undefined, Undefined));
    Connector = SessionConnector(Session);
    CallOptions = RequestOptions(Session, Parameters, Method, URL, Connector);
    Body = TakeBody(Parameters, CallOptions, Connector);
    Answer = Done(Connector.Prepare(Body, Upper(Method), FullURL(URL), JSONText(CallOptions)));

    Prepared = New Structure;
    Prepared.Insert("[[Method]]", Answer.Get("method"));
    Prepared.Insert("[[URL]]", Answer.Get("url"));
    Prepared.Insert("[[Headers]]", HeadersOf(Answer.Get("headers")));
    Prepared.Insert("[[Body]]", TakeData(Connector, Answer));
    Prepared.Insert("[[Authentication]]", FirstGiven(Parameters.Authentication, Session.Authentication));
    Prepared.Insert("[[RequestParameters]]", Parameters.RequestParameters);
    Prepared.Insert("[[Cookies]]", Session.Cookies);
    Prepared.Insert("[[JSONConversionParameters]]", Parameters.JSONConversionParameters);

    Return Prepared;

EndFunction

// A number from text, 0 when there is none. || Число из строки, 0 при его отсутствии.
Function NumberFromString(Val String) Export

    Try
        Return Number(TrimAll(String));
    Except
        Return 0;
    EndTry;

EndFunction

// A date from text such as 20190121002400, an empty date when there is none. || Дата из строки вида 20190121002400, пустая дата при её отсутствии.
Function DateFromString(Val String) Export

    Try
        Return Date(TrimAll(String));
    Except
        Return Date(1, 1, 1);
    EndTry;

EndFunction

// A date of HTTP such as Sun, 06 Nov 1994 08:49:37 GMT, an empty date when there is none. || Дата HTTP вида Sun, 06 Nov 1994 08:49:37 GMT, пустая дата при её отсутствии.
Function DateFromStringRFC7231(Val String) Export

    Found = Done(Tools().ReadDate(String)).Get("date");
    If Found = Undefined Then
        Return Date(1, 1, 1);
    EndIf;

    Return DateFromISO(Found);

EndFunction

#EndRegion

#Region JSONValues

// A value as text of JSON. || Значение как текст JSON.
//
// Parameters: || Параметры:
//  ConversionParameters - Structure - JSONDateFormat, JSONDateWritingVariant, and ConvertionFunctionName, ConvertionFunctionModule, ConvertionFunctionAdditionalParameters of a function for what JSON cannot hold. || ПараметрыПреобразования - Структура - ФорматДатыJSON, ВариантЗаписиДатыJSON и ИмяФункцииПреобразования, МодульФункцииПреобразования, ДополнительныеПараметрыФункцииПреобразования функции для того, что JSON не хранит.
//  WriterSettings - Structure - NewLines, PaddingSymbols, UseDoubleQuotes, EscapeCharacters, EscapeAngleBrackets, EscapeLineTerminators, EscapeAmpersand, EscapeSingleQuotes, EscapeSlash. || НастройкиЗаписи - Структура - ПереносСтрок, СимволыОтступа, ИспользоватьДвойныеКавычки, ЭкранированиеСимволов, ЭкранироватьУгловыеСкобки, ЭкранироватьРазделителиСтрок, ЭкранироватьАмперсанд, ЭкранироватьОдинарныеКавычки, ЭкранироватьСлеш.
Function ObjectToJson(Val Object, Val ConversionParameters = Undefined, Val WriterSettings = Undefined) Export

    Conversion = Filled(ConversionByDefault(), ConversionParameters);
    Wanted = Filled(WriterSettingsByDefault(), WriterSettings);
//@ only onescript

    Marked = JSONText(MarkedValue(Object, Undefined, Conversion));

    Return Done(Tools().WriteJSON(Marked, JSONText(WriteOptions(Conversion, Wanted)))).Get("text");
//@ end
//@ only 1c

    Serialization = New JSONSerializerSettings;
    Serialization.DateSerializationFormat = Conversion.JSONDateFormat;
    Serialization.DateWritingVariant = Conversion.JSONDateWritingVariant;

    Writer = New JSONWriter;
    Writer.SetString(New JSONWriterSettings(Wanted.NewLines, Wanted.PaddingSymbols, Wanted.UseDoubleQuotes,
        Wanted.EscapeCharacters, Wanted.EscapeAngleBrackets, Wanted.EscapeLineTerminators, Wanted.EscapeAmpersand,
        Wanted.EscapeSingleQuotes, Wanted.EscapeSlash));
    If IsGiven(Conversion.ConvertionFunctionName) And Conversion.ConvertionFunctionModule <> Undefined Then
        WriteJSON(Writer, Object, Serialization, Conversion.ConvertionFunctionName,
            Conversion.ConvertionFunctionModule, Conversion.ConvertionFunctionAdditionalParameters);
    Else
        WriteJSON(Writer, Object, Serialization);
    EndIf;

    Return Writer.Close();
//@ end

EndFunction

// A value from JSON, given as text, binary data or a stream. || Значение из JSON, заданного строкой, двоичными данными или потоком.
//
// Parameters: || Параметры:
//  ConversionParameters - Structure - ReadToMap, JSONDateFormat, PropertiesNamesWithDateValues, RestoreFunctionName, RestoreFunctionModule, RestoreFunctionAdditionalParameters, RestorePropertiesNames, MaximumNesting. || ПараметрыПреобразования - Структура - ПрочитатьВСоответствие, ФорматДатыJSON, ИменаСвойствСоЗначениямиДата, ИмяФункцииВосстановления, МодульФункцииВосстановления, ДополнительныеПараметрыФункцииВосстановления, ИменаСвойствДляОбработкиВосстановления, МаксимальнаяВложенность.
Function JsonToObject(Val Json, Val Encoding = "utf-8", Val ConversionParameters = Undefined) Export

    Conversion = Filled(ConversionByDefault(), ConversionParameters);
    Data = Json;
    If TypeOf(Json) <> Type("[[String]]") And TypeOf(Json) <> Type("[[BinaryData]]") Then
        Data = StreamData(Json);
    EndIf;
//@ only onescript

    Answer = ReadJSONText(Tools().ReadJSON(Data, JSONText(ReadOptions(Conversion, Encoding))), True);
    If Not IsSuccess(Answer) Then
        Raise ErrorText(Answer.Get("error"));
    EndIf;

    Return ValueFromMarked(Answer.Get("value"), Undefined, Conversion);
//@ end
//@ only 1c

    Text = Data;
    If TypeOf(Data) = Type("[[BinaryData]]") Then
        ToolOptions = New Structure;
        ToolOptions.Insert("encoding", FirstGiven(Encoding, "utf-8"));
        Text = Done(Tools().ReadText(Data, JSONText(ToolOptions))).Get("text");
    EndIf;
    If Left(Text, 1) = Char(65279) Then
        Text = Mid(Text, 2);
    EndIf;

    Reader = New JSONReader;
    Reader.SetString(Text);
    Value = ReadJSON(Reader, Conversion.ReadToMap, Conversion.PropertiesNamesWithDateValues, Conversion.JSONDateFormat,
        Conversion.RestoreFunctionName, Conversion.RestoreFunctionModule, Conversion.RestoreFunctionAdditionalParameters,
        Conversion.RestorePropertiesNames, Conversion.MaximumNesting);
    Reader.Close();

    Return Value;
//@ end

EndFunction

// A function of conversion for ObjectToJson: UUID as text, binary data in Base64. || Функция преобразования для ОбъектВJson: УникальныйИдентификатор строкой, двоичные данные в Base64.
Function JsonConversion(Val Property, Val Value, Val Extra, Cancel) Export

    If TypeOf(Value) = Type("[[UUID]]") Then
        Return String(Value);
    ElsIf TypeOf(Value) = Type("[[BinaryData]]") Then
        Return Base64String(Value);
    EndIf;
    Cancel = False;

    Raise "[[JSON cannot hold the type||JSON не хранит тип]] " + TypeOf(Value) + " (" + Property + ")." + TypeNames(Extra);

EndFunction

// A function of restoration for JsonToObject: a map of names and types tells which text is a UUID or binary data. || Функция восстановления для JsonВОбъект: соответствие имён и типов говорит, какая строка - УникальныйИдентификатор или двоичные данные.
Function JsonRestore(Val Property, Val Value, Val TypesMap) Export

    Wanted = Undefined;
    If IsGiven(Property) Then
        Wanted = FieldOf(TypesMap, Property);
    EndIf;
    If Wanted = Type("[[UUID]]") Then
        Return New UUID(Value);
    ElsIf Wanted = Type("[[BinaryData]]") Then
        Return Base64Value(Value);
    EndIf;

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

Function Exchange(Val Method, Val URL, Val Given, Val AdditionalParameters, Session)

    IsOwnSession = Session = Undefined;
    If IsOwnSession Then
        Session = NewSession();
    EndIf;
    Parameters = CompleteParameters(AdditionalParameters, Given);
    Connector = SessionConnector(Session);

    CallOptions = RequestOptions(Session, Parameters, Method, URL, Connector);
    If IsOwnSession And HeaderName(Parameters.Headers, "Connection") = Undefined Then
        // Nobody will use the connection again, and OneScript never lets go of objects. || Соединение больше никому не нужно, а OneScript никогда не освобождает объекты.
        SetHeader(CallOptions, "Connection", "close");
    EndIf;
    If Upper(Method) = "HEAD" And FieldOf(AdditionalParameters, "[[AllowRedirect]]") = Undefined Then
        CallOptions.Insert("redirects", 0);
    EndIf;
    Body = TakeBody(Parameters, CallOptions, Connector);

    Answer = ReadResult(Connector.Request(Body, Upper(Method), FullURL(URL), JSONText(CallOptions)));
    KeepCookies(Session, Answer);
    If Not IsSuccess(Answer) Then
        Raise FailureText(Upper(Method), Answer.Get("error"));
    EndIf;

    Return ResponseOf(Connector, Answer);

EndFunction

Function ArgumentsOf(Val RequestParameters, Val Data, Val Json)

    Given = New Structure;
    Given.Insert("[[RequestParameters]]", RequestParameters);
    Given.Insert("[[Data]]", Data);
    Given.Insert("[[Json]]", Json);

    Return Given;

EndFunction

// Parameters of a request: what an argument says goes before the additional parameters, and they before the defaults. || Параметры запроса: аргумент важнее дополнительных параметров, а они важнее значений по умолчанию.
Function CompleteParameters(Val AdditionalParameters, Val Given)

    If AdditionalParameters <> Undefined And Not IsKeyAndValueCollection(AdditionalParameters) Then
        Raise "[[Additional parameters must be a structure; see NewParameters||Дополнительные параметры должны быть структурой; см. НовыеПараметры]].";
    EndIf;

    Parameters = NewParameters();
    Parameters.Insert("[[JSONWriterSettings]]", Undefined);
    Parameters.Insert("[[OutputFileName]]", Undefined);
    Parameters.Insert("[[BodyEncoding]]", Undefined);
    Parameters.Insert("[[ResumeDownload]]", Undefined);
    Parameters.Insert("[[AddInOptions]]", Undefined);
    Parameters = Filled(Parameters, AdditionalParameters);

    Return Filled(Parameters, Given);

EndFunction

// The defaults with what is given in their place; a key that has no default is an error, so that no typo is lost. || Значения по умолчанию, заменённые заданными; ключ без значения по умолчанию - ошибка, чтобы опечатка не терялась.
Function Filled(Val Defaults, Val Given)

    If Not IsKeyAndValueCollection(Given) Then
        Return Defaults;
    EndIf;

    Accepted = New Array;
    For Each Item In Defaults Do
        Accepted.Add(Item.Key);
    EndDo;
    CheckKeys(Given, StrConcat(Accepted, ","));
    For Each Item In Given Do
        If Item.Value <> Undefined Then
            Defaults.Insert(Item.Key, Item.Value);
        EndIf;
    EndDo;

    Return Defaults;

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

Function SessionConnector(Val Session)

    ServiceData = Session.ServiceData;
    If FieldOf(ServiceData, "[[Connector]]") = Undefined Then
        Connector = NewAddInObject("HTTPConnector");
        SessionOptions = FieldOf(Session, "[[AddInOptions]]");
        CheckCollection(SessionOptions, "[[AddInOptions]]");
        If IsGiven(SessionOptions) Then
            Done(Connector.NewSession(JSONText(SessionOptions)));
        EndIf;
        ServiceData.Insert("[[Connector]]", Connector);
    EndIf;

    Return ServiceData.Connector;

EndFunction

// The object that serves calls which send nothing. || Объект для вызовов, которые ничего не отправляют.
Function Tools()

//@ only onescript
    If ToolsObject = Undefined Then
        ToolsObject = NewAddInObject("HTTPConnector");
    EndIf;

    Return ToolsObject;
//@ end
//@ only 1c
    Return NewAddInObject("HTTPConnector");
//@ end

EndFunction

// What a method of the add-in returned, with texts as they are: OneScript would take some for dates. || Что вернул метод компоненты, со строками как есть: OneScript принял бы некоторые за даты.
Function ReadResult(Val Text)

//@ only 1c
    Return ReadAnswer(Text);
//@ end
//@ only onescript
    If TypeOf(Text) <> Type("[[String]]") Then
        Raise "[[The add-in gave no answer||Компонента не дала ответа]].";
    EndIf;
    Answer = ReadJSONText(Tools().ReadJSON(Text, ""), True);

    Return ValueFromMarked(Answer.Get("value"), Undefined, ConversionByDefault());
//@ end

EndFunction

// The answer of a call that must succeed. || Ответ вызова, который должен удаться.
Function Done(Val Text)

    Answer = ReadResult(Text);
    If Not IsSuccess(Answer) Then
        Raise ErrorText(Answer.Get("error"));
    EndIf;

    Return Answer;

EndFunction

// Binary data that a call gave, or an exception with its error. || Двоичные данные, полученные от вызова, или исключение с его ошибкой.
Function TakenOrRaised(Val Data)

    If TypeOf(Data) = Type("[[BinaryData]]") Then
        Return Data;
    EndIf;

    Raise ErrorText(ReadResult(Data).Get("error"));

EndFunction

Function RequestOptions(Val Session, Val Parameters, Val Method, Val URL, Val Connector)

    CheckTypes(Session);
    CheckTypes(Parameters);
    CheckList(Parameters.Files, "[[Files]]");
    CheckList(Parameters.ToRetryForStatusesCodes, "[[ToRetryForStatusesCodes]]");
    If TypeOf(Parameters.MaximumNumberOfRetries) <> Type("[[Number]]") Then
        Raise "[[MaximumNumberOfRetries]]: [[expected a number||ожидается число]].";
    EndIf;
    CallOptions = New Structure;
    CallOptions.Insert("query", QueryOf(Session.RequestParameters, Parameters.RequestParameters));
    CallOptions.Insert("headers", MergeHeaders(Session.Headers, Parameters.Headers));
    AddAuthentication(CallOptions, FirstGiven(Parameters.Authentication, Session.Authentication));
    CallOptions.Insert("timeout", Milliseconds(Parameters.Timeout));
    Redirects = Session.MaximumNumberOfRedirects;
    If Parameters.AllowRedirect = False Then
        Redirects = 0;
    EndIf;
    CallOptions.Insert("redirects", Redirects);
    If IsGiven(Parameters.OutputFileName) Then
        CallOptions.Insert("output_file", Parameters.OutputFileName);
    EndIf;
    If Parameters.ResumeDownload <> Undefined Then
        CallOptions.Insert("resume", Parameters.ResumeDownload);
    EndIf;
    AddRetries(CallOptions, Parameters);
    AddCookies(CallOptions, Session, Parameters);
    AddProxy(CallOptions, FirstGiven(Parameters.Proxy, Session.Proxy), SchemeOf(FullURL(URL)));
    AddVerification(CallOptions, Session, Parameters);
    AddCertificate(CallOptions, FirstGiven(Parameters.ClientSSLCertificate, Session.ClientSSLCertificate));
    AddOwnOptions(CallOptions, Parameters.AddInOptions);

    Return CallOptions;

EndFunction

// Raises an exception for a setting of a wrong type, so that no login and no header is lost. || Вызывает исключение для настройки неверного типа, чтобы вход и заголовки не терялись.
Procedure CheckTypes(Val Given)

    CheckCollection(Given.Authentication, "[[Authentication]]");
    CheckCollection(Given.Headers, "[[Headers]]");
    CheckCollection(Given.RequestParameters, "[[RequestParameters]]");
    CheckList(Given.Cookies, "Cookies");

EndProcedure

Procedure CheckCollection(Val Value, Val Key)

    If IsGiven(Value) And Not IsKeyAndValueCollection(Value) Then
        Raise Key + ": [[expected a structure or a map||ожидается структура или соответствие]].";
    EndIf;

EndProcedure

Procedure CheckList(Val Value, Val Key)

    If TypeOf(Value) <> Type("[[Array]]") And IsGiven(Value) And Not IsKeyAndValueCollection(Value) Then
        Raise Key + ": [[expected an array, a structure or a map||ожидается массив, структура или соответствие]].";
    EndIf;

EndProcedure

Function FirstGiven(Val First, Val Second)

    If IsGiven(First) Then
        Return First;
    EndIf;

    Return Second;

EndFunction

Function NewLogin(Val Type, Val User, Val Password)

    Authentication = New Structure;
    Authentication.Insert("[[Type]]", Type);
    Authentication.Insert("[[User]]", User);
    Authentication.Insert("[[Password]]", Password);

    Return Authentication;

EndFunction

Procedure AddAuthentication(CallOptions, Val Authentication)

    If Not IsKeyAndValueCollection(Authentication) Or Authentication.Count() = 0 Then
        Return;
    EndIf;
    CheckKeys(Authentication, "[[UseOSAuthentication]],[[Type]],[[User]],[[Password]],[[Token]],[[AccessKeyID]],[[SecretKey]],[[Service]],[[Region||Регион]],[[SessionToken]]");
    If FieldOf(Authentication, "[[UseOSAuthentication]]") = True Then
        Raise "[[NTLM and Negotiate are not in this build; use Basic, Digest or Bearer||NTLM и Negotiate нет в этой сборке; используйте Basic, Digest или Bearer]].";
    EndIf;

    Scheme = Lower(FirstGiven(FieldOf(Authentication, "[[Type]]"), "Basic"));
    Key = "user";
    If Scheme = "bearer" Then
        Key = "token";
    ElsIf Scheme = "aws4-hmac-sha256" Then
        Key = "access_key_id";
    EndIf;

    Chosen = New Structure;
    Chosen.Insert("type", Scheme);
    AddText(Chosen, "user", FieldOf(Authentication, "[[User]]"));
    AddText(Chosen, "password", FieldOf(Authentication, "[[Password]]"));
    AddText(Chosen, "token", FieldOf(Authentication, "[[Token]]"));
    AddText(Chosen, "access_key_id", FieldOf(Authentication, "[[AccessKeyID]]"));
    AddText(Chosen, "secret_key", FieldOf(Authentication, "[[SecretKey]]"));
    AddText(Chosen, "service", FieldOf(Authentication, "[[Service]]"));
    AddText(Chosen, "region", FieldOf(Authentication, "[[Region||Регион]]"));
    AddText(Chosen, "session_token", FieldOf(Authentication, "[[SessionToken]]"));

    // Without a name or a token there is nothing to send. || Без имени или токена отправлять нечего.
    If Chosen.Property(Key) Then
        CallOptions.Insert("auth", Chosen);
    EndIf;

EndProcedure

Procedure AddText(Target, Val Key, Val Value)

    If IsGiven(Value) Then
        Target.Insert(Key, TextOf(Value));
    EndIf;

EndProcedure

Procedure AddRetries(CallOptions, Val Parameters)

    If Parameters.MaximumNumberOfRetries <= 0 Then
        Return;
    EndIf;

    Policy = New Structure;
    Policy.Insert("count", Parameters.MaximumNumberOfRetries);
    Policy.Insert("total", Milliseconds(Parameters.MaximumTimeOfRetries));
    Policy.Insert("delay", Milliseconds(Parameters.ExponentialDelayRatio));
    Policy.Insert("jitter", False);
    If Parameters.ToRetryForStatusesCodes <> Undefined Then
        Policy.Insert("statuses", Parameters.ToRetryForStatusesCodes);
    EndIf;
    CallOptions.Insert("retries", Policy);

    // The time limit is for each try, so the call may take as long as all of them. || Таймаут относится к каждой попытке, поэтому вызов может длиться сколько все они.
    If Parameters.Timeout > 0 Then
        Limit = Milliseconds(Parameters.Timeout);
        Limits = New Structure;
        Limits.Insert("resolve", Limit);
        Limits.Insert("connect", Limit);
        Limits.Insert("proxy", Limit);
        Limits.Insert("tls", Limit);
        Limits.Insert("send", Limit);
        Limits.Insert("first_byte", Limit);
        Limits.Insert("idle", Limit);
        CallOptions.Insert("timeouts", Limits);
        CallOptions.Insert("timeout", Milliseconds(Parameters.Timeout + Parameters.MaximumTimeOfRetries));
    EndIf;

EndProcedure

// The cookies of the session go with the call and come back with its answer, so a session can be changed and copied. || Cookies сессии уходят с вызовом и возвращаются с ответом, поэтому сессию можно менять и копировать.
Procedure AddCookies(CallOptions, Val Session, Val Parameters)

    CallOptions.Insert("jar", CookieList(Session.Cookies));
    Own = CookieList(Parameters.Cookies);
    If Own.Count() > 0 Then
        CallOptions.Insert("cookies", Own);
    EndIf;

EndProcedure

Function CookieList(Val Cookies)

    List = New Array;
    If TypeOf(Cookies) = Type("[[Array]]") Then
        For Each Cookie In Cookies Do
            List.Add(CookieForAddIn(Cookie));
        EndDo;
    ElsIf IsKeyAndValueCollection(Cookies) Then
        For Each DomainCookies In Cookies Do
            For Each PathCookies In DomainCookies.Value Do
                For Each Cookie In PathCookies.Value Do
                    List.Add(CookieForAddIn(Cookie.Value));
                EndDo;
            EndDo;
        EndDo;
    EndIf;

    Return List;

EndFunction

Function CookieForAddIn(Val Cookie)

    Sent = New Structure;
    Sent.Insert("name", TextOf(FieldOf(Cookie, "[[Description]]")));
    Sent.Insert("value", TextOf(FirstGiven(FieldOf(Cookie, "[[Value]]"), "")));
    AddText(Sent, "domain", FieldOf(Cookie, "[[Domain]]"));
    AddText(Sent, "path", FieldOf(Cookie, "[[Path]]"));
    ExpiresOn = FieldOf(Cookie, "[[ExpiresOn]]");
    If TypeOf(ExpiresOn) = Type("[[Date]]") And ExpiresOn > Date(1, 1, 1) And ExpiresOn < Date(3999, 1, 1) Then
        Sent.Insert("expires", ExpiresOn - Date(1970, 1, 1));
    EndIf;
    Sent.Insert("secure", FieldOf(Cookie, "[[OnlySecureConnection]]") = True);
    Sent.Insert("host_only", FieldOf(Cookie, "[[OnlyThisHost]]") <> False);
    Sent.Insert("http_only", FieldOf(Cookie, "[[HttpOnly]]") = True);

    Return Sent;

EndFunction

Procedure KeepCookies(Session, Val Answer)

    Jar = Answer.Get("jar");
    If Not IsSuccess(Answer) Then
        Jar = Answer.Get("error").Get("jar");
    EndIf;
    If Jar <> Undefined Then
        Session.Insert("[[Cookies]]", CookieMap(Jar));
    EndIf;

EndProcedure

// Cookies by domain, path and name. || Cookies по домену, пути и имени.
Function CookieMap(Val List)

    Cookies = New Map;
    For Each Received In List Do
        Cookie = New Structure;
        Cookie.Insert("[[Description]]", Received.Get("name"));
        Cookie.Insert("[[Value]]", Received.Get("value"));
        Cookie.Insert("[[Domain]]", Received.Get("domain"));
        Cookie.Insert("[[Path]]", Received.Get("path"));
        Cookie.Insert("[[Port]]", Undefined);
        ExpiresOn = Date(3999, 1, 1);
        If Received.Get("expires") <> Undefined Then
            ExpiresOn = Date(1970, 1, 1) + Received.Get("expires");
        EndIf;
        Cookie.Insert("[[ExpiresOn]]", ExpiresOn);
        Cookie.Insert("[[OnlySecureConnection]]", Received.Get("secure"));
        Cookie.Insert("[[OnlyThisHost]]", Received.Get("host_only"));
        Cookie.Insert("[[HttpOnly]]", Received.Get("http_only"));

        DomainCookies = Cookies.Get(Cookie.Domain);
        If DomainCookies = Undefined Then
            DomainCookies = New Map;
            Cookies.Insert(Cookie.Domain, DomainCookies);
        EndIf;
        PathCookies = DomainCookies.Get(Cookie.Path);
        If PathCookies = Undefined Then
            PathCookies = New Map;
            DomainCookies.Insert(Cookie.Path, PathCookies);
        EndIf;
        PathCookies.Insert(Cookie.Description, Cookie);
    EndDo;

    Return Cookies;

EndFunction

Procedure AddProxy(CallOptions, Val Proxy, Val Scheme)

    Chosen = Proxy;
//@ only 1c
    If Not IsGiven(Chosen) Then
        Chosen = ProxyOfConfiguration(Scheme);
    EndIf;
//@ end
    If Not IsGiven(Chosen) Then
        Return;
    EndIf;

    If TypeOf(Chosen) = Type("[[Array]]") Then
        Ways = New Array;
        For Each Way In Chosen Do
            Ways.Add(WayText(Way));
        EndDo;
        CallOptions.Insert("proxy", StrConcat(Ways, " | "));
    ElsIf TypeOf(Chosen) = Type("[[String]]") Or IsKeyAndValueCollection(Chosen) Then
        CallOptions.Insert("proxy", WayText(Chosen));
        Bypass = FieldOf(Chosen, "no_proxy");
        If IsGiven(Bypass) Then
            CallOptions.Insert("no_proxy", Bypass);
        EndIf;
    Else
        AddProxyObject(CallOptions, Chosen, Scheme);
    EndIf;

EndProcedure

Function WayText(Val Way)

    If IsKeyAndValueCollection(Way) Then
        Return ProxyRoute(Way);
    EndIf;

    Return Way;

EndFunction

// An object InternetProxy, whose user and password are functions in some versions and fields in others. || Объект ИнтернетПрокси, имя и пароль которого в одних версиях - функции, в других - поля.
Procedure AddProxyObject(CallOptions, Val Proxy, Val Scheme)

    Try
        Place = Proxy.Server(Scheme);
        PortNumber = Proxy.Port(Scheme);
    Except
        Raise "[[Proxy must be InternetProxy, text such as socks5://host:port, a structure with server, port, proxy_type, login and password, or an array of those||Прокси должен быть объектом ИнтернетПрокси, строкой вида socks5://узел:порт, структурой с server, port, proxy_type, login и password либо массивом из них]].";
    EndTry;
    If Not IsGiven(Place) Then
        Return;
    EndIf;
    If PortNumber = Undefined Or PortNumber = 0 Then
        PortNumber = 3128;
    EndIf;
    Try
        Login = Proxy.User(Scheme);
        Password = Proxy.Password(Scheme);
    Except
        Try
            Login = Proxy.User;
            Password = Proxy.Password;
        Except
            Login = "";
            Password = "";
        EndTry;
    EndTry;

    Way = New Structure("proxy_type, server, port, login, password", "http", Place, PortNumber, Login, Password);
    CallOptions.Insert("proxy", ProxyRoute(Way));

    Bypass = New Array;
    Try
        If Proxy.BypassProxyOnLocal = True Then
            Bypass.Add("<local>");
        EndIf;
        For Each Address In Proxy.BypassProxyOnAddresses Do
            Bypass.Add(Address);
        EndDo;
    Except
        // This version has no such list. || В этой версии такого списка нет.
    EndTry;
    If Bypass.Count() > 0 Then
        CallOptions.Insert("no_proxy", StrConcat(Bypass, ","));
    EndIf;

EndProcedure
//@ only 1c

// The proxy that the Standard Subsystems Library is set to, Undefined without it. || Прокси из настроек БСП, Неопределено при её отсутствии.
Function ProxyOfConfiguration(Val Scheme)

#If Server Or ThickClientOrdinaryApplication Or ThickClientManagedApplication Or ExternalConnection Then
    Try
        Return Eval("ПолучениеФайловИзИнтернета.ПолучитьПрокси([[Scheme]])");
    Except
        Return Undefined;
    EndTry;
#Else
    Return Undefined;
#EndIf

EndFunction
//@ end

// True of a request is its default, so it does not outweigh the choice of the session. || Истина в запросе - значение по умолчанию, поэтому не отменяет выбор сессии.
Procedure AddVerification(CallOptions, Val Session, Val Parameters)

    VerifySSL = Parameters.VerifySSL;
    If VerifySSL = True Then
        VerifySSL = Session.VerifySSL;
    EndIf;
    If VerifySSL = True Or VerifySSL = Undefined Then
        Return;
    EndIf;

    If VerifySSL = False Then
        CallOptions.Insert("dangerous_accept_any_certificate", True);
    ElsIf TypeOf(VerifySSL) = Type("[[String]]") Then
        CallOptions.Insert("ca_file", VerifySSL);
    ElsIf TypeOf(VerifySSL) = Type("[[BinaryData]]") Then
        CallOptions.Insert("ca", GetStringFromBinaryData(VerifySSL));
    ElsIf StrFind(Upper(String(VerifySSL)), "[[OS||ОС]]") = 0 Then
        Try
            CallOptions.Insert("ca_file", VerifySSL.FileName);
        Except
            Raise "[[VerifySSL must be True, False, or the path or the binary data of a PEM file||ПроверятьSSL должен быть Истина, Ложь либо путь к файлу PEM или его двоичные данные]].";
        EndTry;
    EndIf;

EndProcedure

// Options that the module has no name for go to the add-in as they are. || Параметры, для которых у модуля нет имени, уходят компоненте как есть.
Procedure AddOwnOptions(CallOptions, Val Given)

    CheckCollection(Given, "[[AddInOptions]]");
    If Not IsKeyAndValueCollection(Given) Then
        Return;
    EndIf;
    For Each Item In Given Do
        CallOptions.Insert(Item.Key, Item.Value);
    EndDo;

EndProcedure

Procedure AddCertificate(CallOptions, Val Certificate)

    If Not IsGiven(Certificate) Then
        Return;
    EndIf;

    Data = Certificate;
    If IsKeyAndValueCollection(Certificate) Then
        CheckKeys(Certificate, "[[FileName]],[[Data]],[[Password]]");
        Data = FieldOf(Certificate, "[[Data]]");
    EndIf;
    If TypeOf(Data) = Type("[[BinaryData]]") Then
        CallOptions.Insert("client_pkcs12", Base64String(Data));
        AddText(CallOptions, "client_key_password", FieldOf(Certificate, "[[Password]]"));
        Return;
    EndIf;

    FilePath = Certificate;
    Password = "";
    If TypeOf(Certificate) <> Type("[[String]]") Then
        Try
            FilePath = Certificate.FileName;
            Password = Certificate.Password;
        Except
            Raise "[[ClientSSLCertificate must be the path of a file .p12, .pfx or .pem, the binary data of a file .p12, or a structure with FileName or Data, and Password||КлиентскийСертификатSSL должен быть путём к файлу .p12, .pfx или .pem, двоичными данными файла .p12 либо структурой с полями ИмяФайла или Данные, и Пароль]].";
        EndTry;
    EndIf;

    If Lower(Right(FilePath, 4)) = ".pem" Then
        CallOptions.Insert("client_certificate_file", FilePath);
        CallOptions.Insert("client_key_file", FilePath);
    Else
        CallOptions.Insert("client_pkcs12_file", FilePath);
    EndIf;
    If IsGiven(Password) Then
        CallOptions.Insert("client_key_password", Password);
    EndIf;

EndProcedure

// The body; files, and a form, go into the options instead. || Тело; файлы и форма вместо этого попадают в параметры вызова.
Function TakeBody(Val Parameters, CallOptions, Val Connector)

    Encoding = HeaderValue(CallOptions, "Content-Encoding");
    If Encoding <> Undefined And Lower(TrimAll(Encoding)) = "gzip" Then
        RemoveHeader(CallOptions, "Content-Encoding");
        CallOptions.Insert("gzip_body", True);
    EndIf;

    Data = Parameters.Data;
    BodyEncoding = FirstGiven(FieldOf(CallOptions, "body_encoding"), Parameters.BodyEncoding);
    If IsGiven(BodyEncoding) Then
        CallOptions.Insert("body_encoding", BodyEncoding);
    EndIf;
    Files = FilesToSend(Parameters.Files, Connector);
    If Files.Count() > 0 Then
        CallOptions.Insert("files", Files);
        If IsKeyAndValueCollection(Data) Then
            CallOptions.Insert("form", Pairs(Data));
        EndIf;
        Return "";
    EndIf;
    If IsKeyAndValueCollection(Data) And Data.Count() > 0 Then
        CallOptions.Insert("form", Pairs(Data));
        Return "";
    EndIf;
    If TypeOf(Data) = Type("[[BinaryData]]") Then
        AddContentType(CallOptions, "application/octet-stream");
        Return Data;
    EndIf;
    If TypeOf(Data) = Type("[[String]]") And Data <> "" Then
        AddContentType(CallOptions, "application/x-www-form-urlencoded; charset=" + FirstGiven(BodyEncoding, "utf-8"));
        Return Data;
    EndIf;
    If IsGiven(Data) And Not IsKeyAndValueCollection(Data) Then
        Raise "[[Data must be a structure, a map, text or binary data||Данные должны быть структурой, соответствием, строкой или двоичными данными]].";
    EndIf;
    If Parameters.Json = Undefined Then
        Return "";
    EndIf;
    If IsGiven(BodyEncoding) Then
        Raise "[[BodyEncoding]]: [[JSON goes in utf-8||JSON уходит в utf-8]].";
    EndIf;
    AddContentType(CallOptions, "application/json; charset=utf-8");

    Return ObjectToJson(Parameters.Json, Parameters.JSONConversionParameters, Parameters.JSONWriterSettings);

EndFunction

Function FilesToSend(Val Files, Val Connector)

    Given = Files;
    If TypeOf(Files) = Type("[[Structure]]") Then
        Given = New Array;
        Given.Add(Files);
    EndIf;

    List = New Array;
    If TypeOf(Given) <> Type("[[Array]]") Then
        Return List;
    EndIf;
    For Each File In Given Do
        CheckKeys(File, "[[Name]],[[FileName]],[[Data]],[[Type]],[[Headers]],[[FilePath]]");
        Sent = New Structure;
        AddText(Sent, "name", FieldOf(File, "[[Name]]"));
        AddText(Sent, "filename", FieldOf(File, "[[FileName]]"));
        AddText(Sent, "type", FieldOf(File, "[[Type]]"));
        Sent.Insert("headers", Pairs(FieldOf(File, "[[Headers]]")));
        If IsGiven(FieldOf(File, "[[FilePath]]")) Then
            Sent.Insert("path", FieldOf(File, "[[FilePath]]"));
        Else
            Data = FirstGiven(FieldOf(File, "[[Data]]"), EmptyData());
            Sent.Insert("data", Done(Connector.GiveBytes(Data)).Get("data"));
        EndIf;
        List.Add(Sent);
    EndDo;

    Return List;

EndFunction

// Names and texts in their order; an array repeats its name. || Имена и строки по порядку; массив повторяет имя.
Function Pairs(Val Collection)

    List = New Array;
    If Not IsKeyAndValueCollection(Collection) Then
        Return List;
    EndIf;
    For Each Item In Collection Do
        Values = Item.Value;
        If TypeOf(Values) <> Type("[[Array]]") Then
            Values = New Array;
            Values.Add(Item.Value);
        EndIf;
        For Each Value In Values Do
            Pair = New Array;
            Pair.Add(TextOf(Item.Key));
            If Value = Undefined Then
                Pair.Add(Undefined);
            Else
                Pair.Add(TextOf(Value));
            EndIf;
            List.Add(Pair);
        EndDo;
    EndDo;

    Return List;

EndFunction

// A value as text that servers read: numbers without groups of digits, dates in ISO. || Значение строкой, понятной серверам: числа без групп разрядов, даты в ISO.
Function TextOf(Val Value)

    If TypeOf(Value) = Type("[[String]]") Then
        Return Value;
    ElsIf TypeOf(Value) = Type("[[Number]]") Or TypeOf(Value) = Type("[[Boolean]]") Or TypeOf(Value) = Type("[[Date]]") Then
        Return XMLString(Value);
    EndIf;

    Return String(Value);

EndFunction

// Parameters of the URL: those of the request replace those of the session. || Параметры URL: заданные в запросе заменяют заданные в сессии.
Function QueryOf(Val OfSession, Val OfRequest)

    Query = New Array;
    For Each Pair In Pairs(OfSession) Do
        If Not HasKey(OfRequest, Pair[0]) Then
            Query.Add(Pair);
        EndIf;
    EndDo;
    For Each Pair In Pairs(OfRequest) Do
        Query.Add(Pair);
    EndDo;

    Return Query;

EndFunction

Function HasKey(Val Collection, Val Key)

    If Not IsKeyAndValueCollection(Collection) Then
        Return False;
    EndIf;
    For Each Item In Collection Do
        If Item.Key = Key Then
            Return True;
        EndIf;
    EndDo;

    Return False;

EndFunction

// Headers of the session and of the request, whose names have no letter case; the request wins. || Заголовки сессии и запроса, имена которых не различают регистр; важнее запрос.
Function MergeHeaders(Val OfSession, Val OfRequest)

    Headers = New Array;
    For Each Pair In Pairs(OfSession) Do
        If HeaderName(OfRequest, Pair[0]) = Undefined Then
            Headers.Add(Pair);
        EndIf;
    EndDo;
    For Each Pair In Pairs(OfRequest) Do
        If Pair[1] <> Undefined Then
            Headers.Add(Pair);
        EndIf;
    EndDo;

    Return Headers;

EndFunction

// A header's name as it is spelled there, Undefined when there is none. || Имя заголовка, как оно там написано, Неопределено при его отсутствии.
Function HeaderName(Val Headers, Val Name)

    If IsKeyAndValueCollection(Headers) Then
        For Each Item In Headers Do
            If Upper(Item.Key) = Upper(Name) Then
                Return Item.Key;
            EndIf;
        EndDo;
    EndIf;

    Return Undefined;

EndFunction

Function HeaderValue(Val CallOptions, Val Name)

    For Each Pair In CallOptions.headers Do
        If Upper(Pair[0]) = Upper(Name) Then
            Return Pair[1];
        EndIf;
    EndDo;

    Return Undefined;

EndFunction

Procedure RemoveHeader(CallOptions, Val Name)

    Rest = New Array;
    For Each Pair In CallOptions.headers Do
        If Upper(Pair[0]) <> Upper(Name) Then
            Rest.Add(Pair);
        EndIf;
    EndDo;
    CallOptions.Insert("headers", Rest);

EndProcedure

Procedure SetHeader(CallOptions, Val Name, Val Value)

    RemoveHeader(CallOptions, Name);
    Pair = New Array;
    Pair.Add(Name);
    Pair.Add(Value);
    CallOptions.headers.Add(Pair);

EndProcedure

Procedure AddContentType(CallOptions, Val ContentType)

    If HeaderValue(CallOptions, "Content-Type") = Undefined Then
        SetHeader(CallOptions, "Content-Type", ContentType);
    EndIf;

EndProcedure

// A URL without a scheme is one of http; a scheme that stands in the query is none. || URL без схемы - это http; схема внутри параметров схемой не считается.
Function FullURL(Val URL)

    Target = TrimAll(URL);
    If SchemeOf(Target) = "" Then
        Return "http://" + Target;
    EndIf;

    Return Target;

EndFunction

Function SchemeOf(Val URL)

    Start = UpTo(UpTo(UpTo(URL, "/"), "?"), "#");
    If Right(Start, 1) = ":" And Mid(URL, StrLen(Start) + 1, 2) = "//" Then
        Return Lower(Left(Start, StrLen(Start) - 1));
    EndIf;

    Return "";

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
        Raise "[[A time must be a number of seconds, 0 or more||Время должно быть числом секунд, 0 или больше]].";
    EndIf;
    // Less than a millisecond is not the same as no limit. || Меньше миллисекунды - не то же, что без предела.
    If Seconds > 0 And Seconds < 0.001 Then
        Return 1;
    EndIf;

    Return Int(Seconds * 1000);

EndFunction

// Programs written for the original look for some of these words. || Программы, написанные для оригинала, ищут некоторые из этих слов.
Function FailureText(Val Method, Val Error)

    Text = ErrorText(Error);
    If Error.Get("code") = "http_too_many_redirects" Then
        Return "[[TooManyRedirects||СлишкомМногоПеренаправлений]]. " + Text;
    ElsIf StrFind(Error.Get("code"), "timeout") > 0 Then
        Text = "[[Timeout exceeded||Превышено время ожидания]]. " + Text;
    EndIf;
    Place = Error.Get("url");
    If Not IsGiven(Place) Then
        Return "HTTP " + Method + ": " + Text;
    EndIf;

    Return "HTTP " + Method + " " + Place + Chars.LF + "[[Network error||Сетевая ошибка]]:" + Chars.LF + Text;

EndFunction

Function ResponseOf(Val Connector, Val Answer)

    Headers = HeadersOf(Answer.Get("headers"));
    StatusCode = Answer.Get("status");
    HasLocation = HeaderName(Headers, "Location") <> Undefined;
    IsPermanent = (StatusCode = 301 Or StatusCode = 308) And HasLocation;
    IsTemporary = (StatusCode = 302 Or StatusCode = 303 Or StatusCode = 307) And HasLocation;

    Response = NewResponse();
    Response.Insert("[[Method]]", Answer.Get("method"));
    Response.Insert("[[URL]]", Answer.Get("url"));
    Response.Insert("[[StatusCode]]", StatusCode);
    Response.Insert("[[Headers]]", Headers);
    If Answer.Get("data") <> Undefined Then
        Response.Insert("[[Body]]", TakeData(Connector, Answer));
    EndIf;
    Response.Insert("[[Encoding]]", Answer.Get("encoding"));
    Response.Insert("[[ExecutionTime]]", Answer.Get("elapsed_ms"));
    Response.Insert("[[IsPermanentRedirect]]", IsPermanent);
    Response.Insert("[[IsRedirect]]", IsPermanent Or IsTemporary);
    Response.Insert("[[Cookies]]", CookieMap(Answer.Get("cookies")));
    Response.Insert("[[Errors]]", Answer.Get("errors"));

    Return Response;

EndFunction

Function HeadersOf(Val Received)

    Headers = New Map;
    For Each Item In Received Do
        Text = Item.Value;
        If TypeOf(Text) = Type("[[Array]]") Then
            Text = StrConcat(Text, ", ");
        EndIf;
        Headers.Insert(HeaderSpelled(Item.Key), Text);
    EndDo;

    Return Headers;

EndFunction

// Names come in lower case; programs look for them as servers usually spell them. || Имена приходят в нижнем регистре; программы ищут их так, как их обычно пишут серверы.
Function HeaderSpelled(Val Name)

    If Lower(Name) = "etag" Then
        Return "ETag";
    ElsIf Lower(Name) = "www-authenticate" Then
        Return "WWW-Authenticate";
    ElsIf Left(Lower(Name), 6) = "x-amz-" Then
        Return Lower(Name);
    EndIf;

    Words = New Array;
    For Each Word In StrSplit(Name, "-") Do
        Words.Add(Upper(Left(Word, 1)) + Mid(Word, 2));
    EndDo;

    Return StrConcat(Words, "-");

EndFunction

Function EncodingOr(Val Response, Val Encoding)

    Return TextOf(FirstGiven(FirstGiven(Encoding, FieldOf(Response, "[[Encoding]]")), "utf-8"));

EndFunction

// What tells the encoding of a body: what is asked for, what the answer said, else its type. || Что определяет кодировку тела: заданная, указанная в ответе, иначе его тип.
Procedure AddEncoding(ToolOptions, Val Response, Val Encoding)

    Known = FirstGiven(Encoding, FieldOf(Response, "[[Encoding]]"));
    Name = HeaderName(Response.Headers, "Content-Type");
    If IsGiven(Known) Then
        ToolOptions.Insert("encoding", TextOf(Known));
    ElsIf Name <> Undefined Then
        ToolOptions.Insert("content_type", Response.Headers.Get(Name));
    EndIf;

EndProcedure

// A date from text such as 2019-01-21T00:24:00. || Дата из строки вида 2019-01-21T00:24:00.
Function DateFromISO(Val Text)

    Return Date(StrReplace(StrReplace(StrReplace(Left(Text, 19), "-", ""), ":", ""), "T", ""));

EndFunction

// The bytes of a stream from its place to its end. || Байты потока от его места до конца.
Function StreamData(Val Stream)

    Reader = New DataReader(Stream);
    Data = Reader.Read().GetBinaryData();
    Reader.Close();

    Return Data;

EndFunction

// The names of the types of values, for messages. || Имена типов значений, для сообщений.
Function TypeNames(Val First, Val Second = Undefined, Val Third = Undefined, Val Fourth = Undefined)

    Names = New Array;
    For Each Value In ListOf(First, Second, Third, Fourth) Do
        If Value <> Undefined Then
            Names.Add(String(TypeOf(Value)));
        EndIf;
    EndDo;
    If Names.Count() = 0 Then
        Return "";
    EndIf;

    Return " (" + StrConcat(Names, ", ") + ")";

EndFunction

Function ListOf(Val First, Val Second, Val Third, Val Fourth)

    List = New Array;
    List.Add(First);
    List.Add(Second);
    List.Add(Third);
    List.Add(Fourth);

    Return List;

EndFunction

#EndRegion

#Region JSONSettings

Function ConversionByDefault()

    Conversion = New Structure;
    Conversion.Insert("[[ReadToMap]]", True);
//@ only 1c
    Conversion.Insert("[[JSONDateFormat]]", JSONDateFormat.ISO);
//@ end
//@ only onescript
    Conversion.Insert("[[JSONDateFormat]]", Undefined);
//@ end
    Conversion.Insert("[[PropertiesNamesWithDateValues]]", Undefined);
//@ only 1c
    Conversion.Insert("[[JSONDateWritingVariant]]", JSONDateWritingVariant.LocalDate);
//@ end
//@ only onescript
    Conversion.Insert("[[JSONDateWritingVariant]]", Undefined);
//@ end
    Conversion.Insert("[[ConvertionFunctionName]]", Undefined);
    Conversion.Insert("[[ConvertionFunctionModule]]", Undefined);
    Conversion.Insert("[[ConvertionFunctionAdditionalParameters]]", Undefined);
    Conversion.Insert("[[RestoreFunctionName]]", Undefined);
    Conversion.Insert("[[RestoreFunctionModule]]", Undefined);
    Conversion.Insert("[[RestoreFunctionAdditionalParameters]]", Undefined);
    Conversion.Insert("[[RestorePropertiesNames]]", Undefined);
    Conversion.Insert("[[MaximumNesting]]", 500);

    Return Conversion;

EndFunction

Function WriterSettingsByDefault()

    Wanted = New Structure;
//@ only 1c
    Wanted.Insert("[[NewLines]]", JSONLineBreak.Auto);
//@ end
//@ only onescript
    Wanted.Insert("[[NewLines]]", Undefined);
//@ end
    Wanted.Insert("[[PaddingSymbols]]", " ");
    Wanted.Insert("[[UseDoubleQuotes]]", True);
//@ only 1c
    Wanted.Insert("[[EscapeCharacters]]", JSONCharactersEscapeMode.None);
//@ end
//@ only onescript
    Wanted.Insert("[[EscapeCharacters]]", Undefined);
//@ end
    Wanted.Insert("[[EscapeAngleBrackets]]", False);
    Wanted.Insert("[[EscapeLineTerminators]]", True);
    Wanted.Insert("[[EscapeAmpersand]]", False);
    Wanted.Insert("[[EscapeSingleQuotes]]", False);
    Wanted.Insert("[[EscapeSlash]]", False);

    Return Wanted;

EndFunction
//@ only onescript

Function ReadOptions(Val Conversion, Val Encoding)

    ToolOptions = New Structure;
    ToolOptions.Insert("date_form", DateForm(Conversion.JSONDateFormat));
    ToolOptions.Insert("nesting", Conversion.MaximumNesting);
    AddText(ToolOptions, "encoding", Encoding);
    Names = Conversion.PropertiesNamesWithDateValues;
    If IsGiven(Names) Then
        ToolOptions.Insert("dates", NamesIn(Names));
    EndIf;

    Return ToolOptions;

EndFunction

// Names given as text or as an array. || Имена, заданные строкой или массивом.
Function NamesIn(Val Given)

    Names = New Array;
    If TypeOf(Given) = Type("[[String]]") Then
        For Each Name In StrSplit(Given, ",") Do
            Names.Add(TrimAll(Name));
        EndDo;
    Else
        For Each Name In Given Do
            Names.Add(Name);
        EndDo;
    EndIf;

    Return Names;

EndFunction

// Values of enumerations are known by their names, since not every version of OneScript has them all. || Значения перечислений узнаются по именам, так как не во всех версиях OneScript они есть.
Function DateForm(Val Value)

    Name = Upper(String(Value));
    If Name = "JAVASCRIPT" Then
        Return "javascript";
    ElsIf Name = "MICROSOFT" Then
        Return "microsoft";
    EndIf;

    Return "iso";

EndFunction

Function WriteOptions(Val Conversion, Val Wanted)

    ToolOptions = New Structure;
    ToolOptions.Insert("date_form", DateForm(Conversion.JSONDateFormat));
    Name = Upper(String(Conversion.JSONDateWritingVariant));
    If Name = "UNIVERSALDATE" Or Name = "УНИВЕРСАЛЬНАЯДАТА" Then
        ToolOptions.Insert("zone", "universal");
    ElsIf Name = "LOCALDATEWITHOFFSET" Or Name = "ЛОКАЛЬНАЯДАТАСОСМЕЩЕНИЕМ" Then
        ToolOptions.Insert("zone", "local_with_offset");
    EndIf;

    Name = Upper(String(Wanted.NewLines));
    If Name = "NONE" Or Name = "НЕТ" Then
        ToolOptions.Insert("line_break", "none");
    ElsIf Name = "UNIX" Or Name = "WINDOWS" Then
        ToolOptions.Insert("line_break", Lower(Name));
    EndIf;
    ToolOptions.Insert("indent", Wanted.PaddingSymbols);
    If Wanted.UseDoubleQuotes = False Then
        ToolOptions.Insert("quotes", "single");
    EndIf;
    ToolOptions.Insert("escape", EscapesOf(Wanted));

    Return ToolOptions;

EndFunction

Function EscapesOf(Val Wanted)

    Escapes = New Array;
    Name = Upper(String(Wanted.EscapeCharacters));
    If Name = "NOTASCIISYMBOLS" Or Name = "СИМВОЛЫВНЕASCII" Then
        Escapes.Add("not_ascii");
    ElsIf Name = "SYMBOLSNOTINBMP" Or Name = "СИМВОЛЫВНЕBMP" Then
        Escapes.Add("not_bmp");
    EndIf;
    AddEscape(Escapes, Wanted.EscapeAngleBrackets, "angle_brackets");
    AddEscape(Escapes, Wanted.EscapeLineTerminators, "line_separators");
    AddEscape(Escapes, Wanted.EscapeAmpersand, "ampersand");
    AddEscape(Escapes, Wanted.EscapeSingleQuotes, "single_quotes");
    AddEscape(Escapes, Wanted.EscapeSlash, "slash");

    Return Escapes;

EndFunction

Procedure AddEscape(Escapes, Val IsWanted, Val Name)

    If IsWanted = True Then
        Escapes.Add(Name);
    EndIf;

EndProcedure

// A value whose texts and dates have marks that the add-in knows. || Значение, строки и даты которого имеют метки, известные компоненте.
Function MarkedValue(Val Value, Val Key, Val Conversion)

    Kind = TypeOf(Value);
    If Value = Undefined Or Value = Null Or Kind = Type("[[Number]]") Or Kind = Type("[[Boolean]]") Then
        Return Value;
    ElsIf Kind = Type("[[String]]") Then
        Return "t" + Value;
    ElsIf Kind = Type("[[Date]]") Then
        Return "d" + XMLString(Value) + XMLString(ToUniversalTime(Value));
    ElsIf Kind = Type("[[Array]]") Or Kind = Type("[[FixedArray]]") Then
        Marked = New Array;
        For Each Item In Value Do
            Marked.Add(MarkedValue(Item, Undefined, Conversion));
        EndDo;
        Return Marked;
    ElsIf IsKeyAndValueCollection(Value) Or Kind = Type("[[FixedStructure]]") Or Kind = Type("[[FixedMap]]") Then
        Return MarkedMembers(Value, Conversion);
    EndIf;

    Return MarkedValue(Converted(Value, Key, Conversion, False), Key, Conversion);

EndFunction

Function MarkedMembers(Val Value, Val Conversion)

    Marked = New Map;
    For Each Item In Value Do
        Member = Item.Value;
        Cancel = False;
        If NeedsConversion(Member) Then
            Member = Converted(Member, Item.Key, Conversion, Cancel);
        EndIf;
        If Cancel <> True Then
            Marked.Insert(TextOf(Item.Key), MarkedValue(Member, Item.Key, Conversion));
        EndIf;
    EndDo;

    Return Marked;

EndFunction

Function NeedsConversion(Val Value)

    Kind = TypeOf(Value);

    Return Not (Value = Undefined Or Value = Null Or Kind = Type("[[Number]]") Or Kind = Type("[[Boolean]]")
        Or Kind = Type("[[String]]") Or Kind = Type("[[Date]]") Or Kind = Type("[[Array]]") Or Kind = Type("[[FixedArray]]")
        Or IsKeyAndValueCollection(Value) Or Kind = Type("[[FixedStructure]]") Or Kind = Type("[[FixedMap]]"));

EndFunction

Function Converted(Val Value, Val Key, Val Conversion, Cancel)

    Module = Conversion.ConvertionFunctionModule;
    If Module = Undefined Or Not IsGiven(Conversion.ConvertionFunctionName) Then
        Raise "[[JSON cannot hold the type||JSON не хранит тип]] " + TypeOf(Value) + ".";
    EndIf;

    Extra = Conversion.ConvertionFunctionAdditionalParameters;
    Result = Undefined;
    Execute("[[Result]] = [[Module]]." + Conversion.ConvertionFunctionName + "([[Key]], [[Value]], [[Extra]], [[Cancel]])");

    Return Result;

EndFunction

// A value without the marks of the add-in; the function of restoration is called for the properties it is for. || Значение без меток компоненты; функция восстановления вызывается для своих свойств.
Function ValueFromMarked(Val Marked, Val Key, Val Conversion)

    If TypeOf(Marked) = Type("[[String]]") Then
        Value = FromMark(Marked);
    ElsIf TypeOf(Marked) = Type("[[Array]]") Then
        Value = New Array;
        For Each Item In Marked Do
            Value.Add(ValueFromMarked(Item, Undefined, Conversion));
        EndDo;
    ElsIf TypeOf(Marked) = Type("[[Map]]") Then
        Value = New Map;
        If Conversion.ReadToMap = False Then
            Value = New Structure;
        EndIf;
        For Each Item In Marked Do
            Value.Insert(Item.Key, ValueFromMarked(Item.Value, Item.Key, Conversion));
        EndDo;
    Else
        Value = Marked;
    EndIf;

    Return Restored(Value, Key, Conversion);

EndFunction

Function FromMark(Val Marked)

    Mark = Left(Marked, 1);
    Text = Mid(Marked, 2);
    If Mark = "l" Then
        Return DateFromISO(Text);
    ElsIf Mark = "u" Then
        Return ToLocalTime(DateFromISO(Text));
    EndIf;

    Return Text;

EndFunction

Function Restored(Val Value, Val Key, Val Conversion)

    Module = Conversion.RestoreFunctionModule;
    If Module = Undefined Or Not IsGiven(Conversion.RestoreFunctionName) Then
        Return Value;
    EndIf;
    Names = Conversion.RestorePropertiesNames;
    If IsGiven(Names) And (Key = Undefined Or NamesIn(Names).Find(Key) = Undefined) Then
        Return Value;
    EndIf;

    Extra = Conversion.RestoreFunctionAdditionalParameters;
    Result = Undefined;
    Execute("[[Result]] = [[Module]]." + Conversion.RestoreFunctionName + "([[Key]], [[Value]], [[Extra]])");

    Return Result;

EndFunction
//@ end

#EndRegion

//@ include data

//@ include addin
