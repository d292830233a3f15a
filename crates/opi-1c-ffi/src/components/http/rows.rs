//! The parameters and options of requests and sessions.

use super::{auth, content, cookies, heads, multipart, pool, redirects, retries, saving, timeouts};
use crate::components::{dialing, logs, routing, secure, words};
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

pub(super) const BODY_AS: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("answer", "Ответ"),
    Bilingual::new(
        "How the answer's body comes: data (a handle for TakeBytes), text or json. data.",
        "Как вернуть тело ответа: data (номер для ЗабратьДвоичныеДанные), text или json. data.",
    ),
);

pub(super) const REQUEST_OPTIONS: &[&OptionRow] = &join::<
    { REQUEST_ROWS.len() + saving::ROWS.len() + NETWORK_ROWS.len() },
>(&[REQUEST_ROWS, saving::ROWS, NETWORK_ROWS]);

/// Ways, sockets and trust, of a request as of a session.
const NETWORK_ROWS: &[&OptionRow] = &join::<
    { routing::ROWS.len() + dialing::ROWS.len() + secure::ROWS.len() },
>(&[routing::ROWS, dialing::ROWS, secure::ROWS]);

const REQUEST_ROWS: &[&OptionRow] = &[
    &heads::QUERY,
    &heads::RAW_QUERY,
    &heads::HEADERS,
    &heads::SECRET_HEADERS,
    &heads::WITHOUT_HEADERS,
    &heads::KEEP_CASE,
    &content::JSON,
    &content::FORM,
    &multipart::FILES,
    &content::BODY_FILE,
    &content::BODY_ENCODING,
    &content::GZIP_BODY,
    &EXPECT_CONTINUE,
    &auth::AUTH,
    &auth::USER,
    &auth::PASSWORD,
    &auth::TOKEN,
    &COOKIES,
    &JAR,
    &retries::RETRIES,
    &redirects::REDIRECTS,
    &redirects::REDIRECT_RULES,
    &BODY_AS,
    &EXPECT_STATUS,
    &ENCODING,
    &MAX_BODY,
    &words::TIMEOUT,
    &timeouts::TIMEOUTS,
];

pub(super) const EXPECT_CONTINUE: OptionRow = OptionRow::new(
    Kind::Milliseconds,
    Bilingual::new("expect_continue", "ЖдатьРазрешения"),
    Bilingual::new(
        "Send the head with Expect: 100-continue, and the body when the server gives leave or says \
         nothing for this long; a server that refuses gets no body. The body goes at once.",
        "Отправить заголовки с Expect: 100-continue, а тело - когда сервер разрешит или промолчит \
         столько; отказавший сервер тела не получит. Тело уходит сразу.",
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

pub(super) const ENCODING: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("encoding", "Кодировка"),
    Bilingual::new(
        "Of the answer's text, whatever the answer says. What it says, else utf-8.",
        "Кодировка текста ответа, что бы ни говорил ответ. По ответу, иначе utf-8.",
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
    &join::<{ SESSION_ROWS.len() + NETWORK_ROWS.len() }>(&[SESSION_ROWS, NETWORK_ROWS]);

const SESSION_ROWS: &[&OptionRow] = &[
    &heads::HEADERS,
    &auth::AUTH,
    &auth::USER,
    &auth::PASSWORD,
    &auth::TOKEN,
    &retries::RETRIES,
    &retries::RETRY_BUDGET,
    &redirects::REDIRECTS,
    &redirects::REDIRECT_RULES,
    &MAX_BODY,
    &timeouts::TIMEOUTS,
    &pool::POOL,
    &logs::LOG,
];

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
