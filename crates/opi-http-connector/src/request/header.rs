//! Headers that a caller sets.

use http::header::{
    AUTHORIZATION, CONTENT_LENGTH, COOKIE, HOST, PROXY_AUTHORIZATION, TRANSFER_ENCODING,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::{Error, ErrorKind};

/// Reads a header; the error names it, and never repeats its value.
pub(crate) fn parse_header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Error> {
    let bad = |detail: String| Error::new(ErrorKind::BadHeader).detail(detail);
    let parsed = HeaderName::from_bytes(name.as_bytes())
        .map_err(|cause| bad(format!("header {name:?}: this is no name")).because(cause))?;
    if [CONTENT_LENGTH, TRANSFER_ENCODING].contains(&parsed) {
        // A wrong one would let the next request be read as this one's body.
        return Err(bad(format!("header {name}: the body sets it, not the caller")));
    }
    let forbidden = |byte: &u8| matches!(byte, 0 | b'\r' | b'\n');
    if value.as_bytes().iter().any(forbidden) {
        return Err(bad(format!("header {name}: CR, LF or NUL stands in its value")));
    }
    let mut value = HeaderValue::from_bytes(value.as_bytes())
        .map_err(|cause| bad(format!("header {name}: this is no value")).because(cause))?;
    value.set_sensitive([AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION].contains(&parsed));
    Ok((parsed, value))
}

/// Puts a header in the place of those of its name.
pub(crate) fn set(
    headers: &mut HeaderMap,
    name: HeaderName,
    value: HeaderValue,
) -> Result<(), Error> {
    if headers.len() >= MOST && !headers.contains_key(&name) {
        return Err(too_many(&name));
    }
    headers.insert(name, value);
    Ok(())
}

/// Puts a header behind those of its name; a host has no second one.
pub(crate) fn add(
    headers: &mut HeaderMap,
    name: HeaderName,
    value: HeaderValue,
) -> Result<(), Error> {
    if name == HOST && headers.contains_key(HOST) {
        let detail = "header host: a request names its host once (RFC 9112 section 3.2)";
        return Err(Error::new(ErrorKind::BadHeader).detail(detail));
    }
    if headers.len() >= MOST {
        return Err(too_many(&name));
    }
    headers.append(name, value);
    Ok(())
}

fn too_many(name: &HeaderName) -> Error {
    let detail = format!("header {name}: there are {MOST} already, which is the most");
    Error::new(ErrorKind::BadHeader).detail(detail)
}

/// The most headers of a request, and of a session; the map of them has an end, and panics there.
const MOST: usize = 1000;
