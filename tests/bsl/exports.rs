//! What modules export: the same names with the same parameters in every build.

use std::collections::BTreeMap;

use tree_sitter::Node;

use crate::files::Build;
use crate::routine::Routine;
use crate::syntax::{Source, below, children};

/// The builds of one module, each with the next one.
pub(crate) fn pairs(builds: &[Build]) -> Vec<[&Build; 2]> {
    let mut pairs = Vec::new();
    for module in ["OPI_TCP", "HTTPConnector"] {
        let builds: Vec<_> = builds.iter().filter(|build| build.module() == module).collect();
        pairs.extend(builds.windows(2).map(|pair| [pair[0], pair[1]]));
    }
    assert_eq!(pairs.len(), 6);
    pairs
}

/// What one exports and the other does not, or not so.
pub(crate) fn differences(one: &[Routine], other: &[Routine]) -> Vec<String> {
    let (one, other) = (exported(one), exported(other));
    let names = one.keys().chain(other.keys());
    let differs = names.filter(|name| one.get(*name) != other.get(*name));
    differs.map(|name| format!("{name}: {:?} and {:?}", one.get(name), other.get(name))).collect()
}

/// How many parameters each takes at least and at most.
fn exported(routines: &[Routine]) -> BTreeMap<&str, (usize, usize)> {
    let exported = routines.iter().filter(|routine| routine.exported);
    exported.map(|it| (it.name.as_str(), (it.required, it.params.len()))).collect()
}

/// What Connector exports: its names in English and Russian, and the defaults of its parameters,
/// `_` for one that has none.
pub(crate) const CONNECTOR: [(&str, &str, &str); 41] = [
    ("Get", "Get", "_ Undefined Undefined Undefined"),
    ("Options", "Options", "_ Undefined Undefined"),
    ("Head", "Head", "_ Undefined Undefined"),
    ("Post", "Post", "_ Undefined Undefined Undefined"),
    ("Put", "Put", "_ Undefined Undefined Undefined"),
    ("Patch", "Patch", "_ Undefined Undefined Undefined"),
    ("Delete", "Delete", "_ Undefined Undefined Undefined"),
    ("Mkcol", "Mkcol", "_ Undefined Undefined Undefined"),
    ("CallMethod", "ВызватьМетод", "_ _ Undefined Undefined"),
    ("GetJson", "GetJson", "_ Undefined Undefined Undefined"),
    ("PostJson", "PostJson", "_ _ Undefined Undefined"),
    ("PutJson", "PutJson", "_ _ Undefined Undefined"),
    ("DeleteJson", "DeleteJson", "_ _ Undefined Undefined"),
    ("NewParameters", "НовыеПараметры", ""),
    ("NewFileToSend", "НовыйОтправляемыйФайл", "_ _ Undefined Undefined"),
    ("NewSession", "СоздатьСессию", ""),
    ("NewResponse", "НовыйОтвет", ""),
    ("NewOSAuthentication", "НоваяАутентификацияОС", ""),
    ("NewBasicAuthentication", "НоваяАутентификацияBasic", "\"\" \"\""),
    ("NewDigestAuthentication", "НоваяАутентификацияDigest", "\"\" \"\""),
    ("NewBearerAuthentication", "НоваяАутентификацияBearer", "\"\""),
    ("NewAWS4Authentication", "НоваяАутентификацияAWS4", "\"\" \"\" \"\" \"\""),
    ("AsJson", "КакJson", "_ Undefined"),
    ("AsText", "КакТекст", "_ Undefined"),
    ("AsBinaryData", "КакДвоичныеДанные", "_"),
    ("AsXDTO", "КакXDTO", "_ Undefined Undefined Undefined"),
    ("AsException", "КакИсключение", "_ Undefined"),
    ("ParseURL", "РазобратьURL", "_"),
    ("ObjectToJson", "ОбъектВJson", "_ Undefined Undefined"),
    ("JsonToObject", "JsonВОбъект", "_ \"utf-8\" Undefined"),
    ("HMAC", "HMAC", "_ _ _"),
    ("HTTPStatusCodes", "КодыСостоянияHTTP", ""),
    ("HTTPStatusCodePresentation", "ПредставлениеКодаСостоянияHTTP", "_"),
    ("ReadGZip", "ПрочитатьGZip", "_"),
    ("WriteGZip", "ЗаписатьGZip", "_"),
    ("PrepareRequest", "ПодготовитьЗапрос", "_ _ _ _"),
    ("JsonConversion", "ПреобразованиеJson", "_ _ _ _"),
    ("JsonRestore", "ВосстановлениеJson", "_ _ _"),
    ("NumberFromString", "ЧислоИзСтроки", "_"),
    ("DateFromString", "ДатаИзСтроки", "_"),
    ("DateFromStringRFC7231", "ДатаИзСтрокиRFC7231", "_"),
];

/// What is wrong with an export of this name: that it is missing, or that its defaults are others.
pub(crate) fn mistaken(source: &Source, name: &str, defaults: &str) -> Option<String> {
    let functions = below(source.root()).into_iter().filter(|it| {
        it.kind() == "function_definition" && it.child_by_field_name("export").is_some()
    });
    let named = |it: &Node<'_>| source.text(it.child_by_field_name("name").unwrap()) == name;
    let Some(function) = functions.into_iter().find(named) else {
        return Some(format!("{name} is not exported"));
    };
    let params = children(function.child_by_field_name("parameters").unwrap());
    let default = |param: Node<'_>| match param.child_by_field_name("def") {
        None => "_".to_owned(),
        Some(default) => source.text(default).replace("Неопределено", "Undefined"),
    };
    let found = params.into_iter().map(default).collect::<Vec<_>>().join(" ");
    (found != defaults).then(|| format!("{name}: {found}, and not {defaults}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routine::routines;
    use crate::syntax::Source;

    #[test]
    fn a_name_or_a_parameter_more_is_a_difference() {
        let of = |text: &str| routines(&Source::parse(text));
        let one = of("Function A(B) Export\nEndFunction\nFunction C()\nEndFunction");
        assert_eq!(
            differences(&one, &of("Функция А() КонецФункции")),
            ["a: Some((1, 1)) and None"]
        );
        let other = of("Function A(B = 1) Export\nEndFunction");
        assert_eq!(differences(&one, &other).len(), 2);
        assert!(differences(&one, &one).is_empty());
    }
}
