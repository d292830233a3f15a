//! The head of a request, as it is sent.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, EXPECT, HOST, TRANSFER_ENCODING,
    USER_AGENT,
};
use http::{HeaderMap, HeaderValue, Method};
use opi_proxy::Hop;
use url::Url;

use crate::address;
use crate::auth::Turn;
use crate::body::Outgoing;
use crate::coding;
use crate::connection::{Limits, Meter};
use crate::dial;
use crate::{Error, Prepared, Request, Session, multipart};

/// The request as hyper sends it.
pub(super) fn wire(
    (session, turn): (&Session, &mut Turn),
    request: &Request,
    base: &HeaderMap,
    forwarder: Option<&Hop>,
    limits: Limits,
    meter: &Arc<Meter>,
) -> Result<http::Request<Outgoing>, Error> {
    let held = limits.leave.is_some();
    let mut wire = http::Request::new(Outgoing::Once(Bytes::new()));
    *wire.method_mut() = request.method.clone();
    *wire.uri_mut() = address::wire(&request.url, dial::form(forwarder))?;
    *wire.headers_mut() = headers(session, request, base);
    if held {
        wire.headers_mut().insert(EXPECT, HeaderValue::from_static("100-continue"));
    }
    let framed = turn.authorize(session, request, forwarder, wire.headers_mut())?;
    let body = framed.as_ref().unwrap_or(&request.body);
    *wire.body_mut() = Outgoing::new(body, held, request.progress.as_ref(), meter);
    if request.keep_case {
        meter.keep_case(request.names.clone());
    }
    Ok(wire)
}

/// The request as it would be sent now.
pub(crate) fn prepare(session: &Session, request: &Request) -> Result<Prepared, Error> {
    let mut request = request.clone();
    complete(session, &mut request);
    let mut headers = headers(session, &request, &base(&request.url)?);
    if request.expect_continue.is_some() && !request.body.is_empty() {
        headers.insert(EXPECT, HeaderValue::from_static("100-continue"));
    }
    let framed = Turn::default().authorize(session, &request, None, &mut headers)?;
    let body = framed.unwrap_or(request.body);
    match body.length() {
        Some(0) => {}
        Some(length) => drop(headers.insert(CONTENT_LENGTH, length.into())),
        None => {
            drop(headers.insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked")));
        }
    }
    Ok(Prepared { method: request.method, url: request.url, headers, body })
}

/// Gives the request what it has of the session: a redirect drops credentials of both.
pub(super) fn complete(session: &Session, request: &mut Request) {
    let config = &session.0.config;
    request.take_auth_of(config);
    request.add_defaults(&config.headers);
}

/// The headers in their order. Those of the request win over the session's, those over ours.
fn headers(session: &Session, request: &Request, base: &HeaderMap) -> HeaderMap {
    let mut headers = base.clone();
    if request.body.is_empty() && BODY_EXPECTED.contains(&request.method) {
        // A server may wait for a body that nobody says is empty (RFC 9110 section 8.6).
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    request.omit(&mut headers);
    add(&mut headers, &request.headers);
    if !request.omits(&COOKIE) {
        let by_hand = cookies_by_hand(&request.headers);
        if let Some(cookies) = session.0.jar.joined(by_hand.as_ref(), &request.url) {
            headers.insert(COOKIE, cookies);
        }
    }
    if let Some(boundary) = request.body.boundary() {
        let content_type = multipart::content_type(headers.get(CONTENT_TYPE), boundary);
        headers.insert(CONTENT_TYPE, content_type);
    }
    headers
}

/// What every request to the server of `url` has, unless it says otherwise.
pub(crate) fn base(url: &Url) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(HOST, address::host(url)?);
    headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
    headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(coding::ACCEPTED));
    Ok(headers)
}

/// The cookies that the caller set, of all lines in one (RFC 9110 section 5.3 knows no other way).
fn cookies_by_hand(headers: &HeaderMap) -> Option<HeaderValue> {
    let mut lines = headers.get_all(COOKIE).iter();
    let (first, second) = (lines.next()?, lines.next());
    if second.is_none() {
        return Some(first.clone());
    }
    let lines: Vec<_> = headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes).collect();
    // Values of headers with blanks between them are one, too.
    let mut all =
        HeaderValue::from_bytes(&lines.join(&b"; "[..])).unwrap_or_else(|_| first.clone());
    all.set_sensitive(true);
    Some(all)
}

/// Puts `own` in the place of headers of the same names; repeated ones stay repeated.
fn add(headers: &mut HeaderMap, own: &HeaderMap) {
    for name in own.keys() {
        let mut values = own.get_all(name).iter();
        if let Some(first) = values.next() {
            headers.insert(name, first.clone());
        }
        for value in values {
            headers.append(name, value.clone());
        }
    }
}

/// The methods whose requests are expected to have a body.
const BODY_EXPECTED: &[Method] = &[Method::PATCH, Method::POST, Method::PUT];

const AGENT: &str = concat!("opi/", env!("CARGO_PKG_VERSION"));
