//! A request from the arguments and options of a call.

use std::ops::RangeInclusive;
use std::time::Duration;

use opi::http::Request;

use super::auth::authorized;
use super::content::with_body;
use super::heads::with_head;
use super::redirects::redirects;
use super::retries::retries;
use super::rows::{EXPECT_CONTINUE, EXPECT_STATUS, MAX_BODY};
use super::timeouts::timeouts;
use super::ways::{self, KnownTls};
use crate::argument::TextOrBytes;
use crate::blobs::Blobs;
use crate::fault::{Fault, FaultKind};
use crate::options::Options;

pub(super) fn request(
    body: TextOrBytes,
    method: &str,
    url: &str,
    options: &mut Options,
    blobs: &Blobs,
    known: &KnownTls,
) -> Result<Request, Fault> {
    let request = Request::new(method, url)?.timeouts(timeouts(options)?);
    let mut request = with_head(request, options)?;
    if let Some(redirects) = redirects(options)? {
        request = request.redirects(redirects);
    }
    if let Some(most) = options.take::<usize>(&MAX_BODY)? {
        request = request.max_body(most);
    }
    if let Some(wait) = options.take::<Duration>(&EXPECT_CONTINUE)? {
        request = request.expect_continue(wait);
    }
    if let Some(expected) = options.take::<String>(&EXPECT_STATUS)? {
        request = request.expect_status(statuses(&expected)?);
    }
    if let Some(policy) = retries(options)? {
        request = request.retries(policy);
    }
    let request = authorized(request, options)?;
    with_body(ways::of_request(request, options, known)?, body, options, blobs)
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
