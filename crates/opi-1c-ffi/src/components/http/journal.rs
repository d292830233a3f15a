//! What the log of a session gets: a line for each request and what came of it, without secrets.

use std::time::Duration;

use opi::http::{HeaderMap, HeaderName, Hop, Reason, Request, Response, Session};
use opi::net::Journal;
use opi::net::journal::Level;

use super::history;
use crate::components::words::millis;
use crate::fault::Fault;

/// The log of the requests of a session, if there is one.
#[derive(Clone, Debug)]
pub(super) struct Log(Option<Journal>);

impl Log {
    pub(super) fn to(journal: Option<Journal>) -> Self {
        Self(journal)
    }

    /// What is about to be sent.
    pub(super) fn asking(&self, session: &Session, request: &Request) {
        let Some(journal) = self.0.as_ref().filter(|it| it.takes(Level::Debug)) else { return };
        let Ok(prepared) = session.prepare(request) else { return };
        let (method, place) = (&prepared.method, history::place(&prepared.url));
        match prepared.body.length() {
            Some(length) => {
                journal
                    .log(Level::Debug, format_args!("{method} {place}: a body of {length} bytes"));
            }
            None => journal.log(Level::Debug, format_args!("{method} {place}: a body in chunks")),
        }
        headers(journal, '>', &prepared.headers);
    }

    /// An answer, and what happened before it.
    pub(super) fn answered(&self, response: &Response, elapsed: Duration) {
        let Some(journal) = &self.0 else { return };
        hops(journal, response.history());
        let (method, place) = (response.method(), history::place(response.url()));
        let (status, facts) = (response.status().as_u16(), response.facts());
        let peer = facts.peer.map(|peer| format!(" from {peer}")).unwrap_or_default();
        let (id, kind) = (facts.id, if facts.reused { "reused" } else { "new" });
        let (sent, received, elapsed) = (facts.sent, facts.received, millis(elapsed));
        journal.log(
            Level::Info,
            format_args!(
                "{method} {place}: {status}{peer} in {elapsed} ms, connection {id} ({kind}), sent \
                 {sent} bytes, received {received}"
            ),
        );
        headers(journal, '<', response.headers());
    }

    /// What happened on the way to no answer.
    pub(super) fn left(&self, history: &[Hop]) {
        self.0.iter().for_each(|journal| hops(journal, history));
    }

    /// A request that brought no answer, or none that was expected.
    pub(super) fn failed(&self, what: &str, fault: &Fault) {
        if let Some(journal) = &self.0 {
            journal.log(Level::Error, format_args!("{what}: {}: {fault}", fault.code()));
        }
    }
}

/// The requests that another one followed.
fn hops(journal: &Journal, history: &[Hop]) {
    for hop in history {
        let level = if hop.reason == Reason::Retry { Level::Warn } else { Level::Info };
        let (method, place, reason) = (&hop.method, history::place(&hop.url), hop.reason.name());
        let elapsed = millis(hop.elapsed);
        match (hop.status, hop.error) {
            (Some(status), _) => {
                let status = status.as_u16();
                let text = format_args!("{method} {place}: {status}, {reason}, {elapsed} ms");
                journal.log(level, text);
            }
            (None, error) => {
                let error = error.unwrap_or("no answer");
                let text = format_args!("{method} {place}: {error}, {reason}, {elapsed} ms");
                journal.log(level, text);
            }
        }
    }
}

fn headers(journal: &Journal, mark: char, headers: &HeaderMap) {
    if !journal.takes(Level::Debug) {
        return;
    }
    for (name, value) in headers {
        if value.is_sensitive() || is_secret(name) {
            journal.log(Level::Debug, format_args!("{mark} {name}: ***"));
        } else {
            let value = String::from_utf8_lossy(value.as_bytes());
            let shown = without_query(&value);
            journal.log(Level::Debug, format_args!("{mark} {name}: {shown}"));
        }
    }
}

/// Rather hides too much than too little: services have headers of their own for keys.
fn is_secret(name: &HeaderName) -> bool {
    SECRETS.iter().any(|part| name.as_str().contains(part))
}

const SECRETS: &[&str] =
    &["auth", "cookie", "credential", "key", "passw", "secret", "session", "signature", "token"];

/// A value without what follows a `?` where it holds a URL, since parameters may be secrets.
fn without_query(value: &str) -> String {
    let is_place = value.contains("://") || value.starts_with('/');
    match value.find('?').filter(|_| is_place) {
        Some(at) => format!("{}?***", &value[..at]),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_urls_and_keys_are_not_shown() {
        for (value, shown) in [
            ("https://h.test/cb?code=hunter2", "https://h.test/cb?***"),
            ("/cb?code=hunter2", "/cb?***"),
            ("<https://h.test/p?page=2>; rel=\"next\"", "<https://h.test/p?***"),
            ("really?", "really?"),
            ("text/html", "text/html"),
        ] {
            assert_eq!(without_query(value), shown);
        }
        for (name, hidden) in [
            ("x-vault-token", true),
            ("x-amz-security-token", true),
            ("ocp-apim-subscription-key", true),
            ("www-authenticate", true),
            ("set-cookie", true),
            ("content-type", false),
            ("x-request-id", false),
        ] {
            assert_eq!(is_secret(&HeaderName::from_static(name)), hidden, "{name}");
        }
    }
}
