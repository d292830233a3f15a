//! Unicode's rows of international names (UTS 46) through the front door. The rows of setters beside
//! them do not apply: a request's URL is built whole, and no part of it is set apart.

use harness::fixture_text;
use opi_http_connector::Request;

struct Row {
    source: String,
    ascii: String,
    status: String,
}

/// Reads a line; none when a half of a pair of UTF-16 stands in it, which no text of Rust can hold.
fn row(line: &str) -> Option<Row> {
    let columns: Option<Vec<String>> = line.split(';').map(|it| column(it.trim())).collect();
    let mut columns = columns?.into_iter();
    let mut next = || columns.next().unwrap();
    let source = next();
    // A column that is blank is as the one before it.
    let or = |own: String, before: &str| if own.is_empty() { before.to_owned() } else { own };
    let unicode = or(next(), &source);
    let of_unicode = next();
    let ascii = or(next(), &unicode);
    let status = or(next(), &of_unicode);
    let plain = |text: String| if text == "\"\"" { String::new() } else { text };
    Some(Row { source: plain(source), ascii: plain(ascii), status })
}

/// Puts the characters in the place of `\uXXXX` and `\x{XXXX}`.
fn column(text: &str) -> Option<String> {
    let mut pieces = text.split('\\');
    let mut read = pieces.next()?.to_owned();
    for piece in pieces {
        let (digits, rest) = match piece.strip_prefix("x{") {
            Some(piece) => piece.split_once('}')?,
            None => piece.strip_prefix('u')?.split_at(4),
        };
        read.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?)?);
        read.push_str(rest);
    }
    Some(read)
}

/// Whether the row fails in a browser too: hyphens, lengths and ASCII beside letters are let through
/// there (WHATWG URL, "domain to ASCII" without `beStrict`).
fn fails(status: &str) -> bool {
    let codes = status.trim_matches(['[', ']']).split(',').map(str::trim);
    codes.filter(|code| !code.is_empty()).any(|code| !LET_THROUGH.contains(&code))
}

const LET_THROUGH: &[&str] = &["A4_1", "A4_2", "U1", "V2", "V3"];

/// Signs that end a host, or that no host may have (WHATWG URL, "forbidden domain code point").
fn has_sign(text: &str) -> bool {
    text.chars().any(|it| it.is_ascii_control() || " #/:<>?@[\\]^`{|}%".contains(it))
}

/// Signs that end a host where they stand, or are taken out of a URL: the host would be another.
fn ends_a_host(text: &str) -> bool {
    text.contains(['#', '/', ':', '?', '@', '[', '\\', ']', '%', '\t', '\n', '\r'])
}

/// Whether the standard reads an address of IPv4, by the last label.
fn ends_in_a_number(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let last = host.rsplit('.').next().unwrap_or_default();
    !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit())
}

#[test]
fn international_names_are_read_as_unicode_says() {
    let Some(text) = fixture_text("url-wpt/IdnaTestV2.txt") else { return };
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    assert_eq!(lines.len(), 6391);
    let (mut run, mut halves, mut signs, mut numbers, mut otherwise) = (0, 0, 0, 0, Vec::new());
    for line in &lines {
        let Some(row) = row(line) else {
            halves += 1;
            continue;
        };
        if ends_a_host(&row.source) {
            signs += 1;
            continue;
        }
        if ends_in_a_number(&row.ascii) {
            numbers += 1;
            continue;
        }
        run += 1;
        let found = Request::get(&format!("http://{}/", row.source)).ok();
        let found = found.map(|request| request.url().host_str().unwrap().to_owned());
        let refused = fails(&row.status) || row.ascii.is_empty() || has_sign(&row.ascii);
        let expected = (!refused).then(|| row.ascii.clone());
        if found != expected {
            assert_eq!(found.as_ref(), Some(&row.ascii), "{line}");
            otherwise.push(row.ascii);
        }
    }
    assert_eq!((run, halves, signs, numbers), (6225, 2, 142, 22));
    assert_eq!(otherwise, LET_IN);
}

/// Deviation: crate `idna` lets in what Unicode refuses, and reads it as the row does: two names
/// whose label begins with `xn--` once more when it is decoded (V4), and four rows of two names with a
/// character that is not valid (V7), the last in three ways of writing. No name of a registry is like that.
const LET_IN: &[&str] = &[
    "xn--xn--a--gua.pt",
    "xn--xn---epa",
    "xn--5cb172r175fug38a.xn--mlj",
    "xn--t92s.xn--znb.xn--5-y88f",
    "xn--t92s.xn--znb.xn--5-y88f",
    "xn--t92s.xn--znb.xn--5-y88f",
];
