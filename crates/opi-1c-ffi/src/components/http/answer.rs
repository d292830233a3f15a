//! The answer to a request, as JSON text.

use std::borrow::Cow;
use std::collections::BTreeMap;

use opi::http::{Facts, HeaderMap, HeaderValue, Hop, Response};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value as Json, json};

use super::BODY_AS;
use crate::blobs::Blobs;
use crate::components::words::tls_facts;
use crate::dispatch::success;
use crate::fault::{Fault, FaultKind};
use crate::options::Options;
use crate::value::Value;

/// How the body comes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Form {
    Data,
    Json,
    Text,
}

impl Form {
    pub(super) fn of(options: &mut Options) -> Result<Self, Fault> {
        match options.take::<String>(&BODY_AS)?.as_deref() {
            None | Some("data") => Ok(Self::Data),
            Some("json") => Ok(Self::Json),
            Some("text") => Ok(Self::Text),
            Some(_) => {
                let message = format!("{BODY_AS}: expected data, text or json");
                Err(Fault::new(FaultKind::Option, message))
            }
        }
    }
}

#[derive(Serialize)]
struct Answer<'response> {
    status: u16,
    reason: &'static str,
    headers: Json,
    url: &'response str,
    history: Vec<Json>,
    peer: Option<String>,
    tls: Json,
    reused: bool,
    elapsed_ms: u64,
    size: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<Cow<'response, str>>,
    /// The server's own text, so that no number loses digits on the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    json: Option<Box<RawValue>>,
}

pub(super) fn answer(response: &Response, form: Form, blobs: &Blobs) -> Result<Value, Fault> {
    let Facts { reused, peer, tls, elapsed, .. } = response.facts();
    let mut answer = Answer {
        status: response.status().as_u16(),
        reason: response.status().canonical_reason().unwrap_or_default(),
        headers: headers(response.headers()),
        url: response.url().as_str(),
        history: response.history().iter().map(hop).collect(),
        peer: peer.map(|peer| peer.to_string()),
        tls: tls_facts(tls.as_deref()),
        reused: *reused,
        elapsed_ms: u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
        size: response.body().len(),
        data: None,
        text: None,
        json: None,
    };
    match form {
        Form::Data => answer.data = Some(blobs.keep(response.body().clone()).to_string()),
        Form::Json => answer.json = Some(unless_broken(response, blobs, response.json_as())?),
        Form::Text => answer.text = Some(unless_broken(response, blobs, response.text())?),
    }
    success(&answer)
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
        all.entry(name.as_str()).or_default().push(text(value));
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
fn text(value: &HeaderValue) -> String {
    let bytes = value.as_bytes();
    let latin1 = |_| encoding_rs::mem::decode_latin1(bytes).into_owned();
    std::str::from_utf8(bytes).map_or_else(latin1, str::to_owned)
}

fn hop(hop: &Hop) -> Json {
    json!({ "url": hop.url.as_str(), "status": hop.status.map(|it| it.as_u16()) })
}
