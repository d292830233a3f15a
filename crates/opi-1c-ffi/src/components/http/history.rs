//! What happened on the way to an answer, as JSON.

use std::time::Duration;

use opi::http::{Facts, Hop, Reason, Timings, Url};
use serde_json::{Value as Json, json};

use crate::components::words::tls_facts;

/// A URL as faults tell it: parameters may be secrets, and faults go into logs.
pub(super) fn place(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

/// A request that another one followed, as a fault tells it.
pub(super) fn failed_hop(failed: &Hop) -> Json {
    let mut told = hop(failed);
    told["url"] = place(&failed.url).into();
    told
}

/// A request that another one followed.
pub(super) fn hop(hop: &Hop) -> Json {
    json!({
        "method": hop.method.as_str(),
        "url": hop.url.as_str(),
        "status": hop.status.map(|status| status.as_u16()),
        "error": hop.error,
        "reason": hop.reason.name(),
        "elapsed_ms": millis(hop.elapsed),
    })
}

/// The tries that failed, each as a text.
pub(super) fn failures(history: &[Hop]) -> Vec<String> {
    let failed = history.iter().filter(|hop| hop.reason == Reason::Retry);
    let shown = failed.map(|hop| {
        let what = match (hop.status, hop.error) {
            (Some(status), _) => status.as_u16().to_string(),
            (None, error) => error.unwrap_or_default().to_owned(),
        };
        format!("HTTP {} {}: {what}", hop.method, place(&hop.url))
    });
    shown.collect()
}

/// The connection and the time.
pub(super) fn facts(facts: &Facts) -> Json {
    json!({
        "peer": facts.peer.map(|it| it.to_string()),
        "local": facts.local.map(|it| it.to_string()),
        "protocol": facts.protocol,
        "tls": tls_facts(facts.tls.as_deref()),
        "reused": facts.reused,
        "connection": facts.id,
        "elapsed_ms": millis(facts.elapsed),
        "timings_ms": timings(&facts.timings),
        "sent": facts.sent.to_string(),
        "received": facts.received.to_string(),
    })
}

fn timings(timings: &Timings) -> Json {
    json!({
        "resolve": millis(timings.resolve),
        "connect": millis(timings.connect),
        "proxy": millis(timings.proxy),
        "tls": millis(timings.tls),
        "first_byte": millis(timings.first_byte),
        "receive": millis(timings.receive),
    })
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
