//! What is known of an answer, and what its status means.

use opi::http::{Facts, HeaderMap, Hop, Incoming, Response, StatusCode, Url};
use serde_json::{Map, Value, json};

use super::render::Secrets;
use crate::answer::{self, Answer, Body};
use crate::exit;
use crate::failure::{ErrorKind, Failure};
use crate::redact::{self, Veil};

/// What is known of an answer besides its body.
#[derive(Clone, Debug)]
pub(super) struct Came {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) url: Url,
    pub(super) history: Vec<Hop>,
    pub(super) facts: Facts,
}

impl From<&Incoming> for Came {
    fn from(incoming: &Incoming) -> Self {
        Self {
            status: incoming.status(),
            headers: incoming.headers().clone(),
            url: incoming.url().clone(),
            history: incoming.history().to_vec(),
            facts: incoming.facts().clone(),
        }
    }
}

impl From<&Response> for Came {
    fn from(response: &Response) -> Self {
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            url: response.url().clone(),
            history: response.history().to_vec(),
            facts: response.facts().clone(),
        }
    }
}

impl Came {
    /// The facts for the envelope.
    pub(super) fn facts(&self, veil: &Veil) -> Answer {
        let Self { facts, .. } = self;
        let history: Vec<_> = self.history.iter().map(|hop| past(hop, veil)).collect();
        Answer::new(Body::None)
            .fact("status", self.status.as_u16())
            .fact("url", url(&self.url, veil))
            .fact("headers", headers(&self.headers, Secrets::Hidden(veil)))
            .fact("history", history)
            .fact("protocol", facts.protocol)
            .fact("reused", facts.reused)
            .fact("connection", facts.id)
            .fact("peer", answer::address(facts.peer))
            .fact("local", answer::address(facts.local))
            .fact("tls", answer::tls(facts.tls.as_deref()))
            .fact("sent", facts.sent)
            .fact("received", facts.received)
            .fact("timings", timings(facts))
            .fact("elapsed_ms", answer::millis(facts.elapsed))
    }

    /// The failure that the status is, if it is one.
    pub(super) fn refusal(&self) -> Option<Failure> {
        let kind = refusal(self.status)?;
        let message = format!("{}: the server answered {}", place(&self.url), self.status);
        let retryable = exit::retryable_status(self.status.as_u16());
        Some(Failure::new(kind, message).retryable_if(retryable))
    }

    /// Whether the body is said to be JSON.
    pub(super) fn is_json(&self) -> bool {
        says_json(&self.headers)
    }
}

/// What a status that is no success means.
fn refusal(status: StatusCode) -> Option<ErrorKind> {
    match status.as_u16() {
        300..400 => Some(ErrorKind::Http3xx),
        400..500 => Some(ErrorKind::Http4xx),
        500.. => Some(ErrorKind::Http5xx),
        _ => None,
    }
}

fn past(hop: &Hop, veil: &Veil) -> Value {
    json!({
        "method": hop.method.as_str(),
        "url": url(&hop.url, veil),
        "status": hop.status.map(|status| status.as_u16()),
        "error": hop.error,
        "reason": hop.reason.name(),
        "elapsed_ms": answer::millis(hop.elapsed),
    })
}

fn timings(facts: &Facts) -> Value {
    let times = &facts.timings;
    json!({
        "resolve_ms": answer::millis(times.resolve),
        "connect_ms": answer::millis(times.connect),
        "proxy_ms": answer::millis(times.proxy),
        "tls_ms": answer::millis(times.tls),
        "first_byte_ms": answer::millis(times.first_byte),
        "receive_ms": answer::millis(times.receive),
    })
}

fn url(url: &Url, veil: &Veil) -> String {
    veil.cover(&redact::url(url.as_str()))
}

/// An object of the headers; one that came several times has the list of its values.
pub(super) fn headers(headers: &HeaderMap, secrets: Secrets<'_>) -> Map<String, Value> {
    let value = |name: &str, bytes: &[u8]| -> Value {
        secrets.header(name, &String::from_utf8_lossy(bytes)).into()
    };
    let all = headers.keys().map(|name| {
        let values = headers.get_all(name).iter();
        let mut values: Vec<_> = values.map(|held| value(name.as_str(), held.as_bytes())).collect();
        let value = if values.len() == 1 { values.remove(0) } else { values.into() };
        (name.as_str().to_owned(), value)
    });
    all.collect()
}

/// Whether headers say that the body is JSON.
pub(super) fn says_json(headers: &HeaderMap) -> bool {
    let kind = headers.get("content-type").and_then(|value| value.to_str().ok());
    kind.is_some_and(is_json)
}

/// Whether a media type is JSON (RFC 8259), or built on it (RFC 6839 section 3.1).
fn is_json(kind: &str) -> bool {
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json")
}

/// The URL that answered, as messages show it.
fn place(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_of_json_are_known() {
        for kind in ["application/json", "Application/JSON; charset=utf-8", "application/a+json"] {
            assert!(is_json(kind), "{kind}");
        }
        for kind in ["text/html", "text/json", "application/jsonp", ""] {
            assert!(!is_json(kind), "{kind}");
        }
    }

    #[test]
    fn a_status_is_a_success_or_a_refusal() {
        let code = |status| refusal(StatusCode::from_u16(status).unwrap()).map(ErrorKind::code);
        assert_eq!(code(204), None);
        assert_eq!(code(304), Some("cli_http_3xx"));
        assert_eq!(code(401), Some("cli_http_4xx"));
        assert_eq!(code(599), Some("cli_http_5xx"));
        assert_eq!(code(999), Some("cli_http_5xx"));
    }
}
