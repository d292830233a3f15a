//! The class `TCPServer`: listens, and gives messages to whoever asks.

mod server;

use self::server::TcpServer;
use super::words::{self, DATA, timeout};
use crate::language::Bilingual;
use crate::table::{Kind, Method, OptionRow, Param, Preset, Property, Returns};
use crate::value::Value;

pub(super) use self::server::TcpServer as Class;

const METHODS: &[Method<TcpServer>] = &[
    Method {
        name: Bilingual::new("Start", "Запустить"),
        doc: Bilingual::new(
            "Begins to listen: {address, port}.",
            "Начинает слушать: {address, port}.",
        ),
        params: &[ADDRESS, words::options(START_OPTIONS)],
        returns: Returns::Json,
        body: TcpServer::start,
    },
    Method {
        name: Bilingual::new("NextMessage", "СледующееСообщение"),
        doc: Bilingual::new(
            "Waits for bytes from any connection; they take turns: {reason, connection, peer, open, \
             size, data}; the reason is message or timeout.",
            "Ждёт данные от любого соединения, по очереди: {reason, connection, peer, open, size, \
             data}; reason - message или timeout.",
        ),
        params: &[timeout(1_000), MAX_SIZE],
        returns: Returns::Json,
        body: TcpServer::next_message,
    },
    Method {
        name: Bilingual::new("GetMessage", "ПолучитьСообщение"),
        doc: Bilingual::new(
            "Waits for bytes from one connection, or for its end; answers as NextMessage, with the \
             reason closed once the peer has finished and its bytes were taken.",
            "Ждёт данные одного соединения или его конец; ответ как у СледующееСообщение, с reason \
             closed, когда другая сторона закончила и её данные прочитаны.",
        ),
        params: &[CONNECTION, timeout(1_000), MAX_SIZE],
        returns: Returns::Json,
        body: TcpServer::get_message,
    },
    Method {
        name: Bilingual::new("Send", "Отправить"),
        doc: Bilingual::new(
            "Sends everything to a connection, or says how many bytes had gone: {sent}.",
            "Отправляет всё в соединение или сообщает, сколько байт ушло: {sent}.",
        ),
        params: &[DATA, CONNECTION, timeout(5_000)],
        returns: Returns::Json,
        body: TcpServer::send,
    },
    Method {
        name: Bilingual::new("ListConnections", "СписокСоединений"),
        doc: Bilingual::new(
            "The connections, oldest first: {connections: [{connection, peer, can_read, \
             can_write, unread}]}.",
            "Соединения, начиная со старых: {connections: [{connection, peer, can_read, \
             can_write, unread}]}.",
        ),
        params: &[],
        returns: Returns::Json,
        body: TcpServer::list_connections,
    },
    Method {
        name: Bilingual::new("FinishSending", "ЗавершитьОтправку"),
        doc: Bilingual::new(
            "Tells the peer of a connection that nothing more will be sent; receiving goes on.",
            "Сообщает другой стороне соединения, что данных больше не будет; получать можно дальше.",
        ),
        params: &[CONNECTION],
        returns: Returns::Json,
        body: TcpServer::finish_sending,
    },
    Method {
        name: Bilingual::new("CloseConnection", "ЗакрытьСоединение"),
        doc: Bilingual::new(
            "Closes a connection; what it had sent and nobody took is dropped.",
            "Закрывает соединение; полученное, но не прочитанное, отбрасывается.",
        ),
        params: &[CONNECTION],
        returns: Returns::Json,
        body: TcpServer::close_connection,
    },
    Method {
        name: Bilingual::new("Stop", "Остановить"),
        doc: Bilingual::new(
            "Stops listening and closes every connection; it can be started again.",
            "Прекращает слушать и закрывает все соединения; можно запустить снова.",
        ),
        params: &[],
        returns: Returns::Json,
        body: TcpServer::stop,
    },
];

const PROPERTIES: &[Property<TcpServer>] = &[Property {
    name: Bilingual::new("Address", "Адрес"),
    doc: Bilingual::new(
        "Where it listens, with the port the system chose; empty when it does not.",
        "Где слушает, с портом, выбранным системой; пусто, если не слушает.",
    ),
    kind: Kind::Text,
    returns: Returns::Text,
    get: |server| Ok(Value::Text(server.address())),
    set: None,
}];

const ADDRESS: Param = Param::required(
    Kind::Address,
    Bilingual::new("Address", "Адрес"),
    Bilingual::new(
        "Where to listen: an IP address of this machine and a port, such as 127.0.0.1:9000; port \
         0 lets the system choose; 0.0.0.0 and [::] are all addresses.",
        "Где слушать: IP-адрес этого компьютера и порт, например 127.0.0.1:9000; порт 0 выберет \
         система; 0.0.0.0 и [::] - все адреса.",
    ),
);

const CONNECTION: Param = Param::required(
    Kind::Connection,
    Bilingual::new("Connection", "Соединение"),
    Bilingual::new(
        "The number of a connection, from a message or the list.",
        "Номер соединения из сообщения или списка.",
    ),
);

const MAX_SIZE: Param = Param::optional(
    Kind::Size,
    Bilingual::new("MaxSize", "МаксимальныйРазмер"),
    Bilingual::new(
        "The most bytes to return, the rest stays for the next call; 0 is all that came.",
        "Сколько байт вернуть самое большее, остальное получит следующий вызов; 0 - всё полученное.",
    ),
    Preset::Int(0),
);

const MAX_CONNECTIONS: OptionRow = OptionRow::new(
    Kind::Size,
    Bilingual::new("max_connections", "МаксимумСоединений"),
    Bilingual::new(
        "The most connections at a time; one more is closed at once. 100.",
        "Сколько соединений одновременно; лишнее сразу закрывается. 100.",
    ),
);

const MAX_UNREAD: OptionRow = OptionRow::new(
    Kind::Size,
    Bilingual::new("max_unread", "МаксимумНепрочитанного"),
    Bilingual::new(
        "The most bytes of one connection kept until they are taken; then the peer waits. 1048576.",
        "Сколько байт одного соединения хранить до чтения; дальше другая сторона ждёт. 1048576.",
    ),
);

const LINGER: OptionRow = OptionRow::new(
    Kind::Milliseconds,
    Bilingual::new("linger", "ОжиданиеОтвета"),
    Bilingual::new(
        "How long a peer that has finished sending can still be answered; 0 is no time. 30000.",
        "Сколько ещё можно отвечать стороне, закончившей отправку; 0 - нисколько. 30000.",
    ),
);

const START_OPTIONS: &[&OptionRow] = &[&MAX_CONNECTIONS, &MAX_UNREAD, &LINGER];
