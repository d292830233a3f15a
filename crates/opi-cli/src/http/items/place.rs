//! The place of a value in a JSON document, as HTTPie writes it: `a[b][0][]`. Pure.

/// A step into a document.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Step {
    /// Behind the last element of an array.
    Append,
    /// An element of an array.
    Index(usize),
    /// A member of an object.
    Key(String),
}

/// Reads a place: a name, then steps in brackets; or steps alone, for a document that is an array.
/// A backslash takes the meaning of `[`, `]`, of itself before them, and of a number in brackets.
///
/// # Errors
///
/// A bracket is not closed, something stands between two of them, or there are too many.
pub(super) fn parse(name: &str) -> Result<Vec<Step>, String> {
    let (root, mut rest) = text(name, '[');
    let mut steps = Vec::new();
    if !(root.is_empty() && rest.starts_with('[')) {
        steps.push(Step::Key(root));
    }
    while !rest.is_empty() {
        let inside = rest.strip_prefix('[').ok_or("between ] and [ nothing can stand")?;
        let (written, behind) = text(inside, ']');
        rest = behind.strip_prefix(']').ok_or("a [ is not closed; \\[ is the character itself")?;
        let raw = inside.get(..inside.len() - behind.len()).unwrap_or_default();
        steps.push(step(raw, written)?);
        if steps.len() > DEEPEST {
            return Err(format!("expected at most {DEEPEST} steps into the document"));
        }
    }
    Ok(steps)
}

/// What stands in brackets, as it was typed and with its escapes undone.
fn step(raw: &str, written: String) -> Result<Step, String> {
    if raw.is_empty() {
        return Ok(Step::Append);
    }
    if !raw.bytes().all(|byte| byte.is_ascii_digit()) {
        let number = written.strip_prefix('\\').filter(|it| it.bytes().all(|b| b.is_ascii_digit()));
        return Ok(Step::Key(number.map(str::to_owned).unwrap_or(written)));
    }
    match raw.parse() {
        Ok(index) if index <= HIGHEST => Ok(Step::Index(index)),
        _ => Err(format!("expected an index of {HIGHEST} at most")),
    }
}

/// The text up to an `end` that is not escaped, and the rest.
fn text(from: &str, end: char) -> (String, &str) {
    let mut plain = String::new();
    let mut rest = from;
    while let Some(c) = rest.chars().next() {
        if c == end {
            break;
        }
        let next = rest.chars().nth(1).filter(|next| c == '\\' && matches!(next, '[' | ']' | '\\'));
        plain.push(next.unwrap_or(c));
        rest = rest.get(c.len_utf8() + next.map_or(0, char::len_utf8)..).unwrap_or_default();
    }
    (plain, rest)
}

/// The most steps of a place.
pub(super) const DEEPEST: usize = 100;

/// The highest index: what stands before it and is not given is null, and sent.
pub(super) const HIGHEST: usize = 9999;

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Step {
        Step::Key(text.to_owned())
    }

    #[track_caller]
    fn check(name: &str, steps: &[Step]) {
        assert_eq!(parse(name).as_deref(), Ok(steps), "{name:?}");
    }

    #[test]
    fn a_place_is_a_name_and_steps() {
        check("a", &[key("a")]);
        check("0", &[key("0")]);
        check("a[b][c d]", &[key("a"), key("b"), key("c d")]);
        check("a[b][]", &[key("a"), key("b"), Step::Append]);
        check("a[7][]", &[key("a"), Step::Index(7), Step::Append]);
        check("[]", &[Step::Append]);
        check("[0][name]", &[Step::Index(0), key("name")]);
        check("ж[я]", &[key("ж"), key("я")]);
        check("a]", &[key("a]")]);
    }

    #[test]
    fn a_backslash_takes_the_meaning_of_brackets_and_numbers() {
        check("a\\[b\\]", &[key("a[b]")]);
        check("a[b\\]c]", &[key("a"), key("b]c")]);
        check("a[\\7]", &[key("a"), key("7")]);
        check("a\\b", &[key("a\\b")]);
        check("a\\\\[b]", &[key("a\\"), key("b")]);
        check("a[\\n]", &[key("a"), key("\\n")]);
    }

    #[test]
    fn a_wrong_place_is_told() {
        for (name, expected) in [
            ("a[b", "not closed"),
            ("a[b]c", "nothing can stand"),
            ("a[b]c[d]", "nothing can stand"),
            ("a[10000]", "an index of 9999"),
            ("a[99999999999999999999]", "an index of 9999"),
        ] {
            assert!(parse(name).unwrap_err().contains(expected), "{name}");
        }
        assert!(parse("a[9999]").is_ok());
        assert!(parse(&format!("a{}", "[]".repeat(DEEPEST - 1))).is_ok());
        assert!(parse(&format!("a{}", "[]".repeat(DEEPEST))).is_err());
    }
}
