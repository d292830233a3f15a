//! What would be sent, and by which line of curl: nothing is sent.

use bytes::Bytes;
use opi::http::{Prepared, Request, Session};
use serde_json::Value;

use super::curl::{self, Wire};
use super::equal;
use super::items::{Field, FieldValue, Items, Source};
use super::look::Look;
use super::render::{self, Content, Secrets};
use super::{body, came};
use crate::answer::{Answer, Body};
use crate::args::{HttpArgs, Verb};
use crate::failure::Failure;
use crate::output;
use crate::redact::Veil;

/// What `--offline` and `--curl` print.
///
/// # Errors
///
/// The request cannot be prepared, or curl could not send it.
pub(super) fn answer(
    verb: Verb<'_>,
    args: &HttpArgs,
    session: &Session,
    request: &Request,
    look: &Look,
    veil: &Veil,
) -> Result<Answer, Failure> {
    let prepared = session.prepare(request)?;
    let secrets = match args.shown.show_secrets {
        true => Secrets::Shown,
        false => Secrets::Hidden(veil),
    };
    let answer = facts(&prepared, secrets);
    if args.shown.curl {
        let line = line(verb, args, &prepared, secrets)?;
        let shown = format!("{line}\n");
        return Ok(Answer { shown: Some(shown.into()), ..answer.fact("curl", line) });
    }
    let mut text = render::request_head(&prepared, look, secrets).into_bytes();
    match prepared.body.in_memory() {
        Some(body) => {
            let content = Content::sent(secrets.body(body), &prepared.headers);
            text.extend_from_slice(&super::shown(&content, look));
        }
        None => output::note("opi: note: the body comes from files or a stream and is not shown"),
    }
    Ok(Answer { shown: Some(text.into()), ..answer })
}

/// The request for the envelope.
fn facts(prepared: &Prepared, secrets: Secrets<'_>) -> Answer {
    let body = match prepared.body.in_memory().map(|body| secrets.body(body)) {
        None => Body::None,
        Some(body) if body.is_empty() => Body::None,
        Some(body) if came::says_json(&prepared.headers) => Body::Json(body),
        Some(body) => Body::Bytes(body),
    };
    Answer::new(body)
        .fact("method", prepared.method.as_str())
        .fact("url", secrets.url(prepared.url.as_str()))
        .fact("headers", came::headers(&prepared.headers, secrets))
        .fact("bytes", prepared.body.length().map_or(Value::Null, Value::from))
}

/// The line of curl that sends the same.
fn line(
    verb: Verb<'_>,
    args: &HttpArgs,
    prepared: &Prepared,
    secrets: Secrets<'_>,
) -> Result<String, Failure> {
    let texts = |(name, value): (&opi::http::HeaderName, &opi::http::HeaderValue)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        (render::title(name.as_str()), secrets.header(name.as_str(), &value))
    };
    let headers = prepared.headers.iter().map(texts).collect();
    let wire = Wire {
        method: prepared.method.as_str().to_owned(),
        url: secrets.url(prepared.url.as_str()),
        headers,
        body: whole(verb, args, prepared, secrets)?,
        options: equal::options(args, secrets)?,
    };
    curl::line(&wire)
}

fn whole(
    verb: Verb<'_>,
    args: &HttpArgs,
    prepared: &Prepared,
    secrets: Secrets<'_>,
) -> Result<curl::Body, Failure> {
    if prepared.body.length() == Some(0) {
        // Nothing is not the same as a body of which is said that it is empty.
        let said = prepared.headers.contains_key("content-length");
        return Ok(if said { curl::Body::Bytes(Bytes::new()) } else { curl::Body::None });
    }
    let items = Items::parse(&args.items)?;
    let form = args.body.multipart || (args.body.form && items.has_files());
    match (prepared.body.in_memory(), verb) {
        _ if form => Ok(curl::Body::Form(parts(&items, secrets)?)),
        (Some(bytes), _) => Ok(curl::Body::Bytes(secrets.body(bytes))),
        (None, Verb::Upload(file)) => Ok(source(Some(Source::of(file)))),
        (None, _) => Ok(source(items.body)),
    }
}

fn source(source: Option<Source>) -> curl::Body {
    match source {
        Some(Source::File(path)) => curl::Body::File(path),
        _ => curl::Body::Stdin,
    }
}

/// The parts of a form as curl writes them.
fn parts(items: &Items, secrets: Secrets<'_>) -> Result<Vec<(&'static str, String)>, Failure> {
    let part = |field: &Field| match &field.value {
        FieldValue::Json(text) | FieldValue::Text(text) => {
            Ok(("--form-string", format!("{}={}", field.name, secrets.field(&field.name, text))))
        }
        FieldValue::File(upload) => {
            let path = quoted(&upload.path.display().to_string());
            let kind = body::kind_of(upload);
            let name = upload.filename.as_ref().map(|name| format!(";filename={}", quoted(name)));
            let name = name.unwrap_or_default();
            Ok(("-F", format!("{}=@{path};type={kind}{name}", field.name)))
        }
    };
    items.fields.iter().map(part).collect()
}

/// A name that curl reads as it is, whatever stands in it.
fn quoted(name: &str) -> String {
    if !name.contains([';', ',', '"', '\\']) {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}
