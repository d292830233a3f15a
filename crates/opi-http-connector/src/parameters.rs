//! The parameters of a header such as `Content-Type` or `Content-Disposition` (RFC 9110 section 5.6.6).

/// The value before the parameters, in small letters.
pub(crate) fn head(value: &str) -> String {
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The first parameter of this name, which is in small letters; quotes are taken off.
pub(crate) fn find(value: &str, wanted: &str) -> Option<String> {
    all(value).find(|(name, _)| name == wanted).map(|(_, found)| found)
}

/// The parameters in their order, names in small letters, values without quotes.
pub(crate) fn all(value: &str) -> impl Iterator<Item = (String, String)> {
    let mut rest = value.split_once(';').map(|(_, rest)| rest);
    std::iter::from_fn(move || {
        loop {
            let now = rest.take()?;
            let end = now.find(['=', ';']).unwrap_or(now.len());
            let (name, after) = now.split_at(end);
            let Some(after) = after.strip_prefix('=') else {
                // A word without a value is passed over.
                rest = after.strip_prefix(';');
                continue;
            };
            let (found, after) = value_of(after.trim_start());
            rest = after;
            return Some((name.trim().to_ascii_lowercase(), found));
        }
    })
}

/// A value as it is written: in quotes unless it is a token.
pub(crate) fn quoted(value: &str) -> String {
    let is_token = |it: char| it.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(it);
    if !value.is_empty() && value.chars().all(is_token) {
        return value.to_owned();
    }
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A token or a quoted string, and what follows the semicolon behind it.
fn value_of(text: &str) -> (String, Option<&str>) {
    let Some(quoted) = text.strip_prefix('"') else {
        let (value, after) =
            text.split_once(';').map_or((text, None), |(it, rest)| (it, Some(rest)));
        return (value.trim().to_owned(), after);
    };
    let (mut value, mut letters) = (String::new(), quoted.char_indices());
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (value, quoted[at..].split_once(';').map(|(_, after)| after)),
            '\\' => value.extend(letters.next().map(|(_, escaped)| escaped)),
            _ => value.push(letter),
        }
    }
    (value, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, expected: Option<&str>) {
        assert_eq!(find(value, "charset").as_deref(), expected, "{value}");
    }

    #[test]
    fn the_first_parameter_of_a_name_is_found_in_every_form() {
        check("text/plain; charset=utf-8", Some("utf-8"));
        check("text/plain;ChArSeT = \"utf-8\" ;a=b", Some("utf-8"));
        check("text/plain; a=\"x;charset=no\\\"\"; charset=yes", Some("yes"));
        check("text/plain; charset=one; charset=two", Some("one"));
        check("text/plain; word; charset=x", Some("x"));
        check("text/plain; charset=", Some(""));
        check("text/plain; charset=\"open", Some("open"));
        check("text/plain; charset=\"a\\", Some("a"));
        check("text/plain; charset", None);
        check("text/plain; xcharset=x; ; =; ж=\"ж", None);
        check("charset=utf-8", None);
        check("", None);
        assert_eq!((quoted("a-b"), quoted("a \"\\")), ("a-b".into(), "\"a \\\"\\\\\"".into()));
        assert_eq!(head(" Text/HTML ; charset=x"), "text/html");
    }
}
