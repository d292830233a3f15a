//! The parameters and options of the class `TCPClient`.

use opi::tcp_client::Until;

use crate::components::words;
use crate::components::{dialing, logs, routing, secure};
use crate::language::Bilingual;
use crate::table::{Kind, OptionRow, Param, Preset, join};

pub(super) const ADDRESS: Param = Param::required(
    Kind::Address,
    Bilingual::new("Address", "Адрес"),
    Bilingual::new("Where to, as host:port.", "Куда, в виде узел:порт."),
);

pub(super) const MARKER: Param = Param::optional(
    Kind::Data,
    Bilingual::new("Marker", "Маркер"),
    Bilingual::new(
        "The bytes that end a message, part of the data; empty for none.",
        "Байты, которыми кончается сообщение, входят в данные; пусто - без маркера.",
    ),
    Preset::Text(""),
);

pub(super) const MAX_SIZE: Param = Param::optional(
    Kind::Size,
    Bilingual::new("MaxSize", "МаксимальныйРазмер"),
    Bilingual::new(
        "The most bytes to return, the rest stays for the next call; 0 is 64 MiB.",
        "Сколько байт вернуть самое большее, остальное получит следующий вызов; 0 - 64 МиБ.",
    ),
    Preset::Int(0),
);
const _: () = assert!(Until::LIMIT == 64 * 1024 * 1024, "as the sentence above says");

pub(super) const TLS: OptionRow = OptionRow::new(
    Kind::Bool,
    Bilingual::new("tls", "TLS"),
    Bilingual::new(
        "Encrypt the connection; the certificate must be for the host. False.",
        "Шифровать соединение; сертификат должен быть выдан этому узлу. Ложь.",
    ),
);

pub(super) const TEXT: Param = Param::required(
    Kind::Text,
    Bilingual::new("Text", "Текст"),
    Bilingual::new("What to send.", "Что отправить."),
);

pub(super) const TEXT_ENCODING: Param = Param::optional(
    Kind::Text,
    Bilingual::new("Encoding", "Кодировка"),
    Bilingual::new(
        "Of the text: UTF-8, UTF-16LE, windows-1251, KOI8-R, IBM866 or another of the WHATWG Encoding \
         Standard.",
        "Кодировка текста: UTF-8, UTF-16LE, windows-1251, KOI8-R, IBM866 или другая из WHATWG Encoding \
         Standard.",
    ),
    Preset::Text("UTF-8"),
);

pub(super) const TEXT_MARKER: Param = Param::optional(
    Kind::Data,
    Bilingual::new("Marker", "Маркер"),
    Bilingual::new(
        "What ends the text, part of it: text, which is taken in the encoding, or bytes; empty for none.",
        "Чем кончается текст, входит в него: строка, которая берётся в этой кодировке, или байты; пусто - \
         без маркера.",
    ),
    Preset::Text(""),
);

pub(super) const DROP_SIZE: Param = Param::optional(
    Kind::Size,
    Bilingual::new("MaxSize", "МаксимальныйРазмер"),
    Bilingual::new(
        "The most bytes to drop; 0 is all.",
        "Сколько байт отбросить самое большее; 0 - все.",
    ),
    Preset::Int(0),
);

pub(super) const MALFORMED: OptionRow = OptionRow::new(
    Kind::Bool,
    Bilingual::new("refuse_malformed", "ОтказыватьПриОшибках"),
    Bilingual::new(
        "Bytes that are no text in the encoding are a fault, and stay; else U+FFFD stands in their \
         place. False.",
        "Байты, которые не являются текстом в этой кодировке, - ошибка, и они остаются; иначе на их месте \
         U+FFFD. Ложь.",
    ),
);

pub(super) const BYTE_ORDER_MARK: OptionRow = OptionRow::new(
    Kind::Bool,
    Bilingual::new("byte_order_mark", "МеткаПорядкаБайтов"),
    Bilingual::new(
        "Put a byte order mark before the first text of the connection. False.",
        "Поставить метку порядка байтов перед первым текстом соединения. Ложь.",
    ),
);

pub(super) const FINISH: OptionRow = OptionRow::new(
    Kind::Bool,
    Bilingual::new("finish", "ЗавершитьОтправку"),
    Bilingual::new(
        "Tell the peer that nothing more will be sent, for one that answers only then. False.",
        "Сообщить другой стороне, что данных больше не будет, если она отвечает только тогда. Ложь.",
    ),
);

pub(super) const CONNECT_OPTIONS: &[&OptionRow] =
    &join::<{ OWN.len() + routing::ROWS.len() + secure::ROWS.len() + dialing::ROWS.len() }>(&[
        OWN,
        routing::ROWS,
        secure::ROWS,
        dialing::ROWS,
    ]);

pub(super) const REQUEST_OPTIONS: &[&OptionRow] =
    &join::<{ 1 + CONNECT_OPTIONS.len() }>(&[&[&FINISH], CONNECT_OPTIONS]);

pub(super) const TLS_OPTIONS: &[&OptionRow] =
    &join::<{ 1 + secure::ROWS.len() }>(&[&[&words::TIMEOUT], secure::ROWS]);

const OWN: &[&OptionRow] = &[&words::TIMEOUT, &words::CODEC, &TLS, &logs::LOG];
