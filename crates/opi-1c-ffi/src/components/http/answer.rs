//! The answer to a request, as JSON text.

use std::collections::BTreeMap;

use opi::http::{HeaderMap, HeaderValue, Prepared, Response};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value as Json, json};

use super::rows::{BODY_AS, ENCODING};
use super::saving::{File, OUTPUT_FILE, Saving};
use super::text;
use super::{cookies, history};
use crate::blobs::Blobs;
use crate::dispatch::success;
use crate::fault::{Fault, FaultKind};
use crate::options::Options;
use crate::value::Value;

/// How the body comes.
#[derive(Clone, Debug)]
pub(super) enum Form {
    Data,
    /// In a file, which is whole or not there.
    File(Saving),
    Json,
    Text(Option<String>),
}

impl Form {
    pub(super) fn of(options: &mut Options) -> Result<Self, Fault> {
        let encoding = options.take::<String>(&ENCODING)?;
        if let Some(saving) = Saving::of(options)? {
            return match (options.take::<String>(&BODY_AS)?, encoding) {
                (None, None) => Ok(Self::File(saving)),
                _ => {
                    let message =
                        format!("{OUTPUT_FILE}: give neither answer nor encoding with it");
                    Err(Fault::new(FaultKind::Option, message))
                }
            };
        }
        match (options.take::<String>(&BODY_AS)?.as_deref(), encoding) {
            (None | Some("data"), None) => Ok(Self::Data),
            (Some("json"), None) => Ok(Self::Json),
            (Some("text"), encoding) => Ok(Self::Text(encoding)),
            (None | Some("data" | "json"), Some(_)) => {
                let message = format!("{ENCODING}: it is for an answer that comes as text");
                Err(Fault::new(FaultKind::Option, message))
            }
            (Some(_), _) => {
                let message = format!("{BODY_AS}: expected data, text or json");
                Err(Fault::new(FaultKind::Option, message))
            }
        }
    }
}

/// An answer, and the file that its body went to.
#[derive(Debug)]
pub(super) struct Came {
    pub(super) response: Response,
    pub(super) file: Option<File>,
}

#[derive(Serialize)]
struct Answer<'response> {
    status: u16,
    reason: &'static str,
    method: &'response str,
    url: &'response str,
    headers: Json,
    /// What the answer says its text is in; nothing where it says nothing.
    encoding: Option<String>,
    /// Those that this answer sets.
    cookies: Json,
    #[serde(skip_serializing_if = "Option::is_none")]
    jar: Option<Json>,
    history: Vec<Json>,
    errors: Vec<String>,
    #[serde(flatten)]
    facts: Json,
    size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resumed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// The server's own text, so that no number loses digits on the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    json: Option<Box<RawValue>>,
}

pub(super) fn answer(
    came: &Came,
    form: &Form,
    jar: Option<Json>,
    blobs: &Blobs,
) -> Result<Value, Fault> {
    let Came { response, file } = came;
    let content_type = content_type(response);
    let mut answer = Answer {
        status: response.status().as_u16(),
        reason: response.status().canonical_reason().unwrap_or_default(),
        method: response.method().as_str(),
        url: response.url().as_str(),
        headers: headers(response.headers()),
        encoding: content_type.as_deref().and_then(encoding),
        cookies: cookies::of_answer(response),
        jar,
        history: response.history().iter().map(history::hop).collect(),
        errors: history::failures(response.history()),
        facts: history::facts(response.facts()),
        size: response.body().len() as u64,
        file: None,
        resumed: None,
        data: None,
        text: None,
        json: None,
    };
    if let Some(File { path, length, resumed }) = file {
        answer.size = *length;
        answer.file = Some(path.display().to_string());
        answer.resumed = Some(*resumed);
        return success(&answer);
    }
    match form {
        // What is no success is not saved where only successes are.
        Form::Data | Form::File(_) => {
            answer.data = Some(blobs.keep(response.body().clone()).to_string())
        }
        Form::Json => answer.json = Some(unless_broken(response, blobs, response.json_as())?),
        Form::Text(label) => {
            let read = text::strict(response.body(), content_type.as_deref(), label.as_deref());
            answer.text = Some(unless_broken(response, blobs, read)?);
        }
    }
    success(&answer)
}

/// The fault of a request that brought no answer, or one that was not expected: what happened on
/// the way, and the answer there was.
pub(super) fn failed(error: opi::http::Error, blobs: &Blobs) -> Fault {
    let history: Vec<_> = error.history().iter().map(history::failed_hop).collect();
    let errors = history::failures(error.history());
    let answer = error.answer().map(|it| (it.status().as_u16(), it.body().clone()));
    let fault = Fault::from(error).fact("history", history).fact("errors", errors);
    match answer {
        Some((status, body)) => {
            let fault = fault.fact("status", status).fact("size", body.len());
            fault.fact("data", blobs.keep(body).to_string())
        }
        None => fault,
    }
}

/// A request as it would be sent; its body, when it is in memory.
pub(super) fn prepared(prepared: &Prepared, blobs: &Blobs) -> Result<Value, Fault> {
    let Prepared { method, url, headers: sent, body, .. } = prepared;
    let data = body.in_memory().map(|body| blobs.keep(body).to_string());
    success(&json!({
        "method": method.as_str(),
        "url": url.as_str(),
        "headers": headers(sent),
        "size": body.length(),
        "data": data,
    }))
}

fn content_type(response: &Response) -> Option<String> {
    response.headers().get("content-type").map(text_of)
}

/// The encoding that a media type names.
fn encoding(content_type: &str) -> Option<String> {
    let names = content_type.to_ascii_lowercase().contains("charset");
    let read = names.then(|| text::decode(b"", Some(content_type), None).ok()).flatten();
    read.map(|(_, name)| name.to_ascii_lowercase())
}

/// A body that is not what was expected is still the program's: the fault tells where it is.
fn unless_broken<T>(
    response: &Response,
    blobs: &Blobs,
    read: Result<T, opi::http::Error>,
) -> Result<T, Fault> {
    read.map_err(|error| {
        let data = blobs.keep(response.body().clone()).to_string();
        let fault = Fault::from(error).fact("status", response.status().as_u16());
        fault.fact("size", response.body().len()).fact("data", data)
    })
}

/// Name to text; a list where the name was repeated.
fn headers(headers: &HeaderMap) -> Json {
    let mut all: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (name, value) in headers {
        all.entry(name.as_str()).or_default().push(text_of(value));
    }
    let one = |mut values: Vec<String>| match (values.pop(), values.is_empty()) {
        (Some(value), true) => Json::String(value),
        (Some(last), false) => {
            values.push(last);
            values.into()
        }
        (None, _) => Json::Null,
    };
    let all: Map<_, _> = all.into_iter().map(|(name, it)| (name.to_owned(), one(it))).collect();
    Json::Object(all)
}

/// UTF-8 where it is, else Latin-1, in which every byte is a character.
fn text_of(value: &HeaderValue) -> String {
    let bytes = value.as_bytes();
    let latin1 = |_| encoding_rs::mem::decode_latin1(bytes).into_owned();
    std::str::from_utf8(bytes).map_or_else(latin1, str::to_owned)
}
