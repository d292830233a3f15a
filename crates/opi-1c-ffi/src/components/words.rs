//! Parameters and options that several classes have, and the facts that all of them tell.

use std::time::{Duration, SystemTime};

use opi::framing::Codec;
use opi::net::TlsFacts;
use opi::net::tls::Certificate;
use serde_json::{Value as Json, json};
use time::OffsetDateTime;

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

/// What TLS agreed on; `null` without TLS.
pub(super) fn tls_facts(facts: Option<&TlsFacts>) -> Json {
    let Some(TlsFacts { version, cipher, alpn, server_name, resumed, peer_chain, .. }) = facts
    else {
        return Json::Null;
    };
    json!({
        "version": version,
        "cipher": cipher,
        "alpn": alpn,
        "server_name": server_name,
        "resumed": resumed,
        "certificate": peer_chain.first().and_then(|der| certificate(der)),
    })
}

/// Who the other side is, by the certificate it showed.
fn certificate(der: &[u8]) -> Option<Json> {
    let certificate = Certificate::from_der(der).ok()?;
    Some(json!({
        "subject": certificate.subject(),
        "issuer": certificate.issuer(),
        "names": certificate.names(),
        "not_after": moment(certificate.not_after()),
        "fingerprint": certificate.fingerprint(),
        "pin": certificate.pin().to_string(),
    }))
}

/// A time as ISO 8601 text, in UTC to the millisecond.
pub(super) fn moment(time: SystemTime) -> String {
    let at = OffsetDateTime::from(time);
    let (year, month, day) = at.to_calendar_date();
    let (hour, minute, second, milli) = at.to_hms_milli();
    let month = u8::from(month);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

/// Whole milliseconds.
pub(super) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_iso_text_in_utc() {
        let at = |millis| moment(SystemTime::UNIX_EPOCH + Duration::from_millis(millis));
        assert_eq!(at(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(at(951_782_400_007), "2000-02-29T00:00:00.007Z");
    }
}
