//! The URL and the headers of a request, from the options.

use opi::http::Request;
use opi::net::Secret;

use crate::fault::Fault;
use crate::language::Bilingual;
use crate::options::Options;
use crate::table::{Kind, OptionRow};

type Texts = Vec<(String, String)>;

/// The request with parameters in its URL and with its headers.
pub(super) fn with_head(request: Request, options: &mut Options) -> Result<Request, Fault> {
    let mut request = with_query(request, options)?;
    for (name, value) in options.take::<Texts>(&HEADERS)?.unwrap_or_default() {
        request = request.append_header(&name, &value)?;
    }
    for (name, value) in options.take::<Texts>(&SECRET_HEADERS)?.unwrap_or_default() {
        request = request.secret_header(&name, &Secret::new(value))?;
    }
    for name in options.take::<Vec<String>>(&WITHOUT_HEADERS)?.unwrap_or_default() {
        let left = request.without_header(&name);
        request = left.map_err(|error| Fault::from(error).about(&WITHOUT_HEADERS))?;
    }
    let keep = options.take::<bool>(&KEEP_CASE)?.unwrap_or_default();
    Ok(if keep { request.keep_header_case() } else { request })
}

fn with_query(mut request: Request, options: &mut Options) -> Result<Request, Fault> {
    for (name, value) in options.take::<Vec<(String, Option<String>)>>(&QUERY)?.unwrap_or_default()
    {
        request = match value {
            Some(value) => request.query(&name, &value),
            None => request.query_key(&name),
        };
    }
    let raw = options.take::<String>(&RAW_QUERY)?;
    Ok(raw.iter().fold(request, |request, raw| request.query_raw(raw)))
}

pub(super) const QUERY: OptionRow = OptionRow::new(
    Kind::Query,
    Bilingual::new("query", "ПараметрыЗапроса"),
    Bilingual::new(
        "Parameters added to the URL; a list repeats its name, null is a name without a value.",
        "Параметры, добавляемые к URL; список повторяет имя, null - имя без значения.",
    ),
);

pub(super) const RAW_QUERY: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("raw_query", "СтрокаПараметров"),
    Bilingual::new(
        "Text added to the parameters of the URL as it is, for a server with rules of its own; what \
         no URL may hold is encoded. None.",
        "Строка, добавляемая к параметрам URL как есть, для сервера со своими правилами; кодируется \
         только недопустимое в URL. Нет.",
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

pub(super) const SECRET_HEADERS: OptionRow = OptionRow::new(
    Kind::Texts,
    Bilingual::new("secret_headers", "СекретныеЗаголовки"),
    Bilingual::new(
        "Headers with keys and tokens: a redirect does not carry them to another host, and no log \
         shows them. None.",
        "Заголовки с ключами и токенами: перенаправление не отдаёт их другому узлу, в журнал они не \
         попадают. Нет.",
    ),
);

pub(super) const WITHOUT_HEADERS: OptionRow = OptionRow::new(
    Kind::List,
    Bilingual::new("without_headers", "БезЗаголовков"),
    Bilingual::new(
        "The names of headers that are not sent, though the session or opi itself would: \
         User-Agent, Accept, Cookie. None.",
        "Имена заголовков, которых не отправлять, хотя их добавила бы сессия или сама компонента: \
         User-Agent, Accept, Cookie. Нет.",
    ),
);

pub(super) const KEEP_CASE: OptionRow = OptionRow::new(
    Kind::Bool,
    Bilingual::new("keep_header_case", "РегистрЗаголовков"),
    Bilingual::new(
        "Send the names of the headers in the letters given, for servers that look at them. False.",
        "Отправлять имена заголовков в том регистре, в котором они заданы, для серверов, которые на \
         него смотрят. Ложь.",
    ),
);
