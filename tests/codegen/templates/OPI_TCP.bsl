// TCP client and TCP server, with the functions of OPI_TCP of OpenIntegrations. || TCP-клиент и TCP-сервер с функциями OPI_TCP из OpenIntegrations.
// Times are in milliseconds; 0 is the longest wait, 24 hours. || Время - в миллисекундах; 0 - самое долгое ожидание, 24 часа.
// Text is data: it is never taken for a path or a URL. || Строка - это данные: она не считается путём или адресом.

#Region Client

// Opens a connection. || Открывает соединение.
//
// Parameters: || Параметры:
//  Address - String - host:port; without a port it is that of the scheme, or 80. || Адрес - Строка - узел:порт; без порта - порт схемы или 80.
//  Tls - Structure - see GetTlsSettings. || Tls - Структура - см. ПолучитьНастройкиTls.
//  Proxy - Structure - see GetProxySettings. || Прокси - Структура - см. ПолучитьНастройкиПрокси.
//  Logging - Structure - see GetLoggingSettings. || Логирование - Структура - см. ПолучитьНастройкиЛогирования.
//
// Returns: || Возвращаемое значение:
//  The connection, or a map with result False and the error. || Соединение либо соответствие, где result Ложь и есть ошибка.
Function CreateConnection(Val Address, Val Tls = "", Val Proxy = "", Val Logging = "") Export

    Problem = WrongSettings(Tls, Proxy, Logging);
    If IsGiven(Problem) Then
        Return Failure(Problem);
    EndIf;

    Return Connected(Address, ConnectOptions(Tls, Proxy, Logging));

EndFunction

// Opens a connection with any options of the method Connect of the add-in, such as codec or no_proxy. || Открывает соединение с любыми параметрами метода Подключиться компоненты, например codec или no_proxy.
//
// Parameters: || Параметры:
//  Address - String - host:port. || Адрес - Строка - узел:порт.
//  CallOptions - Structure, Map - the options by their names. || ПараметрыВызова - Структура, Соответствие - параметры по именам.
//
// Returns: || Возвращаемое значение:
//  The connection, or a map with result False and the error. || Соединение либо соответствие, где result Ложь и есть ошибка.
Function CreateConnectionWithOptions(Val Address, Val CallOptions) Export

    Return Connected(Address, CallOptions);

EndFunction

// Closes a connection; what is no connection is no error. || Закрывает соединение; если передано не соединение, это не ошибка.
//
// Returns: || Возвращаемое значение:
//  Boolean - always True. || Булево - всегда Истина.
Function CloseConnection(Val Connection) Export

    If IsClientObject(Connection) Then
        Connection.Close();
    EndIf;

    Return True;

EndFunction

// Receives until the marker, the size, the end or the timeout; what comes after stays for the next call. || Получает данные до маркера, размера, конца или таймаута; пришедшее после них останется следующему вызову.
//
// Parameters: || Параметры:
//  Connection - see CreateConnection. || Соединение - см. ОткрытьСоединение.
//  MaxSize - Number - the most bytes to return; 0 is 64 MiB. || МаксимальныйРазмер - Число - сколько байт вернуть самое большее; 0 - 64 МиБ.
//  Marker - String, BinaryData - what ends the data, part of the result; empty for none. || Маркер - Строка, ДвоичныеДанные - чем кончаются данные, входит в результат; пусто - без маркера.
//  Timeout - Number - in milliseconds. || Таймаут - Число - в миллисекундах.
//
// Returns: || Возвращаемое значение:
//  BinaryData - empty when nothing came; see GetLastError. || ДвоичныеДанные - пустые, если ничего не пришло; см. ПолучитьПоследнююОшибку.
Function ReadBinaryData(Val Connection, Val MaxSize = 0, Val Marker = "", Val Timeout = 5000) Export

    If Not IsClientObject(Connection) Then
        Return NoClient();
    EndIf;

    Answer = ReadAnswer(Connection.Receive(Marker, MaxSize, Timeout));
    If IsSuccess(Answer) Then
        Return TakeData(Connection, Answer);
    EndIf;

    // Bytes that came before the connection failed are given all the same. || Пришедшее до обрыва соединения возвращается и тогда.
    Return TakeData(Connection, Answer.Get("error"));

EndFunction

// The same as ReadBinaryData, as text. || То же, что ПрочитатьДвоичныеДанные, в виде строки.
//
// Parameters: || Параметры:
//  Connection - see CreateConnection. || Соединение - см. ОткрытьСоединение.
//  Encoding - String - the encoding of the text and of the marker. || Кодировка - Строка - кодировка текста и маркера.
//  Marker - String, BinaryData - what ends the text, part of the result; empty for none. || Маркер - Строка, ДвоичныеДанные - чем кончается текст, входит в результат; пусто - без маркера.
//  Timeout - Number - in milliseconds. || Таймаут - Число - в миллисекундах.
//
// Returns: || Возвращаемое значение:
//  String - empty when nothing came; see GetLastError. || Строка - пустая, если ничего не пришло; см. ПолучитьПоследнююОшибку.
Function ReadLine(Val Connection, Val Encoding = "UTF-8", Val Marker = "", Val Timeout = 5000) Export

    If Not IsClientObject(Connection) Then
        Return NoClient();
    EndIf;

    // A character is never cut: its beginning stays for the next call. || Символ не разрезается: его начало останется следующему вызову.
    Answer = ReadAnswer(Connection.ReceiveText(EncodingName(Encoding), Marker, 0, Timeout));
    If IsSuccess(Answer) Then
        Return Answer.Get("text");
    EndIf;

    // Some encodings are known to the platform only. || Некоторые кодировки знает только платформа.
    If Answer.Get("error").Get("code") = "client_unknown_encoding" Then
        Return ReadLineByPlatform(Connection, Encoding, Marker, Timeout);
    EndIf;

    Return GetStringFromBinaryData(TakeData(Connection, Answer.Get("error")), Encoding);

EndFunction

// Sends all the data. || Отправляет все данные.
//
// Parameters: || Параметры:
//  Connection - see CreateConnection. || Соединение - см. ОткрытьСоединение.
//  Data - BinaryData, String, Structure, Map, Array - text goes in UTF-8, a collection as JSON. || Данные - ДвоичныеДанные, Строка, Структура, Соответствие, Массив - строка уйдёт в UTF-8, коллекция - как JSON.
//  Timeout - Number - in milliseconds. || Таймаут - Число - в миллисекундах.
//
// Returns: || Возвращаемое значение:
//  Boolean - whether all was sent; see GetLastError. || Булево - отправлено ли всё; см. ПолучитьПоследнююОшибку.
Function SendBinaryData(Val Connection, Val Data, Val Timeout = 5000) Export

    If Not IsClientObject(Connection) Then
        Return NoClient();
    EndIf;

    Return IsSuccess(ReadAnswer(Connection.Send(Payload(Data), Timeout)));

EndFunction

// Sends text; nothing is added to it. || Отправляет строку; к ней ничего не добавляется.
//
// Parameters: || Параметры:
//  Connection - see CreateConnection. || Соединение - см. ОткрытьСоединение.
//  Data - String - the text. || Данные - Строка - текст.
//  Encoding - String - the encoding to send it in. || Кодировка - Строка - в какой кодировке отправить.
//  Timeout - Number - in milliseconds. || Таймаут - Число - в миллисекундах.
//
// Returns: || Возвращаемое значение:
//  Boolean - whether all was sent; see GetLastError. || Булево - отправлено ли всё; см. ПолучитьПоследнююОшибку.
Function SendLine(Val Connection, Val Data, Val Encoding = "UTF-8", Val Timeout = 5000) Export

    Return SendBinaryData(Connection, GetBinaryDataFromString(String(Data), Encoding), Timeout);

EndFunction

// Sends one message, framed by the codec of CreateConnectionWithOptions. || Отправляет одно сообщение, оформленное кодеком из ОткрытьСоединениеСПараметрами.
//
// Parameters: || Параметры:
//  Connection - see CreateConnectionWithOptions. || Соединение - см. ОткрытьСоединениеСПараметрами.
//  Data - BinaryData, String - the message without what frames it. || Данные - ДвоичныеДанные, Строка - сообщение без оформления.
//  Timeout - Number - in milliseconds. || Таймаут - Число - в миллисекундах.
//
// Returns: || Возвращаемое значение:
//  Boolean - whether all was sent; see GetLastError. || Булево - отправлено ли всё; см. ПолучитьПоследнююОшибку.
Function SendMessage(Val Connection, Val Data, Val Timeout = 5000) Export

    If Not IsClientObject(Connection) Then
        Return NoClient();
    EndIf;

    Return IsSuccess(ReadAnswer(Connection.SendMessage(Payload(Data), Timeout)));

EndFunction

// Receives one message by the codec of CreateConnectionWithOptions. || Получает одно сообщение по кодеку из ОткрытьСоединениеСПараметрами.
//
// Parameters: || Параметры:
//  Connection - see CreateConnectionWithOptions. || Соединение - см. ОткрытьСоединениеСПараметрами.
//  Timeout - Number - in milliseconds. || Таймаут - Число - в миллисекундах.
//
// Returns: || Возвращаемое значение:
//  BinaryData - the message; Undefined when none came, see GetLastError. || ДвоичныеДанные - сообщение; Неопределено, если его нет, см. ПолучитьПоследнююОшибку.
Function ReceiveMessage(Val Connection, Val Timeout = 5000) Export

    If Not IsClientObject(Connection) Then
        Return NoClient();
    EndIf;

    Answer = ReadAnswer(Connection.ReceiveMessage(Timeout));
    If IsSuccess(Answer) And Answer.Get("reason") = "message" Then
        Return TakeData(Connection, Answer);
    EndIf;

    Return Undefined;

EndFunction

// Connects, sends, reads up to a line feed or 5 seconds, closes. || Подключается, отправляет, читает до перевода строки или 5 секунд, закрывает.
//
// Parameters: || Параметры:
//  Address - String - host:port. || Адрес - Строка - узел:порт.
//  Data - BinaryData, String - what to send. || Данные - ДвоичныеДанные, Строка - что отправить.
//  ResponseString - Boolean - whether the answer comes as text. || ОтветСтрокой - Булево - вернуть ли ответ строкой.
//  Tls - Structure - see GetTlsSettings. || Tls - Структура - см. ПолучитьНастройкиTls.
//  Proxy - Structure - see GetProxySettings. || Прокси - Структура - см. ПолучитьНастройкиПрокси.
//
// Returns: || Возвращаемое значение:
//  String, BinaryData - the answer; a map with the error when there is no connection, JSON text of the error when nothing came. || Строка, ДвоичныеДанные - ответ; соответствие с ошибкой, если нет соединения, текст JSON с ошибкой, если ничего не пришло.
Function ProcessRequest(Val Address, Val Data = "", Val ResponseString = True, Val Tls = "", Val Proxy = "") Export

    Problem = WrongSettings(Tls, Proxy, "");
    If IsGiven(Problem) Then
        Return Failure(Problem);
    EndIf;

    Connection = NewAddInObject("TCPClient");
    Settings = JSONText(ConnectOptions(Tls, Proxy, ""));
    Answer = ReadAnswer(Connection.Request(Payload(Data), TargetOf(Address), Chars.LF, 0, 5000, Settings));
    If IsSuccess(Answer) Then
        Return ResponseData(TakeData(Connection, Answer), ResponseString);
    EndIf;

    Error = Answer.Get("error");
    If Error.Get("connected") <> True Then
        Return ClientFailure(Error);
    EndIf;
    If Error.Get("size") = Undefined Then
        Return JSONText(ClientFailure(Error));
    EndIf;

    // Bytes that came before the connection failed are given all the same. || Пришедшее до обрыва соединения возвращается и тогда.
    Return ResponseData(TakeData(Connection, Error), ResponseString);

EndFunction

// The error of the last call of a connection. || Ошибка последнего вызова соединения.
//
// Returns: || Возвращаемое значение:
//  Map - with result False and the error; Undefined when the last call succeeded. || Соответствие - где result Ложь и есть ошибка; Неопределено, если последний вызов удался.
Function GetLastError(Val Connection) Export

    If Not IsClientObject(Connection) Then
        Return NoClient();
    EndIf;

    Text = Connection.LastError;
    If Not IsGiven(Text) Then
        Return Undefined;
    EndIf;

    Return ClientFailure(ReadJSONText(Text, True));

EndFunction

// Settings of a proxy for CreateConnection. || Настройки прокси для ОткрытьСоединение.
//
// Parameters: || Параметры:
//  Address - String - the host of the proxy. || Адрес - Строка - узел прокси.
//  Port - Number - its port. || Порт - Число - его порт.
//  View - String - socks5, socks4a, socks4 or http. || Вид - Строка - socks5, socks4a, socks4 или http.
//  Login - String - the user, when the proxy asks. || Логин - Строка - имя, если прокси его требует.
//  Password - String - the password of the user. || Пароль - Строка - пароль этого имени.
//
// Returns: || Возвращаемое значение:
//  Structure - the settings. || Структура - настройки.
Function GetProxySettings(Val Address, Val Port, Val View = "socks5", Val Login = Undefined, Val Password = Undefined) Export

    PortNumber = Port;
    If TypeOf(Port) = Type("[[String]]") Then
        PortNumber = Number(Port);
    EndIf;

    Chosen = New Structure;
    Chosen.Insert("server", Address);
    Chosen.Insert("port", PortNumber);
    Chosen.Insert("proxy_type", View);
    If IsGiven(Login) Then
        Chosen.Insert("login", Login);
    EndIf;
    If IsGiven(Password) Then
        Chosen.Insert("password", Password);
    EndIf;

    Return Chosen;

EndFunction

// Settings of encryption for CreateConnection. || Настройки шифрования для ОткрытьСоединение.
//
// Parameters: || Параметры:
//  DisableCertVerification - Boolean - check no certificate; anyone in the middle can then read along. || ОтключитьПроверкуСертификатов - Булево - не проверять сертификат; посредник сможет читать данные.
//  CertFilepath - String - a PEM file with issuers to trust besides those of the system. || ПутьКСертификату - Строка - файл PEM с ЦС, которым доверять помимо системных.
//
// Returns: || Возвращаемое значение:
//  Structure - the settings. || Структура - настройки.
Function GetTlsSettings(Val DisableCertVerification, Val CertFilepath = "") Export

    Chosen = New Structure;
    Chosen.Insert("use_tls", True);
    Chosen.Insert("accept_invalid_certs", DisableCertVerification);
    If IsGiven(CertFilepath) Then
        Chosen.Insert("ca_cert_path", CertFilepath);
    EndIf;

    Return Chosen;

EndFunction

// Whether a value is a connection. || Является ли значение соединением.
//
// Returns: || Возвращаемое значение:
//  Boolean. || Булево.
Function IsClientObject(Val Value) Export

    Return IsAddInObject(Value, "TCPClient");

EndFunction

#EndRegion

#Region ServerPart

// Starts a server on all addresses of this computer. || Запускает сервер на всех адресах этого компьютера.
//
// Parameters: || Параметры:
//  Port - Number - the port; 0 lets the system choose, see the property Address of the server. || Порт - Число - порт; 0 выберет система, см. свойство Адрес сервера.
//  PoolSize - Number - the most connections at a time; one more is closed at once. || РазмерПула - Число - сколько соединений одновременно; лишнее сразу закрывается.
//  Logging - Structure - see GetLoggingSettings. || Логирование - Структура - см. ПолучитьНастройкиЛогирования.
//
// Returns: || Возвращаемое значение:
//  The server, or a map with result False and the error. || Сервер либо соответствие, где result Ложь и есть ошибка.
Function StartServer(Val Port, Val PoolSize = 100, Val Logging = Undefined) Export

    Problem = WrongSettings("", "", Logging);
    If IsGiven(Problem) Then
        Return Failure(Problem);
    EndIf;

    Settings = New Structure;
    Settings.Insert("max_connections", PoolSize);
    If IsGiven(Logging) Then
        Settings.Insert("log", LogOptions(Logging));
    EndIf;

    Return Started("0.0.0.0:" + NumberText(Port), Settings);

EndFunction

// Starts a server with any options of the method Start of the add-in, such as codec, certificate_file or allow. || Запускает сервер с любыми параметрами метода Запустить компоненты, например codec, certificate_file или allow.
//
// Parameters: || Параметры:
//  Address - String - an IP address of this computer and a port. || Адрес - Строка - IP-адрес этого компьютера и порт.
//  CallOptions - Structure, Map - the options by their names. || ПараметрыВызова - Структура, Соответствие - параметры по именам.
//
// Returns: || Возвращаемое значение:
//  The server, or a map with result False and the error. || Сервер либо соответствие, где result Ложь и есть ошибка.
Function StartServerWithOptions(Val Address, Val CallOptions) Export

    Return Started(Address, CallOptions);

EndFunction

// Stops a server and closes its connections. || Останавливает сервер и закрывает его соединения.
//
// Returns: || Возвращаемое значение:
//  Map - result, and error when it is False. || Соответствие - result и, если он Ложь, error.
Function StopServer(Val ServerObject) Export

    If Not IsServerObject(ServerObject) Then
        Return NoServer();
    EndIf;

    Return ServerResult(ReadAnswer(ServerObject.Stop()));

EndFunction

// Waits for data of any connection; they take turns. || Ждёт данные от любого соединения, по очереди.
//
// Parameters: || Параметры:
//  ServerObject - see StartServer. || ОбъектСервера - см. ЗапуститьСервер.
//  Timeout - Number - in milliseconds. || Таймаут - Число - в миллисекундах.
//  MaxSize - Number - the most bytes to return, the rest stays for the next call; 0 is all that came. || МаксимальныйРазмер - Число - сколько байт вернуть самое большее, остальное получит следующий вызов; 0 - всё полученное.
//
// Returns: || Возвращаемое значение:
//  Map - result, connectionId, message, active, address; or result False and error, for example timeout. || Соответствие - result, connectionId, message, active, address; либо result Ложь и error, например timeout.
Function GetNextConnectionData(Val ServerObject, Val Timeout = 1000, Val MaxSize = 8192) Export

    If Not IsServerObject(ServerObject) Then
        Return NoServer();
    EndIf;

    Return MessageOf(ServerObject, ReadAnswer(ServerObject.NextMessage(Timeout, MaxSize)));

EndFunction

// Waits for data of one connection. || Ждёт данные одного соединения.
//
// Parameters: || Параметры:
//  ServerObject - see StartServer. || ОбъектСервера - см. ЗапуститьСервер.
//  ConnectionID - String - connectionId of a message or of the list. || IDСоединения - Строка - connectionId из сообщения или списка.
//  Timeout - Number - in milliseconds. || Таймаут - Число - в миллисекундах.
//  MaxSize - Number - as in GetNextConnectionData. || МаксимальныйРазмер - Число - как в ПолучитьДанныеОчередногоСоединения.
//
// Returns: || Возвращаемое значение:
//  Map - as GetNextConnectionData returns. || Соответствие - как у ПолучитьДанныеОчередногоСоединения.
Function GetConnectionData(Val ServerObject, Val ConnectionID, Val Timeout = 1000, Val MaxSize = 8192) Export

    If Not IsServerObject(ServerObject) Then
        Return NoServer();
    EndIf;

    Return MessageOf(ServerObject, ReadAnswer(ServerObject.GetMessage(ConnectionID, Timeout, MaxSize)));

EndFunction

// Sends all the data to a connection, within a minute. || Отправляет соединению все данные, не дольше минуты.
//
// Parameters: || Параметры:
//  ServerObject - see StartServer. || ОбъектСервера - см. ЗапуститьСервер.
//  ConnectionID - String - connectionId of a message or of the list. || IDСоединения - Строка - connectionId из сообщения или списка.
//  Data - BinaryData, String, Structure, Map, Array - text goes in UTF-8, a collection as JSON. || Данные - ДвоичныеДанные, Строка, Структура, Соответствие, Массив - строка уйдёт в UTF-8, коллекция - как JSON.
//
// Returns: || Возвращаемое значение:
//  Map - result, and error when it is False. || Соответствие - result и, если он Ложь, error.
Function SendData(Val ServerObject, Val ConnectionID, Val Data) Export

    If Not IsServerObject(ServerObject) Then
        Return NoServer();
    EndIf;

    Answer = ReadAnswer(ServerObject.Send(Payload(Data), ConnectionID, 60000));
    If IsSuccess(Answer) Or IsCompared(Answer.Get("error").Get("code")) Then
        Return ServerResult(Answer);
    EndIf;

    Error = Answer.Get("error");

    Return Failure("Failed to send message: " + Error.Get("message"), Error);

EndFunction

// Closes a connection of a server; what it had sent and nobody took is dropped. || Закрывает соединение сервера; полученное, но не прочитанное, отбрасывается.
//
// Returns: || Возвращаемое значение:
//  Map - result, and error when it is False. || Соответствие - result и, если он Ложь, error.
Function CloseIncomingConnection(Val ServerObject, Val ConnectionID) Export

    If Not IsServerObject(ServerObject) Then
        Return NoServer();
    EndIf;

    Return ServerResult(ReadAnswer(ServerObject.CloseConnection(ConnectionID)));

EndFunction

// Tells a client that nothing more will be sent to it; receiving goes on. || Сообщает клиенту, что данных для него больше не будет; получать можно дальше.
//
// Returns: || Возвращаемое значение:
//  Map - result, and error when it is False. || Соответствие - result и, если он Ложь, error.
Function CompleteSend(Val ServerObject, Val ConnectionID) Export

    If Not IsServerObject(ServerObject) Then
        Return NoServer();
    EndIf;

    Return ServerResult(ReadAnswer(ServerObject.FinishSending(ConnectionID)));

EndFunction

// Receives nothing more from a client: what has come can be taken, what still comes is thrown away. || Больше ничего не принимает от клиента: пришедшее можно забрать, остальное отбрасывается.
//
// Returns: || Возвращаемое значение:
//  Map - result, and error when it is False. || Соответствие - result и, если он Ложь, error.
Function FinishReceiving(Val ServerObject, Val ConnectionID) Export

    If Not IsServerObject(ServerObject) Then
        Return NoServer();
    EndIf;

    Return ServerResult(ReadAnswer(ServerObject.FinishReceiving(ConnectionID)));

EndFunction

// The connections that are open, or closed with data that nobody took. || Соединения открытые либо закрытые, данные которых не прочитаны.
//
// Returns: || Возвращаемое значение:
//  Map - result and connections: an array of maps with connectionId, address, canRead, canWrite. || Соответствие - result и connections: массив соответствий с connectionId, address, canRead, canWrite.
Function GetConnectionList(Val ServerObject) Export

    If Not IsServerObject(ServerObject) Then
        Return NoServer();
    EndIf;

    Answer = ReadAnswer(ServerObject.ListConnections());
    If Not IsSuccess(Answer) Then
        Return ServerResult(Answer);
    EndIf;

    Connections = New Array;
    For Each Facts In Answer.Get("connections") Do
        If Not IsGiven(Facts.Get("end")) Or Facts.Get("unread") > 0 Then
            Shown = New Map;
            Shown.Insert("connectionId", Facts.Get("connection"));
            Shown.Insert("address", Facts.Get("peer"));
            Shown.Insert("canRead", Facts.Get("can_read"));
            Shown.Insert("canWrite", Facts.Get("can_write"));
            Connections.Add(Shown);
        EndIf;
    EndDo;

    Result = New Map;
    Result.Insert("result", True);
    Result.Insert("connections", Connections);

    Return Result;

EndFunction

// Whether a value is a server. || Является ли значение сервером.
//
// Returns: || Возвращаемое значение:
//  Boolean. || Булево.
Function IsServerObject(Val Value) Export

    Return IsAddInObject(Value, "TCPServer");

EndFunction

#EndRegion

#Region Common

// The newest entries of a log. || Последние записи лога.
//
// Parameters: || Параметры:
//  AddInObject - see CreateConnection, StartServer. || ОбъектКомпоненты - см. ОткрытьСоединение, ЗапуститьСервер.
//  AsString - Boolean - whether the entries come as text, a line each. || КакСтрока - Булево - вернуть ли записи текстом, по строке на запись.
//  EventCount - Number - how many entries; 0 is all in memory. || КоличествоСобытий - Число - сколько записей; 0 - все, что есть в памяти.
//
// Returns: || Возвращаемое значение:
//  Map, String - result, logs: an array of texts, total, returned; or the text of the entries. || Соответствие, Строка - result, logs: массив строк, total, returned; либо текст записей.
Function GetLog(Val AddInObject, Val AsString = False, Val EventCount = 100) Export

    If IsClientObject(AddInObject) Then
        Connection = AddInObject;
        Answer = ReadAnswer(Connection.GetLog(EventCount));
    ElsIf IsServerObject(AddInObject) Then
        ServerObject = AddInObject;
        Answer = ReadAnswer(ServerObject.GetLog(EventCount));
    Else
        Return Failure("The passed value is not an AddIn object");
    EndIf;

    If Not IsSuccess(Answer) Then
        Return LogFailure(Answer.Get("error"));
    EndIf;
    If AsString Then
        Return StrConcat(Answer.Get("logs"), Chars.LF);
    EndIf;

    Return Answer;

EndFunction

// Settings of a log for CreateConnection and StartServer. || Настройки лога для ОткрытьСоединение и ЗапуститьСервер.
//
// Parameters: || Параметры:
//  WriteToMemory - Boolean - whether memory keeps entries, see GetLog. || ЗаписыватьВПамять - Булево - хранить ли записи в памяти, см. ПолучитьЛог.
//  MaxEvents - Number - how many entries memory keeps. || МаксимумСобытий - Число - сколько записей хранить в памяти.
//  FilePath - String - a file that entries are added to. || ПутьКФайлу - Строка - файл, в который дописываются записи.
//
// Returns: || Возвращаемое значение:
//  Structure - the settings. || Структура - настройки.
Function GetLoggingSettings(Val WriteToMemory = True, Val MaxEvents = 300, Val FilePath = "") Export

    Chosen = New Structure;
    If Not IsGiven(FilePath) Then
        Chosen.Insert("mode", "memory");
    ElsIf WriteToMemory Then
        Chosen.Insert("mode", "both");
    Else
        Chosen.Insert("mode", "file");
    EndIf;
    If FieldOf(Chosen, "mode") <> "file" Then
        Chosen.Insert("max_entries", MaxEvents);
    EndIf;
    If IsGiven(FilePath) Then
        Chosen.Insert("file_path", FilePath);
    EndIf;

    Return Chosen;

EndFunction

// The class of the add-in that serves; a service function. || Класс компоненты, который работает сервером; служебная функция.
//
// Returns: || Возвращаемое значение:
//  String. || Строка.
Function AddInName() Export

    Return "TCPServer";

EndFunction

#EndRegion

#Region Private

Function Connected(Val Address, Val CallOptions)

    Connection = NewAddInObject("TCPClient");
    Answer = ReadAnswer(Connection.Connect(TargetOf(Address), JSONText(CallOptions)));
    If IsSuccess(Answer) Then
        Return Connection;
    EndIf;

    Return ClientFailure(Answer.Get("error"));

EndFunction

Function Started(Val Address, Val CallOptions)

    ServerObject = NewAddInObject("TCPServer");
    Answer = ReadAnswer(ServerObject.Start(Address, JSONText(CallOptions)));
    If IsSuccess(Answer) Then
        Return ServerObject;
    EndIf;

    Return ServerResult(Answer);

EndFunction

// Which of the settings is none, in words; empty when all are. || Что из настроек ими не является, словами; пусто, если всё верно.
Function WrongSettings(Val Tls, Val Proxy, Val Logging)

    If IsGiven(Tls) And Not IsKeyAndValueCollection(Tls) Then
        Return "[[Tls must be what GetTlsSettings returns||Tls должен быть тем, что возвращает ПолучитьНастройкиTls]]";
    EndIf;
    If IsGiven(Proxy) And Not IsKeyAndValueCollection(Proxy) Then
        Return "[[Proxy must be what GetProxySettings returns||Прокси должен быть тем, что возвращает ПолучитьНастройкиПрокси]]";
    EndIf;
    If IsGiven(Logging) And Not IsKeyAndValueCollection(Logging) Then
        Return "[[Logging must be what GetLoggingSettings returns||Логирование должно быть тем, что возвращает ПолучитьНастройкиЛогирования]]";
    EndIf;

    Return "";

EndFunction

Function ConnectOptions(Val Tls, Val Proxy, Val Logging)

    Settings = New Structure;
    If IsGiven(Tls) And FieldOf(Tls, "use_tls") = True Then
        Settings.Insert("tls", True);
        Certificate = FieldOf(Tls, "ca_cert_path");
        If FieldOf(Tls, "accept_invalid_certs") = True Then
            Settings.Insert("dangerous_accept_any_certificate", True);
        ElsIf IsGiven(Certificate) Then
            Settings.Insert("ca_file", Certificate);
        EndIf;
    EndIf;
    If IsGiven(Proxy) Then
        Settings.Insert("proxy", ProxyRoute(Proxy));
    EndIf;
    If IsGiven(Logging) Then
        Settings.Insert("log", LogOptions(Logging));
    EndIf;

    Return Settings;

EndFunction

// As the original, each operation is logged. || Как в оригинале, записывается каждая операция.
Function LogOptions(Val Logging)

    Settings = New Structure;
    Settings.Insert("level", "debug");
    MaxEvents = FieldOf(Logging, "max_entries");
    If FieldOf(Logging, "mode") = "file" Then
        Settings.Insert("memory", 0);
    ElsIf IsGiven(MaxEvents) Then
        Settings.Insert("memory", MaxEvents);
    EndIf;
    FilePath = FieldOf(Logging, "file_path");
    If IsGiven(FilePath) Then
        Settings.Insert("file", FilePath);
    EndIf;

    Return Settings;

EndFunction

Function LogFailure(Val Error)

    If Error.Get("code") = "option" Then
        Return Failure("Logger not initialized", Error);
    EndIf;

    Return Failure(Error.Get("message"), Error);

EndFunction

// The name of an encoding for the add-in. || Имя кодировки для компоненты.
Function EncodingName(Val Encoding)

    Name = String(Encoding);
    If Upper(Name) = "UTF-8NOBOM" Then
        Return "UTF-8";
    EndIf;

    Return Name;

EndFunction

Function ReadLineByPlatform(Val Connection, Val Encoding, Val Marker, Val Timeout)

    MarkerData = Marker;
    If TypeOf(Marker) = Type("[[String]]") And Marker <> "" Then
        MarkerData = GetBinaryDataFromString(Marker, Encoding);
    EndIf;

    Return GetStringFromBinaryData(ReadBinaryData(Connection, 0, MarkerData, Timeout), Encoding);

EndFunction

Function ResponseData(Val Data, Val ResponseString)

    If ResponseString Then
        Return GetStringFromBinaryData(Data);
    EndIf;

    Return Data;

EndFunction

// The host and port of an address, which may be a URL or have no port. || Узел и порт адреса, который может быть URL или не иметь порта.
Function TargetOf(Val Address)

    Target = TrimAll(Address);
    Port = "80";
    Position = StrFind(Target, "://");
    If Position > 0 Then
        Port = SchemePort(Lower(Left(Target, Position - 1)));
        Target = Mid(Target, Position + 3);
        Position = StrFind(Target, "/");
        If Position > 0 Then
            Target = Left(Target, Position - 1);
        EndIf;
    EndIf;

    // Colons inside the brackets belong to an IPv6 address. || Двоеточия внутри скобок принадлежат адресу IPv6.
    If StrFind(Mid(Target, StrFind(Target, "]") + 1), ":") = 0 Then
        Target = Target + ":" + Port;
    EndIf;

    Return Target;

EndFunction

Function SchemePort(Val Scheme)

    If Scheme = "https" Then
        Return "443";
    ElsIf Scheme = "ftp" Then
        Return "21";
    ElsIf Scheme = "ssh" Then
        Return "22";
    ElsIf Scheme = "telnet" Then
        Return "23";
    Else
        Return "80";
    EndIf;

EndFunction

Function Payload(Val Data)

    If IsKeyAndValueCollection(Data) Or TypeOf(Data) = Type("[[Array]]") Then
        Return JSONText(Data);
    EndIf;

    Return Data;

EndFunction

Function MessageOf(Val ServerObject, Val Answer)

    If Not IsSuccess(Answer) Then
        Return ServerResult(Answer);
    EndIf;
    If Answer.Get("reason") = "timeout" Then
        Return Failure("timeout");
    EndIf;
    If Answer.Get("reason") = "closed" And Answer.Get("size") = 0 Then
        Return Failure("Connection is closed");
    EndIf;

    Received = New Map;
    Received.Insert("result", True);
    Received.Insert("connectionId", Answer.Get("connection"));
    Received.Insert("message", TakeData(ServerObject, Answer));
    Received.Insert("active", Answer.Get("open"));
    Received.Insert("address", Answer.Get("peer"));

    Return Received;

EndFunction

Function ServerResult(Val Answer)

    If Not IsSuccess(Answer) Then
        Return ServerFailure(Answer.Get("error"));
    EndIf;

    Result = New Map;
    Result.Insert("result", True);

    Return Result;

EndFunction

// Texts that programs written for the original compare. || Тексты, которые сравнивают программы, написанные для оригинала.
Function ServerFailure(Val Error)

    Code = Error.Get("code");
    Text = Error.Get("message");
    If Code = "not_open" Then
        Text = "Server not started";
    ElsIf Code = "server_unknown_connection" Then
        Text = "Connection not found";
    ElsIf Code = "server_sending_finished" Then
        Text = "Write half is closed";
    EndIf;

    Return Failure(Text, Error);

EndFunction

// Whether the original has a text of its own for the error. || Есть ли у оригинала свой текст для этой ошибки.
Function IsCompared(Val Code)

    Return Code = "not_open" Or Code = "server_unknown_connection" Or Code = "server_sending_finished";

EndFunction

Function ClientFailure(Val Error)

    Text = Error.Get("message");
    If Error.Get("code") = "not_open" Then
        Text = "No connection found!";
    EndIf;

    Return Failure(Text, Error);

EndFunction

// Besides the fields of the original: code, hint and details. || Помимо полей оригинала: code, hint и details.
Function Failure(Val Text, Val Error = Undefined)

    Result = New Map;
    Result.Insert("result", False);
    Result.Insert("error", Text);
    If Error <> Undefined Then
        Result.Insert("code", Error.Get("code"));
        Result.Insert("hint", Error.Get("hint"));
        Result.Insert("details", Error);
    EndIf;

    Return Result;

EndFunction

Function NoClient()

    Return Failure("The passed value is not a client object");

EndFunction

Function NoServer()

    Return Failure("The passed value is not a server object");

EndFunction

#EndRegion

//@ include data

//@ include addin
