//! Takes a form of several parts apart by RFC 2046 and RFC 7578, and refuses what is not exactly one.

/// A part as a server sees it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Seen {
    /// Between the quotes, as it came.
    pub(crate) name: String,
    pub(crate) file_name: Option<String>,
    /// All other headers, names in small letters.
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) data: Vec<u8>,
}

/// The parts of `body`; nothing when it is no such form.
pub(crate) fn parse(body: &[u8], boundary: &str) -> Option<Vec<Seen>> {
    let mark = format!("--{boundary}").into_bytes();
    let mut start = body;
    while let Some(rest) = start.strip_prefix(b"\r\n") {
        start = rest;
    }
    let mut ahead = start.strip_prefix(&mark[..])?;
    let mut seen = Vec::new();
    loop {
        if ahead.starts_with(b"--") {
            return Some(seen);
        }
        let part = line_end(ahead)?;
        let (content, next) = until(part, &mark)?;
        seen.push(part_of(content)?);
        ahead = next;
    }
}

/// What follows padding and the end of a line.
fn line_end(text: &[u8]) -> Option<&[u8]> {
    let padding = text.iter().take_while(|it| **it == b' ' || **it == b'\t').count();
    text[padding..].strip_prefix(b"\r\n")
}

/// What stands before the next boundary, and what follows that.
fn until<'a>(text: &'a [u8], mark: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let whole = [b"\r\n", mark].concat();
    for at in 0..text.len() {
        if let Some(rest) = text[at..].strip_prefix(&whole[..])
            && (rest.starts_with(b"--") || line_end(rest).is_some())
        {
            return Some((&text[..at], rest));
        }
    }
    None
}

fn part_of(content: &[u8]) -> Option<Seen> {
    let mut seen = Seen::default();
    let mut rest = content;
    loop {
        let at = rest.windows(2).position(|it| it == b"\r\n")?;
        let line = &rest[..at];
        rest = &rest[at + 2..];
        if line.is_empty() {
            break;
        }
        let colon = line.iter().position(|it| *it == b':')?;
        let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
        if name.is_empty()
            || !name.iter().all(is_token)
            || value.contains(&b'\r')
            || value.contains(&b'\n')
        {
            return None;
        }
        let name = String::from_utf8(name.to_ascii_lowercase()).ok()?;
        if name == "content-disposition" {
            (seen.name, seen.file_name) = disposition(value)?;
        } else {
            seen.headers.push((name, value.to_vec()));
        }
    }
    seen.data = rest.to_vec();
    Some(seen)
}

fn is_token(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte)
}

/// `form-data; name="…"; filename="…"`: nothing is unescaped, as the HTML standard has it.
fn disposition(value: &[u8]) -> Option<(String, Option<String>)> {
    let (mut name, mut file_name) = (None, None);
    let (kind, mut rest) = value.split_at_checked(9)?;
    if !kind.eq_ignore_ascii_case(b"form-data") {
        return None;
    }
    while let Some(after) = rest.strip_prefix(b";") {
        let after = after.trim_ascii_start();
        let equal = after.iter().position(|it| *it == b'=')?;
        let (value, behind) = value_of(&after[equal + 1..])?;
        let text = String::from_utf8_lossy(value).into_owned();
        match after[..equal].to_ascii_lowercase().as_slice() {
            b"name" if name.is_none() => name = Some(text),
            b"filename" if file_name.is_none() => file_name = Some(text),
            b"name" | b"filename" => return None,
            _ => {}
        }
        rest = behind;
    }
    if rest.is_empty() { Some((name?, file_name)) } else { None }
}

/// What stands in quotes or before a semicolon, and what follows it.
fn value_of(text: &[u8]) -> Option<(&[u8], &[u8])> {
    if let Some(quoted) = text.strip_prefix(b"\"") {
        let end = quoted.iter().position(|it| *it == b'"')?;
        return Some((&quoted[..end], &quoted[end + 1..]));
    }
    Some(text.split_at(text.iter().position(|it| *it == b';').unwrap_or(text.len())))
}
