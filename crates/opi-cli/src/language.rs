//! The language of the hints.

use std::env;

use opi::net::Advice;

/// The language of the hints.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Language {
    English,
    Russian,
}

impl Language {
    /// What the environment says, as POSIX reads it.
    pub(crate) fn of_environment() -> Self {
        let values = ["LC_ALL", "LC_MESSAGES", "LANG"].map(|name| env::var(name).ok());
        Self::of(values.into_iter().flatten())
    }

    /// The first value that says something decides.
    fn of(values: impl IntoIterator<Item = String>) -> Self {
        match values.into_iter().find(|value| !value.is_empty()) {
            Some(value) if value.to_ascii_lowercase().starts_with("ru") => Self::Russian,
            _ => Self::English,
        }
    }

    /// The cure in this language.
    pub(crate) fn hint(self, advice: Advice) -> &'static str {
        match self {
            Self::English => advice.english,
            Self::Russian => advice.russian,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[&str], expected: Language) {
        assert_eq!(Language::of(values.iter().map(ToString::to_string)), expected, "{values:?}");
    }

    #[test]
    fn the_first_value_that_says_something_decides() {
        check(&[], Language::English);
        check(&["C"], Language::English);
        check(&["ru_RU.UTF-8"], Language::Russian);
        check(&["", "ru"], Language::Russian);
        check(&["C.UTF-8", "ru_RU.UTF-8"], Language::English);
        check(&["ru_RU", "en_US"], Language::Russian);
    }
}
