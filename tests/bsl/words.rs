//! The words that the modules are written with, in both languages.

use opi_1c_ffi::Language;

/// A plain word of the modules in `language`.
pub(crate) fn word(english: &str, language: Language) -> String {
    if language == Language::English {
        return english.to_owned();
    }
    let rows = include_str!("../codegen/templates/names.txt").lines();
    let mut pairs = rows.filter_map(|row| row.split_once(' '));
    let found = pairs.find(|(en, _)| *en == english);
    found.map_or_else(|| english.to_owned(), |(_, ru)| ru.to_owned())
}
