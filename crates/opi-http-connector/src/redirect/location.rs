//! `Location`: which one counts, and where it leads (RFC 9110 section 10.2.2, URL standard).

use std::fmt::Write as _;

use http::header::LOCATION;
use http::{HeaderMap, HeaderValue};
use url::Url;

use crate::address::without_login;
use crate::{Error, ErrorKind};

/// The one `Location`; several that differ leave open where the server wants one to go.
pub(super) fn only(headers: &HeaderMap) -> Result<Option<&HeaderValue>, Error> {
    let mut locations = headers.get_all(LOCATION).iter();
    let first = locations.next();
    match locations.all(|other| Some(other) == first) {
        true => Ok(first),
        false => Err(bad("there are several, and they differ")),
    }
}

/// The URL that `location` means in an answer from `base`.
///
/// Bytes that are not ASCII are taken as they are: what is not UTF-8 arrives as the server wrote it.
/// The fragment is that of `base` where there is none (RFC 9110 section 10.2.2).
pub(super) fn resolve(base: &Url, location: &[u8]) -> Result<Url, Error> {
    let text = ascii(location);
    let joined = base.join(fewer_slashes(&text));
    let mut url = joined.map_err(|cause| bad("this is no URL").because(cause))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(bad("expected an http or https URL"));
    }
    if url.fragment().is_none() {
        url.set_fragment(base.fragment());
    }
    // A login in a Location is the server's invention; it is shown to nobody.
    Ok(without_login(url))
}

/// `///host` is `//host` to the URL standard where the base is `http` or `https`, as is every
/// longer row of slashes of either kind; crate `url` would find no host there.
fn fewer_slashes(text: &str) -> &str {
    let text = text.trim_start_matches(|first: char| first <= ' ');
    let slash = |it: char| matches!(it, '/' | '\\');
    let rest = text.trim_start_matches(slash);
    let slashes = text.len() - rest.len();
    text.get(slashes.saturating_sub(2)..).filter(|_| slashes > 2).unwrap_or(text)
}

fn ascii(location: &[u8]) -> String {
    let mut text = String::with_capacity(location.len());
    for byte in location {
        match byte {
            0..=127 => text.push(char::from(*byte)),
            // Writing to a String does not fail.
            _ => drop(write!(text, "%{byte:02X}")),
        }
    }
    text
}

fn bad(detail: &str) -> Error {
    Error::new(ErrorKind::BadRedirect).detail(format!("Location: {detail}"))
}
