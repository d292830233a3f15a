//! The class `TCPClient`: one connection.

mod client;
mod facts;
mod open;
mod rows;
mod traffic;

use self::client::TcpClient;
use self::rows::{
    ADDRESS, BYTE_ORDER_MARK, CONNECT_OPTIONS, DROP_SIZE, MALFORMED, MARKER, MAX_SIZE,
    REQUEST_OPTIONS, TEXT, TEXT_ENCODING, TEXT_MARKER, TLS_OPTIONS,
};
use super::logs;
use super::words::{self, DATA, timeout};
use crate::language::Bilingual;
use crate::table::{Kind, Method, Property, Returns};
use crate::value::Value;

pub(super) use self::client::TcpClient as Class;

const METHODS: &[Method<TcpClient>] = &[
    Method {
        name: Bilingual::new("Connect", "Подключиться"),
        doc: Bilingual::new(
            "Connects to a host and port: {peer, tls}.",
            "Подключается к узлу и порту: {peer, tls}.",
        ),
        params: &[ADDRESS, words::options(CONNECT_OPTIONS)],
        returns: Returns::Json,
        body: TcpClient::connect,
    },
    Method {
        name: Bilingual::new("Send", "Отправить"),
        doc: Bilingual::new(
            "Sends everything, or says how many bytes had gone: {sent}.",
            "Отправляет всё или сообщает, сколько байт ушло: {sent}.",
        ),
        params: &[DATA, timeout(5_000)],
        returns: Returns::Json,
        body: TcpClient::send,
    },
    Method {
        name: Bilingual::new("Receive", "Получить"),
        doc: Bilingual::new(
            "Receives until the marker, the size, the end or the timeout, and says which it was: \
             {reason, size, data}.",
            "Получает данные до маркера, размера, конца или таймаута и сообщает, до чего именно: \
             {reason, size, data}.",
        ),
        params: &[MARKER, MAX_SIZE, timeout(5_000)],
        returns: Returns::Json,
        body: TcpClient::receive,
    },
    Method {
        name: Bilingual::new("SendMessage", "ОтправитьСообщение"),
        doc: Bilingual::new(
            "Sends one message, framed by the codec of Connect; sent counts the frame: {sent}.",
            "Отправляет одно сообщение, оформленное кодеком из Подключиться; sent - вместе с оформлением: \
             {sent}.",
        ),
        params: &[DATA, timeout(5_000)],
        returns: Returns::Json,
        body: TcpClient::send_message,
    },
    Method {
        name: Bilingual::new("ReceiveMessage", "ПолучитьСообщение"),
        doc: Bilingual::new(
            "Receives the next message, without what framed it; the reason is message, closed or timeout, \
             and the beginning of a message stays for the next call: {reason, size, data}.",
            "Получает следующее сообщение без оформления; reason - message, closed или timeout, начало \
             сообщения остаётся следующему вызову: {reason, size, data}.",
        ),
        params: &[timeout(5_000)],
        returns: Returns::Json,
        body: TcpClient::receive_message,
    },
    Method {
        name: Bilingual::new("SendText", "ОтправитьТекст"),
        doc: Bilingual::new(
            "Sends text in an encoding; a character that it does not have is a fault, and nothing is sent.",
            "Отправляет текст в кодировке; если в ней нет какого-то символа, это ошибка, и не уходит ничего.",
        ),
        params: &[TEXT, TEXT_ENCODING, timeout(5_000), words::options(&[&BYTE_ORDER_MARK])],
        returns: Returns::Json,
        body: TcpClient::send_text,
    },
    Method {
        name: Bilingual::new("ReceiveText", "ПолучитьТекст"),
        doc: Bilingual::new(
            "Receives text as Receive does bytes; a character is never cut, its beginning stays for the next call: {reason, text, replaced}.",
            "Получает текст так же, как Получить - байты; символ никогда не разрезается, его начало остаётся следующему вызову: {reason, text, replaced}.",
        ),
        params: &[
            TEXT_ENCODING,
            TEXT_MARKER,
            MAX_SIZE,
            timeout(5_000),
            words::options(&[&MALFORMED]),
        ],
        returns: Returns::Json,
        body: TcpClient::receive_text,
    },
    Method {
        name: Bilingual::new("Request", "Запрос"),
        doc: Bilingual::new(
            "Connects apart from Connect, sends, receives as Receive or by the codec, closes; timeout of the options is for connecting: {reason, size, data}.",
            "Подключается отдельно от Подключиться, отправляет, получает как Получить или по кодеку, закрывает; Таймаут в параметрах - на подключение: {reason, size, data}.",
        ),
        params: &[DATA, ADDRESS, MARKER, MAX_SIZE, timeout(5_000), words::options(REQUEST_OPTIONS)],
        returns: Returns::Json,
        body: TcpClient::request,
    },
    Method {
        name: Bilingual::new("Drain", "ОтброситьОстаток"),
        doc: Bilingual::new(
            "Receives and drops what comes until the peer has finished; the reason is closed, size or timeout: {reason, dropped}.",
            "Получает и отбрасывает данные, пока другая сторона не закончит; reason - closed, size или timeout: {reason, dropped}.",
        ),
        params: &[DROP_SIZE, timeout(5_000)],
        returns: Returns::Json,
        body: TcpClient::drain,
    },
    Method {
        name: Bilingual::new("StartTLS", "НачатьTLS"),
        doc: Bilingual::new(
            "Encrypts the open connection once both sides have agreed to, as STARTTLS does; when that fails the connection is closed: {tls}.",
            "Шифрует открытое соединение, когда стороны об этом договорились, как STARTTLS; при неудаче соединение закрыто: {tls}.",
        ),
        params: &[words::options(TLS_OPTIONS)],
        returns: Returns::Json,
        body: TcpClient::start_tls,
    },
    Method {
        name: Bilingual::new("Statistics", "Статистика"),
        doc: Bilingual::new(
            "What the connection has done, calls under way not counted: {peer, tls, opened, age_ms, route, resolve_ms, connect_ms, proxy_ms, tls_ms, received, sent, outcome}; received and sent are {bytes, messages, idle_ms}.",
            "Что сделало соединение, без идущих сейчас вызовов: {peer, tls, opened, age_ms, route, resolve_ms, connect_ms, proxy_ms, tls_ms, received, sent, outcome}; received и sent - {bytes, messages, idle_ms}.",
        ),
        params: &[],
        returns: Returns::Json,
        body: TcpClient::statistics,
    },
    Method {
        name: Bilingual::new("GetLog", "ПолучитьЛог"),
        doc: Bilingual::new(
            "The newest entries of the log that Connect or Request was asked for: {total, returned, logs: [text], dropped, failed, file_error}; the last three are about the file.",
            "Последние записи журнала, заказанного в Подключиться или Запрос: {total, returned, logs: [текст], dropped, failed, file_error}; три последних - о файле.",
        ),
        params: &[logs::COUNT],
        returns: Returns::Json,
        body: TcpClient::get_log,
    },
    Method {
        name: Bilingual::new("FinishSending", "ЗавершитьОтправку"),
        doc: Bilingual::new(
            "Tells the peer that nothing more will be sent; receiving goes on.",
            "Сообщает другой стороне, что данных больше не будет; получать можно дальше.",
        ),
        params: &[timeout(5_000)],
        returns: Returns::Json,
        body: TcpClient::finish_sending,
    },
    Method {
        name: Bilingual::new("Close", "Закрыть"),
        doc: Bilingual::new(
            "Closes the connection and ends the calls that wait for it; nothing to close is fine.",
            "Закрывает соединение и прерывает ожидающие вызовы; если оно не открыто, это не ошибка.",
        ),
        params: &[timeout(1_000)],
        returns: Returns::Json,
        body: TcpClient::close_connection,
    },
];

const PROPERTIES: &[Property<TcpClient>] = &[
    Property {
        name: Bilingual::new("Connected", "Подключен"),
        doc: Bilingual::new(
            "Whether there is a connection that was not closed here.",
            "Есть ли соединение, не закрытое с этой стороны.",
        ),
        kind: Kind::Bool,
        returns: Returns::Bool,
        get: |client| Ok(Value::Bool(client.open().is_ok())),
        set: None,
    },
    Property {
        name: Bilingual::new("Peer", "АдресДругойСтороны"),
        doc: Bilingual::new(
            "The address at the far end of the socket, empty without a connection.",
            "Адрес на другом конце сокета, пусто без соединения.",
        ),
        kind: Kind::Text,
        returns: Returns::Text,
        get: |client| Ok(Value::Text(client.peer())),
        set: None,
    },
];
