//! From the English source to a language: words by the dictionary, prose by its two halves.
//!
//! Prose stands in comments as `// English || Русский`, in texts as `[[English||Русский]]`; a
//! single word in brackets, `[[Word]]`, is translated by the dictionary.

use anyhow::{Context, Result, ensure};
use opi_1c_ffi::Language;

use super::dictionary::Dictionary;

/// The source in `language`.
pub(super) fn translate(
    source: &str,
    language: Language,
    dictionary: &mut Dictionary,
) -> Result<String> {
    let mut translated = String::new();
    for line in source.lines() {
        let line_of = line_in(line, language, dictionary).with_context(|| line.to_owned())?;
        translated.push_str(&line_of);
        translated.push('\n');
    }
    Ok(translated)
}

fn line_in(line: &str, language: Language, dictionary: &mut Dictionary) -> Result<String> {
    let mut translated = String::new();
    let mut rest = line;
    let mut after_dot = false;
    while let Some(first) = rest.chars().next() {
        let (piece, text) = if rest.starts_with("//") {
            (rest, comment(rest, language)?)
        } else if first == '"' {
            let piece = quoted(rest)?;
            (piece, prose(piece, language, dictionary)?)
        } else if is_letter(first) {
            let piece = take(rest, |it| is_letter(it) || it.is_ascii_digit());
            (piece, word(piece, after_dot, language, dictionary)?)
        } else if first.is_ascii_digit() {
            let piece = take(rest, |it| it.is_ascii_digit());
            (piece, piece.to_owned())
        } else {
            let piece = take(rest, |it| it == first);
            (piece, piece.to_owned())
        };
        after_dot = piece == ".";
        translated.push_str(&text);
        rest = &rest[piece.len()..];
    }
    Ok(translated.trim_end().to_owned())
}

fn word(
    word: &str,
    after_dot: bool,
    language: Language,
    dictionary: &mut Dictionary,
) -> Result<String> {
    match (language, after_dot) {
        (Language::English, _) => Ok(word.to_owned()),
        (Language::Russian, true) => dictionary.member(word),
        (Language::Russian, false) => dictionary.word(word),
    }
}

fn comment(comment: &str, language: Language) -> Result<String> {
    let text = comment.trim_start_matches('/');
    if text.trim().is_empty() {
        return Ok("//".to_owned());
    }
    let (english, russian) = text.split_once("||").context("a comment needs both languages")?;
    let half = match language {
        Language::English => english.trim_end(),
        Language::Russian => russian.trim_end(),
    };
    // Both halves are indented as the English one is.
    let indent = take(english, |it| it == ' ');
    Ok(format!("//{indent}{}", half.trim_start()))
}

fn quoted(rest: &str) -> Result<&str> {
    let mut from = 1;
    loop {
        let end = rest[from..].find('"').context("a text has no end in its line")?;
        from += end + 1;
        // Two quotes are one quote of the text.
        match rest[from..].starts_with('"') {
            true => from += 1,
            false => return Ok(&rest[..from]),
        }
    }
}

fn prose(text: &str, language: Language, dictionary: &mut Dictionary) -> Result<String> {
    let mut translated = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[[") {
        let (inside, tail) = after.split_once("]]").context("[[ has no ]]")?;
        translated.push_str(before);
        translated.push_str(&match (inside.split_once("||"), language) {
            (Some((english, _)), Language::English) => english.to_owned(),
            (Some((_, russian)), Language::Russian) => russian.to_owned(),
            (None, Language::English) => inside.to_owned(),
            (None, Language::Russian) => dictionary.word(inside)?,
        });
        rest = tail;
    }
    ensure!(!rest.contains("]]"), "]] has no [[");
    translated.push_str(rest);
    Ok(translated)
}

fn take(rest: &str, belongs: impl Fn(char) -> bool) -> &str {
    let end = rest.find(|it| !belongs(it)).unwrap_or(rest.len());
    &rest[..end]
}

fn is_letter(it: char) -> bool {
    it.is_alphabetic() || it == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, english: &str, russian: &str) {
        let mut dictionary = Dictionary::read().unwrap();
        for (language, expected) in [(Language::English, english), (Language::Russian, russian)] {
            let found = translate(source, language, &mut dictionary).unwrap();
            assert_eq!(found.trim_end(), expected);
        }
    }

    #[test]
    fn words_change_and_texts_do_not_unless_marked() {
        check(
            "If Answer.Get(\"If\") = \"say \"\"If\"\"\" Then // One. || Раз.",
            "If Answer.Get(\"If\") = \"say \"\"If\"\"\" Then // One.",
            "Если ОтветКомпоненты.Получить(\"If\") = \"say \"\"If\"\"\" Тогда // Раз.",
        );
        check(
            "X = \"[[Headers]]: [[a||б]]\";".trim_start_matches("X = "),
            "\"Headers: a\";",
            "\"Заголовки: б\";",
        );
        check("    //   in || внутри", "    //   in", "    //   внутри");
    }

    #[test]
    fn what_has_no_translation_is_named() {
        let mut dictionary = Dictionary::read().unwrap();
        for wrong in
            ["Nowhere = 1;", "// English only", "Return \"[[x\";", "Return \"x]]\";", "\"x"]
        {
            assert!(translate(wrong, Language::Russian, &mut dictionary).is_err(), "{wrong}");
        }
    }
}
