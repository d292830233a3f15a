//! The headers that a redirect takes away.

use http::{HeaderMap, HeaderName};

pub(super) fn remove(headers: &mut HeaderMap, names: &[&str]) {
    for name in names {
        headers.remove(*name);
    }
}

/// Drops what the caller marked as a secret, whatever its name.
pub(super) fn remove_sensitive(headers: &mut HeaderMap) {
    let marked = |name: &HeaderName| headers.get_all(name).iter().any(|it| it.is_sensitive());
    let names: Vec<_> = headers.keys().filter(|name| marked(name)).cloned().collect();
    for name in names {
        headers.remove(name);
    }
}

/// What describes a body that is not sent again.
pub(super) const OF_THE_BODY: &[&str] = &[
    "content-digest",
    "content-encoding",
    "content-language",
    "content-length",
    "content-location",
    "content-md5",
    "content-type",
    "digest",
    "expect",
    "repr-digest",
    "trailer",
    "transfer-encoding",
];

/// What is for the origin that it was set for, and for no other.
pub(super) const OF_THE_ORIGIN: &[&str] =
    &["authorization", "cookie", "cookie2", "host", "proxy-authorization"];
