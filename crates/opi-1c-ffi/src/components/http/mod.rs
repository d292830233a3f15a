//! The class `HTTPConnector`: a session of requests.

mod answer;
mod auth;
mod connector;
mod content;
mod cookies;
mod heads;
mod history;
mod journal;
mod multipart;
mod pool;
mod progress;
mod redirects;
mod request;
mod retries;
mod rows;
mod saving;
mod text;
mod timeouts;
mod tools;
mod ways;

use self::connector::HttpConnector;
use self::rows::{
    BODY, COOKIE_OPTIONS, FORMAT, METHOD, PATH, REQUEST_OPTIONS, SESSION_OPTIONS, URL,
};
use super::{logs, words};
use crate::language::Bilingual;
use crate::table::{Kind, Method, Property, Returns};

pub(super) use self::connector::HttpConnector as Class;

const METHODS: &[Method<HttpConnector>] = &[
    Method {
        name: Bilingual::new("Request", "Запрос"),
        doc: Bilingual::new(
            "Sends a request, follows redirects and brings the answer, whatever its status: \
             {status, reason, method, url, headers, encoding, cookies, history, errors, peer, local, \
             protocol, tls, reused, connection, elapsed_ms, timings_ms, sent, received, size, data}.",
            "Отправляет запрос, следует перенаправлениям и возвращает ответ с любым кодом: \
             {status, reason, method, url, headers, encoding, cookies, history, errors, peer, local, \
             protocol, tls, reused, connection, elapsed_ms, timings_ms, sent, received, size, data}.",
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
    Method {
        name: Bilingual::new("Prepare", "Подготовить"),
        doc: Bilingual::new(
            "What Request would send, without sending it: {method, url, headers, size, data}; secrets \
             are in it.",
            "Что отправил бы Запрос, без отправки: {method, url, headers, size, data}; секреты в нём \
             видны.",
        ),
        params: &[BODY, METHOD, URL, words::options(REQUEST_OPTIONS)],
        returns: Returns::Json,
        body: HttpConnector::prepare,
    },
    Method {
        name: Bilingual::new("GetLog", "ПолучитьЛог"),
        doc: Bilingual::new(
            "The newest entries of the log that NewSession was asked for: {total, returned, logs: \
             [text], dropped, failed, file_error}; the last three are about the file.",
            "Последние записи журнала, заказанного в НоваяСессия: {total, returned, logs: [текст], \
             dropped, failed, file_error}; три последних - о файле.",
        ),
        params: &[logs::COUNT],
        returns: Returns::Json,
        body: HttpConnector::get_log,
    },
    Method {
        name: Bilingual::new("CloseIdle", "ЗакрытьПростаивающие"),
        doc: Bilingual::new(
            "Closes the connections that no request uses.",
            "Закрывает соединения, которыми не пользуется ни один запрос.",
        ),
        params: &[],
        returns: Returns::Json,
        body: HttpConnector::close_idle,
    },
    Method {
        name: Bilingual::new("GetCookies", "ПолучитьCookies"),
        doc: Bilingual::new(
            "The cookies of the session, the oldest first: {cookies: [{name, value, domain, host_only, \
             path, secure, http_only, expires}]}.",
            "Cookies сессии, старшие первыми: {cookies: [{name, value, domain, host_only, path, secure, \
             http_only, expires}]}.",
        ),
        params: &[],
        returns: Returns::Json,
        body: HttpConnector::get_cookies,
    },
    Method {
        name: Bilingual::new("SetCookies", "УстановитьCookies"),
        doc: Bilingual::new(
            "Adds cookies to those of the session: {kept, left_out}.",
            "Добавляет cookies к имеющимся в сессии: {kept, left_out}.",
        ),
        params: &[words::options(COOKIE_OPTIONS)],
        returns: Returns::Json,
        body: HttpConnector::set_cookies,
    },
    Method {
        name: Bilingual::new("ClearCookies", "ОчиститьCookies"),
        doc: Bilingual::new("Forgets all cookies.", "Забывает все cookies."),
        params: &[],
        returns: Returns::Json,
        body: HttpConnector::clear_cookies,
    },
    Method {
        name: Bilingual::new("SaveCookies", "СохранитьCookies"),
        doc: Bilingual::new(
            "Writes the cookies to a file that its owner alone can read; it is whole or not there.",
            "Записывает cookies в файл, доступный только владельцу; файл цел или его нет.",
        ),
        params: &[PATH, FORMAT],
        returns: Returns::Json,
        body: HttpConnector::save_cookies,
    },
    Method {
        name: Bilingual::new("LoadCookies", "ЗагрузитьCookies"),
        doc: Bilingual::new(
            "Adds the cookies of a file: {kept, left_out}.",
            "Добавляет cookies из файла: {kept, left_out}.",
        ),
        params: &[PATH, FORMAT],
        returns: Returns::Json,
        body: HttpConnector::load_cookies,
    },
    tools::GIVE_BYTES,
    tools::PARSE_URL,
    tools::HMAC,
    tools::READ_GZIP,
    tools::WRITE_GZIP,
    tools::STATUS_CODES,
    tools::READ_DATE,
    tools::READ_TEXT,
    tools::READ_JSON,
    tools::WRITE_JSON,
    tools::READ_XML,
    tools::EXCEPTION_TEXT,
];

const PROPERTIES: &[Property<HttpConnector>] = &[
    Property {
        name: Bilingual::new("Progress", "ХодВыполнения"),
        doc: Bilingual::new(
            "How far the requests of other threads are, as JSON text: {requests: [{method, url, \
             elapsed_ms, sent, to_send, received, to_receive}]}, in bytes; what is not known is null.",
            "Как далеко продвинулись запросы других потоков, текстом JSON: {requests: [{method, url, \
             elapsed_ms, sent, to_send, received, to_receive}]}, в байтах; неизвестное - null.",
        ),
        kind: Kind::Text,
        returns: Returns::Text,
        get: HttpConnector::progress,
        set: None,
    },
    Property {
        name: Bilingual::new("Pool", "ПулСоединений"),
        doc: Bilingual::new(
            "The connections of the session, as JSON text: {open, idle, waiting, opened, reused, \
             closed}.",
            "Соединения сессии, текстом JSON: {open, idle, waiting, opened, reused, closed}.",
        ),
        kind: Kind::Text,
        returns: Returns::Text,
        get: HttpConnector::pool,
        set: None,
    },
];
