//! An answer as the text of an exception.

use std::fmt;

use super::{Language, presentation};

/// What is told of an answer; its `Display` is the text.
///
/// A login and the query's secrets belong to the URL's owner: give the URL as it may be shown.
#[derive(Clone, Copy, Debug)]
pub struct ExceptionText<'text> {
    /// What the user reads first; empty for nothing.
    pub user_text: &'text str,
    /// The method of the request.
    pub method: &'text str,
    /// The URL, as it may be shown.
    pub url: &'text str,
    /// The status.
    pub status: u16,
    /// The body as text; `None` when it is no text.
    pub body: Option<&'text str>,
    /// What failed on the way, one text for each try.
    pub errors: &'text [String],
    /// The language of what is added.
    pub language: Language,
}

impl fmt::Display for ExceptionText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { user_text, method, url, status, errors, language, .. } = self;
        if !user_text.is_empty() {
            write!(f, "{user_text}\n\n")?;
        }
        write!(f, "HTTP {method} {url}\n{}", presentation(*status, *language))?;
        let (heading, data) = match language {
            Language::English => ("Response body", "<Data>"),
            Language::Russian => ("Тело ответа", "<Данные>"),
        };
        let body = self.body.filter(|body| body.chars().all(is_of_xml)).unwrap_or(data);
        if !body.is_empty() {
            write!(f, "\n{heading}:\n{}", shortened(body))?;
        }
        errors.iter().try_for_each(|error| write!(f, "\n\n{error}"))
    }
}

/// Whether XML 1.0 lets the character stand in a document (section 2.2).
const fn is_of_xml(it: char) -> bool {
    matches!(it, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The first and the last [`PART`] characters of what is longer than twice that.
fn shortened(text: &str) -> String {
    if text.chars().nth(2 * PART).is_none() {
        return text.to_owned();
    }
    let first: String = text.chars().take(PART).collect();
    let last: Vec<char> = text.chars().rev().take(PART).collect();
    let last: String = last.into_iter().rev().collect();
    format!("{first}\n...\n{last}")
}

const PART: usize = 500;

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: ExceptionText<'_> = ExceptionText {
        user_text: "",
        method: "GET",
        url: "http://h.test/a",
        status: 404,
        body: Some(""),
        errors: &[],
        language: Language::Russian,
    };

    #[track_caller]
    fn check(text: ExceptionText<'_>, expected: &str) {
        assert_eq!(text.to_string(), expected);
    }

    #[test]
    fn every_part_stands_in_its_place() {
        check(TEXT, "HTTP GET http://h.test/a\n404: Not Found");
        let errors = ["connect: refused".to_owned(), "timeout".to_owned()];
        check(
            ExceptionText {
                user_text: "Не вышло", body: Some("нет"), errors: &errors, ..TEXT
            },
            "Не вышло\n\nHTTP GET http://h.test/a\n404: Not Found\nТело ответа:\nнет\n\n\
             connect: refused\n\ntimeout",
        );
        check(
            ExceptionText { status: 488, body: Some("no"), language: Language::English, ..TEXT },
            "HTTP GET http://h.test/a\n488: Unknown HTTP status code\nResponse body:\nno",
        );
    }

    #[test]
    fn data_is_not_shown_and_a_long_text_in_part() {
        for body in [None, Some("a\u{0}b"), Some("\u{FFFF}")] {
            check(
                ExceptionText { body, ..TEXT },
                "HTTP GET http://h.test/a\n404: Not Found\nТело ответа:\n<Данные>",
            );
        }
        let thousand = "я".repeat(1000);
        let whole = ExceptionText { body: Some(&thousand), ..TEXT }.to_string();
        assert!(whole.ends_with(&thousand));
        let more = format!("{thousand}!");
        let part = ExceptionText { body: Some(&more), ..TEXT }.to_string();
        let expected = format!("{}\n...\n{}!", "я".repeat(500), "я".repeat(499));
        assert!(part.ends_with(&expected), "{part}");
    }
}
