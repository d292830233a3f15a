//! The words of the sources: each English one with its Russian one.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};
use opi_1c_ffi::{Bilingual, components};

/// Words by their English form; members of objects, written `.Name`, come before plain words.
pub(super) struct Dictionary {
    words: BTreeMap<String, String>,
    /// The names of the add-in, which come from its table.
    addin: BTreeMap<String, String>,
    used: BTreeSet<String>,
}

impl Dictionary {
    pub(super) fn read() -> Result<Self> {
        let words = parse(include_str!("../templates/names.txt"))?;
        Ok(Self { words, addin: addin()?, used: BTreeSet::new() })
    }

    /// The Russian word for a plain one.
    pub(super) fn word(&mut self, english: &str) -> Result<String> {
        match self.find(english) {
            Some(russian) => Ok(russian),
            None => bail!("names.txt has no row for {english}"),
        }
    }

    /// The Russian word for a member: `object.member`.
    pub(super) fn member(&mut self, english: &str) -> Result<String> {
        let own = self.find(&format!(".{english}"));
        if let Some(russian) = own.or_else(|| self.addin.get(english).cloned()) {
            return Ok(russian);
        }
        self.word(english)
    }

    fn find(&mut self, key: &str) -> Option<String> {
        let russian = self.words.get(key)?.clone();
        self.used.insert(key.to_owned());
        Some(russian)
    }

    /// A word that nothing needs any more would stay for ever otherwise.
    pub(super) fn expect_all_used(&self) -> Result<()> {
        let unused: Vec<_> = self.words.keys().filter(|word| !self.used.contains(*word)).collect();
        ensure!(unused.is_empty(), "names.txt has rows that nothing uses: {unused:?}");
        Ok(())
    }
}

fn parse(text: &str) -> Result<BTreeMap<String, String>> {
    let mut words = BTreeMap::new();
    for row in text.lines().filter(|row| !row.is_empty() && !row.starts_with('#')) {
        let (english, russian) = row.split_once(' ').with_context(|| format!("{row:?}"))?;
        let twice = words.insert(english.to_owned(), russian.trim().to_owned());
        ensure!(twice.is_none(), "names.txt has two rows for {english}");
    }
    expect_distinct(&words)?;
    Ok(words)
}

/// Two names that are one in Russian would be one variable or one function there.
fn expect_distinct(words: &BTreeMap<String, String>) -> Result<()> {
    let mut seen = BTreeMap::new();
    for (english, russian) in words.iter().filter(|(english, _)| !english.starts_with('.')) {
        let other = seen.insert(russian.to_lowercase(), english);
        ensure!(other.is_none(), "names.txt has {russian} for {english} and for {other:?}");
    }
    Ok(())
}

fn addin() -> Result<BTreeMap<String, String>> {
    let mut names = BTreeMap::new();
    for class in components() {
        let methods = class.methods().into_iter().map(|method| method.name);
        let properties = class.properties().into_iter().map(|property| property.name);
        for Bilingual { en, ru } in methods.chain(properties) {
            let other = names.insert(en.to_owned(), ru.to_owned()).filter(|other| other != ru);
            ensure!(other.is_none(), "the add-in has two Russian names for {en}");
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dictionary(text: &str) -> Dictionary {
        Dictionary { words: parse(text).unwrap(), addin: addin().unwrap(), used: BTreeSet::new() }
    }

    #[test]
    fn members_have_words_of_their_own_then_those_of_the_add_in_then_plain_ones() {
        let mut dictionary = dictionary("Get Get\n.Get Получить\nCount Количество\nCancel Нет\n");
        assert_eq!(dictionary.word("Get").unwrap(), "Get");
        assert_eq!(dictionary.member("Get").unwrap(), "Получить");
        assert_eq!(dictionary.member("Count").unwrap(), "Количество");
        assert_eq!(dictionary.member("Cancel").unwrap(), "Отменить");
        assert!(dictionary.word("Unknown").is_err());
        assert!(dictionary.expect_all_used().unwrap_err().to_string().contains("Cancel"));
    }

    #[test]
    fn a_word_stands_once() {
        assert!(parse("A Б\nA В\n").is_err());
        assert!(parse("A\n").is_err());
        assert!(parse("A Б\nC б\n").is_err());
    }
}
