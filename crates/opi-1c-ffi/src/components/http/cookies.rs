//! Cookies in and out: of a session, of one request, of an answer, of files.

use std::time::{Duration, SystemTime};

use opi::http::{Cookie, CookieChoice, CookieFile, Cookies, Request, Response, Session, Url};
use serde_json::{Value as Json, json};

use super::connector::HttpConnector;
use super::rows::{COOKIES, FORMAT, JAR};
use crate::argument::Args;
use crate::dispatch::success;
use crate::fault::{Fault, FaultKind};
use crate::language::Bilingual;
use crate::options::Options;
use crate::table::{Kind, OptionRow};
use crate::value::Value;

impl HttpConnector {
    pub(super) fn get_cookies(&self, _args: &mut Args<'_>) -> Result<Value, Fault> {
        success(&json!({ "cookies": list(self.session().cookies()) }))
    }

    pub(super) fn set_cookies(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let mut options: Options = args.next()?;
        let session = self.session();
        told(add(session.cookies(), &mut options, &COOKIES, None)?)
    }

    pub(super) fn clear_cookies(&self, _args: &mut Args<'_>) -> Result<Value, Fault> {
        self.session().cookies().clear();
        success(&json!({}))
    }

    pub(super) fn save_cookies(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let (path, form): (String, CookieFile) = (args.next()?, form(args)?);
        let (session, now) = (self.session(), SystemTime::now());
        session.cookies().save(path, form, CookieChoice::All, now)?;
        success(&json!({}))
    }

    pub(super) fn load_cookies(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let (path, form): (String, CookieFile) = (args.next()?, form(args)?);
        let read = self.session().cookies().load(path, form, SystemTime::now())?;
        told([read.kept, read.left_out])
    }
}

/// Puts the cookies of the option `jar` in the place of the session's, when it is given.
pub(super) fn replace(
    session: &Session,
    request: &Request,
    options: &mut Options,
) -> Result<Jar, Fault> {
    if !options.has_any(&[&JAR]) {
        return Ok(Jar::Stays);
    }
    let given = Cookies::new();
    add(&given, options, &JAR, Some(request.url()))?;
    session.cookies().clear();
    let now = SystemTime::now();
    let file = given.write(CookieFile::Json, CookieChoice::All, now);
    session.cookies().read(&file, CookieFile::Json, now)?;
    Ok(Jar::Told)
}

/// Whether the cookies of a session came with the call, and so go with its answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Jar {
    Stays,
    Told,
}

/// The request with the cookies that are for it alone.
pub(super) fn with_own(request: Request, options: &mut Options) -> Result<Request, Fault> {
    let own = Cookies::new();
    add(&own, options, &COOKIES, Some(request.url()))?;
    match own.header(request.url(), SystemTime::now()) {
        Some(header) => {
            let text = String::from_utf8_lossy(header.as_bytes()).into_owned();
            Ok(request.append_header("Cookie", &text)?)
        }
        None => Ok(request),
    }
}

/// The cookies that an answer sets.
pub(super) fn of_answer(response: &Response) -> Json {
    let cookies = Cookies::new();
    cookies.keep(response.url(), response.headers(), SystemTime::now());
    list(&cookies)
}

/// All cookies, the oldest first.
pub(super) fn list(cookies: &Cookies) -> Json {
    cookies.iter(SystemTime::now()).map(|cookie| row(&cookie)).collect()
}

fn row(cookie: &Cookie) -> Json {
    json!({
        "name": cookie.name,
        "value": cookie.value.expose(),
        "domain": cookie.domain,
        "host_only": cookie.host_only,
        "path": cookie.path,
        "secure": cookie.secure,
        "http_only": cookie.http_only,
        "expires": cookie.expires.map(unix),
    })
}

/// Adds the cookies of an option; says how many were kept, and how many no server could set.
fn add(
    cookies: &Cookies,
    options: &mut Options,
    list: &OptionRow,
    url: Option<&Url>,
) -> Result<[usize; 2], Fault> {
    let rows: Result<Vec<_>, Fault> =
        options.take_list(list)?.iter_mut().map(|given| cookie(given, url)).collect();
    let file = json!({ "version": 1, "cookies": rows? }).to_string();
    let read = cookies.read(file.as_bytes(), CookieFile::Json, SystemTime::now())?;
    Ok([read.kept, read.left_out])
}

/// A row of a file of cookies.
fn cookie(given: &mut Options, url: Option<&Url>) -> Result<Json, Fault> {
    let Some(name) = given.take::<String>(&NAME)? else {
        return Err(Fault::new(FaultKind::Option, format!("{NAME}: a cookie needs it")));
    };
    let host = url.and_then(Url::host_str).map(str::to_owned);
    let Some(domain) = given.take::<String>(&DOMAIN)?.or(host) else {
        return Err(Fault::new(FaultKind::Option, format!("{DOMAIN}: a cookie needs it")));
    };
    let below = domain.starts_with('.');
    let host_only = given.take::<bool>(&HOST_ONLY)?.unwrap_or(!below) && !below;
    Ok(json!({
        "name": name,
        "value": given.take::<String>(&VALUE)?.unwrap_or_default(),
        "domain": domain.trim_start_matches('.'),
        "host_only": host_only,
        "path": given.take::<String>(&PATH)?.unwrap_or_else(|| "/".to_owned()),
        "secure": given.take::<bool>(&SECURE)?.unwrap_or_default(),
        "http_only": given.take::<bool>(&HTTP_ONLY)?.unwrap_or_default(),
        "created": unix(SystemTime::now()),
        "expires": given.take::<i64>(&EXPIRES)?,
    }))
}

fn told([kept, left_out]: [usize; 2]) -> Result<Value, Fault> {
    success(&json!({ "kept": kept, "left_out": left_out }))
}

fn form(args: &mut Args<'_>) -> Result<CookieFile, Fault> {
    match args.next::<String>()?.as_str() {
        "" | "json" => Ok(CookieFile::Json),
        "netscape" => Ok(CookieFile::Netscape),
        other => {
            let message = format!("{FORMAT} must be json or netscape, got {other:?}");
            Err(Fault::new(FaultKind::Argument, message))
        }
    }
}

/// Seconds since 1970.
fn unix(time: SystemTime) -> i64 {
    let seconds = |it: Duration| i64::try_from(it.as_secs()).unwrap_or(i64::MAX);
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.map_or_else(|before| -seconds(before.duration()), seconds)
}

/// The options of a cookie.
pub(super) const ROWS: &[&OptionRow] =
    &[&NAME, &VALUE, &DOMAIN, &HOST_ONLY, &PATH, &SECURE, &HTTP_ONLY, &EXPIRES];

const NAME: OptionRow =
    OptionRow::new(Kind::Text, Bilingual::new("name", "Имя"), Bilingual::new("Its name.", "Имя."));

const VALUE: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("value", "Значение"),
    Bilingual::new("Its value. Empty.", "Значение. Пусто."),
);

const DOMAIN: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("domain", "Домен"),
    Bilingual::new(
        "The host it is for; with a dot before it, those below too. That of the URL.",
        "Узел, для которого он; с точкой впереди - и для вложенных. Узел из URL.",
    ),
);

const HOST_ONLY: OptionRow = OptionRow::new(
    Kind::Bool,
    Bilingual::new("host_only", "ТолькоЭтотУзел"),
    Bilingual::new(
        "For that host alone. True without the dot.",
        "Только для этого узла. Без точки - Истина.",
    ),
);

const PATH: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("path", "Путь"),
    Bilingual::new("The path it is for. /.", "Путь, для которого он. /."),
);

const SECURE: OptionRow = OptionRow::new(
    Kind::Bool,
    Bilingual::new("secure", "ТолькоЗащищенное"),
    Bilingual::new("Over https alone. False.", "Только по https. Ложь."),
);

const HTTP_ONLY: OptionRow = OptionRow::new(
    Kind::Bool,
    Bilingual::new("http_only", "ТолькоHTTP"),
    Bilingual::new(
        "The server keeps it from scripts; nothing depends on it. False.",
        "Сервер скрывает его от скриптов; ни на что не влияет. Ложь.",
    ),
);

const EXPIRES: OptionRow = OptionRow::new(
    Kind::Seconds,
    Bilingual::new("expires", "СрокДействия"),
    Bilingual::new(
        "When it ends, in seconds since 1970. With the session.",
        "Когда истекает, в секундах с 1970 года. Вместе с сессией.",
    ),
);
