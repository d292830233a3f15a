//! The rows of what needs no server.

use super::{documents, values};
use crate::components::http::connector::HttpConnector;
use crate::components::words;
use crate::language::Bilingual;
use crate::table::{Kind, Method, OptionRow, Param, Preset, Returns};

pub(crate) const GIVE_BYTES: Method<HttpConnector> = Method {
    name: Bilingual::new("GiveBytes", "ПередатьДвоичныеДанные"),
    doc: Bilingual::new(
        "Keeps bytes for a later request, whose options name them by the number in \"data\"; the \
         newest 256 are kept, and each goes once.",
        "Хранит данные для последующего запроса, в параметрах которого они названы номером из \
         \"data\"; хранятся последние 256, каждые уходят один раз.",
    ),
    params: &[words::DATA],
    returns: Returns::Json,
    body: HttpConnector::give_bytes,
};

pub(crate) const PARSE_URL: Method<HttpConnector> = Method {
    name: Bilingual::new("ParseURL", "РазобратьURL"),
    doc: Bilingual::new(
        "Takes a URL apart, with or without a scheme: {scheme, user, password, host, port, path, \
         query, fragment}; names and values are decoded, a + stays a +.",
        "Разбирает URL, со схемой или без: {scheme, user, password, host, port, path, query, \
         fragment}; имена и значения раскодированы, + остаётся +.",
    ),
    params: &[URL],
    returns: Returns::Json,
    body: |_, args| values::parse_url(args),
};

pub(crate) const HMAC: Method<HttpConnector> = Method {
    name: Bilingual::new("ComputeHMAC", "ВычислитьHMAC"),
    doc: Bilingual::new(
        "The code by which who knows the key knows that the data is genuine.",
        "Код, по которому знающий ключ узнаёт, что данные подлинные.",
    ),
    params: &[HASHED, KEY, ALGORITHM],
    returns: Returns::Bytes,
    body: |_, args| values::hmac(args),
};

pub(crate) const READ_GZIP: Method<HttpConnector> = Method {
    name: Bilingual::new("ReadGZip", "ПрочитатьGZip"),
    doc: Bilingual::new("Unpacks gzip, every member of it.", "Распаковывает gzip, все его части."),
    params: &[PACKED, MOST],
    returns: Returns::Bytes,
    body: |_, args| values::read_gzip(args),
};

pub(crate) const WRITE_GZIP: Method<HttpConnector> = Method {
    name: Bilingual::new("WriteGZip", "ЗаписатьGZip"),
    doc: Bilingual::new("Packs data by gzip.", "Упаковывает данные gzip."),
    params: &[words::DATA],
    returns: Returns::Bytes,
    body: |_, args| values::write_gzip(args),
};

pub(crate) const STATUS_CODES: Method<HttpConnector> = Method {
    name: Bilingual::new("StatusCodes", "КодыСостояния"),
    doc: Bilingual::new(
        "The known statuses: {statuses: [{code, en, ru, reason}]}.",
        "Известные коды состояния: {statuses: [{code, en, ru, reason}]}.",
    ),
    params: &[],
    returns: Returns::Json,
    body: |_, args| values::statuses(args),
};

pub(crate) const READ_DATE: Method<HttpConnector> = Method {
    name: Bilingual::new("ReadDate", "ПрочитатьДату"),
    doc: Bilingual::new(
        "A date of HTTP in any of its three forms, such as Sun, 06 Nov 1994 08:49:37 GMT: {date}, as \
         1994-11-06T08:49:37, null for other text.",
        "Дата HTTP в любом из трёх видов, например Sun, 06 Nov 1994 08:49:37 GMT: {date}, как \
         1994-11-06T08:49:37, null для другого текста.",
    ),
    params: &[DATE],
    returns: Returns::Json,
    body: |_, args| values::read_date(args),
};

pub(crate) const READ_TEXT: Method<HttpConnector> = Method {
    name: Bilingual::new("ReadText", "ПрочитатьТекст"),
    doc: Bilingual::new("Bytes as text: {text, encoding}.", "Данные как текст: {text, encoding}."),
    params: &[DOCUMENT, words::options(TEXT_OPTIONS)],
    returns: Returns::Json,
    body: |_, args| documents::read_text(args),
};

pub(crate) const READ_JSON: Method<HttpConnector> = Method {
    name: Bilingual::new("ReadJSON", "ПрочитатьJSON"),
    doc: Bilingual::new(
        "JSON whose strings are marked, in \"value\": t and a text, l and a local date, u and a \
         date in UTC. So no reader takes a text for a date.",
        "JSON с помеченными строками, в \"value\": t и текст, l и местная дата, u и дата UTC. Так \
         никакое чтение не примет текст за дату.",
    ),
    params: &[DOCUMENT, words::options(READ_OPTIONS)],
    returns: Returns::Json,
    body: |_, args| documents::read_json(args),
};

pub(crate) const WRITE_JSON: Method<HttpConnector> = Method {
    name: Bilingual::new("WriteJSON", "ЗаписатьJSON"),
    doc: Bilingual::new(
        "Marked JSON as JSON, in \"text\"; the mark d is before a date written twice, local and in \
         UTC.",
        "Помеченный JSON как JSON, в \"text\"; метка d стоит перед датой, записанной дважды: \
         местной и UTC.",
    ),
    params: &[MARKED, words::options(WRITE_OPTIONS)],
    returns: Returns::Json,
    body: |_, args| documents::write_json(args),
};

pub(crate) const READ_XML: Method<HttpConnector> = Method {
    name: Bilingual::new("ReadXML", "ПрочитатьXML"),
    doc: Bilingual::new(
        "XML as a tree, in \"root\": {name, namespace, attributes, content}. A document type is \
         refused; 64 MiB, 256 levels and 1000000 nodes at most.",
        "XML деревом, в \"root\": {name, namespace, attributes, content}. Объявление типа документа \
         не принимается; не больше 64 МиБ, 256 уровней и 1000000 узлов.",
    ),
    params: &[DOCUMENT, words::options(TEXT_OPTIONS)],
    returns: Returns::Json,
    body: |_, args| documents::read_xml(args),
};

pub(crate) const EXCEPTION_TEXT: Method<HttpConnector> = Method {
    name: Bilingual::new("ExceptionText", "ТекстИсключения"),
    doc: Bilingual::new(
        "An answer as the text of an exception, in \"text\".",
        "Ответ как текст исключения, в \"text\".",
    ),
    params: &[DOCUMENT, words::options(EXCEPTION_OPTIONS)],
    returns: Returns::Json,
    body: HttpConnector::exception_text,
};

const URL: Param = Param::required(
    Kind::Text,
    Bilingual::new("URL", "URL"),
    Bilingual::new("What to take apart.", "Что разобрать."),
);

const DATE: Param = Param::required(
    Kind::Text,
    Bilingual::new("Date", "Дата"),
    Bilingual::new("The date in GMT.", "Дата по Гринвичу."),
);

const HASHED: Param = Param::required(
    Kind::Data,
    Bilingual::new("Data", "Данные"),
    Bilingual::new("What is vouched for.", "Данные, подлинность которых удостоверяется."),
);

const KEY: Param = Param::required(
    Kind::Data,
    Bilingual::new("Key", "Ключ"),
    Bilingual::new("The secret key, of any length.", "Секретный ключ любой длины."),
);

pub(super) const ALGORITHM: Param = Param::required(
    Kind::Text,
    Bilingual::new("Algorithm", "Алгоритм"),
    Bilingual::new(
        "MD5, SHA1, SHA224, SHA256, SHA384 or SHA512.",
        "MD5, SHA1, SHA224, SHA256, SHA384 или SHA512.",
    ),
);

const PACKED: Param = Param::required(
    Kind::Data,
    Bilingual::new("Data", "Данные"),
    Bilingual::new("What to unpack.", "Что распаковать."),
);

const MOST: Param = Param::optional(
    Kind::Size,
    Bilingual::new("MaxSize", "МаксимальныйРазмер"),
    Bilingual::new(
        "The most bytes it may unpack to; more is an error. 0 is 2147483647.",
        "Сколько байт может получиться; больше - ошибка. 0 - 2147483647.",
    ),
    Preset::Int(0),
);

const DOCUMENT: Param = Param::required(
    Kind::Data,
    Bilingual::new("Document", "Документ"),
    Bilingual::new("Binary data, or text.", "Двоичные данные или строка."),
);

const MARKED: Param = Param::required(
    Kind::Text,
    Bilingual::new("Marked", "Помеченный"),
    Bilingual::new("The marked JSON.", "Помеченный JSON."),
);

pub(super) const TEXT_ENCODING: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("encoding", "Кодировка"),
    Bilingual::new(
        "Of the bytes: utf-8, windows-1251 or another of the WHATWG Encoding Standard. What the bytes \
         begin with, else utf-8.",
        "Кодировка данных: utf-8, windows-1251 или другая из WHATWG Encoding Standard. По началу \
         данных, иначе utf-8.",
    ),
);

pub(super) const CONTENT_TYPE: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("content_type", "ТипСодержимого"),
    Bilingual::new(
        "The media type that came with the bytes; it may name the encoding. None.",
        "Тип содержимого, с которым пришли данные; может называть кодировку. Нет.",
    ),
);

const TEXT_OPTIONS: &[&OptionRow] = &[&TEXT_ENCODING, &CONTENT_TYPE];

pub(super) const DATES: OptionRow = OptionRow::new(
    Kind::List,
    Bilingual::new("dates", "Даты"),
    Bilingual::new("The names of properties that are dates. None.", "Имена свойств-дат. Нет."),
);

pub(super) const DATE_FORM: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("date_form", "ФорматДаты"),
    Bilingual::new(
        "How dates are written: iso, javascript or microsoft. iso.",
        "Как записаны даты: iso, javascript или microsoft. iso.",
    ),
);

pub(super) const NESTING: OptionRow = OptionRow::new(
    Kind::Count,
    Bilingual::new("nesting", "Вложенность"),
    Bilingual::new(
        "How many arrays and objects may stand in each other. 500.",
        "Сколько массивов и объектов может быть вложено друг в друга. 500.",
    ),
);

const READ_OPTIONS: &[&OptionRow] = &[&DATES, &DATE_FORM, &NESTING, &TEXT_ENCODING, &CONTENT_TYPE];

pub(super) const ZONE: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("zone", "ЧасовойПояс"),
    Bilingual::new(
        "Of dates in ISO: local, local_with_offset or universal. local.",
        "Пояс дат ISO: local, local_with_offset или universal. local.",
    ),
);

pub(super) const LINE_BREAK: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("line_break", "ПереносСтрок"),
    Bilingual::new(
        "auto (that of the system), none, unix or windows. auto.",
        "auto (как в системе), none, unix или windows. auto.",
    ),
);

pub(super) const INDENT: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("indent", "Отступ"),
    Bilingual::new(
        "What stands before a line, once for each level. One space.",
        "Что стоит перед строкой, по разу на каждый уровень. Пробел.",
    ),
);

pub(super) const QUOTES: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("quotes", "Кавычки"),
    Bilingual::new("double or single. double.", "double или single. double."),
);

pub(super) const ESCAPES: OptionRow = OptionRow::new(
    Kind::List,
    Bilingual::new("escape", "Экранирование"),
    Bilingual::new(
        "What is escaped besides what must be: ampersand, angle_brackets, line_separators, not_ascii, \
         not_bmp, single_quotes, slash. line_separators.",
        "Что экранировать помимо обязательного: ampersand, angle_brackets, line_separators, not_ascii, \
         not_bmp, single_quotes, slash. line_separators.",
    ),
);

const WRITE_OPTIONS: &[&OptionRow] = &[&DATE_FORM, &ZONE, &LINE_BREAK, &INDENT, &QUOTES, &ESCAPES];

pub(super) const USER_TEXT: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("user_text", "ТекстДляПользователя"),
    Bilingual::new("What the user reads first. Nothing.", "Что пользователь прочтёт сначала. Нет."),
);

pub(super) const SHOWN_METHOD: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("method", "Метод"),
    Bilingual::new("The method of the request.", "Метод запроса."),
);

pub(super) const SHOWN_URL: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("url", "URL"),
    Bilingual::new("The URL of the request.", "URL запроса."),
);

pub(super) const STATUS: OptionRow = OptionRow::new(
    Kind::Size,
    Bilingual::new("status", "КодСостояния"),
    Bilingual::new("The status of the answer.", "Код состояния ответа."),
);

pub(super) const ERRORS: OptionRow = OptionRow::new(
    Kind::List,
    Bilingual::new("errors", "Ошибки"),
    Bilingual::new("What failed on the way. Nothing.", "Что не удалось по пути. Ничего."),
);

const EXCEPTION_OPTIONS: &[&OptionRow] =
    &[&USER_TEXT, &SHOWN_METHOD, &SHOWN_URL, &STATUS, &ERRORS, &TEXT_ENCODING, &CONTENT_TYPE];
