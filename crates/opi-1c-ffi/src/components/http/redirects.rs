//! Which redirects are followed, and how, from the options.

use std::num::NonZeroUsize;

use opi::http::{Downgrade, RedirectPolicy, RedirectRule, RedirectStatus, Redirects};

use crate::fault::{Fault, FaultKind};
use crate::language::Bilingual;
use crate::options::Options;
use crate::table::{Kind, OptionRow};

/// What [`REDIRECTS`] and [`REDIRECT_RULES`] say, in a session or in a request.
pub(super) fn redirects(options: &mut Options) -> Result<Option<RedirectPolicy>, Fault> {
    let most = options.take::<usize>(&REDIRECTS)?;
    let most =
        most.map(|most| NonZeroUsize::new(most).map_or(Redirects::Return, Redirects::Follow));
    let Some(mut given) = options.take_options(&REDIRECT_RULES)? else {
        return Ok(most.map(RedirectPolicy::from));
    };
    let mut policy = most.into_iter().fold(RedirectPolicy::new(), RedirectPolicy::limit);
    match given.take::<String>(&DOWNGRADE)?.as_deref() {
        None | Some("follow") => {}
        Some("refuse") => policy = policy.downgrade(Downgrade::Refuse),
        Some(other) => return Err(wrong(&DOWNGRADE, "follow or refuse", other)),
    }
    for (row, status) in STATUSES {
        if let Some(name) = given.take::<String>(row)? {
            policy = policy.rule(*status, rule(row, &name)?);
        }
    }
    Ok(Some(policy))
}

fn rule(row: &OptionRow, name: &str) -> Result<RedirectRule, Fault> {
    match name {
        "get" => Ok(RedirectRule::Get),
        "keep" => Ok(RedirectRule::Keep),
        "return" => Ok(RedirectRule::Return),
        "standard" => Ok(RedirectRule::Standard),
        other => Err(wrong(row, "get, keep, return or standard", other)),
    }
}

fn wrong(row: &OptionRow, expected: &str, got: &str) -> Fault {
    let message = format!("{row} in {REDIRECT_RULES}: expected {expected}, got {got:?}");
    Fault::new(FaultKind::Option, message)
}

const STATUSES: &[(&OptionRow, RedirectStatus)] = &[
    (&MOVED, RedirectStatus::MovedPermanently301),
    (&FOUND, RedirectStatus::Found302),
    (&SEE_OTHER, RedirectStatus::SeeOther303),
    (&TEMPORARY, RedirectStatus::TemporaryRedirect307),
    (&PERMANENT, RedirectStatus::PermanentRedirect308),
];

pub(super) const REDIRECTS: OptionRow = OptionRow::new(
    Kind::Size,
    Bilingual::new("redirects", "Перенаправления"),
    Bilingual::new(
        "The most redirects to follow; 0 returns the first answer as it is. A request's choice \
         goes before the session's. 30.",
        "Скольким перенаправлениям следовать; 0 - вернуть первый ответ как есть. Выбор запроса \
         важнее выбора сессии. 30.",
    ),
);

pub(super) const REDIRECT_RULES: OptionRow = OptionRow::new(
    Kind::Options(&[&DOWNGRADE, &MOVED, &FOUND, &SEE_OTHER, &TEMPORARY, &PERMANENT]),
    Bilingual::new("redirect_rules", "ПравилаПеренаправлений"),
    Bilingual::new(
        "How redirects are followed: standard, get (a GET without the body), keep (the same method \
         and body) or return (the answer as it is), for each status. A request's rules take the \
         place of all of the session's, redirects included. standard.",
        "Как следовать перенаправлениям: standard, get (запросом GET без тела), keep (тем же методом \
         и телом) или return (вернуть ответ), для каждого кода. Правила запроса заменяют все правила \
         сессии, вместе с redirects. standard.",
    ),
);

const DOWNGRADE: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("downgrade", "НаНезащищенный"),
    Bilingual::new(
        "A redirect from https to http: follow, without any login, or refuse. follow.",
        "Перенаправление с https на http: follow - следовать без имени и пароля, refuse - ошибка. \
         follow.",
    ),
);

const MOVED: OptionRow = of_status("301", "301");
const FOUND: OptionRow = of_status("302", "302");
const SEE_OTHER: OptionRow = of_status("303", "303");
const TEMPORARY: OptionRow = of_status("307", "307");
const PERMANENT: OptionRow = of_status("308", "308");

const fn of_status(name: &'static str, russian: &'static str) -> OptionRow {
    OptionRow::new(
        Kind::Text,
        Bilingual::new(name, russian),
        Bilingual::new("The rule of this status. standard.", "Правило для этого кода. standard."),
    )
}
