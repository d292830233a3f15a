//! What 1C and OneScript have of their own, as far as the modules use it.

use std::ops::RangeInclusive;

use opi_1c_ffi::{Bilingual, Language};

use crate::files::Host;

/// How many arguments a function takes; `name` is in lower case.
pub(crate) fn function(
    name: &str,
    language: Language,
    host: Host,
) -> Option<RangeInclusive<usize>> {
    let one_script = ONE_SCRIPT.iter().filter(|_| host == Host::OneScript);
    let mut rows = FUNCTIONS.iter().chain(one_script);
    let row = rows.find(|row| row.0.text(language).to_lowercase() == name);
    row.map(|row| row.1.clone())
}

/// Whether an object of the platform has such a method.
pub(crate) fn is_method(name: &str, language: Language) -> bool {
    METHODS.iter().any(|method| method.text(language) == name)
}

/// Whether the name is a value of the platform, such as an enumeration; in lower case.
pub(crate) fn is_value(name: &str, language: Language) -> bool {
    VALUES.iter().any(|value| value.text(language).to_lowercase() == name)
}

type Function = (Bilingual, RangeInclusive<usize>);

const fn row(en: &'static str, ru: &'static str, least: usize, most: usize) -> Function {
    (Bilingual::new(en, ru), RangeInclusive::new(least, most))
}

/// Functions of both hosts.
const FUNCTIONS: &[Function] = &[
    row("AttachAddIn", "ПодключитьВнешнююКомпоненту", 1, 4),
    row("Base64String", "Base64Строка", 1, 1),
    row("Base64Value", "Base64Значение", 1, 1),
    row("BriefErrorDescription", "КраткоеПредставлениеОшибки", 1, 1),
    row("Char", "Символ", 1, 1),
    row("Date", "Дата", 1, 6),
    row("EncodeString", "КодироватьСтроку", 2, 3),
    row("ErrorInfo", "ИнформацияОбОшибке", 0, 0),
    row("Eval", "Вычислить", 1, 1),
    row("FindFiles", "НайтиФайлы", 1, 3),
    row("GetBinaryDataFromString", "ПолучитьДвоичныеДанныеИзСтроки", 1, 3),
    row("GetPathSeparator", "ПолучитьРазделительПути", 0, 0),
    row("GetStringFromBinaryData", "ПолучитьСтрокуИзДвоичныхДанных", 1, 2),
    row("Int", "Цел", 1, 1),
    row("Left", "Лев", 2, 2),
    row("Lower", "НРег", 1, 1),
    row("Mid", "Сред", 2, 3),
    row("Number", "Число", 1, 1),
    row("ReadJSON", "ПрочитатьJSON", 1, 9),
    row("Right", "Прав", 2, 2),
    row("StrConcat", "СтрСоединить", 1, 2),
    row("StrFind", "СтрНайти", 2, 5),
    row("StrLen", "СтрДлина", 1, 1),
    row("StrReplace", "СтрЗаменить", 3, 3),
    row("StrSplit", "СтрРазделить", 2, 3),
    row("String", "Строка", 1, 1),
    row("ToLocalTime", "МестноеВремя", 1, 2),
    row("ToUniversalTime", "УниверсальноеВремя", 1, 2),
    row("TrimAll", "СокрЛП", 1, 1),
    row("Type", "Тип", 1, 1),
    row("TypeOf", "ТипЗнч", 1, 1),
    row("Upper", "ВРег", 1, 1),
    row("ValueIsFilled", "ЗначениеЗаполнено", 1, 1),
    row("WriteJSON", "ЗаписатьJSON", 2, 6),
    row("XMLString", "XMLСтрока", 1, 1),
];

/// Functions that only OneScript has.
const ONE_SCRIPT: &[Function] = &[
    row("CurrentScript", "ТекущийСценарий", 0, 0),
    row("GetEnvironmentVariable", "ПолучитьПеременнуюСреды", 1, 2),
];

const METHODS: &[Bilingual] = &[
    Bilingual::new("Add", "Добавить"),
    Bilingual::new("Close", "Закрыть"),
    Bilingual::new("Count", "Количество"),
    Bilingual::new("Find", "Найти"),
    Bilingual::new("Delete", "Удалить"),
    Bilingual::new("Get", "Получить"),
    Bilingual::new("GetBinaryData", "ПолучитьДвоичныеДанные"),
    Bilingual::new("Insert", "Вставить"),
    // Of InternetProxy.
    Bilingual::new("Password", "Пароль"),
    Bilingual::new("Port", "Порт"),
    Bilingual::new("Property", "Свойство"),
    Bilingual::new("Read", "Прочитать"),
    Bilingual::new("ReadXML", "ПрочитатьXML"),
    Bilingual::new("Server", "Сервер"),
    Bilingual::new("SetString", "УстановитьСтроку"),
    Bilingual::new("Size", "Размер"),
    Bilingual::new("User", "Пользователь"),
];

/// Enumerations, collections, and what the preprocessor asks for.
const VALUES: &[Bilingual] = &[
    Bilingual::new("AddInType", "ТипВнешнейКомпоненты"),
    Bilingual::new("Chars", "Символы"),
    Bilingual::new("ExternalConnection", "ВнешнееСоединение"),
    Bilingual::new("JSONCharactersEscapeMode", "ЭкранированиеСимволовJSON"),
    Bilingual::new("JSONDateFormat", "ФорматДатыJSON"),
    Bilingual::new("JSONDateWritingVariant", "ВариантЗаписиДатыJSON"),
    Bilingual::new("JSONLineBreak", "ПереносСтрокJSON"),
    Bilingual::new("PlatformType", "ТипПлатформы"),
    Bilingual::new("Server", "Сервер"),
    Bilingual::new("StringEncodingMethod", "СпособКодированияСтроки"),
    Bilingual::new("ThickClientManagedApplication", "ТолстыйКлиентУправляемоеПриложение"),
    Bilingual::new("ThickClientOrdinaryApplication", "ТолстыйКлиентОбычноеПриложение"),
    Bilingual::new("XDTOFactory", "ФабрикаXDTO"),
];
