//! When a request is sent again, from the options.

use std::time::Duration;

use opi::http::{
    Method, RetryBudget, RetryMethods, RetryPause, RetryPolicy, RetryStatuses, StatusCode,
};
use opi::net::Deadline;

use crate::fault::{Fault, FaultKind};
use crate::language::Bilingual;
use crate::options::{Options, Statuses};
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
    if let Some(longest) = given.take::<Duration>(&LONGEST_RETRY_AFTER)? {
        policy = policy.longest_retry_after(longest);
    }
    policy = policy.pause(pause(&mut given)?);
    Ok(Some(methods(&mut given)?.into_iter().fold(policy, RetryPolicy::methods)))
}

/// What [`RETRY_BUDGET`] says, when it says anything.
pub(super) fn budget(options: &mut Options) -> Result<Option<RetryBudget>, Fault> {
    let Some(mut given) = options.take_options(&RETRY_BUDGET)? else { return Ok(None) };
    let (reserve, percent) = (given.take::<usize>(&RESERVE)?, given.take::<usize>(&PERCENT)?);
    if given.take::<bool>(&UNLIMITED)?.unwrap_or_default() {
        return match (reserve, percent) {
            (None, None) => Ok(Some(RetryBudget::Unlimited)),
            _ => Err(wrong(&UNLIMITED, "it makes reserve and percent meaningless")),
        };
    }
    let reserve = u16::try_from(reserve.unwrap_or(100));
    let reserve = reserve.map_err(|_| wrong(&RESERVE, "expected 65535 at most"))?;
    let percent = u8::try_from(percent.unwrap_or(20)).ok().filter(|it| *it <= 100);
    let percent = percent.ok_or_else(|| wrong(&PERCENT, "expected 100 at most"))?;
    Ok(Some(RetryBudget::Share { reserve, percent }))
}

fn pause(given: &mut Options) -> Result<RetryPause, Fault> {
    let first = given.take::<Duration>(&DELAY)?.unwrap_or(Duration::from_secs(1));
    // Options write 0 for the longest wait; here it is none at all.
    let first = if first == Deadline::LONGEST { Duration::ZERO } else { first };
    let most = given.take::<Duration>(&MAX_DELAY)?;
    match (given.take::<bool>(&JITTER)?, most) {
        (Some(false), None) => Ok(RetryPause::Exact { first }),
        (Some(false), Some(_)) => Err(wrong(&MAX_DELAY, "it is for pauses with jitter")),
        (_, most) => {
            Ok(RetryPause::FullJitter { first, most: most.unwrap_or_else(|| MOST.max(first)) })
        }
    }
}

/// No pause with jitter is longer, unless the first is to be, or another bound is given.
const MOST: Duration = Duration::from_secs(30);

fn methods(given: &mut Options) -> Result<Option<RetryMethods>, Fault> {
    let Some(names) = given.take::<Vec<String>>(&METHODS)? else { return Ok(None) };
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    match names.as_slice() {
        ["all"] => Ok(Some(RetryMethods::All)),
        ["idempotent"] => Ok(Some(RetryMethods::Idempotent)),
        [] => Err(wrong(&METHODS, "expected idempotent, all, or names of methods, got none")),
        names => {
            let method = |name: &&str| {
                // GET and Get are two methods, so what is no method in use is a mistake.
                let method = Method::from_bytes(name.as_bytes()).ok();
                let method = method.filter(|_| !name.bytes().any(|it| it.is_ascii_lowercase()));
                method.ok_or_else(|| {
                    let expected = "expected idempotent, all, or names such as GET";
                    wrong(&METHODS, format_args!("{expected}, got {name:?}"))
                })
            };
            let methods = names.iter().map(method).collect::<Result<_, _>>()?;
            Ok(Some(RetryMethods::Only(methods)))
        }
    }
}

fn statuses(given: &mut Options) -> Result<RetryStatuses, Fault> {
    let listed = match given.take::<Statuses>(&STATUSES)? {
        None => return Ok(RetryStatuses::ServerErrors),
        Some(Statuses::Listed(listed)) => listed,
        Some(Statuses::Named(name)) => {
            return match name.as_str() {
                "server_errors" => Ok(RetryStatuses::ServerErrors),
                "transient" => Ok(RetryStatuses::Transient),
                other => {
                    let expected = "expected a list, server_errors or transient";
                    Err(wrong(&STATUSES, format_args!("{expected}, got {other:?}")))
                }
            };
        }
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
    Kind::Options(&[
        &COUNT,
        &TOTAL,
        &DELAY,
        &MAX_DELAY,
        &JITTER,
        &LONGEST_RETRY_AFTER,
        &STATUSES,
        &METHODS,
    ]),
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

const MAX_DELAY: OptionRow = OptionRow::new(
    Kind::Milliseconds,
    Bilingual::new("max_delay", "НаибольшаяПауза"),
    Bilingual::new(
        "The longest pause with jitter. 30000, or the first when that is longer.",
        "Наибольшая пауза при разбросе. 30000 либо первая, если она длиннее.",
    ),
);

const LONGEST_RETRY_AFTER: OptionRow = OptionRow::new(
    Kind::Milliseconds,
    Bilingual::new("longest_retry_after", "НаибольшийRetryAfter"),
    Bilingual::new(
        "The longest Retry-After that is waited for; one that asks for more is cut to this. 600000.",
        "Сколько самое большее ждать по Retry-After; если просят больше, ждать столько. 600000.",
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
        "The answers that are tried again: a list; server_errors, 500 and above; or transient, 408, \
         425, 429, 500, 502, 503 and 504. 413, 429 and 503 with Retry-After always are. \
         server_errors.",
        "Ответы, при которых запрос повторяется: список; server_errors - от 500; transient - 408, 425, \
         429, 500, 502, 503 и 504. 413, 429 и 503 с Retry-After - всегда. server_errors.",
    ),
);

const METHODS: OptionRow = OptionRow::new(
    Kind::List,
    Bilingual::new("methods", "Методы"),
    Bilingual::new(
        "idempotent, or all: then a POST may be done twice, or a list of methods. idempotent.",
        "idempotent, all: тогда POST может выполниться дважды, или список методов. idempotent.",
    ),
);

pub(super) const RETRY_BUDGET: OptionRow = OptionRow::new(
    Kind::Options(&[&RESERVE, &PERCENT, &UNLIMITED]),
    Bilingual::new("retry_budget", "ЗапасПовторов"),
    Bilingual::new(
        "How much of the session's traffic may be tries made again, so that a server that is down is \
         not asked even more.",
        "Какую часть запросов сессии могут составить повторы, чтобы отказавший сервер не получал их \
         ещё больше.",
    ),
);

const RESERVE: OptionRow = OptionRow::new(
    Kind::Size,
    Bilingual::new("reserve", "Запас"),
    Bilingual::new(
        "As many retries as may be made beyond the share, 65535 at most. 100.",
        "Сколько повторов возможно сверх доли, не больше 65535. 100.",
    ),
);

const PERCENT: OptionRow = OptionRow::new(
    Kind::Size,
    Bilingual::new("percent", "Процент"),
    Bilingual::new(
        "Retries for every hundred requests, 100 at most. 20.",
        "Повторов на каждые сто запросов, не больше 100. 20.",
    ),
);

const UNLIMITED: OptionRow = OptionRow::new(
    Kind::Bool,
    Bilingual::new("unlimited", "БезПредела"),
    Bilingual::new(
        "The policy of each request is all that limits its retries. False.",
        "Повторы ограничены только правилами каждого запроса. Ложь.",
    ),
);
