//! Names and texts in the two languages of 1C.

use std::ffi::c_long;
use std::sync::atomic::{AtomicU8, Ordering};

/// A name or a sentence in English and in Russian.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Bilingual {
    /// In English.
    pub en: &'static str,
    /// In Russian.
    pub ru: &'static str,
}

impl Bilingual {
    /// One text in both languages.
    #[must_use]
    pub const fn new(en: &'static str, ru: &'static str) -> Self {
        Self { en, ru }
    }

    /// The text in `language`.
    #[must_use]
    pub const fn text(self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::Russian => self.ru,
        }
    }

    /// The language in which `typed` is this name; letter case does not matter.
    #[must_use]
    pub fn matches(self, typed: &str) -> Option<Language> {
        if same_name(typed, self.en) {
            Some(Language::English)
        } else if same_name(typed, self.ru) {
            Some(Language::Russian)
        } else {
            None
        }
    }
}

/// A language that names and hints exist in.
#[expect(clippy::exhaustive_enums, reason = "1C has exactly these two")]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Language {
    /// English, and whatever is not Russian.
    English,
    /// Russian.
    Russian,
}

impl Language {
    /// The language of a code such as `ru`, `ru_RU` or `en_US`.
    #[must_use]
    pub fn of_code(code: &str) -> Self {
        let primary = code.split(['_', '-']).next().unwrap_or_default();
        if same_name(primary, "ru") { Self::Russian } else { Self::English }
    }
}

/// Which language an object answers in: what the user chose, else the platform's locale, else
/// the language of the name that was looked up last.
#[derive(Debug, Default)]
pub(crate) struct Choice {
    user: AtomicU8,
    locale: AtomicU8,
    alias: AtomicU8,
}

impl Choice {
    pub(crate) fn of_user(&self, language: Language) {
        self.user.store(mark(language), Ordering::Relaxed);
    }

    pub(crate) fn of_locale(&self, language: Language) {
        self.locale.store(mark(language), Ordering::Relaxed);
    }

    pub(crate) fn of_alias(&self, language: Language) {
        self.alias.store(mark(language), Ordering::Relaxed);
    }

    /// The number of the name that was typed, and -1 for none; its language is remembered.
    pub(crate) fn find(&self, names: impl Iterator<Item = Bilingual>, typed: &str) -> c_long {
        for (number, name) in (0..).zip(names) {
            if let Some(language) = name.matches(typed) {
                self.of_alias(language);
                return number;
            }
        }
        -1
    }

    pub(crate) fn language(&self) -> Language {
        let chosen = [&self.user, &self.locale, &self.alias]
            .into_iter()
            .map(|slot| slot.load(Ordering::Relaxed))
            .find(|slot| *slot != UNKNOWN);
        if chosen == Some(RUSSIAN) { Language::Russian } else { Language::English }
    }
}

/// Whether two names are one for BSL, which knows no letter case.
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    fn lower(name: &str) -> impl Iterator<Item = char> {
        name.chars().flat_map(char::to_lowercase)
    }
    lower(one).eq(lower(other))
}

const fn mark(language: Language) -> u8 {
    match language {
        Language::English => ENGLISH,
        Language::Russian => RUSSIAN,
    }
}

const UNKNOWN: u8 = 0;
const ENGLISH: u8 = 1;
const RUSSIAN: u8 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_without_case_in_both_languages() {
        let name = Bilingual::new("Connect", "Подключиться");
        let table = [
            ("Connect", Some(Language::English)),
            ("cONNECT", Some(Language::English)),
            ("Подключиться", Some(Language::Russian)),
            ("ПОДКЛЮЧИТЬСЯ", Some(Language::Russian)),
            ("Connec", None),
            ("Connect ", None),
            ("", None),
        ];
        for (typed, expected) in table {
            assert_eq!(name.matches(typed), expected, "{typed:?}");
        }
    }

    #[test]
    fn the_users_choice_outweighs_the_locale_and_the_locale_the_alias() {
        let choice = Choice::default();
        assert_eq!(choice.language(), Language::English);
        choice.of_alias(Language::Russian);
        assert_eq!(choice.language(), Language::Russian);
        choice.of_locale(Language::of_code("en_US"));
        assert_eq!(choice.language(), Language::English);
        choice.of_user(Language::of_code("RU"));
        assert_eq!(choice.language(), Language::Russian);
    }

    #[test]
    fn only_russian_codes_are_russian() {
        for (code, expected) in [("ru_RU", Language::Russian), ("rus", Language::English)] {
            assert_eq!(Language::of_code(code), expected, "{code}");
        }
    }
}
