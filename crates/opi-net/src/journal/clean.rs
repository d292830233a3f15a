//! Makes one bounded line without secrets of whatever is logged.

use std::fmt::{self, Write};

use super::Entry;
use super::redact::redact;

/// The text of an entry. What is logged may be the peer's own words, so nothing in it can begin a
/// line, move a cursor or turn the direction of writing.
pub(super) fn clean(text: fmt::Arguments<'_>) -> String {
    let mut raw = Raw { text: String::new(), cut: false };
    // A text that does not fit ends the writing early; that is no failure.
    let _cut = raw.write_fmt(text).is_err();
    let whole = if raw.cut { without_last_word(&raw.text) } else { &raw.text };
    bound(escape(&redact(whole)), raw.cut)
}

/// Takes no more than can matter.
struct Raw {
    text: String,
    cut: bool,
}

/// More than an entry's text, so that a secret is seen whole.
const LONGEST_RAW: usize = 4 * Entry::LONGEST;

impl Write for Raw {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        // Not everybody who writes stops at an error.
        if !self.cut {
            let fits = piece.floor_char_boundary(LONGEST_RAW - self.text.len());
            self.text.push_str(&piece[..fits]);
            self.cut = fits < piece.len();
        }
        if self.cut { Err(fmt::Error) } else { Ok(()) }
    }
}

/// A word that was cut may be a secret whose end is not seen.
fn without_last_word(text: &str) -> &str {
    text.rfind(char::is_whitespace).map_or("", |at| &text[..at])
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if is_harmful(c) {
            escaped.extend(c.escape_default());
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// Controls, breaks of lines and paragraphs, what has no width, and what turns the direction.
fn is_harmful(c: char) -> bool {
    let others = matches!(
        c,
        '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
    );
    c.is_control() || others
}

fn bound(mut text: String, cut: bool) -> String {
    const MARK: &str = "…";
    if cut || text.len() > Entry::LONGEST {
        text.truncate(text.floor_char_boundary(Entry::LONGEST - MARK.len()));
        text.push_str(MARK);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(clean(format_args!("{text}")), expected);
    }

    #[test]
    fn nothing_begins_a_line_or_moves_a_cursor() {
        check("plain, Привет, 漢字, C:\\logs", "plain, Привет, 漢字, C:\\logs");
        check("a\nb\r\nc\td", "a\\nb\\r\\nc\\td");
        check("\x1b[2J\x1b]0;title\x07", "\\u{1b}[2J\\u{1b}]0;title\\u{7}");
        check("a\u{85}b\u{2028}c\u{2029}d\u{9b}", "a\\u{85}b\\u{2028}c\\u{2029}d\\u{9b}");
        check("\0\u{7f}", "\\u{0}\\u{7f}");
        check("\u{202e}txt\u{2066}\u{feff}", "\\u{202e}txt\\u{2066}\\u{feff}");
    }

    #[test]
    fn a_text_of_the_longest_is_whole_and_one_more_is_cut() {
        let longest = "a".repeat(Entry::LONGEST);
        check(&longest, &longest);
        let cut = clean(format_args!("{longest}a"));
        assert_eq!(cut.len(), Entry::LONGEST);
        assert!(cut.ends_with("aaa…"));
        let wide = clean(format_args!("{}", "ж".repeat(Entry::LONGEST)));
        assert!(wide.len() <= Entry::LONGEST && wide.ends_with("ж…"));
        let escaped = clean(format_args!("{}", "\n".repeat(Entry::LONGEST)));
        assert_eq!(escaped.len(), Entry::LONGEST);
    }

    #[test]
    fn a_secret_that_does_not_fit_is_not_shown_in_part() {
        let password = "hunter2".repeat(LONGEST_RAW);
        let shown = clean(format_args!("to http://ann:{password}@p.test:1"));
        assert!(!shown.contains("hunter2"), "{shown}");
        assert_eq!(shown, "to…");
        let shown = clean(format_args!("{}", format_args!("Authorization: Basic {password}")));
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
