//! `docs/reference/addin*.md`: the classes of the add-in by their rows, and the BSL modules.

use std::fmt::Write;

use anyhow::{Context, Result, bail};
use opi_1c_ffi::{
    Access, Bilingual, ComponentInfo, Kind, Language, MethodInfo, OptionRow, Param, Preset,
    PropertyInfo, Returns, components,
};

use crate::modules::Module;
use crate::output::Output;

/// The page in each language.
pub(crate) fn pages(modules: &[Module], output: &mut Output) -> Result<()> {
    for (language, path) in [(Language::English, "addin.md"), (Language::Russian, "addin.ru.md")] {
        let page = Page { language, text: String::new() }.write(modules)?;
        output.add(format!("docs/reference/{path}"), page);
    }
    Ok(())
}

struct Page {
    language: Language,
    text: String,
}

impl Page {
    fn write(mut self, modules: &[Module]) -> Result<String> {
        self.line(self.say(INTRODUCTION));
        let classes = components();
        for class in classes {
            self.class(class, classes)?;
        }
        self.shared(classes)?;
        self.modules(modules);
        self.not_yet()?;
        Ok(self.text)
    }

    fn class(&mut self, class: &ComponentInfo, all: &[ComponentInfo]) -> Result<()> {
        self.line(&format!("\n## {}\n\n{}", class.class(), self.say(class.doc())));
        for method in class.methods().iter().filter(|it| !in_all(it.name, all)) {
            self.method(method)?;
        }
        let own: Vec<_> =
            class.properties().into_iter().filter(|it| !in_all(it.name, all)).collect();
        self.properties(&own)
    }

    /// What every class has.
    fn shared(&mut self, all: &[ComponentInfo]) -> Result<()> {
        let class = all.first().context("the add-in has no class")?;
        self.line(&format!("\n## {}", self.say(SHARED)));
        for method in class.methods().iter().filter(|it| in_all(it.name, all)) {
            self.method(method)?;
        }
        let own: Vec<_> =
            class.properties().into_iter().filter(|it| in_all(it.name, all)).collect();
        self.properties(&own)
    }

    fn method(&mut self, method: &MethodInfo) -> Result<()> {
        let MethodInfo { name, doc, params, returns, .. } = method;
        self.line(&format!("\n### {}\n\n{}", self.both(*name), self.say(*doc)));
        self.line(&format!("{} {}.", self.say(RETURNS), self.returns(*returns)?));
        if !params.is_empty() {
            self.line(&format!("\n{}", self.say(PARAMS)));
        }
        for Param { name, doc, kind, default, .. } in *params {
            let default = match default {
                None => self.say(REQUIRED).to_owned(),
                Some(preset) => format!("`{}`", self.preset(*preset)?),
            };
            let (name, doc, kind) = (self.both(*name), self.say(*doc), self.kind(*kind)?);
            self.line(&format!("| {name} | {kind} | {default} | {doc} |"));
        }
        for param in *params {
            if let Kind::Options(rows) = param.kind {
                self.options(rows)?;
            }
        }
        Ok(())
    }

    fn options(&mut self, rows: &[&OptionRow]) -> Result<()> {
        self.line(&format!("\n{}", self.say(OPTIONS)));
        for row in rows {
            self.option(row, None)?;
        }
        Ok(())
    }

    /// A row, and under it the rows of the object that it may be.
    fn option(&mut self, row: &OptionRow, within: Option<Bilingual>) -> Result<()> {
        let (name, doc) = (self.keys(row.name), self.say(row.doc));
        let (Kind::Options(inner) | Kind::Objects(inner)) = row.kind else {
            let path = within.map(|it| format!("{}: ", self.keys(it))).unwrap_or_default();
            let kind = self.kind(row.kind)?;
            self.line(&format!("| {path}{name} | {kind} | {doc} |"));
            return Ok(());
        };
        let is_list = matches!(row.kind, Kind::Objects(_));
        let kind = if is_list { self.kind(row.kind)? } else { self.say(OBJECT) };
        self.line(&format!("| {name} | {kind} | {doc} |"));
        inner.iter().try_for_each(|inner| self.option(inner, Some(row.name)))
    }

    fn properties(&mut self, properties: &[PropertyInfo]) -> Result<()> {
        if properties.is_empty() {
            return Ok(());
        }
        self.line(&format!("\n{}", self.say(PROPERTIES)));
        for PropertyInfo { name, doc, returns, access, .. } in properties {
            let (name, doc) = (self.both(*name), self.say(*doc));
            let (kind, access) = (self.returns(*returns)?, self.say(access_words(*access)));
            self.line(&format!("| {name} | {kind} | {access} | {doc} |"));
        }
        Ok(())
    }

    fn modules(&mut self, modules: &[Module]) {
        self.line(&format!("\n{}", self.say(MODULES)));
        let other = match self.language {
            Language::English => Language::Russian,
            Language::Russian => Language::English,
        };
        for module in modules {
            let name = module.name.text(self.language);
            self.line(&format!("\n### {name}\n\n{}", self.say(EXPORTS)));
            for export in &module.exports {
                let (ours, theirs) = (export.name(self.language), export.name(other));
                let params = export.params(self.language);
                self.line(&format!("| `{ours}({params})` | `{theirs}` |"));
            }
        }
    }

    fn not_yet(&mut self) -> Result<()> {
        self.line(&format!("\n{}", self.say(NOT_YET)));
        for row in NOT_YET_ROWS.lines().filter(|row| !row.starts_with('#')) {
            let cells: Vec<_> = row.split(" | ").collect();
            let [module, name_en, name_ru, why_en, why_ru] = cells[..] else {
                bail!("not_yet.txt: expected five cells: {row}");
            };
            let (name, why) = match self.language {
                Language::English => (name_en, why_en),
                Language::Russian => (name_ru, why_ru),
            };
            self.line(&format!("| {module} | {name} | {why} |"));
        }
        Ok(())
    }

    fn line(&mut self, line: &str) {
        // Text can always be written to.
        let _infallible = writeln!(self.text, "{line}").is_err();
    }

    fn say(&self, words: Bilingual) -> &'static str {
        words.text(self.language)
    }

    fn both(&self, name: Bilingual) -> String {
        let Bilingual { en, ru } = name;
        match self.language {
            _ if en == ru => en.to_owned(),
            Language::English => format!("{en} / {ru}"),
            Language::Russian => format!("{ru} / {en}"),
        }
    }

    fn keys(&self, name: Bilingual) -> String {
        let Bilingual { en, ru } = name;
        match self.language {
            _ if en == ru => format!("`{en}`"),
            Language::English => format!("`{en}` / `{ru}`"),
            Language::Russian => format!("`{ru}` / `{en}`"),
        }
    }

    fn kind(&self, kind: Kind) -> Result<&'static str> {
        let words = match kind {
            Kind::Address => Bilingual::new("address", "адрес"),
            Kind::Bool => Bilingual::new("boolean", "булево"),
            Kind::Connection => Bilingual::new("number of a connection", "номер соединения"),
            Kind::Count => Bilingual::new("count, 1 or more", "количество, 1 или больше"),
            Kind::Data => Bilingual::new("binary data or text", "двоичные данные или строка"),
            Kind::Handle => Bilingual::new("number of bytes", "номер данных"),
            Kind::Json => Bilingual::new("any value", "любое значение"),
            Kind::Length => Bilingual::new("bytes, 0 or more", "байт, 0 или больше"),
            Kind::List => Bilingual::new("list of texts, or a text", "список строк или строка"),
            Kind::Milliseconds => Bilingual::new("milliseconds", "миллисекунды"),
            Kind::Objects(_) => Bilingual::new("list of objects", "список объектов"),
            Kind::Options(_) => Bilingual::new("JSON text", "текст JSON"),
            Kind::Query => Bilingual::new(
                "object of texts, or list of pairs",
                "объект из строк или список пар",
            ),
            Kind::Seconds => Bilingual::new("seconds since 1970", "секунды с 1970 года"),
            Kind::Size => Bilingual::new("count, 0 or more", "количество, 0 или больше"),
            Kind::Statuses => {
                Bilingual::new("list of statuses, or a text", "список кодов состояния или строка")
            }
            Kind::Text => Bilingual::new("text", "строка"),
            Kind::Texts => Bilingual::new(
                "object of texts, or list of pairs",
                "объект из строк или список пар",
            ),
            other => bail!("the reference has no words for {other:?}"),
        };
        Ok(self.say(words))
    }

    fn returns(&self, returns: Returns) -> Result<&'static str> {
        let words = match returns {
            Returns::Bool => Bilingual::new("boolean", "булево"),
            Returns::Bytes => Bilingual::new("binary data", "двоичные данные"),
            Returns::Json => Bilingual::new("JSON text", "текст JSON"),
            Returns::Text => Bilingual::new("text", "строка"),
            other => bail!("the reference has no words for {other:?}"),
        };
        Ok(self.say(words))
    }

    fn preset(&self, preset: Preset) -> Result<String> {
        Ok(match preset {
            Preset::Bool(true) => self.say(Bilingual::new("True", "Истина")).to_owned(),
            Preset::Bool(false) => self.say(Bilingual::new("False", "Ложь")).to_owned(),
            Preset::Int(number) => number.to_string(),
            Preset::Text(text) => format!("\"{text}\""),
            other => bail!("the reference has no words for {other:?}"),
        })
    }
}

const fn access_words(access: Access) -> Bilingual {
    match access {
        Access::Read => Bilingual::new("read", "чтение"),
        Access::ReadWrite => Bilingual::new("read and set", "чтение и запись"),
    }
}

fn in_all(name: Bilingual, classes: &[ComponentInfo]) -> bool {
    classes.iter().all(|class| {
        class.methods().iter().any(|method| method.name == name)
            || class.properties().iter().any(|property| property.name == name)
    })
}

const NOT_YET_ROWS: &str = include_str!("templates/not_yet.txt");

const INTRODUCTION: Bilingual = Bilingual::new(
    "<!-- Generated by `cargo xtask codegen`; do not edit. -->

# The add-in

After `AttachAddIn(Location, \"OPI\", AddInType.Native)` an object is made by `New(\"AddIn.OPI.TCPClient\")`.
Names work in English and in Russian, in any letter case; so do the keys of options.
A method returns JSON text with `result`; when it is `false`, `error` holds code, phase, message, hint, who, retryable and elapsed_ms; the codes are in [errors.md](../errors.md).
Received bytes come as `size` and a number in `data`, for which TakeBytes gives them once.",
    "<!-- Создано командой `cargo xtask codegen`; не редактировать. -->

# Компонента

После `ПодключитьВнешнююКомпоненту(Место, \"OPI\", ТипВнешнейКомпоненты.Native)` объект создаёт `Новый(\"AddIn.OPI.TCPClient\")`.
Имена действуют на английском и русском, в любом регистре; ключи параметров тоже.
Метод возвращает текст JSON с `result`; если он `false`, в `error` есть code, phase, message, hint, who, retryable и elapsed_ms; коды описаны в [errors.md](../errors.md).
Полученные данные приходят как `size` и номер в `data`, по которому их один раз отдаёт ЗабратьДвоичныеДанные.",
);

const OBJECT: Bilingual = Bilingual::new("object", "объект");
const SHARED: Bilingual = Bilingual::new("In every class", "В каждом классе");
const RETURNS: Bilingual = Bilingual::new("Returns", "Возвращает");
const REQUIRED: Bilingual = Bilingual::new("required", "обязателен");

const PARAMS: Bilingual = Bilingual::new(
    "| parameter | kind | default | what it is |\n|---|---|---|---|",
    "| параметр | вид | по умолчанию | что это |\n|---|---|---|---|",
);

const OPTIONS: Bilingual = Bilingual::new(
    "| option | kind | what it is, and its default |\n|---|---|---|",
    "| ключ | вид | что это и значение по умолчанию |\n|---|---|---|",
);

const PROPERTIES: Bilingual = Bilingual::new(
    "| property | kind | access | what it is |\n|---|---|---|---|",
    "| свойство | вид | доступ | что это |\n|---|---|---|---|",
);

const MODULES: Bilingual = Bilingual::new(
    "## BSL modules

The modules in `crates/opi-1c-ffi/bsl` have the functions of OPI_TCP and of Connector over these classes.
For 1C a module is the text of a common module, and `opi.zip` is the template `OPI_AddIn`.
For OneScript the folder `opi` is a package: `#Use opi`; the library is found beside the modules or by the variable `OPI_ADDIN`.
OneScript 1.9 on current Debian and Ubuntu loads no add-in until a dllmap names `libdl.so.2` for `libdl.so`; OneScript 2 needs nothing.
Every function has both names in both languages.",
    "## Модули BSL

Модули в `crates/opi-1c-ffi/bsl` повторяют функции OPI_TCP и Коннектора поверх этих классов.
Для 1С модуль - это текст общего модуля, а `opi.zip` - макет `OPI_AddIn`.
Для OneScript каталог `opi` - это пакет: `#Использовать opi`; библиотека ищется рядом с модулями или по переменной `OPI_ADDIN`.
OneScript 1.9 в современных Debian и Ubuntu не загружает компоненты, пока dllmap не укажет `libdl.so.2` вместо `libdl.so`; OneScript 2 ничего не требует.
У каждой функции есть оба имени на обоих языках.",
);

const EXPORTS: Bilingual =
    Bilingual::new("| function | also as |\n|---|---|", "| функция | она же |\n|---|---|");

const NOT_YET: Bilingual = Bilingual::new(
    "## Not yet

What the originals have and these modules do not have yet; it is absent rather than a stub.

| module | what | why |
|---|---|---|",
    "## Пока нет

Что есть в оригиналах и чего в этих модулях пока нет; заглушек вместо этого нет.

| модуль | что | почему |
|---|---|---|",
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modules;

    #[test]
    fn both_pages_name_every_member_in_both_languages() {
        let mut output = Output::default();
        pages(&modules::all().unwrap(), &mut output).unwrap();
        let pages: Vec<_> = output.texts().collect();
        assert_eq!(pages.len(), 2);
        for class in components() {
            let names = class.methods().into_iter().map(|method| method.name);
            for Bilingual { en, ru } in names.chain(class.properties().iter().map(|it| it.name)) {
                assert!(pages.iter().all(|page| page.contains(en) && page.contains(ru)), "{en}");
            }
        }
    }

    #[test]
    fn nothing_that_is_exported_is_said_to_be_missing() {
        for module in modules::all().unwrap() {
            for export in &module.exports {
                let name = export.name(Language::English);
                let missing = NOT_YET_ROWS.lines().filter(|row| row.starts_with(module.name.en));
                let names: Vec<_> = missing.filter_map(|row| row.split(" | ").nth(1)).collect();
                assert!(!names.iter().any(|it| it.split(", ").any(|it| it == name)), "{name}");
            }
        }
    }
}
