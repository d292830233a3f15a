//! The class `TCPClient`: one connection.

mod client;
mod open;

use opi::tcp_client::Until;

use self::client::TcpClient;
use super::words::{self, DATA};
use super::{dialing, secure, words::timeout};
use crate::language::Bilingual;
use crate::table::{Kind, Method, OptionRow, Param, Preset, Property, Returns, join};
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

const ADDRESS: Param = Param::required(
    Kind::Address,
    Bilingual::new("Address", "Адрес"),
    Bilingual::new("Where to, as host:port.", "Куда, в виде узел:порт."),
);

const MARKER: Param = Param::optional(
    Kind::Data,
    Bilingual::new("Marker", "Маркер"),
    Bilingual::new(
        "The bytes that end a message, part of the data; empty for none.",
        "Байты, которыми кончается сообщение, входят в данные; пусто - без маркера.",
    ),
    Preset::Text(""),
);

const MAX_SIZE: Param = Param::optional(
    Kind::Size,
    Bilingual::new("MaxSize", "МаксимальныйРазмер"),
    Bilingual::new(
        "The most bytes to return, the rest stays for the next call; 0 is 64 MiB.",
        "Сколько байт вернуть самое большее, остальное получит следующий вызов; 0 - 64 МиБ.",
    ),
    Preset::Int(0),
);
const _: () = assert!(Until::LIMIT == 64 * 1024 * 1024, "as the sentence above says");

const TLS: OptionRow = OptionRow::new(
    Kind::Bool,
    Bilingual::new("tls", "TLS"),
    Bilingual::new(
        "Encrypt the connection; the certificate must be for the host. False.",
        "Шифровать соединение; сертификат должен быть выдан этому узлу. Ложь.",
    ),
);

const CONNECT_OPTIONS: &[&OptionRow] = &join::<
    { OWN.len() + secure::ROWS.len() + dialing::ROWS.len() },
>(&[OWN, secure::ROWS, dialing::ROWS]);

const OWN: &[&OptionRow] = &[&words::TIMEOUT, &words::CODEC, &words::PROXY, &TLS];
