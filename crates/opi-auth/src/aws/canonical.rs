//! The text that a signature covers: method, path, query, headers and the hash of the body.

use std::borrow::Cow;
use std::fmt::Write;

use super::AwsRules;

/// The path as it is signed; `path` is as it is sent.
pub(super) fn path(path: &str, rules: AwsRules) -> String {
    match rules {
        // The server takes the path as it came and encodes it, the percent signs too.
        AwsRules::General => encoded(normalized(path).as_bytes(), Slash::Kept),
        // The server encodes the name of the key, whatever of it came encoded.
        AwsRules::S3 => encoded(&decoded(path, Plus::Itself), Slash::Kept),
    }
}

/// The query as it is signed: names and values encoded in one way, sorted, each with `=`.
pub(super) fn query<'a>(
    query: &str,
    added: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> String {
    let strict = |part: &str| encoded(&decoded(part, Plus::Space), Slash::Encoded);
    let given = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (strict(name), strict(value))
    });
    let added = added.into_iter().map(|(name, value)| (parameter(name), parameter(value)));
    let mut pairs: Vec<_> = given.chain(added).collect();
    pairs.sort();
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// A name or a value of the query, encoded as it is signed and sent.
pub(super) fn parameter(text: &str) -> String {
    encoded(text.as_bytes(), Slash::Encoded)
}

/// The headers as they are signed, sorted, those of one name in one line.
pub(super) struct Headers(Vec<(String, Vec<u8>)>);

impl Headers {
    pub(super) fn new<'a>(headers: impl IntoIterator<Item = (&'a str, Cow<'a, [u8]>)>) -> Self {
        let mut lines: Vec<(String, Vec<u8>)> = Vec::new();
        for (name, value) in headers {
            let (name, value) = (name.to_ascii_lowercase(), collapsed(&value));
            match lines.iter_mut().find(|(it, _)| *it == name) {
                Some((_, line)) => line.extend([b",", value.as_slice()].concat()),
                None => lines.push((name, value)),
            }
        }
        lines.sort();
        Self(lines)
    }

    /// `host;x-amz-date`.
    pub(super) fn names(&self) -> String {
        let names: Vec<_> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        names.join(";")
    }

    /// The whole text that is hashed and signed.
    pub(super) fn canonical(&self, method: &str, path: &str, query: &str, hash: &str) -> Vec<u8> {
        let mut text = format!("{method}\n{path}\n{query}\n").into_bytes();
        for (name, value) in &self.0 {
            text.extend([name.as_bytes(), b":", value, b"\n"].concat());
        }
        text.extend(format!("\n{}\n{hash}", self.names()).into_bytes());
        text
    }
}

/// The value without spaces around it, and with one in the place of several.
fn collapsed(value: &[u8]) -> Vec<u8> {
    let words = value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(&b' ')
}

/// The path without empty segments, `.` and `..` (RFC 3986 section 5.2.4).
fn normalized(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(kept.pop()),
            segment => kept.push(segment),
        }
    }
    let ends = ["/", "/.", "/.."].iter().any(|end| path.ends_with(end)) && !kept.is_empty();
    format!("/{}{}", kept.join("/"), if ends { "/" } else { "" })
}

#[derive(Clone, Copy, PartialEq)]
enum Slash {
    Encoded,
    Kept,
}

/// All but letters, digits and `-._~` as `%XX`.
fn encoded(bytes: &[u8], slash: Slash) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        let plain = byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
        if plain || (*byte == b'/' && slash == Slash::Kept) {
            text.push(char::from(*byte));
        } else {
            let _always_ok = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[derive(Clone, Copy, PartialEq)]
enum Plus {
    Itself,
    Space,
}

/// The bytes that `text` stands for; a percent sign that begins nothing is itself.
fn decoded(text: &str, plus: Plus) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = if *first == b'%' { hex(after) } else { None };
        rest = if code.is_some() { after.get(2..).unwrap_or_default() } else { after };
        bytes.push(match code {
            Some(code) => code,
            None if *first == b'+' && plus == Plus::Space => b' ',
            None => *first,
        });
    }
    bytes
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digits = digits.get(..2).filter(|it| it.iter().all(u8::is_ascii_hexdigit))?;
    u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_path(sent: &str, general: &str, s3: &str) {
        assert_eq!(path(sent, AwsRules::General), general, "{sent} in general");
        assert_eq!(path(sent, AwsRules::S3), s3, "{sent} for S3");
    }

    #[test]
    fn paths_are_signed_as_the_server_sees_them() {
        check_path("", "/", "");
        check_path("/", "/", "/");
        check_path("/a/../b//c/.", "/b/c/", "/a/../b//c/.");
        check_path("/..", "/", "/..");
        check_path("/%D1%84.txt", "/%25D1%2584.txt", "/%D1%84.txt");
        check_path("/%d1%84", "/%25d1%2584", "/%D1%84");
        check_path("/a%20b+c", "/a%2520b%2Bc", "/a%20b%2Bc");
        check_path("/a%2Fb", "/a%252Fb", "/a/b");
        check_path(
            "/!$&'()*,;=:@~",
            "/%21%24%26%27%28%29%2A%2C%3B%3D%3A%40~",
            "/%21%24%26%27%28%29%2A%2C%3B%3D%3A%40~",
        );
        check_path("/100%", "/100%25", "/100%25");
        check_path("/%ff%4x", "/%25ff%254x", "/%FF%254x");
    }

    #[track_caller]
    fn check_query(sent: &str, expected: &str) {
        assert_eq!(query(sent, []), expected, "{sent}");
    }

    #[test]
    fn queries_are_sorted_and_encoded_in_one_way() {
        check_query("", "");
        check_query("&&", "");
        check_query("acl", "acl=");
        check_query("b=2&a=1&b=1&a", "a=&a=1&b=1&b=2");
        check_query("a=b=c", "a=b%3Dc");
        check_query("k=a+b%20c%2B", "k=a%20b%20c%2B");
        check_query("%d1%84=%D0%B9", "%D1%84=%D0%B9");
        check_query("ф=1", "%D1%84=1");
        check_query("x=%ff&y=%zz", "x=%FF&y=%25zz");
        check_query("t[]=/~", "t%5B%5D=%2F~");
        // Names are compared before values, and as they are encoded.
        check_query("a-=1&a=2", "a=2&a-=1");
    }

    #[test]
    fn headers_are_sorted_trimmed_and_joined() {
        let rows: [(&str, &[u8]); 4] =
            [("X-B", b" a  b\t c "), ("host", b"h"), ("x-b", b""), ("X-A", "\u{a0}ф".as_bytes())];
        let headers = Headers::new(rows.map(|(name, value)| (name, Cow::Borrowed(value))));
        assert_eq!(headers.names(), "host;x-a;x-b");
        let text = String::from_utf8(headers.canonical("GET", "/", "", "hash")).unwrap();
        assert_eq!(text, "GET\n/\n\nhost:h\nx-a:\u{a0}ф\nx-b:a b c,\n\nhost;x-a;x-b\nhash");
    }
}
