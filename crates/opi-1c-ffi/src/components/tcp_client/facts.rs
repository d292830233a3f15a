//! What a connection has done, in the form of answers.

use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use opi::net::{Phase, TlsFacts};
use opi::tcp_client::{Connection, Outcome, Stats, Traffic};
use serde_json::{Value as Json, json};

use crate::components::words::{self, millis};

/// What is known about a connection whose halves are at work, as of the last call that ended.
#[derive(Debug)]
pub(super) struct Facts(Mutex<Known>);

#[derive(Debug)]
struct Known {
    tls: Option<TlsFacts>,
    opening: Stats,
    /// The way that was taken, without passwords.
    route: String,
    since: Instant,
    received: Counted,
    sent: Counted,
    outcome: Option<Outcome>,
}

/// Counts, and when they were taken.
#[derive(Debug)]
struct Counted(Traffic, Instant);

impl Facts {
    pub(super) fn of(connection: &Connection) -> Self {
        let (opening, tls) = (connection.stats(), connection.tls().cloned());
        let (received, sent) = (Counted::now(opening.received), Counted::now(opening.sent));
        let route = connection.route().map(ToString::to_string).unwrap_or_default();
        let (since, outcome) = (Instant::now(), None);
        Self(Mutex::new(Known { tls, opening, route, since, received, sent, outcome }))
    }

    pub(super) fn tls(&self) -> Json {
        words::tls_facts(self.known().tls.as_ref())
    }

    pub(super) fn encrypted(&self, connection: &Connection) {
        let mut known = self.known();
        known.tls = connection.tls().cloned();
        known.opening.timings.tls = connection.stats().timings.tls;
    }

    pub(super) fn received(&self, traffic: Traffic) {
        self.known().received = Counted::now(traffic);
    }

    pub(super) fn sent(&self, traffic: Traffic) {
        self.known().sent = Counted::now(traffic);
    }

    pub(super) fn ended(&self, outcome: Option<Outcome>) {
        self.known().outcome = outcome;
    }

    pub(super) fn statistics(&self, peer: Option<SocketAddr>) -> Json {
        let known = self.known();
        let timings = known.opening.timings;
        json!({
            "peer": peer.map(|peer| peer.to_string()),
            "tls": words::tls_facts(known.tls.as_ref()),
            "opened": words::moment(known.opening.opened),
            "age_ms": millis(known.since.elapsed()),
            "route": known.route,
            "resolve_ms": millis(timings.resolve),
            "connect_ms": millis(timings.connect),
            "proxy_ms": millis(timings.proxy),
            "tls_ms": millis(timings.tls),
            "received": known.received.to_json(),
            "sent": known.sent.to_json(),
            "outcome": known.outcome.as_ref().map(outcome),
        })
    }

    /// Locked for a few instructions only, never while waiting.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counted {
    fn now(traffic: Traffic) -> Self {
        Self(traffic, Instant::now())
    }

    fn to_json(&self) -> Json {
        let Self(traffic, taken) = self;
        let idle: Option<Duration> = traffic.idle.map(|idle| idle + taken.elapsed());
        json!({
            "bytes": traffic.bytes,
            "messages": traffic.messages,
            "idle_ms": idle.map(millis),
        })
    }
}

/// How the last call ended.
fn outcome(outcome: &Outcome) -> Json {
    match *outcome {
        Outcome::Failed { code, phase } => {
            json!({ "kind": "failed", "code": code, "phase": phase.map(Phase::name) })
        }
        Outcome::Received(reason) => json!({ "kind": "received", "reason": reason.name() }),
        _ => json!({ "kind": "done" }),
    }
}
