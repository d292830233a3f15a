//! When a request is sent again, from the options.

use std::time::Duration;

use opi::http::{RetryMethods, RetryPause, RetryPolicy, RetryStatuses, StatusCode};
use opi::net::Deadline;

use crate::fault::{Fault, FaultKind};
use crate::language::Bilingual;
use crate::options::Options;
use crate::table::{Kind, OptionRow};

/// What [`RETRIES`] says, when it says anything.
pub(super) fn retries(options: &mut Options) -> Result<Option<RetryPolicy>, Fault> {
    let Some(mut given) = options.take_options(&RETRIES)? else { return Ok(None) };
    let count = given.take::<usize>(&COUNT)?.unwrap_or(3);
    let count = u32::try_from(count).map_err(|_| wrong(&COUNT, "expected fewer"))?;
    let mut policy = RetryPolicy::new().retries(count).statuses(statuses(&mut given)?);
    if let Some(total) = given.take::<Duration>(&TOTAL)? {
        policy = policy.within(total);
    }
    let first = given.take::<Duration>(&DELAY)?.unwrap_or(Duration::from_secs(1));
    policy = policy.pause(pause(first, &mut given)?);
    match given.take::<String>(&METHODS)?.as_deref() {
        None | Some("idempotent") => Ok(Some(policy)),
        Some("all") => Ok(Some(policy.methods(RetryMethods::All))),
        Some(other) => {
            Err(wrong(&METHODS, format_args!("expected idempotent or all, got {other:?}")))
        }
    }
}

fn pause(first: Duration, given: &mut Options) -> Result<RetryPause, Fault> {
    // Options write 0 for the longest wait; here it is none at all.
    let first = if first == Deadline::LONGEST { Duration::ZERO } else { first };
    match given.take::<bool>(&JITTER)? {
        Some(false) => Ok(RetryPause::Exact { first }),
        _ => Ok(RetryPause::FullJitter { first, most: MOST.max(first) }),
    }
}

/// No pause with jitter is longer, unless the first is to be.
const MOST: Duration = Duration::from_secs(30);

fn statuses(given: &mut Options) -> Result<RetryStatuses, Fault> {
    let Some(listed) = given.take::<Vec<u16>>(&STATUSES)? else {
        return Ok(RetryStatuses::ServerErrors);
    };
    let code = |it: &u16| {
        StatusCode::from_u16(*it).map_err(|_| wrong(&STATUSES, format_args!("{it} is no status")))
    };
    Ok(RetryStatuses::Listed(listed.iter().map(code).collect::<Result<_, _>>()?))
}

fn wrong(row: &OptionRow, why: impl std::fmt::Display) -> Fault {
    Fault::new(FaultKind::Option, format!("{row}: {why}"))
}

pub(super) const RETRIES: OptionRow = OptionRow::new(
    Kind::Options(&[&COUNT, &TOTAL, &DELAY, &JITTER, &STATUSES, &METHODS]),
    Bilingual::new("retries", "Повторы"),
    Bilingual::new(
        "When a request is sent again. None.",
        "Когда запрос отправляется снова. Без повторов.",
    ),
);

const COUNT: OptionRow = OptionRow::new(
    Kind::Size,
    Bilingual::new("count", "Количество"),
    Bilingual::new("How often at most. 3.", "Не больше стольких раз. 3."),
);

const TOTAL: OptionRow = OptionRow::new(
    Kind::Milliseconds,
    Bilingual::new("total", "ОбщееВремя"),
    Bilingual::new(
        "No try begins later than this after the first. 600000.",
        "Позже этого времени после первой попытки новые не начинаются. 600000.",
    ),
);

const DELAY: OptionRow = OptionRow::new(
    Kind::Milliseconds,
    Bilingual::new("delay", "Пауза"),
    Bilingual::new(
        "The first pause; each next one is twice as long. Retry-After makes them longer. 1000.",
        "Первая пауза; каждая следующая вдвое длиннее. Retry-After удлиняет их. 1000.",
    ),
);

const JITTER: OptionRow = OptionRow::new(
    Kind::Bool,
    Bilingual::new("jitter", "Разброс"),
    Bilingual::new(
        "Shorten each pause by chance, so that clients do not come back together. True.",
        "Случайно укорачивать паузы, чтобы клиенты не возвращались разом. Истина.",
    ),
);

const STATUSES: OptionRow = OptionRow::new(
    Kind::Statuses,
    Bilingual::new("statuses", "КодыСостояния"),
    Bilingual::new(
        "The answers that are tried again. 500 and above, and 413 and 429 with Retry-After.",
        "Ответы, при которых запрос повторяется. От 500, а также 413 и 429 с Retry-After.",
    ),
);

const METHODS: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("methods", "Методы"),
    Bilingual::new(
        "idempotent, or all: then a POST may be done twice. idempotent.",
        "idempotent или all: тогда POST может выполниться дважды. idempotent.",
    ),
);
