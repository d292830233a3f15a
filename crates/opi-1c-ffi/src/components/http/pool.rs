//! The pool of a session's connections: its limits from the options, and what it tells.

use std::num::NonZeroUsize;
use std::time::Duration;

use opi::http::{PoolConfig, PoolStats};
use serde_json::json;

use super::connector::HttpConnector;
use crate::argument::Args;
use crate::dispatch::success;
use crate::fault::Fault;
use crate::language::Bilingual;
use crate::options::Options;
use crate::table::{Kind, OptionRow};
use crate::value::Value;

impl HttpConnector {
    pub(super) fn close_idle(&self, _args: &mut Args<'_>) -> Result<Value, Fault> {
        self.session().close_idle();
        success(&json!({}))
    }

    pub(super) fn pool(&self) -> Result<Value, Fault> {
        let stats = self.session().pool();
        let PoolStats { open, idle, waiting, opened, reused, closed, .. } = stats;
        let told = json!({
            "open": open,
            "idle": idle,
            "waiting": waiting,
            "opened": opened,
            "reused": reused,
            "closed": closed.total(),
        });
        Ok(Value::Text(told.to_string()))
    }
}

/// What [`POOL`] says.
pub(super) fn pool(options: &mut Options) -> Result<PoolConfig, Fault> {
    let mut pool = PoolConfig::new();
    let Some(mut given) = options.take_options(&POOL)? else { return Ok(pool) };
    if let Some(limit) = given.take::<Duration>(&IDLE_LIMIT)? {
        pool = pool.idle_limit(limit);
    }
    if let Some(age) = given.take::<Duration>(&MAX_AGE)? {
        pool = pool.max_age(age);
    }
    if let Some(most) = given.take::<usize>(&MAX_IDLE)? {
        pool = pool.max_idle(most);
    }
    if let Some(most) = given.take::<NonZeroUsize>(&MAX_OPEN)? {
        pool = pool.max_open(most);
    }
    if let Some(most) = given.take::<NonZeroUsize>(&MAX_OPEN_PER_HOST)? {
        pool = pool.max_open_per_host(most);
    }
    if let Some(most) = given.take::<usize>(&MAX_WAITING)? {
        pool = pool.max_waiting(most);
    }
    Ok(pool)
}

pub(super) const POOL: OptionRow = OptionRow::new(
    Kind::Options(&[&IDLE_LIMIT, &MAX_AGE, &MAX_IDLE, &MAX_OPEN, &MAX_OPEN_PER_HOST, &MAX_WAITING]),
    Bilingual::new("pool", "ПулСоединений"),
    Bilingual::new(
        "How many connections the session holds, and for how long.",
        "Сколько соединений держит сессия и как долго.",
    ),
);

const IDLE_LIMIT: OptionRow = OptionRow::new(
    Kind::Milliseconds,
    Bilingual::new("idle_limit", "ПределПростоя"),
    Bilingual::new(
        "How long an unused connection is kept; 0 is 24 hours. 60000.",
        "Сколько хранить неиспользуемое соединение; 0 - 24 часа. 60000.",
    ),
);

const MAX_AGE: OptionRow = OptionRow::new(
    Kind::Milliseconds,
    Bilingual::new("max_age", "НаибольшийВозраст"),
    Bilingual::new(
        "The age at which a connection takes no further request; 0 is 24 hours. 600000.",
        "Возраст, с которого соединение не берёт новых запросов; 0 - 24 часа. 600000.",
    ),
);

const MAX_IDLE: OptionRow = OptionRow::new(
    Kind::Size,
    Bilingual::new("max_idle", "НаибольшееЧислоПростаивающих"),
    Bilingual::new(
        "The most unused connections; 0 keeps none. 32.",
        "Сколько неиспользуемых соединений хранить; 0 - ни одного. 32.",
    ),
);

const MAX_OPEN: OptionRow = OptionRow::new(
    Kind::Count,
    Bilingual::new("max_open", "НаибольшееЧислоОткрытых"),
    Bilingual::new(
        "The most open connections; a request beyond them waits for one. 256.",
        "Сколько соединений открывать; запрос сверх них ждёт своей очереди. 256.",
    ),
);

const MAX_OPEN_PER_HOST: OptionRow = OptionRow::new(
    Kind::Count,
    Bilingual::new("max_open_per_host", "НаибольшееЧислоНаУзел"),
    Bilingual::new(
        "The most open connections to one host by one way. 64.",
        "Сколько соединений открывать с одним узлом одним путём. 64.",
    ),
);

const MAX_WAITING: OptionRow = OptionRow::new(
    Kind::Size,
    Bilingual::new("max_waiting", "НаибольшаяОчередь"),
    Bilingual::new(
        "The most requests that wait for a connection; one more is an error at once. 4096.",
        "Сколько запросов может ждать соединения; следующий сразу получит ошибку. 4096.",
    ),
);
