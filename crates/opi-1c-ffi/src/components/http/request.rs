//! A request from the arguments and options of a call.

use std::ops::RangeInclusive;

use bytes::Bytes;
use opi::http::{Body, Request};
use serde_json::Value as Json;

use super::auth::authorized;
use super::connector::redirects;
use super::multipart::{FILES, multipart};
use super::retries::retries;
use super::rows::{BODY_FILE, EXPECT_STATUS, FORM, GZIP_BODY, HEADERS, JSON, MAX_BODY, QUERY};
use super::timeouts::timeouts;
use super::ways::{self, KnownTls};
use crate::blobs::Blobs;
use crate::fault::{Fault, FaultKind};
use crate::options::Options;

type Texts = Vec<(String, String)>;

pub(super) fn request(
    body: Bytes,
    method: &str,
    url: &str,
    options: &mut Options,
    blobs: &Blobs,
    known: &KnownTls,
) -> Result<Request, Fault> {
    let mut request = Request::new(method, url)?.timeouts(timeouts(options)?);
    for (name, value) in options.take::<Vec<(String, Option<String>)>>(&QUERY)?.unwrap_or_default()
    {
        request = match value {
            Some(value) => request.query(&name, &value),
            None => request.query_key(&name),
        };
    }
    for (name, value) in options.take::<Texts>(&HEADERS)?.unwrap_or_default() {
        request = request.append_header(&name, &value)?;
    }
    if let Some(redirects) = redirects(options)? {
        request = request.redirects(redirects);
    }
    if let Some(most) = options.take::<usize>(&MAX_BODY)? {
        request = request.max_body(most);
    }
    if let Some(expected) = options.take::<String>(&EXPECT_STATUS)? {
        request = request.expect_status(statuses(&expected)?);
    }
    if let Some(policy) = retries(options)? {
        request = request.retries(policy);
    }
    let request = ways::of_request(authorized(request, options)?, options, known)?;
    let request = with_body(request, body, options, blobs)?;
    let packed = options.take::<bool>(&GZIP_BODY)?.unwrap_or_default();
    Ok(if packed { request.gzip_body() } else { request })
}

fn with_body(
    request: Request,
    body: Bytes,
    options: &mut Options,
    blobs: &Blobs,
) -> Result<Request, Fault> {
    let (json, form) = (options.take::<Json>(&JSON)?, options.take::<Texts>(&FORM)?);
    let files = options.take_list(&FILES)?;
    if !files.is_empty() {
        return match (body.is_empty(), json, options.take::<String>(&BODY_FILE)?) {
            (true, None, None) => multipart(request, form.unwrap_or_default(), files, blobs),
            _ => Err(too_much()),
        };
    }
    let file = options.take::<String>(&BODY_FILE)?;
    match (body.is_empty(), json, form, file) {
        (true, None, None, None) => Ok(request),
        (false, None, None, None) => Ok(request.body(body)),
        (true, Some(json), None, None) => Ok(request.json(&json)?),
        (true, None, Some(form), None) => {
            let fields = form.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            Ok(request.form(fields))
        }
        (true, None, None, Some(path)) => {
            let file = Body::file(path).map_err(|error| Fault::from(error).about(&BODY_FILE))?;
            Ok(request.body(file))
        }
        _ => Err(too_much()),
    }
}

/// `success`, a status, or two with a hyphen.
fn statuses(text: &str) -> Result<RangeInclusive<u16>, Fault> {
    let wrong = || {
        let message = format!("{EXPECT_STATUS}: expected success, 200 or 200-299, got {text:?}");
        Fault::new(FaultKind::Option, message)
    };
    if text == "success" {
        return Ok(200..=299);
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let status = |text: &str| {
        let status = text.trim().parse().ok().filter(|it| (100..=999).contains(it));
        status.ok_or_else(wrong)
    };
    Ok(status(first)?..=status(last)?)
}

fn too_much() -> Fault {
    let message = format!(
        "{JSON}, {FORM} with or without {FILES}, {BODY_FILE}: give one of them, or the parameter \
         Body (Тело)"
    );
    Fault::new(FaultKind::Option, message)
}
