//! `opi get`, `opi post` and the other methods: one request, its answer, and what its status means.

use opi::http::{Response, StatusCode};
use opi::net::{Deadline, Phase};
use serde_json::{Map, Value, json};

use crate::answer::{self, Answer, Body};
use crate::args::HttpArgs;
use crate::exit;
use crate::failure::{ErrorKind, Failure};
use crate::http_request::{Asked, session};
use crate::http_trace::Trace;
use crate::interrupt::or_interrupted;
use crate::redact::{self, Veil};
use crate::save::Saving;

/// Sends the request and brings its answer.
///
/// # Errors
///
/// The command line is wrong, no whole answer came, or its status is no success; such an answer
/// is in the failure.
pub(crate) fn run(method: &str, args: &HttpArgs) -> Result<Answer, Failure> {
    let mut veil = Veil::default();
    ask(method, args, &mut veil).map_err(|failure| failure.behind(&veil))
}

fn ask(method: &str, args: &HttpArgs, veil: &mut Veil) -> Result<Answer, Failure> {
    let asked = Asked::new(method, args, veil)?;
    let session = session(args, veil)?;
    let saving = args.output.as_deref().map(Saving::start).transpose()?;
    let trace = Trace::new(args.verbose, veil);
    trace.request(&asked);
    let deadline = Deadline::after(args.timeout);
    or_interrupted(async {
        let response = session.send(asked.request, &deadline).await?;
        trace.response(&response);
        deadline.run(Phase::Total, conclude(&response, saving, veil)).await?
    })
}

/// A success is saved or returned; anything else is a failure that carries the answer.
async fn conclude(
    response: &Response,
    saving: Option<Saving>,
    veil: &Veil,
) -> Result<Answer, Failure> {
    let answer = facts(response, veil);
    let body = body(response);
    if let Some(kind) = refusal(response.status()) {
        let status = response.status();
        let message = format!("{}: the server answered {status}", place(response));
        let retryable = exit::retryable_status(status.as_u16());
        let answer = Answer { body, ..answer };
        return Err(Failure::new(kind, message).retryable_if(retryable).with(answer));
    }
    let Some(saving) = saving else { return Ok(Answer { body, ..answer }) };
    let path = saving.path().to_string_lossy().into_owned();
    saving.finish(response.body()).await?;
    Ok(answer.fact("file", path))
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

fn facts(response: &Response, veil: &Veil) -> Answer {
    let facts = response.facts();
    let url = |url: &opi::http::Url| veil.cover(&redact::url(url.as_str()));
    let history = response.history().iter();
    let history: Vec<_> = history
        .map(|hop| json!({"url": url(&hop.url), "status": hop.status.map(|it| it.as_u16())}))
        .collect();
    Answer::new(Body::None)
        .fact("status", response.status().as_u16())
        .fact("url", url(response.url()))
        .fact("headers", headers(response, veil))
        .fact("history", history)
        .fact("reused", facts.reused)
        .fact("peer", answer::address(facts.peer))
        .fact("tls", answer::tls(facts.tls.as_deref()))
        .fact("elapsed_ms", answer::millis(facts.elapsed))
        .fact("bytes", response.body().len())
}

/// An object of the headers; one that came several times has the list of its values.
fn headers(response: &Response, veil: &Veil) -> Map<String, Value> {
    let value = |name: &str, bytes: &[u8]| -> Value {
        veil.cover(&redact::header(name, &String::from_utf8_lossy(bytes))).into()
    };
    let names = response.headers().keys();
    let all = names.map(|name| {
        let values = response.headers().get_all(name).iter();
        let mut values: Vec<_> = values.map(|held| value(name.as_str(), held.as_bytes())).collect();
        let value = if values.len() == 1 { values.remove(0) } else { values.into() };
        (name.as_str().to_owned(), value)
    });
    all.collect()
}

fn body(response: &Response) -> Body {
    let bytes = response.body().clone();
    let kind = response.headers().get("content-type").and_then(|value| value.to_str().ok());
    if kind.is_some_and(is_json) { Body::Json(bytes) } else { Body::Bytes(bytes) }
}

/// Whether a media type is JSON (RFC 8259), or built on it (RFC 6839 section 3.1).
fn is_json(kind: &str) -> bool {
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json")
}

/// The URL that answered, as messages show it.
fn place(response: &Response) -> String {
    let mut url = response.url().clone();
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
