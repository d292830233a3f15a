//! What may be shown: secrets are hidden by the name they go by, and wherever their value turns
//! up again. Pure.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use opi::http::Url;
use opi::net::Secret;
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// What stands in the place of a secret.
pub(crate) const HIDDEN: &str = "(hidden)";

/// The secrets that a command knows.
#[derive(Debug, Default)]
pub(crate) struct Veil(Vec<Secret>);

impl Veil {
    /// Remembers `secret`. One of fewer than six bytes is not looked for: it stands
    /// in half of all names and addresses.
    pub(crate) fn hide(&mut self, secret: &str) {
        if secret.len() >= SHORTEST {
            self.0.push(Secret::new(secret));
        }
    }

    /// Remembers a login: its password, and the pair in Base64, which is as good.
    pub(crate) fn hide_login(&mut self, user: &str, password: &str) {
        self.hide(password);
        self.hide(&STANDARD.encode(format!("{user}:{password}")));
    }

    /// Remembers the secrets in a URL: its login and the parameters whose names say so.
    pub(crate) fn hide_in_url(&mut self, url: &Url) {
        if let Some(password) = url.password() {
            let decoded = |text| percent_decode_str(text).decode_utf8_lossy();
            self.hide(password);
            self.hide_login(&decoded(url.username()), &decoded(password));
        }
        let parameters = url.query_pairs().filter(|(name, _)| is_secret(name));
        parameters.for_each(|(_, value)| self.hide(&value));
        let written = pairs(url.query().unwrap_or_default());
        written.filter(|(name, _)| is_secret(name)).for_each(|(_, value)| self.hide(value));
    }

    /// `text` with every known secret hidden.
    pub(crate) fn cover(&self, text: &str) -> String {
        let hide = |text: String, secret: &Secret| text.replace(secret.expose(), HIDDEN);
        self.0.iter().fold(text.to_owned(), hide)
    }
}

const SHORTEST: usize = 6;

/// Whether what goes by `name` is a secret: a header, a parameter, a field, also one in brackets
/// such as `user[password]` or `password[]`.
pub(crate) fn is_secret(name: &str) -> bool {
    let name = percent_decode_str(name).decode_utf8_lossy().to_ascii_lowercase();
    let name = name.trim_end_matches(['[', ']']);
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| WORDS.contains(&word)) || ENDS.iter().any(|end| name.ends_with(end))
}

const WORDS: &[&str] = &[
    "auth",
    "authentication",
    "authorization",
    "cookie",
    "credential",
    "credentials",
    "jwt",
    "passphrase",
    "passwd",
    "pwd",
    "session",
    "sig",
];

const ENDS: &[&str] = &["key", "password", "secret", "session", "sessionid", "signature", "token"];

/// A body that is sent as it may be shown: in JSON and in the fields of a form what goes by the name
/// of a secret is hidden, at any depth.
pub(crate) fn body(text: &str) -> String {
    let Ok(mut document) = serde_json::from_str::<Value>(text) else {
        return text.split('&').map(parameter).collect::<Vec<_>>().join("&");
    };
    if conceal(&mut document) { document.to_string() } else { text.to_owned() }
}

/// Hides the members that are secrets; whether there are any. The depth is that of what was parsed,
/// which has a limit.
fn conceal(value: &mut Value) -> bool {
    match value {
        Value::Array(elements) => {
            elements.iter_mut().map(conceal).filter(|hidden| *hidden).count() > 0
        }
        Value::Object(members) => members.iter_mut().fold(false, |any, (name, member)| {
            let hidden = is_secret(name) && !matches!(member, Value::Array(_) | Value::Object(_));
            if hidden {
                *member = HIDDEN.into();
            }
            hidden || conceal(member) || any
        }),
        _ => false,
    }
}

/// The value of a header as it may be shown.
pub(crate) fn header(name: &str, value: &str) -> String {
    match name.to_ascii_lowercase().as_str() {
        "set-cookie" => cookie(value),
        "location" | "content-location" | "referer" => url(value),
        _ if is_secret(name) => HIDDEN.to_owned(),
        _ => value.to_owned(),
    }
}

/// A cookie keeps its name and attributes.
fn cookie(value: &str) -> String {
    let (pair, attributes) = value.split_at(value.find(';').unwrap_or(value.len()));
    let name = pair.split_once('=').map_or("", |(name, _)| name);
    format!("{name}={HIDDEN}{attributes}")
}

/// A URL, absolute or not, without login and with its secret parameters hidden.
pub(crate) fn url(text: &str) -> String {
    let text = without_login(text);
    let (text, fragment) = text.split_at(text.find('#').unwrap_or(text.len()));
    let Some((path, query)) = text.split_once('?') else { return format!("{text}{fragment}") };
    let shown = query.split('&').map(parameter).collect::<Vec<_>>();
    // A fragment carries tokens too (RFC 6749 section 4.2.2).
    let fragment = if fragment.is_empty() { "" } else { "#(hidden)" };
    format!("{path}?{}{fragment}", shown.join("&"))
}

fn parameter(text: &str) -> String {
    match text.split_once('=') {
        Some((name, _)) if is_secret(name) => format!("{name}={HIDDEN}"),
        _ => text.to_owned(),
    }
}

fn without_login(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("//") else { return text.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}//{host}{path}")
}

fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').filter_map(|pair| pair.split_once('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_secrets() {
        for name in [
            "Authorization",
            "Proxy-Authorization",
            "Cookie",
            "X-Api-Key",
            "x-amz-security-token",
            "accessToken",
            "password",
            "client_secret",
            "X-Amz-Signature",
            "sig",
            "JSESSIONID",
            "X-Session-Id",
            "Authentication",
            "user[password]",
            "user%5Bpassword%5D",
            "password[]",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["Accept", "WWW-Authenticate", "author", "signal", "Content-Type", "limit"] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn a_body_keeps_its_secrets_at_any_depth() {
        for (text, expected) in [
            (r#"{ "a": 1 }"#, r#"{ "a": 1 }"#),
            (r#"{ "a": [{"Token": 7}], "b": 1 }"#, r#"{"a":[{"Token":"(hidden)"}],"b":1}"#),
            (
                r#"{"auth":{"user":"u","password":"p"}}"#,
                r#"{"auth":{"user":"u","password":"(hidden)"}}"#,
            ),
            ("a=1&client_secret=x&b", "a=1&client_secret=(hidden)&b"),
            ("u%5Bpassword%5D=x", "u%5Bpassword%5D=(hidden)"),
            ("just a text = with & signs", "just a text = with & signs"),
            ("", ""),
        ] {
            assert_eq!(body(text), expected);
        }
    }

    #[track_caller]
    fn shown(name: &str, value: &str, expected: &str) {
        assert_eq!(header(name, value), expected);
    }

    #[test]
    fn a_header_shows_what_it_may() {
        shown("Accept", "*/*", "*/*");
        shown("authorization", "Basic dTpw", "(hidden)");
        shown("Set-Cookie", "id=hunter2; Path=/; HttpOnly", "id=(hidden); Path=/; HttpOnly");
        shown("Set-Cookie", "hunter2", "=(hidden)");
        shown("Location", "/next?token=hunter2&page=1", "/next?token=(hidden)&page=1");
        shown("Location", "https://u:hunter2@h.test/x@y", "https://h.test/x@y");
        shown("Location", "//u:hunter2@h.test?a=b#token=hunter2", "//h.test?a=b#(hidden)");
    }

    #[test]
    fn a_value_is_hidden_wherever_it_turns_up() {
        let mut veil = Veil::default();
        let url: Url = "http://u:hunter2@h.test/?token=a%20bcdef&page=12345".parse().unwrap();
        veil.hide_in_url(&url);
        veil.hide("no");
        let covered = veil.cover("dTpodW50ZXIy hunter2, a%20bcdef, a bcdef, 12345, no");
        assert_eq!(covered, "(hidden) (hidden), (hidden), (hidden), 12345, no");
        assert!(!format!("{veil:?}").contains("hunter2"));
    }
}
