//! JSON written for eyes: in lines, and in colours. Numbers and strings stay as they came. Pure.

/// How JSON is written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Style {
    /// A line for each value, moved in.
    pub(super) lines: bool,
    /// In colours.
    pub(super) colours: bool,
}

/// `text` in `style`, without a line end; none when it is no JSON, or deeper than 128 levels.
pub(super) fn json(text: &str, style: Style) -> Option<String> {
    serde_json::from_str::<serde_json::Value>(text).ok()?;
    let mut writer = Writer { out: String::with_capacity(text.len() * 2), style, depth: 0 };
    let mut rest = text.trim_start();
    while let Some(token) = Token::first(rest) {
        let (written, behind) = rest.split_at(token.length(rest));
        let behind = behind.trim_start();
        writer.put(token, written, Token::first(behind));
        rest = behind;
    }
    Some(writer.out)
}

/// `text` in `colour`, when colours are wanted.
pub(super) fn painted(text: &str, colour: Colour, colours: bool) -> String {
    if colours { format!("{}{text}{RESET}", colour.code()) } else { text.to_owned() }
}

/// A colour of the terminal's own palette, so that every background suits it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Colour {
    Blue,
    Cyan,
    Green,
    Magenta,
    Red,
    Yellow,
}

impl Colour {
    const fn code(self) -> &'static str {
        match self {
            Self::Blue => "\x1b[34m",
            Self::Cyan => "\x1b[36m",
            Self::Green => "\x1b[32m",
            Self::Magenta => "\x1b[35m",
            Self::Red => "\x1b[31m",
            Self::Yellow => "\x1b[33m",
        }
    }
}

const RESET: &str = "\x1b[0m";

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Token {
    Close,
    Colon,
    Comma,
    Open,
    String,
    Word,
}

impl Token {
    fn first(text: &str) -> Option<Self> {
        Some(match text.chars().next()? {
            '{' | '[' => Self::Open,
            '}' | ']' => Self::Close,
            ':' => Self::Colon,
            ',' => Self::Comma,
            '"' => Self::String,
            _ => Self::Word,
        })
    }

    /// The bytes of this token at the beginning of `text`, which is JSON.
    fn length(self, text: &str) -> usize {
        match self {
            Self::Close | Self::Colon | Self::Comma | Self::Open => 1,
            Self::String => string(text),
            Self::Word => {
                let end = |c: char| c.is_ascii_whitespace() || matches!(c, ',' | '}' | ']' | ':');
                text.find(end).unwrap_or(text.len()).max(1)
            }
        }
    }
}

fn string(text: &str) -> usize {
    let mut escaped = false;
    let closing = text.bytes().skip(1).position(|byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    });
    closing.map_or(text.len(), |place| place + 2)
}

struct Writer {
    out: String,
    style: Style,
    depth: usize,
}

impl Writer {
    fn put(&mut self, token: Token, text: &str, next: Option<Token>) {
        match token {
            Token::Open => {
                self.out.push_str(text);
                self.depth += 1;
                if next != Some(Token::Close) {
                    self.line();
                }
            }
            Token::Close => {
                self.depth = self.depth.saturating_sub(1);
                if !self.out.ends_with(['{', '[']) {
                    self.line();
                }
                self.out.push_str(text);
            }
            Token::Comma => {
                self.out.push_str(text);
                self.line();
            }
            Token::Colon => self.out.push_str(if self.style.lines { ": " } else { ":" }),
            Token::String | Token::Word => {
                let colour = colour(token, text, next);
                self.out.push_str(&painted(&tame(text), colour, self.style.colours));
            }
        }
    }

    fn line(&mut self) {
        if self.style.lines {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n(INDENT, self.depth));
        }
    }
}

const INDENT: &str = "    ";

fn colour(token: Token, text: &str, next: Option<Token>) -> Colour {
    match (token, next) {
        (Token::String, Some(Token::Colon)) => Colour::Blue,
        (Token::String, _) => Colour::Green,
        _ if matches!(text, "true" | "false" | "null") => Colour::Magenta,
        _ => Colour::Cyan,
    }
}

/// The same string without characters that steer a terminal: JSON itself allows those from U+007F.
fn tame(text: &str) -> String {
    if !text.contains(char::is_control) {
        return text.to_owned();
    }
    let escape =
        |c: char| if c.is_control() { format!("\\u{:04x}", u32::from(c)) } else { c.into() };
    text.chars().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: Style = Style { lines: true, colours: false };

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(json(text, LINES).as_deref(), Some(expected), "{text:?}");
    }

    #[test]
    fn values_stand_in_lines_and_stay_as_they_came() {
        check("{}", "{}");
        check(" [ ] ", "[]");
        check("\"a b\"", "\"a b\"");
        check(
            "{\"b\":1.10,\"a\":[1e5, 12345678901234567890123]}",
            "{\n    \"b\": 1.10,\n    \"a\": [\n        1e5,\n        12345678901234567890123\n    ]\n}",
        );
        check("{\"a\":{},\"a\":[]}", "{\n    \"a\": {},\n    \"a\": []\n}");
        check("[\"\\\"}\\\\\",\"ж,:\"]", "[\n    \"\\\"}\\\\\",\n    \"ж,:\"\n]");
        check("[true,\nfalse , null,-0.5]", "[\n    true,\n    false,\n    null,\n    -0.5\n]");
    }

    #[test]
    fn what_is_no_json_is_not_touched() {
        for text in ["", "<html>", "{\"a\":1", "[1] [2]", "{'a':1}", &"[".repeat(200)] {
            assert_eq!(json(text, LINES), None, "{text}");
        }
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(json(&deep(127), LINES).is_some());
        assert!(json(&deep(129), LINES).is_none());
    }

    #[test]
    fn each_kind_of_value_has_its_colour() {
        let style = Style { lines: false, colours: true };
        let found = json("{\"k\": [\"s\", 1, null]}", style).unwrap();
        let expected =
            "{\x1b[34m\"k\"\x1b[0m:[\x1b[32m\"s\"\x1b[0m,\x1b[36m1\x1b[0m,\x1b[35mnull\x1b[0m]}";
        assert_eq!(found, expected);
    }

    #[test]
    fn a_string_cannot_steer_the_terminal() {
        check("\"\u{9b}31m\u{7f}\"", "\"\\u009b31m\\u007f\"");
    }

    #[test]
    fn what_is_written_reads_as_the_same_value() {
        let text = r#"{"a":[{"b":"\u0041\n"},[],{},[[1,2],-3.5e-7]],"":null,"ключ":"знач"}"#;
        for style in [LINES, Style { lines: true, colours: false }, Style::default()] {
            let written = json(text, style).unwrap();
            let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
            assert_eq!(value(&written), value(text));
        }
    }
}
