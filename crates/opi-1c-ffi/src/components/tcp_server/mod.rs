//! The class `TCPServer`: listens, and gives messages to whoever asks.

mod config;
mod connections;
mod receiving;
mod rows;
mod sending;
mod server;

use self::rows::{
    ADDRESS, CONNECTION, COUNT, DRAIN, EXACT_SIZE, MARKER, MAX_SIZE, START_OPTIONS, TAG, WITH_TAG,
};
use self::server::TcpServer;
use super::logs;
use super::words::{self, DATA, timeout};
use crate::language::Bilingual;
use crate::table::{Kind, Method, Property, Returns};
use crate::value::Value;

pub(super) use self::server::TcpServer as Class;

const METHODS: &[Method<TcpServer>] = &[
    Method {
        name: Bilingual::new("Start", "Запустить"),
        doc: Bilingual::new(
            "Begins to listen: {address, port, addresses}.",
            "Начинает слушать: {address, port, addresses}.",
        ),
        params: &[ADDRESS, words::options(START_OPTIONS)],
        returns: Returns::Json,
        body: TcpServer::start,
    },
    Method {
        name: Bilingual::new("NextMessage", "СледующееСообщение"),
        doc: Bilingual::new(
            "Waits for bytes from any connection, with a codec for a message; connections take turns: {reason, connection, peer, open, size, data, end}; the reason is data, message, closed (a message was lost, end says why) or timeout.",
            "Ждёт данные от любого соединения, с кодеком - сообщение; соединения по очереди: {reason, connection, peer, open, size, data, end}; reason - data, message, closed (сообщение потеряно, end говорит почему) или timeout.",
        ),
        params: &[timeout(1_000), MAX_SIZE],
        returns: Returns::Json,
        body: TcpServer::next_message,
    },
    Method {
        name: Bilingual::new("NextMessages", "СледующиеСообщения"),
        doc: Bilingual::new(
            "Waits as NextMessage and gives what else has come, too: {messages: [as NextMessage]}; none after the timeout.",
            "Ждёт как СледующееСообщение и отдаёт всё, что уже пришло: {messages: [как у СледующееСообщение]}; по таймауту - пусто.",
        ),
        params: &[COUNT, timeout(1_000), MAX_SIZE],
        returns: Returns::Json,
        body: TcpServer::next_messages,
    },
    Method {
        name: Bilingual::new("GetMessage", "ПолучитьСообщение"),
        doc: Bilingual::new(
            "Waits for bytes from one connection, or for its end; answers as NextMessage, with the reason closed once the peer has finished and its bytes were taken.",
            "Ждёт данные одного соединения или его конец; ответ как у СледующееСообщение, с reason closed, когда другая сторона закончила и её данные прочитаны.",
        ),
        params: &[CONNECTION, timeout(1_000), MAX_SIZE],
        returns: Returns::Json,
        body: TcpServer::get_message,
    },
    Method {
        name: Bilingual::new("Receive", "Получить"),
        doc: Bilingual::new(
            "Waits until the marker or the size has come from one connection; answers as NextMessage, the reason is marker, size, data, closed or timeout, after which nothing was taken. Not with a codec.",
            "Ждёт от одного соединения маркер или размер; ответ как у СледующееСообщение, reason - marker, size, data, closed или timeout, после которого ничего не взято. Не с кодеком.",
        ),
        params: &[CONNECTION, MARKER, EXACT_SIZE, timeout(5_000)],
        returns: Returns::Json,
        body: TcpServer::receive,
    },
    Method {
        name: Bilingual::new("NextConnection", "СледующееСоединение"),
        doc: Bilingual::new(
            "Waits for a connection that was let in and not told before: {reason: connection or timeout, and the facts of ListConnections}.",
            "Ждёт принятое соединение, о котором ещё не сообщалось: {reason: connection или timeout, и сведения как в СписокСоединений}.",
        ),
        params: &[timeout(1_000)],
        returns: Returns::Json,
        body: TcpServer::next_connection,
    },
    Method {
        name: Bilingual::new("NextEnd", "СледующийКонец"),
        doc: Bilingual::new(
            "Waits for a connection that has left the list and was not told before; the last 256 are kept: {reason: ended or timeout, and the facts of ListConnections, end among them}.",
            "Ждёт соединение, ушедшее из списка, о котором ещё не сообщалось; хранятся последние 256: {reason: ended или timeout, и сведения как в СписокСоединений, включая end}.",
        ),
        params: &[timeout(1_000)],
        returns: Returns::Json,
        body: TcpServer::next_end,
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
        name: Bilingual::new("SendMessage", "ОтправитьСообщение"),
        doc: Bilingual::new(
            "Sends one message, framed by the codec of Start, or as it is without one; a connection on which a part went is closed.",
            "Отправляет одно сообщение, оформленное кодеком из Запустить, или как есть без него; если ушла часть, соединение закрывается.",
        ),
        params: &[DATA, CONNECTION, timeout(5_000)],
        returns: Returns::Json,
        body: TcpServer::send_message,
    },
    Method {
        name: Bilingual::new("Queue", "ПоставитьВОчередь"),
        doc: Bilingual::new(
            "Queues a message for a connection and returns at once, whole or not at all; framed as by SendMessage.",
            "Ставит сообщение в очередь соединения и сразу возвращается, целиком или никак; оформляется как в ОтправитьСообщение.",
        ),
        params: &[DATA, CONNECTION],
        returns: Returns::Json,
        body: TcpServer::queue,
    },
    Method {
        name: Bilingual::new("Broadcast", "Разослать"),
        doc: Bilingual::new(
            "Queues a message for every connection, or those with a tag: {queued, failed: [{connection, code, message}]}.",
            "Ставит сообщение в очереди всех соединений или тех, что с меткой: {queued, failed: [{connection, code, message}]}.",
        ),
        params: &[DATA, WITH_TAG],
        returns: Returns::Json,
        body: TcpServer::broadcast,
    },
    Method {
        name: Bilingual::new("Tag", "Пометить"),
        doc: Bilingual::new(
            "Gives a connection a tag; one it has already stays.",
            "Даёт соединению метку; уже имеющаяся остаётся.",
        ),
        params: &[CONNECTION, TAG],
        returns: Returns::Json,
        body: TcpServer::tag,
    },
    Method {
        name: Bilingual::new("Untag", "СнятьМетку"),
        doc: Bilingual::new(
            "Takes a tag from a connection; one it does not have is fine.",
            "Снимает метку с соединения; если её нет, это не ошибка.",
        ),
        params: &[CONNECTION, TAG],
        returns: Returns::Json,
        body: TcpServer::untag,
    },
    Method {
        name: Bilingual::new("ListConnections", "СписокСоединений"),
        doc: Bilingual::new(
            "The connections, oldest first, those that have ended and have bytes left or can be answered included: {connections: [{connection, peer, via, local, tls, since, idle_ms, received, sent, can_read, can_write, unread, unsent, tags, end: {code, message}}]}.",
            "Соединения, начиная со старых, включая закончившиеся, у которых остались данные или которым ещё можно отвечать: {connections: [{connection, peer, via, local, tls, since, idle_ms, received, sent, can_read, can_write, unread, unsent, tags, end: {code, message}}]}.",
        ),
        params: &[WITH_TAG],
        returns: Returns::Json,
        body: TcpServer::list_connections,
    },
    Method {
        name: Bilingual::new("ConnectionFacts", "СведенияОСоединении"),
        doc: Bilingual::new(
            "What is known about one connection, as in ListConnections.",
            "Что известно об одном соединении, как в СписокСоединений.",
        ),
        params: &[CONNECTION],
        returns: Returns::Json,
        body: TcpServer::connection_facts,
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
        name: Bilingual::new("FinishReceiving", "ЗавершитьПолучение"),
        doc: Bilingual::new(
            "Receives nothing more from a connection: what has come can be taken, what still comes is thrown away; sending goes on.",
            "Больше ничего не принимает от соединения: пришедшее можно забрать, остальное отбрасывается; отправлять можно дальше.",
        ),
        params: &[CONNECTION],
        returns: Returns::Json,
        body: TcpServer::finish_receiving,
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
        name: Bilingual::new("Statistics", "Статистика"),
        doc: Bilingual::new(
            "Connections so far and now: {accepted, refused, connections, places, missed_ends}.",
            "Соединения за всё время и сейчас: {accepted, refused, connections, places, missed_ends}.",
        ),
        params: &[],
        returns: Returns::Json,
        body: TcpServer::statistics,
    },
    Method {
        name: Bilingual::new("ReloadCertificate", "ПеречитатьСертификат"),
        doc: Bilingual::new(
            "Reads certificate_file and key_file, or pkcs12_file, again for the connections to come; when that fails the old one stays: {subject, not_after, fingerprint}.",
            "Снова читает ФайлСертификата и ФайлКлюча или ФайлPKCS12 для следующих соединений; при неудаче остаётся прежний: {subject, not_after, fingerprint}.",
        ),
        params: &[],
        returns: Returns::Json,
        body: TcpServer::reload_certificate,
    },
    Method {
        name: Bilingual::new("GetLog", "ПолучитьЛог"),
        doc: Bilingual::new(
            "The newest entries of the log that Start was asked for, also after Stop: {total, returned, logs: [text], dropped, failed, file_error}; the last three are about the file.",
            "Последние записи журнала, заказанного в Запустить, и после Остановить: {total, returned, logs: [текст], dropped, failed, file_error}; три последних - о файле.",
        ),
        params: &[logs::COUNT],
        returns: Returns::Json,
        body: TcpServer::get_log,
    },
    Method {
        name: Bilingual::new("Stop", "Остановить"),
        doc: Bilingual::new(
            "Stops listening and closes every connection; it can be started again.",
            "Прекращает слушать и закрывает все соединения; можно запустить снова.",
        ),
        params: &[DRAIN],
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
