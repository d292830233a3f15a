//! `opi sign`: what a request would have to carry, without sending it.

use std::path::Path;
use std::time::SystemTime;

use opi::auth::{AwsPayload, AwsRequest};
use opi::http::{Request, Session, SessionConfig, Url};
use serde_json::{Map, Value};

use super::items::{Header, Items, Source};
use super::{address, keys, render};
use crate::answer::{Answer, Body};
use crate::args::{Aws4Args, SignCommand};
use crate::failure::{ErrorKind, Failure};
use crate::file;
use crate::redact::Veil;

/// Prints the headers that sign the request, or the URL that is signed.
///
/// # Errors
///
/// The request is none, or a key is missing.
pub(crate) fn run(command: &SignCommand) -> Result<Answer, Failure> {
    let SignCommand::Aws4(args) = command;
    let mut veil = Veil::default();
    aws4(args, &mut veil).map_err(|failure| failure.behind(&veil))
}

fn aws4(args: &Aws4Args, veil: &mut Veil) -> Result<Answer, Failure> {
    let keys = keys::of(args.auth.as_deref(), &args.aws, veil)?;
    let items = Items::parse(&args.items)?;
    if !items.fields.is_empty() {
        return Err(Failure::new(ErrorKind::Usage, "a body to sign is a file: @FILE"));
    }
    let method = args.method.to_ascii_uppercase();
    let (url, headers) = prepared(&method, &args.url, &items)?;
    let body = body(&items)?;
    let target = target(&url);
    let mut request = AwsRequest::new(&method, target);
    for (name, value) in &headers {
        request = request.header(name, value.as_bytes());
    }
    let request = match (args.unsigned_payload, &body) {
        (true, _) => request.payload(AwsPayload::Unsigned),
        (false, Some(body)) => request.payload(AwsPayload::Bytes(body)),
        (false, None) => request,
    };
    let now = SystemTime::now();
    let Some(expires) = args.presign else { return Ok(signed(&keys.sign(&request, now)?)) };
    let presigned = keys.presign(&request, expires, now)?;
    let origin = url.as_str().strip_suffix(target).unwrap_or_default();
    let url = format!("{origin}{}", presigned.target());
    let answer = Answer::new(Body::None).fact("url", url.as_str());
    Ok(Answer { shown: Some(format!("{url}\n").into()), ..answer })
}

/// The URL as it would be sent, and the headers that are given and `host`.
fn prepared(
    method: &str,
    url: &str,
    items: &Items,
) -> Result<(Url, Vec<(String, String)>), Failure> {
    let mut request = Request::new(method, &address::complete(url, "https"))?;
    for (name, value) in &items.query {
        request = request.query(name, value);
    }
    for (name, header) in &items.headers {
        if let Header::Set(value) = header {
            request = request.header(name, value)?;
        }
    }
    let prepared = Session::new(SessionConfig::new()).prepare(&request)?;
    let given = |name: &str| items.headers.iter().any(|(it, _)| it.eq_ignore_ascii_case(name));
    let headers =
        prepared.headers.iter().filter(|(name, _)| *name == "host" || given(name.as_str()));
    let text =
        |value: &opi::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = headers.map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let mut url = prepared.url;
    url.set_fragment(None);
    Ok((url, headers))
}

/// Path and query, exactly as they are sent.
fn target(url: &Url) -> &str {
    let text = url.as_str();
    let host = text.find("://").map_or(0, |place| place + 3);
    let from = text.get(host..).and_then(|rest| rest.find('/')).map_or(text.len(), |at| host + at);
    text.get(from..).unwrap_or_default()
}

fn body(items: &Items) -> Result<Option<Vec<u8>>, Failure> {
    match &items.body {
        None => Ok(None),
        Some(Source::Stdin) => {
            Err(Failure::new(ErrorKind::Usage, "a body to sign is a file: @FILE"))
        }
        Some(Source::File(path)) => read(path).map(Some),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    file::read(path, "the body", LONGEST)
}

/// The most bytes of a body that is signed here: 256 MiB.
const LONGEST: u64 = 256 * 1024 * 1024;

fn signed(signed: &opi::auth::AwsSigned) -> Answer {
    let pairs =
        || signed.headers().iter().map(|it| (render::title(it.name()), it.value().expose()));
    let text: String = pairs().map(|(name, value)| format!("{name}: {value}\n")).collect();
    let facts: Map<_, _> = pairs().map(|(name, value)| (name, Value::from(value))).collect();
    let answer = Answer::new(Body::None).fact("headers", facts);
    Answer { shown: Some(text.into()), ..answer }
}
