//! The parameters and options of requests and sessions.

use super::{auth, cookies, multipart, retries, timeouts};
use crate::components::{dialing, routing, secure, words};
use crate::language::Bilingual;
use crate::table::{Kind, OptionRow, Param, Preset, join};

pub(super) const BODY: Param = Param::required(
    Kind::Data,
    Bilingual::new("Body", "Тело"),
    Bilingual::new(
        "The body: binary data, or text, which goes in UTF-8; empty for none.",
        "Тело: двоичные данные или строка, которая уйдёт в UTF-8; пусто - без тела.",
    ),
);

pub(super) const METHOD: Param = Param::required(
    Kind::Text,
    Bilingual::new("Method", "Метод"),
    Bilingual::new("GET, POST or any other.", "GET, POST или любой другой."),
);

pub(super) const URL: Param = Param::required(
    Kind::Text,
    Bilingual::new("URL", "URL"),
    Bilingual::new("Where to, http or https.", "Куда, http или https."),
);

pub(super) const QUERY: OptionRow = OptionRow::new(
    Kind::Query,
    Bilingual::new("query", "ПараметрыЗапроса"),
    Bilingual::new(
        "Parameters added to the URL; a list repeats its name, null is a name without a value.",
        "Параметры, добавляемые к URL; список повторяет имя, null - имя без значения.",
    ),
);

pub(super) const HEADERS: OptionRow = OptionRow::new(
    Kind::Texts,
    Bilingual::new("headers", "Заголовки"),
    Bilingual::new(
        "Headers; a list repeats its name. A request's go before the session's.",
        "Заголовки; список повторяет имя. Заголовки запроса важнее заголовков сессии.",
    ),
);

pub(super) const JSON: OptionRow = OptionRow::new(
    Kind::Json,
    Bilingual::new("json", "JSON"),
    Bilingual::new(
        "A value sent as JSON in place of the body.",
        "Значение, отправляемое как JSON вместо тела.",
    ),
);

pub(super) const FORM: OptionRow = OptionRow::new(
    Kind::Texts,
    Bilingual::new("form", "Форма"),
    Bilingual::new(
        "Fields sent as an HTML form in place of the body.",
        "Поля, отправляемые как форма HTML вместо тела.",
    ),
);

pub(super) const BODY_AS: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("answer", "Ответ"),
    Bilingual::new(
        "How the answer's body comes: data (a handle for TakeBytes), text or json. data.",
        "Как вернуть тело ответа: data (номер для ЗабратьДвоичныеДанные), text или json. data.",
    ),
);

pub(super) const REQUEST_OPTIONS: &[&OptionRow] =
    &join::<{ 22 + routing::ROWS.len() + secure::ROWS.len() }>(&[
        &[
            &QUERY,
            &HEADERS,
            &JSON,
            &FORM,
            &multipart::FILES,
            &BODY_FILE,
            &GZIP_BODY,
            &auth::AUTH,
            &auth::USER,
            &auth::PASSWORD,
            &auth::TOKEN,
            &COOKIES,
            &JAR,
            &retries::RETRIES,
            &REDIRECTS,
            &BODY_AS,
            &OUTPUT_FILE,
            &EXPECT_STATUS,
            &ENCODING,
            &MAX_BODY,
            &words::TIMEOUT,
            &timeouts::TIMEOUTS,
        ],
        routing::ROWS,
        secure::ROWS,
    ]);

pub(super) const BODY_FILE: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("body_file", "ФайлТела"),
    Bilingual::new(
        "The path of a file that is the body; it is read while it is sent.",
        "Путь к файлу, который станет телом; читается во время отправки.",
    ),
);

pub(super) const OUTPUT_FILE: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("output_file", "ИмяВыходногоФайла"),
    Bilingual::new(
        "The path of a file for the answer's body, of any size: it is whole or not there, and a \
         file that is there is replaced.",
        "Путь к файлу для тела ответа любого размера: он цел или его нет; имеющийся файл \
         заменяется.",
    ),
);

pub(super) const EXPECT_STATUS: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("expect_status", "ОжидаемыйКод"),
    Bilingual::new(
        "The statuses that are no error: success, 200 or 200-299. Any.",
        "Коды, которые не считаются ошибкой: success, 200 или 200-299. Любые.",
    ),
);

pub(super) const GZIP_BODY: OptionRow = OptionRow::new(
    Kind::Bool,
    Bilingual::new("gzip_body", "СжатьТело"),
    Bilingual::new(
        "Pack the body by gzip while it is sent; the server must take that. False.",
        "Сжимать тело gzip во время отправки; сервер должен это понимать. Ложь.",
    ),
);

pub(super) const ENCODING: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("encoding", "Кодировка"),
    Bilingual::new(
        "Of the answer's text, whatever the answer says. What it says, else utf-8.",
        "Кодировка текста ответа, что бы ни говорил ответ. По ответу, иначе utf-8.",
    ),
);

pub(super) const REDIRECTS: OptionRow = OptionRow::new(
    Kind::Size,
    Bilingual::new("redirects", "Перенаправления"),
    Bilingual::new(
        "The most redirects to follow; 0 returns the first answer as it is. A request's choice \
         goes before the session's. 30.",
        "Скольким перенаправлениям следовать; 0 - вернуть первый ответ как есть. Выбор запроса \
         важнее выбора сессии. 30.",
    ),
);

pub(super) const MAX_BODY: OptionRow = OptionRow::new(
    Kind::Size,
    Bilingual::new("max_body", "МаксимумТела"),
    Bilingual::new(
        "The most bytes of an answer's body; more is an error. 268435456.",
        "Сколько байт может быть в теле ответа; больше - ошибка. 268435456.",
    ),
);

pub(super) const SESSION_OPTIONS: &[&OptionRow] =
    &join::<{ 5 + routing::ROWS.len() + dialing::ROWS.len() + secure::ROWS.len() }>(&[
        &[&HEADERS, &retries::RETRIES, &REDIRECTS, &MAX_BODY, &timeouts::TIMEOUTS],
        routing::ROWS,
        dialing::ROWS,
        secure::ROWS,
    ]);

pub(super) const COOKIES: OptionRow = OptionRow::new(
    Kind::Objects(cookies::ROWS),
    Bilingual::new("cookies", "Cookies"),
    Bilingual::new("Cookies: of a request, for it alone.", "Cookies; у запроса - только для него."),
);

pub(super) const COOKIE_OPTIONS: &[&OptionRow] = &[&COOKIES];

pub(super) const JAR: OptionRow = OptionRow::new(
    Kind::Objects(cookies::ROWS),
    Bilingual::new("jar", "ХранилищеCookies"),
    Bilingual::new(
        "Cookies that take the place of the session's; with it the answer tells them all, in jar.",
        "Cookies вместо хранящихся в сессии; с этим параметром ответ возвращает их все, в jar.",
    ),
);

pub(super) const PATH: Param = Param::required(
    Kind::Text,
    Bilingual::new("Path", "Путь"),
    Bilingual::new("The path of the file.", "Путь к файлу."),
);

pub(super) const FORMAT: Param = Param::optional(
    Kind::Text,
    Bilingual::new("Format", "Формат"),
    Bilingual::new(
        "json, with everything known of a cookie, or netscape, the cookies.txt of curl.",
        "json, со всем известным о cookie, или netscape - cookies.txt от curl.",
    ),
    Preset::Text("json"),
);
