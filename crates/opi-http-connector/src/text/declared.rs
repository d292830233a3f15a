//! The encoding that a document names itself: an XML declaration, or a `meta` of HTML.

use super::charset::Charset;
use crate::parameters;

/// What `body` names within its first 1024 bytes, where its type lets it.
pub(super) fn find(body: &[u8], content_type: Option<&str>) -> Option<Charset> {
    let kind = content_type.map(parameters::head).filter(|it| !it.is_empty());
    let is = |word: &str| kind.as_deref().is_none_or(|it| it.contains(word));
    let start = body.get(..1024).unwrap_or(body);
    let by_declaration = || if is("xml") { declaration(start) } else { None };
    let by_meta = || if is("html") { meta(start) } else { None };
    by_declaration().or_else(by_meta)
}

/// `<?xml version="1.0" encoding="…"?>`, also in UTF-16 without a mark (XML 1.0, appendix F).
fn declaration(start: &[u8]) -> Option<Charset> {
    if start.starts_with(b"<\0?\0x\0") {
        return Some(Charset::UTF_16LE);
    }
    if start.starts_with(b"\0<\0?\0x") {
        return Some(Charset::UTF_16BE);
    }
    let text = ascii(start.strip_prefix(b"<?xml")?);
    let attributes = text.get(..text.find("?>")?)?;
    narrow(&attribute(attributes, "encoding")?)
}

/// `<meta charset=…>`, or `<meta http-equiv=content-type content="…; charset=…">`.
fn meta(start: &[u8]) -> Option<Charset> {
    let text = without_comments(&ascii(start));
    let mut rest = text.as_str();
    while let Some(at) = rest.find("<meta") {
        rest = rest.get(at + 5..).unwrap_or_default();
        let end = rest.find('>')?;
        let attributes = rest.get(..end).unwrap_or_default();
        if !attributes.starts_with(|it: char| it.is_ascii_whitespace() || it == '/') {
            continue;
        }
        let by_type = || {
            attribute(attributes, "http-equiv").filter(|it| it == "content-type")?;
            let content = attribute(attributes, "content")?;
            parameters::find(&format!("x;{}", content.replace(',', ";")), "charset")
        };
        let label = attribute(attributes, "charset").or_else(by_type);
        if let Some(charset) = label.as_deref().and_then(narrow) {
            return Some(charset);
        }
    }
    None
}

/// The encoding of a label that was read byte by byte: it cannot be UTF-16, so UTF-8 is meant.
fn narrow(label: &str) -> Option<Charset> {
    let charset = Charset::known(label)?;
    let is_wide = [Charset::UTF_16BE, Charset::UTF_16LE].contains(&charset);
    Some(if is_wide { Charset::UTF_8 } else { charset })
}

/// The value of an attribute, with quotes of either kind or without.
fn attribute(attributes: &str, wanted: &str) -> Option<String> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|it: char| it.is_ascii_whitespace() || it == '/');
        let end = rest.find(|it: char| it.is_ascii_whitespace() || "=/".contains(it));
        let (name, after) = rest.split_at(end.unwrap_or(rest.len()));
        let Some(value) = after.trim_start().strip_prefix('=').map(str::trim_start) else {
            // A word without a value, or the end.
            rest = after;
            if after.is_empty() || name.is_empty() {
                return None;
            }
            continue;
        };
        let quote = value.chars().next().filter(|it| "\"'".contains(*it));
        let (found, after) = match quote {
            Some(quote) => value.get(1..)?.split_once(quote)?,
            None => value
                .split_at(value.find(|it: char| it.is_ascii_whitespace()).unwrap_or(value.len())),
        };
        if name == wanted {
            return Some(found.trim().to_owned());
        }
        rest = after;
    }
}

fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<!--") {
        kept.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, after)| after);
    }
    kept + rest
}

/// The ASCII of it in small letters; every other byte is a blank that nothing looks for.
fn ascii(bytes: &[u8]) -> String {
    let letter =
        |it: &u8| if it.is_ascii() { char::from(it.to_ascii_lowercase()) } else { '\u{1}' };
    bytes.iter().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, content_type: Option<&str>, expected: Option<&str>) {
        let found = find(body.as_bytes(), content_type).map(Charset::name);
        assert_eq!(found, expected, "{body} {content_type:?}");
    }

    const HTML: Option<&str> = Some("text/html");
    const XML: Option<&str> = Some("application/soap+xml; x=y");

    #[test]
    fn a_document_is_believed_only_as_its_type_lets_it() {
        let xml = "<?xml version='1.0' encoding='UTF-8' standalone='no'?><a/>";
        let html = "<!doctype html><meta charset=utf-8>";
        check(xml, XML, Some("UTF-8"));
        check(xml, None, Some("UTF-8"));
        check(xml, HTML, None);
        check(html, HTML, Some("UTF-8"));
        check(html, None, Some("UTF-8"));
        check(html, XML, None);
        check(html, Some("text/plain"), None);
        check(html, Some("application/json"), None);
    }

    #[cfg(feature = "encodings")]
    #[test]
    fn a_declaration_is_read_in_every_form() {
        check("<?xml version=\"1.0\" encoding = \"windows-1251\" ?>", XML, Some("windows-1251"));
        check("<?xml encoding='koi8-r'?>", XML, Some("KOI8-R"));
        check("<?xml encoding='utf-16'?>", XML, Some("UTF-8"));
        check("<?xml encoding='no-such'?>", XML, None);
        check("<?xml encoding='utf-8'", XML, None);
        check("<?xml encoding=?>", XML, None);
        check("x<?xml encoding='utf-8'?>", XML, None);
        check("<\0?\0x\0m\0l\0", XML, Some("UTF-16LE"));
        check("\0<\0?\0x\0m\0l", XML, Some("UTF-16BE"));
    }

    #[cfg(feature = "encodings")]
    #[test]
    fn a_meta_is_read_in_every_form() {
        check("<META CharSet = 'Windows-1251' />", HTML, Some("windows-1251"));
        check("<meta name=x content='y'><meta\ncharset=koi8-r>", HTML, Some("KOI8-R"));
        let equal = "<meta content='text/html; charset=ibm866' http-equiv=Content-Type>";
        check(equal, HTML, Some("IBM866"));
        check("<meta content='text/html; charset=ibm866'>", HTML, None);
        check("<!-- <meta charset=koi8-r> --><meta charset=utf-16>", HTML, Some("UTF-8"));
        check("<!-- <meta charset=koi8-r>", HTML, None);
        check("<metacharset=koi8-r>", HTML, None);
        check("<meta charset=koi8-r", HTML, None);
        check("<meta charset='koi8-r>", HTML, None);
        check("<meta charset=no-such><meta a b / c charset=\"koi8-r\">", HTML, Some("KOI8-R"));
        check("<meta =x charset=koi8-r>", HTML, Some("KOI8-R"));
        let late = format!("{}<meta charset=koi8-r>", " ".repeat(1003));
        check(&late, HTML, Some("KOI8-R"));
        check(&format!(" {late}"), HTML, None);
    }
}
