//! The pieces of a JSON text, one after another: numbers keep their digits, nesting has a limit.

use std::borrow::Cow;

/// A piece of JSON.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'text> {
    /// `{` or `[`.
    Begin(Nest),
    /// `}` or `]`.
    End(Nest),
    /// The name of a member.
    Name(Cow<'text, str>),
    /// A number, `true`, `false` or `null`, as it is written.
    Plain(&'text str),
    /// A string, without quotes and escapes.
    Text(Cow<'text, str>),
}

/// What holds other values.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Nest {
    Array,
    Object,
}

/// What is wrong, and at which byte.
#[derive(Debug, PartialEq)]
pub(super) struct Wrong {
    pub(super) at: usize,
    pub(super) what: &'static str,
}

/// Reads a text of exactly one value; nothing is called in itself, so depth costs no stack.
#[derive(Debug)]
pub(super) struct Lexer<'text> {
    text: &'text str,
    at: usize,
    nests: Vec<Nest>,
    most: usize,
    state: State,
}

/// What may come next.
#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    /// A comma or the end of what is open.
    AfterValue,
    /// The first member or `}`.
    FirstName,
    /// The first element or `]`.
    FirstValue,
    Name,
    Value,
}

impl<'text> Lexer<'text> {
    /// Reads `text`, in which at most `most` arrays and objects stand in each other.
    pub(super) fn new(text: &'text str, most: usize) -> Self {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        Self { text, at: 0, nests: Vec::new(), most, state: State::Value }
    }

    /// The next piece; `None` after the last.
    pub(super) fn next(&mut self) -> Result<Option<Token<'text>>, Wrong> {
        self.skip_spaces();
        if self.state == State::AfterValue {
            match (self.nests.last().copied(), self.peek()) {
                (None, None) => return Ok(None),
                (None, Some(_)) => return self.wrong("the text goes on after its value"),
                (Some(nest), Some(b',')) => {
                    self.at += 1;
                    self.state = if nest == Nest::Object { State::Name } else { State::Value };
                    self.skip_spaces();
                }
                (Some(nest), Some(close)) if close == nest.close() => return self.end(nest),
                (Some(_), _) => return self.wrong("expected a comma or the end"),
            }
        }
        match (self.state, self.peek()) {
            (State::FirstName, Some(b'}')) => self.end(Nest::Object),
            (State::FirstValue, Some(b']')) => self.end(Nest::Array),
            (State::FirstName | State::Name, Some(b'"')) => self.name().map(Some),
            (State::FirstName | State::Name, _) => self.wrong("expected a name in quotes"),
            (_, Some(b'{')) => self.begin(Nest::Object, State::FirstName),
            (_, Some(b'[')) => self.begin(Nest::Array, State::FirstValue),
            (_, Some(b'"')) => {
                let text = self.string()?;
                self.state = State::AfterValue;
                Ok(Some(Token::Text(text)))
            }
            (_, Some(_)) => self.plain().map(Some),
            (_, None) => self.wrong("the text ends too early"),
        }
    }

    fn begin(&mut self, nest: Nest, state: State) -> Result<Option<Token<'text>>, Wrong> {
        if self.nests.len() == self.most {
            return self.wrong("the nesting is deeper than allowed");
        }
        self.at += 1;
        self.nests.push(nest);
        self.state = state;
        Ok(Some(Token::Begin(nest)))
    }

    fn end(&mut self, nest: Nest) -> Result<Option<Token<'text>>, Wrong> {
        self.at += 1;
        self.nests.pop();
        self.state = State::AfterValue;
        Ok(Some(Token::End(nest)))
    }

    fn name(&mut self) -> Result<Token<'text>, Wrong> {
        let name = self.string()?;
        self.skip_spaces();
        if self.peek() != Some(b':') {
            return self.wrong("expected a colon");
        }
        self.at += 1;
        self.state = State::Value;
        Ok(Token::Name(name))
    }

    fn plain(&mut self) -> Result<Token<'text>, Wrong> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let is_end = |it: char| matches!(it, ',' | ']' | '}' | ' ' | '\t' | '\n' | '\r');
        let word = rest.split(is_end).next().unwrap_or_default();
        if !matches!(word, "true" | "false" | "null") && !is_number(word) {
            return self.wrong("expected a value");
        }
        self.at += word.len();
        self.state = State::AfterValue;
        Ok(Token::Plain(word))
    }

    /// A string whose opening quote is next. Half of a surrogate pair becomes U+FFFD.
    fn string(&mut self) -> Result<Cow<'text, str>, Wrong> {
        self.at += 1;
        let mut decoded = String::new();
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let Some(end) = rest.find(|it: char| it == '"' || it == '\\' || it < ' ') else {
                return self.wrong("a string has no end");
            };
            let (piece, rest) = rest.split_at(end);
            self.at += end + 1;
            match rest.as_bytes().first() {
                Some(b'"') if decoded.is_empty() => return Ok(Cow::Borrowed(piece)),
                Some(b'"') => return Ok(Cow::Owned(decoded + piece)),
                Some(b'\\') => {
                    decoded.push_str(piece);
                    let escaped = self.escaped()?;
                    decoded.push(escaped);
                }
                _ => return self.wrong("a string has a control character"),
            }
        }
    }

    /// The character after a backslash.
    fn escaped(&mut self) -> Result<char, Wrong> {
        let simple = match self.peek() {
            Some(b'u') => None,
            Some(b'b') => Some('\u{8}'),
            Some(b'f') => Some('\u{C}'),
            Some(b'n') => Some('\n'),
            Some(b'r') => Some('\r'),
            Some(b't') => Some('\t'),
            Some(same @ (b'"' | b'\\' | b'/')) => Some(char::from(same)),
            _ => return self.wrong("a string has an unknown escape"),
        };
        self.at += 1;
        match simple {
            Some(simple) => Ok(simple),
            None => self.unicode(),
        }
    }

    fn unicode(&mut self) -> Result<char, Wrong> {
        let first = self.unit()?;
        let pair = self.text.get(self.at..).is_some_and(|rest| rest.starts_with("\\u"));
        if !(0xD800..0xDC00).contains(&first) || !pair {
            return Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let before = self.at;
        self.at += 2;
        let second = self.unit()?;
        if !(0xDC00..0xE000).contains(&second) {
            self.at = before;
            return Ok(char::REPLACEMENT_CHARACTER);
        }
        let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn unit(&mut self) -> Result<u32, Wrong> {
        let digits = self.text.get(self.at..self.at + 4);
        let digits = digits.filter(|it| it.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let Some(Ok(unit)) = digits.map(|digits| u32::from_str_radix(digits, 16)) else {
            return self.wrong("expected four hexadecimal digits");
        };
        self.at += 4;
        Ok(unit)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_spaces(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn wrong<T>(&self, what: &'static str) -> Result<T, Wrong> {
        Err(Wrong { at: self.at, what })
    }
}

impl Nest {
    const fn close(self) -> u8 {
        match self {
            Self::Array => b']',
            Self::Object => b'}',
        }
    }
}

/// Whether the word is a number of RFC 8259 section 6.
fn is_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let word = word.strip_prefix('-').unwrap_or(word);
    let (number, exponent) = match word.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, Some(exponent)),
        None => (word, None),
    };
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    let exponent = exponent.map(|it| it.strip_prefix(['+', '-']).unwrap_or(it));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, most: usize) -> Result<Vec<Token<'_>>, Wrong> {
        let mut lexer = Lexer::new(text, most);
        let mut tokens = Vec::new();
        while let Some(token) = lexer.next()? {
            tokens.push(token);
        }
        Ok(tokens)
    }

    const TEXTS: &[&str] = &[
        "{}",
        "[]",
        "[[],{}]",
        " { \"a\" : 1 , \"b\" : [ 1 , 2 ] } ",
        "0",
        "-0",
        "1.50",
        "1e5",
        "1E+5",
        "-1.5e-5",
        "\"\"",
        "\"a\\\"b\\\\\\/\\b\\f\\n\\r\\t\\u0041\"",
        "true",
        "false",
        "null",
        "\"\\uD83D\\uDE00\"",
        "[\"я\"]",
        "{\"a\":{\"b\":[null]}}",
        "\u{FEFF}1",
        "",
        " ",
        "{",
        "[",
        "]",
        "}",
        "{]",
        "[}",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{1:1}",
        "{a:1}",
        "{'a':1}",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "--1",
        "tru",
        "True",
        "nul",
        "NaN",
        "\"",
        "\"a",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12G4\"",
        "\"\n\"",
        "1 1",
        "{} {}",
        "\"a\"b",
        "\u{A0}1",
        "[1]]",
        "new Date(1)",
        "\"\\",
        "\"\\u",
    ];

    /// What the other reader takes, this one takes, and both refuse the same.
    #[test]
    fn a_text_is_taken_when_serde_takes_it() {
        for &text in TEXTS {
            let theirs = text.strip_prefix('\u{FEFF}').unwrap_or(text);
            let theirs = serde_json::from_str::<serde_json::Value>(theirs);
            assert_eq!(read(text, 100).is_ok(), theirs.is_ok(), "{text:?}");
        }
    }

    #[test]
    fn strings_come_without_escapes_and_numbers_with_all_digits() {
        let text = r#"{"имя\t": "\u044f\uD83D\uDE00", "n": 123456789012345678901234567890.50}"#;
        let expected = [
            Token::Begin(Nest::Object),
            Token::Name("имя\t".into()),
            Token::Text("я😀".into()),
            Token::Name("n".into()),
            Token::Plain("123456789012345678901234567890.50"),
            Token::End(Nest::Object),
        ];
        assert_eq!(read(text, 1).unwrap(), expected);
        for (half, expected) in [
            (r#""\uD83D""#, "\u{FFFD}"),
            (r#""\uDE00x""#, "\u{FFFD}x"),
            (r#""\uD83D\u0041""#, "\u{FFFD}A"),
        ] {
            assert_eq!(read(half, 0).unwrap(), [Token::Text(expected.into())]);
        }
    }

    #[test]
    fn the_limit_of_nesting_is_exact_and_depth_costs_no_stack() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(read(&nested(500), 500).is_ok());
        let wrong = read(&nested(501), 500).unwrap_err();
        assert_eq!(wrong, Wrong { at: 500, what: "the nesting is deeper than allowed" });
        assert!(read(&nested(1_000_000), 1_000_000).is_ok());
        assert!(read("1", 0).is_ok() && read("[]", 0).is_err());
    }
}
