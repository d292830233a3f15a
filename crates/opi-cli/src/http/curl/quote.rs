//! Text as one word of a shell command (POSIX sh), and back. Pure.

use crate::failure::{ErrorKind, Failure};

/// `text` such that sh takes it as one word, unchanged.
pub(in crate::http) fn quote(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "%+,-./:=@_".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Splits a command as sh does: blanks, `'…'`, `"…"`, backslashes, line continuations, and bash's
/// `$'…'`, which browsers write.
///
/// # Errors
///
/// A quote is not closed, or something stands there that only a shell can do: variables,
/// substitutions, several commands, redirections.
pub(super) fn words(line: &str) -> Result<Vec<String>, Failure> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            c if c.is_whitespace() => words.extend(word.take()),
            '#' if word.is_none() => rest.by_ref().take_while(|c| *c != '\n').for_each(drop),
            '\\' => match rest.next() {
                Some('\n') => {}
                Some('\r') if rest.next_if_eq(&'\n').is_some() => {}
                Some(c) => word.get_or_insert_default().push(c),
                None => return Err(wrong("a backslash stands at the end")),
            },
            '\'' => single(&mut rest, word.get_or_insert_default())?,
            '"' => double(&mut rest, word.get_or_insert_default())?,
            '$' if rest.next_if_eq(&'\'').is_some() => {
                ansi(&mut rest, word.get_or_insert_default())?;
            }
            '$' | '`' => return Err(wrong("variables and substitutions are for a shell")),
            '|' | '&' | ';' | '<' | '>' | '(' | ')' => {
                return Err(wrong(&format!("{c} is for a shell; one curl command is expected")));
            }
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

type Rest<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn single(rest: &mut Rest<'_>, word: &mut String) -> Result<(), Failure> {
    loop {
        match rest.next() {
            Some('\'') => return Ok(()),
            Some(c) => word.push(c),
            None => return Err(wrong("a ' is not closed")),
        }
    }
}

fn double(rest: &mut Rest<'_>, word: &mut String) -> Result<(), Failure> {
    loop {
        match rest.next() {
            Some('"') => return Ok(()),
            Some('\\') => match rest.next() {
                Some('\n') => {}
                Some(c @ ('"' | '\\' | '$' | '`')) => word.push(c),
                Some(c) => word.extend(['\\', c]),
                None => return Err(wrong("a \" is not closed")),
            },
            Some('$' | '`') => return Err(wrong("variables and substitutions are for a shell")),
            Some(c) => word.push(c),
            None => return Err(wrong("a \" is not closed")),
        }
    }
}

/// What stands in `$'…'`.
fn ansi(rest: &mut Rest<'_>, word: &mut String) -> Result<(), Failure> {
    loop {
        match rest.next() {
            Some('\'') => return Ok(()),
            Some('\\') => word.push(escape(rest)?),
            Some(c) => word.push(c),
            None => return Err(wrong("a $' is not closed")),
        }
    }
}

fn escape(rest: &mut Rest<'_>) -> Result<char, Failure> {
    let Some(c) = rest.next() else { return Err(wrong("a $' is not closed")) };
    Ok(match c {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '\\' | '\'' | '"' | '?' => c,
        'u' => code(rest, 4)?,
        'U' => code(rest, 8)?,
        // Higher ones are bytes, which may be no character.
        'x' => Some(code(rest, 2)?).filter(char::is_ascii).ok_or_else(|| wrong(NO_ESCAPE))?,
        _ => return Err(wrong(NO_ESCAPE)),
    })
}

/// A character by its number, in at most so many hexadecimal digits.
fn code(rest: &mut Rest<'_>, most: usize) -> Result<char, Failure> {
    let mut digits = String::new();
    while digits.len() < most {
        match rest.next_if(char::is_ascii_hexdigit) {
            Some(digit) => digits.push(digit),
            None => break,
        }
    }
    let number = u32::from_str_radix(&digits, 16).ok();
    number.and_then(char::from_u32).filter(|c| *c != '\0').ok_or_else(|| wrong(NO_ESCAPE))
}

const NO_ESCAPE: &str = "in $'…' stands an escape that is none, or no character";

/// The failure of a curl line.
pub(super) fn wrong(why: &str) -> Failure {
    Failure::new(ErrorKind::Usage, format!("curl: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &[&str]) {
        let found = words(line).unwrap_or_else(|failure| panic!("{line}: {failure:?}"));
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn a_line_is_split_as_a_shell_does() {
        check("curl  -X POST\thttp://h.test/", &["curl", "-X", "POST", "http://h.test/"]);
        check("a 'b  c' \"d e\"f", &["a", "b  c", "d ef"]);
        check("a \\\n  b\\ c \\\r\n d", &["a", "b c", "d"]);
        check(r#"'it'\''s' "say \"hi\" \n \$" "#, &["it's", r#"say "hi" \n $"#]);
        check(r"$'a\nb\'c\u0416\x41\t'", &["a\nb'cЖA\t"]);
        check("'' \"\"", &["", ""]);
        check("a#b # c ' d\ne", &["a#b", "e"]);
        check("http://h.test/?a=1'&'b=2", &["http://h.test/?a=1&b=2"]);
    }

    #[test]
    fn what_only_a_shell_can_do_is_refused() {
        for (line, expected) in [
            ("a 'b", "' is not closed"),
            ("a \"b", "\" is not closed"),
            ("a $'b", "$' is not closed"),
            ("a \\", "backslash stands at the end"),
            ("a $HOME", "variables"),
            ("a \"$(id)\"", "variables"),
            ("a `id`", "variables"),
            ("a | b", "| is for a shell"),
            ("a; b", "; is for a shell"),
            ("a http://h/?b=1&c=2", "& is for a shell"),
            ("a > b", "> is for a shell"),
            (r"$'\q'", "an escape that is none"),
            (r"$'\xff'", "an escape that is none"),
            (r"$'\u0000'", "an escape that is none"),
        ] {
            let failure = words(line).unwrap_err();
            assert!(failure.message().contains(expected), "{line}: {}", failure.message());
        }
    }

    #[test]
    fn a_quoted_word_is_read_as_it_was() {
        for text in
            ["", "a", "a b", "it's", "''", "$HOME `id` \"x\" \\", "ж\n\t", "-x", "a=b&c", "~"]
        {
            assert_eq!(words(&quote(text)).unwrap(), [text], "{text:?}");
        }
        assert_eq!(quote("http://h.test/a,b"), "http://h.test/a,b");
        assert_eq!(quote("a'b"), r"'a'\''b'");
    }
}
