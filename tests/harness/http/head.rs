//! The strict reading of a request's head: what RFC 9112 forbids a client is named, never repaired.

use std::fmt;

/// The header fields of a message, in the order and with the letters in which they came.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Headers(Vec<(String, String)>);

/// A request line with its header fields.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) version: String,
    pub(crate) headers: Headers,
    pub(crate) raw: Vec<u8>,
}

/// How long the body is that follows a head.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Length {
    Chunked,
    Known(usize),
}

impl Headers {
    /// The value of the first field with this name, whatever its case.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        let mut fields = self.iter();
        fields.find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The values of all fields with this name, whatever its case.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let matching = self.0.iter().filter(move |(given, _)| given.eq_ignore_ascii_case(name));
        matching.map(|(_, value)| value.as_str())
    }

    /// All fields, as they came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(crate) fn push(&mut self, name: &str, value: &str) {
        self.0.push((name.to_owned(), value.to_owned()));
    }
}

impl fmt::Display for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().try_for_each(|(name, value)| write!(f, "{name}: {value}\r\n"))
    }
}

impl Head {
    /// Reads `raw`, which ends with the empty line.
    pub(crate) fn parse(raw: &[u8]) -> Result<Self, String> {
        let text = str::from_utf8(raw).map_err(|_| fault("bytes that are not UTF-8", raw))?;
        let text = text.strip_suffix("\r\n\r\n").ok_or_else(|| fault("no empty line", raw))?;
        if text.replace("\r\n", "").contains(|c: char| c.is_control() && c != '\t') {
            return Err(fault("a control character", raw));
        }
        let mut lines = text.split("\r\n");
        let (method, target, version) = request_line(lines.next().unwrap_or_default())?;
        let mut headers = Headers::default();
        for line in lines {
            let (name, value) = field(line)?;
            headers.push(name, value);
        }
        let head = Self { method, target, version, headers, raw: raw.to_vec() };
        head.check_host()?;
        Ok(head)
    }

    pub(crate) fn length(&self) -> Result<Length, String> {
        let lengths: Vec<_> = self.headers.values("content-length").collect();
        let codings: Vec<_> = self.headers.values("transfer-encoding").collect();
        match (lengths.as_slice(), codings.as_slice()) {
            ([], []) => Ok(Length::Known(0)),
            ([], ["chunked"]) if self.version == "HTTP/1.1" => Ok(Length::Chunked),
            ([length], []) if length.bytes().all(|digit| digit.is_ascii_digit()) => length
                .parse()
                .map(Length::Known)
                .map_err(|error| format!("Content-Length: {error}")),
            _ => Err(format!("the body's length is unclear: {lengths:?} {codings:?}")),
        }
    }

    /// Whether the client lets the connection live on.
    pub(crate) fn keeps_alive(&self) -> bool {
        let named = |token: &str| {
            let mut tokens = self.headers.values("connection").flat_map(|value| value.split(','));
            tokens.any(|given| given.trim().eq_ignore_ascii_case(token))
        };
        match self.version.as_str() {
            "HTTP/1.0" => named("keep-alive"),
            _ => !named("close"),
        }
    }

    fn check_host(&self) -> Result<(), String> {
        let hosts: Vec<_> = self.headers.values("host").collect();
        match hosts.as_slice() {
            [] if self.version == "HTTP/1.0" => Ok(()),
            [host] if !host.is_empty() && !host.contains([' ', '@', '/']) => Ok(()),
            _ => Err(format!("a request needs one Host, and has {hosts:?}")),
        }
    }
}

fn request_line(line: &str) -> Result<(String, String, String), String> {
    let parts: Vec<_> = line.split(' ').collect();
    let [method, target, version] = parts.as_slice() else {
        return Err(format!("the request line has not three parts: {line:?}"));
    };
    let clean =
        !target.is_empty() && target.is_ascii() && !target.contains(['#', '"', '<', '>', '\t']);
    match (is_token(method), clean, *version) {
        (true, true, "HTTP/1.0" | "HTTP/1.1") => {
            Ok((method.to_string(), target.to_string(), version.to_string()))
        }
        _ => Err(format!("the request line is wrong: {line:?}")),
    }
}

fn field(line: &str) -> Result<(&str, &str), String> {
    match line.split_once(':') {
        Some((name, value)) if is_token(name) => Ok((name, value.trim_matches([' ', '\t']))),
        _ => Err(format!("the header line is wrong: {line:?}")),
    }
}

fn is_token(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !text.is_empty() && text.chars().all(allowed)
}

fn fault(what: &str, raw: &[u8]) -> String {
    format!("the head has {what}: \"{}\"", raw.escape_ascii())
}
