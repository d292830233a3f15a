//! Parameters and options that several classes have, and the facts that all of them tell.

use std::time::Duration;

use opi::framing::Codec;
use opi::net::TlsFacts;
use opi::proxy::Route;
use serde_json::{Value as Json, json};

use crate::fault::Fault;
use crate::language::Bilingual;
use crate::options::Options;
use crate::table::{Kind, OptionRow, Param, Preset};

pub(super) const DATA: Param = Param::required(
    Kind::Data,
    Bilingual::new("Data", "Данные"),
    Bilingual::new(
        "What to send: binary data, or text, which goes in UTF-8.",
        "Что отправить: двоичные данные или строка, которая уйдёт в UTF-8.",
    ),
);

/// A parameter for how long a call may take.
pub(super) const fn timeout(millis: i32) -> Param {
    Param::optional(
        Kind::Milliseconds,
        Bilingual::new("Timeout", "Таймаут"),
        Bilingual::new(
            "How long the call may take, in milliseconds; 0 is 24 hours.",
            "Сколько может длиться вызов, в миллисекундах; 0 - 24 часа.",
        ),
        Preset::Int(millis),
    )
}

/// A parameter for options, in the form of JSON.
pub(super) const fn options(rows: &'static [&'static OptionRow]) -> Param {
    Param::optional(
        Kind::Options(rows),
        Bilingual::new("Options", "Параметры"),
        Bilingual::new(
            "A JSON object as text; an unknown key is an error.",
            "Объект JSON текстом; неизвестный ключ - ошибка.",
        ),
        Preset::Text(""),
    )
}

pub(super) const TIMEOUT: OptionRow = OptionRow::new(
    Kind::Milliseconds,
    Bilingual::new("timeout", "Таймаут"),
    Bilingual::new(
        "How long the call may take, in milliseconds; 0 is 24 hours. 30000.",
        "Сколько может длиться вызов, в миллисекундах; 0 - 24 часа. 30000.",
    ),
);

pub(super) const PROXY: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("proxy", "Прокси"),
    Bilingual::new(
        "The way through proxies: socks5://user:password@host:port, socks4a://..., http://..., several in a \
         row separated by spaces, or direct. direct.",
        "Путь через прокси: socks5://имя:пароль@узел:порт, socks4a://..., http://..., несколько подряд через \
         пробел, либо direct. direct.",
    ),
);

pub(super) const CODEC: OptionRow = OptionRow::new(
    Kind::Json,
    Bilingual::new("codec", "Кодек"),
    Bilingual::new(
        "Where messages end: the name of a preset, such as lines, mllp or modbus-tcp, or an object such \
         as {kind: length, width: 2}. None.",
        "Где кончаются сообщения: имя готового кодека, например lines, mllp или modbus-tcp, либо объект, \
         например {kind: length, width: 2}. Нет.",
    ),
);

/// What [`CODEC`] says.
pub(super) fn codec(options: &mut Options) -> Result<Option<Codec>, Fault> {
    let text = match options.take::<Json>(&CODEC)? {
        None | Some(Json::Null) => return Ok(None),
        Some(Json::String(text)) => text,
        Some(form) => form.to_string(),
    };
    let codec = text.parse::<Codec>();
    codec.map(Some).map_err(|error| Fault::from(error).about(&CODEC))
}

/// What [`TIMEOUT`] says, or its default.
pub(super) fn wait(options: &mut Options) -> Result<Duration, Fault> {
    Ok(options.take(&TIMEOUT)?.unwrap_or(Duration::from_secs(30)))
}

/// What [`PROXY`] says, or its default.
pub(super) fn route(options: &mut Options) -> Result<Route, Fault> {
    let Some(text) = options.take::<String>(&PROXY)? else { return Ok(Route::direct()) };
    text.parse().map_err(|error: opi::proxy::ParseRouteError| Fault::from(error).about(&PROXY))
}

/// What TLS agreed on; `null` without TLS.
pub(super) fn tls_facts(facts: Option<&TlsFacts>) -> Json {
    match facts {
        Some(TlsFacts { version, cipher, alpn, .. }) => {
            json!({ "version": version, "cipher": cipher, "alpn": alpn })
        }
        None => Json::Null,
    }
}
