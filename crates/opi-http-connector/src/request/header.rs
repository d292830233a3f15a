//! Headers that a caller sets.

use http::header::{AUTHORIZATION, CONTENT_LENGTH, COOKIE, PROXY_AUTHORIZATION, TRANSFER_ENCODING};
use http::{HeaderName, HeaderValue};

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
