//! The curl line that sends the same request. Pure.

use std::fmt::Write;
use std::path::PathBuf;

use bytes::Bytes;

use super::quote::{quote, wrong};
use crate::failure::Failure;

/// What is sent, and how.
#[derive(Debug)]
pub(in crate::http) struct Wire {
    pub(in crate::http) method: String,
    pub(in crate::http) url: String,
    /// As they are sent; what curl makes itself is left out here.
    pub(in crate::http) headers: Vec<(String, String)>,
    pub(in crate::http) body: Body,
    /// Options of curl, each a word.
    pub(in crate::http) options: Vec<String>,
}

/// The body of a request.
#[derive(Debug)]
pub(in crate::http) enum Body {
    Bytes(Bytes),
    File(PathBuf),
    /// A multipart form; the words behind `-F` or `--form-string`.
    Form(Vec<(&'static str, String)>),
    None,
    Stdin,
}

/// The line, without a line end.
///
/// # Errors
///
/// The body is no text and too long to be written.
pub(in crate::http) fn line(wire: &Wire) -> Result<String, Failure> {
    let mut before = String::new();
    let mut words = vec!["curl".to_owned()];
    let (options, sends) = body(&wire.body, &mut before)?;
    // The boundary is curl's own, and so is the type that names it.
    let form = matches!(wire.body, Body::Form(_));
    words.extend(method(&wire.method, sends));
    words.extend(wire.options.iter().cloned());
    if wire.url.contains(['[', ']', '{', '}']) {
        words.push("-g".to_owned());
    }
    for header in headers(&wire.headers, sends, form) {
        words.extend(["-H".to_owned(), header]);
    }
    words.extend(options);
    words.push(wire.url.clone());
    let words: Vec<_> = words.iter().map(|word| quote(word)).collect();
    Ok(format!("{before}{}", words.join(" ")))
}

fn method(method: &str, sends: bool) -> Vec<String> {
    match (method, sends) {
        ("GET", false) | ("POST", true) => Vec::new(),
        ("HEAD", false) => vec!["-I".to_owned()],
        _ => vec!["-X".to_owned(), method.to_owned()],
    }
}

/// The headers, and those that curl must leave out.
fn headers(given: &[(String, String)], sends: bool, form: bool) -> Vec<String> {
    const MADE: &[&str] = &["content-length", "host"];
    let is = |name: &str| given.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
    let made = |name: &str| MADE.contains(&name) || (form && name == "content-type");
    let written = given.iter().filter(|(name, _)| !made(&name.to_ascii_lowercase()));
    let mut all: Vec<_> = written.map(|(name, value)| header(name, value)).collect();
    let usual = ["User-Agent", "Accept"].into_iter();
    let sent = ["Content-Type", "Expect"]
        .into_iter()
        .filter(|name| sends && !(form && *name == "Content-Type"));
    let usual = usual.chain(sent);
    all.extend(usual.filter(|name| !is(name)).map(|name| format!("{name}:")));
    all
}

fn header(name: &str, value: &str) -> String {
    if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") }
}

/// The options of the body, and whether there is one; what must stand before the line goes there.
fn body(body: &Body, before: &mut String) -> Result<(Vec<String>, bool), Failure> {
    let data = |option: &str, value: String| vec![option.to_owned(), value];
    Ok(match body {
        Body::None => (Vec::new(), false),
        Body::File(path) => (data("--data-binary", format!("@{}", path.display())), true),
        Body::Form(parts) => {
            let words = parts.iter().flat_map(|(option, part)| data(option, part.clone()));
            (words.collect(), true)
        }
        Body::Stdin => (data("-T", "-".to_owned()), true),
        Body::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => (data("--data-raw", text.to_owned()), true),
            _ => {
                *before = format!("printf '{}' | ", octal(bytes)?);
                (data("--data-binary", "@-".to_owned()), true)
            }
        },
    })
}

/// Bytes as `printf` of any shell reads them.
fn octal(bytes: &[u8]) -> Result<String, Failure> {
    if bytes.len() > LONGEST {
        let message = format!("a body of bytes that are no text can be {LONGEST} bytes long");
        return Err(wrong(&format!("{message}; put it into a file and send @FILE")));
    }
    Ok(bytes.iter().fold(String::new(), |mut text, byte| {
        // Text can always be written to.
        let _infallible = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'-' | b' ' => write!(text, "{}", char::from(*byte)),
            _ => write!(text, "\\{byte:03o}"),
        };
        text
    }))
}

/// The most bytes that are no text in a line: 16 KiB, which four times longer still fit into one.
const LONGEST: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(method: &str, headers: &[(&str, &str)], body: Body) -> Wire {
        let headers = headers.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        let (method, url) = (method.to_owned(), "http://h.test/a?b=c d".to_owned());
        Wire { method, url, headers: headers.collect(), body, options: Vec::new() }
    }

    #[track_caller]
    fn check(wire: &Wire, expected: &str) {
        let plain = "-H User-Agent: -H Accept:";
        let line =
            line(wire).unwrap().replace(plain, "PLAIN").replace("'http://h.test/a?b=c d'", "URL");
        assert_eq!(line, expected);
    }

    #[test]
    fn a_line_sends_what_opi_sends_and_nothing_else() {
        check(&wire("GET", &[("host", "h.test")], Body::None), "curl PLAIN URL");
        check(&wire("HEAD", &[], Body::None), "curl -I PLAIN URL");
        check(&wire("DELETE", &[], Body::None), "curl -X DELETE PLAIN URL");
        let headers = [("X-A", "it's"), ("X-B", ""), ("user-agent", "me"), ("Accept", "*/*")];
        check(
            &wire("GET", &headers, Body::None),
            r"curl -H 'X-A: it'\''s' -H 'X-B;' -H 'user-agent: me' -H 'Accept: */*' URL",
        );
        let json = [("content-type", "application/json"), ("content-length", "7")];
        check(
            &wire("POST", &json, Body::Bytes("{\"a\":1}".into())),
            "curl -H 'content-type: application/json' PLAIN -H Expect: --data-raw '{\"a\":1}' URL",
        );
        check(
            &wire("PUT", &[], Body::Bytes("@x".into())),
            "curl -X PUT PLAIN -H Content-Type: -H Expect: --data-raw @x URL",
        );
        check(
            &wire("POST", &[], Body::File("a b".into())),
            "curl PLAIN -H Content-Type: -H Expect: --data-binary '@a b' URL",
        );
        check(
            &wire("PUT", &[], Body::Stdin),
            "curl -X PUT PLAIN -H Content-Type: -H Expect: -T - URL",
        );
    }

    #[test]
    fn bytes_that_are_no_text_are_printed_into_it() {
        check(
            &wire("POST", &[], Body::Bytes(Bytes::from_static(b"a'%\\\x00\xff"))),
            "printf 'a\\047\\045\\134\\000\\377' | curl PLAIN -H Content-Type: -H Expect: --data-binary @- URL",
        );
        let long = |length| line(&wire("POST", &[], Body::Bytes(vec![0; length].into())));
        assert!(long(LONGEST).is_ok());
        assert_eq!(long(LONGEST + 1).unwrap_err().code(), "cli_usage");
    }

    #[test]
    fn a_form_keeps_the_type_that_curl_makes() {
        let parts = vec![("--form-string", "a=@b".to_owned()), ("-F", "f=@x.png".to_owned())];
        let typed = [("content-type", "multipart/form-data; boundary=x")];
        check(
            &wire("POST", &typed, Body::Form(parts)),
            "curl PLAIN -H Expect: --form-string a=@b -F f=@x.png URL",
        );
    }

    #[test]
    fn brackets_in_a_url_are_no_pattern() {
        let wire = Wire { url: "http://[::1]/".to_owned(), ..wire("GET", &[], Body::None) };
        assert!(line(&wire).unwrap().contains(" -g "));
    }
}
