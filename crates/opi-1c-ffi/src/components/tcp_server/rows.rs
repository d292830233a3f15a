//! The parameters and options of the class `TCPServer`.

use crate::components::secure::server as secure;
use crate::components::{logs, words};
use crate::language::Bilingual;
use crate::table::{Kind, OptionRow, Param, Preset, join};

pub(super) const ADDRESS: Param = Param::required(
    Kind::Address,
    Bilingual::new("Address", "Адрес"),
    Bilingual::new(
        "Where to listen: an IP address of this machine and a port, such as 127.0.0.1:9000; port 0 lets the system choose; 0.0.0.0 and [::] are all addresses.",
        "Где слушать: IP-адрес этого компьютера и порт, например 127.0.0.1:9000; порт 0 выберет система; 0.0.0.0 и [::] - все адреса.",
    ),
);

pub(super) const CONNECTION: Param = Param::required(
    Kind::Connection,
    Bilingual::new("Connection", "Соединение"),
    Bilingual::new(
        "The number of a connection, from a message or the list.",
        "Номер соединения из сообщения или списка.",
    ),
);

pub(super) const MAX_SIZE: Param = Param::optional(
    Kind::Size,
    Bilingual::new("MaxSize", "МаксимальныйРазмер"),
    Bilingual::new(
        "The most bytes to return, the rest stays for the next call; 0 is all that came. Means nothing with a codec.",
        "Сколько байт вернуть самое большее, остальное получит следующий вызов; 0 - всё полученное. С кодеком не действует.",
    ),
    Preset::Int(0),
);

pub(super) const COUNT: Param = Param::optional(
    Kind::Size,
    Bilingual::new("Count", "Количество"),
    Bilingual::new(
        "How many messages at most, from 1 to 256.",
        "Сколько сообщений самое большее, от 1 до 256.",
    ),
    Preset::Int(100),
);

pub(super) const MARKER: Param = Param::optional(
    Kind::Data,
    Bilingual::new("Marker", "Маркер"),
    Bilingual::new(
        "The bytes to receive up to, part of the data; empty for none.",
        "Байты, до которых получать, входят в данные; пусто - без маркера.",
    ),
    Preset::Text(""),
);

pub(super) const EXACT_SIZE: Param = Param::optional(
    Kind::Size,
    Bilingual::new("Size", "Размер"),
    Bilingual::new(
        "With a marker the most bytes to return, else exactly how many; 0 is what the server keeps, or what has come.",
        "С маркером - сколько байт вернуть самое большее, иначе - сколько ровно; 0 - сколько хранит сервер или сколько пришло.",
    ),
    Preset::Int(0),
);

pub(super) const TAG: Param = Param::required(
    Kind::Text,
    Bilingual::new("Tag", "Метка"),
    Bilingual::new(
        "A name of the program's own for connections, 1 to 256 bytes; 16 at most for one.",
        "Имя, которое программа даёт соединениям, от 1 до 256 байт; не больше 16 на соединение.",
    ),
);

pub(super) const WITH_TAG: Param = Param::optional(
    Kind::Text,
    Bilingual::new("Tag", "Метка"),
    Bilingual::new(
        "Only connections with this tag; empty for all.",
        "Только соединения с этой меткой; пусто - все.",
    ),
    Preset::Text(""),
);

pub(super) const DRAIN: Param = Param::optional(
    Kind::Milliseconds,
    Bilingual::new("Drain", "ДатьУйти"),
    Bilingual::new(
        "How long what is queued or being sent may still leave, in milliseconds; 0 is no time.",
        "Сколько ещё может уходить то, что в очереди или отправляется, в миллисекундах; 0 - нисколько.",
    ),
    Preset::Int(0),
);

pub(super) const START_OPTIONS: &[&OptionRow] =
    &join::<{ OWN.len() + secure::ROWS.len() }>(&[OWN, secure::ROWS]);

const OWN: &[&OptionRow] = &[
    &ADDRESSES,
    &IPV6,
    &BACKLOG,
    &MAX_CONNECTIONS,
    &WHEN_FULL,
    &MAX_PER_ADDRESS,
    &ALLOW,
    &PROXY_PROTOCOL,
    &UNTRUSTED,
    &MAX_UNREAD,
    &MAX_UNREAD_TOTAL,
    &MAX_UNSENT,
    &LINGER,
    &IDLE_TIMEOUT,
    &HANDSHAKE_TIMEOUT,
    &MESSAGE_TIMEOUT,
    &WRITE_TIMEOUT,
    &KEEPALIVE,
    &words::CODEC,
    &logs::LOG,
];

pub(super) const ADDRESSES: OptionRow = OptionRow::new(
    Kind::List,
    Bilingual::new("addresses", "Адреса"),
    Bilingual::new(
        "More addresses to listen on, each as the parameter. None.",
        "Ещё адреса, на которых слушать, каждый в том же виде, что и параметр. Нет.",
    ),
);

pub(super) const IPV6: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("ipv6", "IPv6"),
    Bilingual::new(
        "What a listener on an IPv6 address takes: only (IPv6) or dual (IPv4 as well). only.",
        "Что принимает адрес IPv6: only (только IPv6) или dual (и IPv4). only.",
    ),
);

pub(super) const BACKLOG: OptionRow = OptionRow::new(
    Kind::Count,
    Bilingual::new("backlog", "ОчередьПодключений"),
    Bilingual::new(
        "The most connections that the system keeps until they are accepted, 65535 at most. 1024.",
        "Сколько соединений система держит до приёма, не больше 65535. 1024.",
    ),
);

pub(super) const MAX_CONNECTIONS: OptionRow = OptionRow::new(
    Kind::Count,
    Bilingual::new("max_connections", "МаксимумСоединений"),
    Bilingual::new(
        "The most connections at a time; when_full says what happens to one more. 100.",
        "Сколько соединений одновременно; судьбу лишнего решает КогдаМестНет. 100.",
    ),
);

pub(super) const WHEN_FULL: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("when_full", "КогдаМестНет"),
    Bilingual::new(
        "What happens to a connection too many: refuse (closed at once), pause (waits in the system), evict (takes the place of the one that was quiet longest, but never of one with bytes that wait). refuse.",
        "Что делать с лишним соединением: refuse (сразу закрыть), pause (ждёт в системе), evict (занимает место дольше всех молчавшего, но не того, чьи данные ещё ждут). refuse.",
    ),
);

pub(super) const MAX_PER_ADDRESS: OptionRow = OptionRow::new(
    Kind::Count,
    Bilingual::new("max_per_address", "МаксимумСАдреса"),
    Bilingual::new(
        "The most connections of one peer's address; one more is closed at once. No limit.",
        "Сколько соединений с одного адреса; лишнее сразу закрывается. Без предела.",
    ),
);

pub(super) const ALLOW: OptionRow = OptionRow::new(
    Kind::List,
    Bilingual::new("allow", "Разрешены"),
    Bilingual::new(
        "The networks and addresses that may connect, such as 10.0.0.0/8. Everybody.",
        "Сети и адреса, которым можно подключаться, например 10.0.0.0/8. Все.",
    ),
);

pub(super) const PROXY_PROTOCOL: OptionRow = OptionRow::new(
    Kind::List,
    Bilingual::new("proxy_protocol", "ПротоколPROXY"),
    Bilingual::new(
        "The proxies, as networks or addresses, whose connections begin with a header of the PROXY protocol that tells the real peer. None.",
        "Прокси, сети или адреса, чьи соединения начинаются с заголовка протокола PROXY с настоящим адресом клиента. Нет.",
    ),
);

pub(super) const UNTRUSTED: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("proxy_protocol_untrusted", "ПрочиеБезПротоколаPROXY"),
    Bilingual::new(
        "Connections from elsewhere then: refuse, or plain (taken without a header). refuse.",
        "Соединения от прочих: refuse (отказ) или plain (без заголовка). refuse.",
    ),
);

pub(super) const MAX_UNREAD: OptionRow = OptionRow::new(
    Kind::Count,
    Bilingual::new("max_unread", "МаксимумНепрочитанного"),
    Bilingual::new(
        "The most bytes of one connection kept until they are taken; then the peer waits. 1048576.",
        "Сколько байт одного соединения хранить до чтения; дальше другая сторона ждёт. 1048576.",
    ),
);

pub(super) const MAX_UNREAD_TOTAL: OptionRow = OptionRow::new(
    Kind::Size,
    Bilingual::new("max_unread_total", "МаксимумНепрочитанногоВсего"),
    Bilingual::new(
        "The most bytes of all connections kept until they are taken, besides 4096 of each; with a codec at least its longest message. 268435456.",
        "Сколько байт всех соединений хранить до чтения, помимо 4096 каждого; с кодеком - не меньше его самого длинного сообщения. 268435456.",
    ),
);

pub(super) const MAX_UNSENT: OptionRow = OptionRow::new(
    Kind::Count,
    Bilingual::new("max_unsent", "МаксимумНеотправленного"),
    Bilingual::new(
        "The most bytes of one connection in the queue of Queue and Broadcast. 1048576.",
        "Сколько байт одного соединения держать в очереди ПоставитьВОчередь и Разослать. 1048576.",
    ),
);

pub(super) const LINGER: OptionRow = OptionRow::new(
    Kind::Milliseconds,
    Bilingual::new("linger", "ОжиданиеОтвета"),
    Bilingual::new(
        "How long a peer that has finished sending can still be answered; 0 is no time. 30000.",
        "Сколько ещё можно отвечать стороне, закончившей отправку; 0 - нисколько. 30000.",
    ),
);

pub(super) const IDLE_TIMEOUT: OptionRow = OptionRow::new(
    Kind::Milliseconds,
    Bilingual::new("idle_timeout", "ТаймаутМолчания"),
    Bilingual::new(
        "Closes a connection on which for so long no byte came or went and none waits; 0 is never. 0.",
        "Закрывает соединение, в котором столько времени ничего не передавалось и ничего не ждёт; 0 - никогда. 0.",
    ),
);

pub(super) const HANDSHAKE_TIMEOUT: OptionRow = OptionRow::new(
    Kind::Milliseconds,
    Bilingual::new("handshake_timeout", "ТаймаутРукопожатия"),
    Bilingual::new(
        "How long the PROXY header and the TLS handshake may take together; 0 is 24 hours. 10000.",
        "Сколько могут длиться заголовок PROXY и рукопожатие TLS вместе; 0 - 24 часа. 10000.",
    ),
);

pub(super) const MESSAGE_TIMEOUT: OptionRow = OptionRow::new(
    Kind::Milliseconds,
    Bilingual::new("message_timeout", "ТаймаутСообщения"),
    Bilingual::new(
        "With a codec: how long a message may take from its first byte to its last; 0 is 24 hours. 60000.",
        "С кодеком: сколько может идти сообщение от первого байта до последнего; 0 - 24 часа. 60000.",
    ),
);

pub(super) const WRITE_TIMEOUT: OptionRow = OptionRow::new(
    Kind::Milliseconds,
    Bilingual::new("write_timeout", "ТаймаутОтправки"),
    Bilingual::new(
        "How long queued bytes may wait while the peer takes none; 0 is 24 hours. 30000.",
        "Сколько данные в очереди могут ждать, пока другая сторона ничего не принимает; 0 - 24 часа. 30000.",
    ),
);

pub(super) const KEEPALIVE: OptionRow = OptionRow::new(
    Kind::Milliseconds,
    Bilingual::new("keepalive", "ПроверкаСвязи"),
    Bilingual::new(
        "After how long a silence the system asks whether the peer lives; 0 is 24 hours. 60000.",
        "После какого молчания система проверяет, жива ли другая сторона; 0 - 24 часа. 60000.",
    ),
);
