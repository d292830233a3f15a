//! What a module exports, and the same functions under their names in the other language.

use anyhow::{Context, Result, ensure};
use opi_1c_ffi::Language;

use super::dictionary::Dictionary;

/// An exported function.
#[derive(Debug, PartialEq)]
pub(crate) struct Export {
    name: Word,
    params: Vec<Param>,
}

#[derive(Debug, PartialEq)]
struct Param {
    by_value: bool,
    name: Word,
    default: Option<Word>,
}

/// A word in both languages.
#[derive(Debug, PartialEq)]
struct Word {
    en: String,
    ru: String,
}

impl Word {
    fn plain(english: &str, dictionary: &mut Dictionary) -> Result<Self> {
        Ok(Self { en: english.to_owned(), ru: dictionary.word(english)? })
    }

    /// A value: a word such as `True`, or a number or a text, which have no language.
    fn value(english: &str, dictionary: &mut Dictionary) -> Result<Self> {
        if english.starts_with(char::is_alphabetic) {
            return Self::plain(english, dictionary);
        }
        Ok(Self { en: english.to_owned(), ru: english.to_owned() })
    }

    fn text(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Russian => &self.ru,
        }
    }
}

impl Export {
    pub(crate) fn name(&self, language: Language) -> &str {
        self.name.text(language)
    }

    /// The parameters as the declaration lists them, without what is passed by value.
    pub(crate) fn params(&self, language: Language) -> String {
        let params = self.params.iter().map(|Param { name, default, .. }| match default {
            Some(default) => format!("{} = {}", name.text(language), default.text(language)),
            None => name.text(language).to_owned(),
        });
        params.collect::<Vec<_>>().join(", ")
    }

    /// The parameters of an alternate: names of `theirs`, the rest in `ours`.
    fn declared(&self, theirs: Language, ours: Language) -> String {
        let params = self.params.iter().map(|Param { by_value, name, default }| {
            let by_value =
                if *by_value { format!("{} ", by_value_in(ours)) } else { String::new() };
            let default = default.as_ref().map(|default| format!(" = {}", default.text(ours)));
            format!("{by_value}{}{}", name.text(theirs), default.unwrap_or_default())
        });
        params.collect::<Vec<_>>().join(", ")
    }

    fn passed(&self, theirs: Language) -> String {
        let names = self.params.iter().map(|param| param.name.text(theirs));
        names.collect::<Vec<_>>().join(", ")
    }
}

/// The exported functions of an English source, in order.
pub(super) fn exports(source: &str, dictionary: &mut Dictionary) -> Result<Vec<Export>> {
    let mut exports = Vec::new();
    for line in source.lines().filter(|line| line.ends_with(" Export")) {
        exports.push(export(line, dictionary).with_context(|| line.to_owned())?);
    }
    Ok(exports)
}

fn export(line: &str, dictionary: &mut Dictionary) -> Result<Export> {
    let line = line.strip_prefix("Function ").context("only functions are exported")?;
    let (name, rest) = line.split_once('(').context("expected (")?;
    let (list, _) = rest.rsplit_once(')').context("expected )")?;
    let list = list.split(',').map(str::trim).filter(|param| !param.is_empty());
    let params = list.map(|text| param(text, dictionary)).collect::<Result<_>>()?;
    Ok(Export { name: Word::plain(name, dictionary)?, params })
}

fn param(text: &str, dictionary: &mut Dictionary) -> Result<Param> {
    let (text, by_value) = match text.strip_prefix("Val ") {
        Some(text) => (text, true),
        None => (text, false),
    };
    let (name, default) = match text.split_once(" = ") {
        Some((name, default)) => (name, Some(Word::value(default, dictionary)?)),
        None => (text, None),
    };
    ensure!(!name.contains(' '), "{name:?} is no name");
    Ok(Param { by_value, name: Word::plain(name, dictionary)?, default })
}

/// The region with the names of the other language.
pub(super) fn region(exports: &[Export], ours: Language) -> String {
    let (theirs, [region, end_region, function, export, give, end_function]) = match ours {
        Language::English => (Language::Russian, ENGLISH),
        Language::Russian => (Language::English, RUSSIAN),
    };
    let mut text = format!("\n#{region} Alternate\n");
    for it in exports.iter().filter(|it| it.name.en != it.name.ru) {
        let (alternate, name) = (it.name(theirs), it.name(ours));
        let (declared, passed) = (it.declared(theirs, ours), it.passed(theirs));
        text.push_str(&format!(
            "\n{function} {alternate}({declared}) {export}\n\n    {give} {name}({passed});\n\n{end_function}\n"
        ));
    }
    text + &format!("\n#{end_region}\n")
}

const ENGLISH: [&str; 6] = ["Region", "EndRegion", "Function", "Export", "Return", "EndFunction"];
const RUSSIAN: [&str; 6] =
    ["Область", "КонецОбласти", "Функция", "Экспорт", "Возврат", "КонецФункции"];

const fn by_value_in(language: Language) -> &'static str {
    match language {
        Language::English => "Val",
        Language::Russian => "Знач",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alternate_calls_the_function_with_every_parameter() {
        let mut dictionary = Dictionary::read().unwrap();
        let source =
            "Function ReadLine(Val Connection, Session = Undefined, Val Marker = \"\") Export\n";
        let exports = exports(source, &mut dictionary).unwrap();
        let region = region(&exports, Language::English);
        let expected = "Function ПрочитатьСтроку(Val Соединение, Сессия = Undefined, \
                        Val Маркер = \"\") Export\n\n    Return ReadLine(Соединение, Сессия, Маркер);";
        assert!(region.contains(expected), "{region}");
        assert_eq!(
            exports[0].params(Language::Russian),
            "Соединение, Сессия = Неопределено, Маркер = \"\""
        );
    }

    #[test]
    fn a_procedure_or_a_strange_parameter_is_refused() {
        let mut dictionary = Dictionary::read().unwrap();
        for wrong in ["Procedure ReadLine() Export", "Function ReadLine(Val  Connection) Export"] {
            assert!(exports(wrong, &mut dictionary).is_err(), "{wrong}");
        }
    }
}
