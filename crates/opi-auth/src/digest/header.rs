//! The text of a Digest answer (RFC 7616 section 3.4).

use std::fmt::Write;

use digest_auth::AuthorizationHeader;

use super::{Charset, Digest, Protection, User};

/// The whole value of the header.
pub(super) fn value(
    digest: &Digest,
    hashed: &AuthorizationHeader,
    user: &str,
    cnonce: &str,
) -> String {
    let mut value = format!("Digest {}", user_parameter(digest, hashed, user));
    let mut add = |name: &str, text: &str| {
        let _always_ok = write!(value, ", {name}={text}");
    };
    add("realm", &quoted(&digest.realm));
    add("nonce", &quoted(&digest.nonce));
    add("uri", &quoted(&hashed.uri));
    add("response", &quoted(&hashed.response));
    if digest.algorithm.named {
        add("algorithm", digest.algorithm.name());
    }
    if digest.protection != Protection::Old || digest.algorithm.session {
        add("cnonce", &quoted(cnonce));
    }
    let qop = match digest.protection {
        Protection::Old => None,
        Protection::Request => Some("auth"),
        Protection::RequestAndBody => Some("auth-int"),
    };
    if let Some(qop) = qop {
        add("qop", qop);
        add("nc", &format!("{:08x}", hashed.nc));
    }
    if let Some(opaque) = &digest.opaque {
        add("opaque", &quoted(opaque));
    }
    if digest.user == User::Hashed {
        add("userhash", "true");
    }
    value
}

fn user_parameter(digest: &Digest, hashed: &AuthorizationHeader, user: &str) -> String {
    if digest.user == User::Plain && digest.charset == Charset::Utf8 && !user.is_ascii() {
        return format!("username*=UTF-8''{}", percent_encoded(user));
    }
    format!("username={}", quoted(&hashed.username))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The value of an extended parameter (RFC 8187 section 3.2).
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _always_ok = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
