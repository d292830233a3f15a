//! JSON as it is wanted on the wire: line breaks, indents, quotes, escapes.

use std::fmt::Write as _;

use super::lexer::{Nest, Token};

/// How JSON is written.
#[derive(Clone, Debug)]
pub struct WriterSettings {
    line_break: LineBreak,
    indent: String,
    quotes: Quotes,
    escapes: Vec<Escape>,
}

impl WriterSettings {
    /// Lines as the system ends them, one space for each level, double quotes, U+2028 and U+2029
    /// escaped.
    #[must_use]
    pub fn new() -> Self {
        Self {
            line_break: LineBreak::Auto,
            indent: " ".to_owned(),
            quotes: Quotes::Double,
            escapes: vec![Escape::LineSeparators],
        }
    }

    /// All in one line without spaces.
    pub(super) fn compact() -> Self {
        Self::new().line_break(LineBreak::None)
    }

    /// What stands between the lines. The system's.
    #[must_use]
    pub fn line_break(self, line_break: LineBreak) -> Self {
        Self { line_break, ..self }
    }

    /// What stands before a line, once for each level. One space.
    #[must_use]
    pub fn indent(self, indent: impl Into<String>) -> Self {
        Self { indent: indent.into(), ..self }
    }

    /// The quotes of names and strings. Double ones.
    #[must_use]
    pub fn quotes(self, quotes: Quotes) -> Self {
        Self { quotes, ..self }
    }

    /// What is escaped besides what must be. [`Escape::LineSeparators`].
    #[must_use]
    pub fn escapes(self, escapes: impl Into<Vec<Escape>>) -> Self {
        Self { escapes: escapes.into(), ..self }
    }

    fn escapes_it(&self, it: char) -> bool {
        self.escapes.iter().any(|escape| escape.covers(it))
    }
}

impl Default for WriterSettings {
    fn default() -> Self {
        Self::new()
    }
}

/// What stands between lines.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LineBreak {
    /// What the system uses: CR LF on Windows, LF elsewhere.
    Auto,
    /// Nothing: all is one line, without spaces.
    None,
    /// LF.
    Unix,
    /// CR LF.
    Windows,
}

/// The quotes of names and strings.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Quotes {
    /// `"`, as JSON demands.
    Double,
    /// `'`, which is no JSON; some JavaScript takes it.
    Single,
}

/// Characters that are written as `\u0000`, though JSON does not demand it.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Escape {
    /// `&`.
    Ampersand,
    /// `<` and `>`.
    AngleBrackets,
    /// U+2028 and U+2029.
    LineSeparators,
    /// Everything that is no ASCII.
    NotAscii,
    /// Everything beyond U+FFFF.
    NotBmp,
    /// `'`.
    SingleQuotes,
    /// `/`, written as `\/`.
    Slash,
}

impl Escape {
    const fn covers(self, it: char) -> bool {
        match self {
            Self::Ampersand => it == '&',
            Self::AngleBrackets => matches!(it, '<' | '>'),
            Self::LineSeparators => matches!(it, '\u{2028}' | '\u{2029}'),
            Self::NotAscii => !it.is_ascii(),
            Self::NotBmp => it > '\u{FFFF}',
            Self::SingleQuotes => it == '\'',
            Self::Slash => it == '/',
        }
    }
}

/// Puts tokens into a text; they must come in an order that is JSON.
#[derive(Debug)]
pub(super) struct Writer {
    settings: WriterSettings,
    text: String,
    depth: usize,
    after: After,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum After {
    Begin,
    Name,
    Value,
}

impl Writer {
    pub(super) fn new(settings: WriterSettings) -> Self {
        Self { settings, text: String::new(), depth: 0, after: After::Begin }
    }

    pub(super) fn write(&mut self, token: &Token<'_>) {
        if let Token::End(nest) = token {
            self.depth = self.depth.saturating_sub(1);
            if self.after == After::Value {
                self.new_line();
            }
            self.text.push(if *nest == Nest::Object { '}' } else { ']' });
            self.after = After::Value;
            return;
        }
        if self.after == After::Value {
            self.text.push(',');
        }
        if self.after != After::Name && self.depth > 0 {
            self.new_line();
        }
        self.put(token);
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    fn put(&mut self, token: &Token<'_>) {
        self.after = After::Value;
        match token {
            Token::Begin(nest) => {
                self.text.push(if *nest == Nest::Object { '{' } else { '[' });
                self.depth += 1;
                self.after = After::Begin;
            }
            Token::Name(name) => {
                self.quote(name);
                let is_one_line = self.settings.line_break == LineBreak::None;
                self.text.push_str(if is_one_line { ":" } else { ": " });
                self.after = After::Name;
            }
            Token::Plain(word) => self.text.push_str(word),
            Token::Text(text) => self.quote(text),
            Token::End(_) => {}
        }
    }

    fn new_line(&mut self) {
        let end = match self.settings.line_break {
            LineBreak::None => return,
            LineBreak::Auto if cfg!(windows) => "\r\n",
            LineBreak::Auto | LineBreak::Unix => "\n",
            LineBreak::Windows => "\r\n",
        };
        self.text.push_str(end);
        for _ in 0..self.depth {
            self.text.push_str(&self.settings.indent);
        }
    }

    fn quote(&mut self, text: &str) {
        let quote = match self.settings.quotes {
            Quotes::Double => '"',
            Quotes::Single => '\'',
        };
        self.text.push(quote);
        for it in text.chars() {
            match it {
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '\r' => self.text.push_str("\\r"),
                '\t' => self.text.push_str("\\t"),
                '/' if self.settings.escapes_it('/') => self.text.push_str("\\/"),
                it if it < ' ' || self.settings.escapes_it(it) => self.escape(it),
                it if it == quote => self.text.extend(['\\', it]),
                it => self.text.push(it),
            }
        }
        self.text.push(quote);
    }

    fn escape(&mut self, it: char) {
        for unit in it.encode_utf16(&mut [0; 2]) {
            // Writing into a text cannot fail.
            let _written = write!(self.text, "\\u{unit:04X}").is_ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexer::Lexer;
    use super::*;

    fn written(text: &str, settings: WriterSettings) -> String {
        let mut lexer = Lexer::new(text, 100);
        let mut writer = Writer::new(settings);
        while let Some(token) = lexer.next().unwrap() {
            writer.write(&token);
        }
        writer.into_text()
    }

    const TEXT: &str = r#"{"field":"value","list":[1,[],{"a":null}],"none":{}}"#;

    #[test]
    fn lines_and_indents_are_those_asked_for() {
        let none = WriterSettings::new().line_break(LineBreak::None);
        assert_eq!(written(TEXT, none), TEXT);
        // A-032
        let two = r#"{ "field" : "value", "field2" : "value2" }"#;
        let none = WriterSettings::new().line_break(LineBreak::None);
        assert_eq!(written(two, none), r#"{"field":"value","field2":"value2"}"#);
        let unix = WriterSettings::new().line_break(LineBreak::Unix);
        let expected = "{\n \"field\": \"value\",\n \"list\": [\n  1,\n  [],\n  {\n   \"a\": null\n  }\n ],\n \"none\": {}\n}";
        assert_eq!(written(TEXT, unix), expected);
        let windows = WriterSettings::new().line_break(LineBreak::Windows).indent("\t");
        assert_eq!(written("[1]", windows), "[\r\n\t1\r\n]");
        assert_eq!(written("\"a\"", WriterSettings::new()), "\"a\"");
    }

    #[track_caller]
    fn escaped(escapes: &[Escape], expected: &str) {
        let settings = WriterSettings::new().escapes(escapes);
        let text = "<a>&'/\u{2028}\u{2029}я😀";
        let json = serde_json::to_string(text).unwrap();
        let written = written(&json, settings);
        assert_eq!(written, expected);
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }

    #[test]
    fn each_kind_of_character_is_escaped_when_asked() {
        escaped(&[], "\"<a>&'/\u{2028}\u{2029}я😀\"");
        escaped(&[Escape::LineSeparators], "\"<a>&'/\\u2028\\u2029я😀\"");
        escaped(&[Escape::AngleBrackets], "\"\\u003Ca\\u003E&'/\u{2028}\u{2029}я😀\"");
        escaped(&[Escape::Ampersand], "\"<a>\\u0026'/\u{2028}\u{2029}я😀\"");
        escaped(&[Escape::SingleQuotes], "\"<a>&\\u0027/\u{2028}\u{2029}я😀\"");
        escaped(&[Escape::Slash], "\"<a>&'\\/\u{2028}\u{2029}я😀\"");
        escaped(&[Escape::NotBmp], "\"<a>&'/\u{2028}\u{2029}я\\uD83D\\uDE00\"");
        escaped(&[Escape::NotAscii], "\"<a>&'/\\u2028\\u2029\\u044F\\uD83D\\uDE00\"");
    }

    #[test]
    fn what_must_be_escaped_always_is() {
        let text = r#""\"\\\n\r\t\u0001'""#;
        assert_eq!(written(text, WriterSettings::new()), r#""\"\\\n\r\t\u0001'""#);
        let single = WriterSettings::new().quotes(Quotes::Single);
        assert_eq!(
            written(r#"{"a'b":"c\"d"}"#, single.line_break(LineBreak::None)),
            r#"{'a\'b':'c"d'}"#
        );
    }
}
