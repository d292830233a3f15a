//! The limits of the single phases of a request, from the options.

use std::time::Duration;

use opi::http::Timeouts;

use crate::fault::Fault;
use crate::language::Bilingual;
use crate::options::Options;
use crate::table::{Kind, OptionRow};

/// What [`TIMEOUTS`] says.
pub(super) fn timeouts(options: &mut Options) -> Result<Timeouts, Fault> {
    let mut timeouts = Timeouts::new();
    let Some(mut given) = options.take_options(&TIMEOUTS)? else { return Ok(timeouts) };
    for (row, set) in PHASES {
        if let Some(limit) = given.take::<Duration>(row)? {
            timeouts = set(timeouts, limit);
        }
    }
    Ok(timeouts)
}

type Set = fn(Timeouts, Duration) -> Timeouts;

const PHASES: &[(&OptionRow, Set)] = &[
    (&RESOLVE, Timeouts::resolve),
    (&CONNECT, Timeouts::connect),
    (&PROXY, Timeouts::proxy),
    (&TLS, Timeouts::tls),
    (&SEND, Timeouts::send),
    (&FIRST_BYTE, Timeouts::first_byte),
    (&IDLE, Timeouts::idle),
];

pub(super) const TIMEOUTS: OptionRow = OptionRow::new(
    Kind::Options(&[&RESOLVE, &CONNECT, &PROXY, &TLS, &SEND, &FIRST_BYTE, &IDLE]),
    Bilingual::new("timeouts", "Таймауты"),
    Bilingual::new(
        "The limits of single phases; timeout holds beside them.",
        "Пределы отдельных этапов; помимо них действует timeout.",
    ),
);

const RESOLVE: OptionRow = OptionRow::new(
    Kind::Milliseconds,
    Bilingual::new("resolve", "РазрешениеИмени"),
    Bilingual::new("Looking up the name. None.", "Поиск адреса по имени. Нет."),
);

const CONNECT: OptionRow = OptionRow::new(
    Kind::Milliseconds,
    Bilingual::new("connect", "Подключение"),
    Bilingual::new("Opening the socket. None.", "Открытие сокета. Нет."),
);

const PROXY: OptionRow = OptionRow::new(
    Kind::Milliseconds,
    Bilingual::new("proxy", "Прокси"),
    Bilingual::new("Talking to the proxies. None.", "Разговор с прокси. Нет."),
);

const TLS: OptionRow = OptionRow::new(
    Kind::Milliseconds,
    Bilingual::new("tls", "TLS"),
    Bilingual::new("The TLS handshake. None.", "Согласование TLS. Нет."),
);

const SEND: OptionRow = OptionRow::new(
    Kind::Milliseconds,
    Bilingual::new("send", "Отправка"),
    Bilingual::new(
        "The longest time in which the server takes no byte. None.",
        "Самое долгое время, за которое сервер не принял ни байта. Нет.",
    ),
);

const FIRST_BYTE: OptionRow = OptionRow::new(
    Kind::Milliseconds,
    Bilingual::new("first_byte", "ПервыйБайт"),
    Bilingual::new(
        "From the end of the request to the head of the answer. None.",
        "От конца запроса до начала ответа. Нет.",
    ),
);

const IDLE: OptionRow = OptionRow::new(
    Kind::Milliseconds,
    Bilingual::new("idle", "Молчание"),
    Bilingual::new(
        "The longest time between two pieces of the answer. None.",
        "Самое долгое время между двумя частями ответа. Нет.",
    ),
);
