//! The class `HTTPConnector`: a session of requests.

mod answer;
mod connector;
mod request;

use self::connector::HttpConnector;
use super::{secure, words};
use crate::language::Bilingual;
use crate::table::{Kind, Method, OptionRow, Param, Property, Returns, join};

pub(super) use self::connector::HttpConnector as Class;

const METHODS: &[Method<HttpConnector>] = &[
    Method {
        name: Bilingual::new("Request", "Запрос"),
        doc: Bilingual::new(
            "Sends a request, follows redirects and brings the answer, whatever its status: \
             {status, reason, headers, url, history, peer, tls, reused, elapsed_ms, size, data}.",
            "Отправляет запрос, следует перенаправлениям и возвращает ответ с любым кодом: \
             {status, reason, headers, url, history, peer, tls, reused, elapsed_ms, size, data}.",
        ),
        params: &[BODY, METHOD, URL, words::options(REQUEST_OPTIONS)],
        returns: Returns::Json,
        body: HttpConnector::request,
    },
    Method {
        name: Bilingual::new("NewSession", "НоваяСессия"),
        doc: Bilingual::new(
            "Begins a new session with these options; cookies and connections are forgotten.",
            "Начинает новую сессию с этими параметрами; cookies и соединения забываются.",
        ),
        params: &[words::options(SESSION_OPTIONS)],
        returns: Returns::Json,
        body: HttpConnector::new_session,
    },
];

const PROPERTIES: &[Property<HttpConnector>] = &[];

const BODY: Param = Param::required(
    Kind::Data,
    Bilingual::new("Body", "Тело"),
    Bilingual::new(
        "The body: binary data, or text, which goes in UTF-8; empty for none.",
        "Тело: двоичные данные или строка, которая уйдёт в UTF-8; пусто - без тела.",
    ),
);

const METHOD: Param = Param::required(
    Kind::Text,
    Bilingual::new("Method", "Метод"),
    Bilingual::new("GET, POST or any other.", "GET, POST или любой другой."),
);

const URL: Param = Param::required(
    Kind::Text,
    Bilingual::new("URL", "URL"),
    Bilingual::new("Where to, http or https.", "Куда, http или https."),
);

const QUERY: OptionRow = OptionRow::new(
    Kind::Texts,
    Bilingual::new("query", "ПараметрыЗапроса"),
    Bilingual::new(
        "Parameters added to the URL; a list repeats its name.",
        "Параметры, добавляемые к URL; список повторяет имя.",
    ),
);

const HEADERS: OptionRow = OptionRow::new(
    Kind::Texts,
    Bilingual::new("headers", "Заголовки"),
    Bilingual::new("Headers, one value for a name.", "Заголовки, по одному значению на имя."),
);

const JSON: OptionRow = OptionRow::new(
    Kind::Json,
    Bilingual::new("json", "JSON"),
    Bilingual::new(
        "A value sent as JSON in place of the body.",
        "Значение, отправляемое как JSON вместо тела.",
    ),
);

const FORM: OptionRow = OptionRow::new(
    Kind::Texts,
    Bilingual::new("form", "Форма"),
    Bilingual::new(
        "Fields sent as an HTML form in place of the body.",
        "Поля, отправляемые как форма HTML вместо тела.",
    ),
);

const USER: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("user", "Пользователь"),
    Bilingual::new("The user of Basic authentication.", "Пользователь для входа Basic."),
);

const PASSWORD: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("password", "Пароль"),
    Bilingual::new("The password of that user. Empty.", "Пароль этого пользователя. Пусто."),
);

const TOKEN: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("token", "Токен"),
    Bilingual::new("The token of Bearer authentication.", "Токен для входа Bearer."),
);

const BODY_AS: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("answer", "Ответ"),
    Bilingual::new(
        "How the answer's body comes: data (a handle for TakeBytes), text or json. data.",
        "Как вернуть тело ответа: data (номер для ЗабратьДвоичныеДанные), text или json. data.",
    ),
);

const REQUEST_OPTIONS: &[&OptionRow] = &[
    &QUERY,
    &HEADERS,
    &JSON,
    &FORM,
    &USER,
    &PASSWORD,
    &TOKEN,
    &REDIRECTS,
    &BODY_AS,
    &words::TIMEOUT,
];

const REDIRECTS: OptionRow = OptionRow::new(
    Kind::Size,
    Bilingual::new("redirects", "Перенаправления"),
    Bilingual::new(
        "The most redirects to follow; 0 returns the first answer as it is. A request's choice \
         goes before the session's. 30.",
        "Скольким перенаправлениям следовать; 0 - вернуть первый ответ как есть. Выбор запроса \
         важнее выбора сессии. 30.",
    ),
);

const MAX_BODY: OptionRow = OptionRow::new(
    Kind::Size,
    Bilingual::new("max_body", "МаксимумТела"),
    Bilingual::new(
        "The most bytes of an answer's body; more is an error. 268435456.",
        "Сколько байт может быть в теле ответа; больше - ошибка. 268435456.",
    ),
);

const SESSION_OPTIONS: &[&OptionRow] = &join::<{ 4 + secure::ROWS.len() }>(&[
    &[&HEADERS, &words::PROXY, &REDIRECTS, &MAX_BODY],
    secure::ROWS,
]);
