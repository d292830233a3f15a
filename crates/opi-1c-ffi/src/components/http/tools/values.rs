//! URLs taken apart, HMAC, gzip, statuses, bytes that wait for a request.

use std::time::SystemTime;

use bytes::Bytes;
use opi::http::connector::{self, Hash, ParsedUrl, gunzip, gzip};
use opi::http::dates;
use serde_json::{Map, Value as Json, json};
use time::OffsetDateTime;

use super::rows::ALGORITHM;
use crate::argument::Args;
use crate::components::http::connector::HttpConnector;
use crate::dispatch::success;
use crate::fault::{Fault, FaultKind};
use crate::value::Value;

/// How many bytes gzip may unpack to, unless the call says less: as many as a call can bring back.
const MOST: usize = i32::MAX as usize;

impl HttpConnector {
    pub(super) fn give_bytes(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let data: Bytes = args.next()?;
        let size = data.len();
        let number = self.context().blobs.keep(data).to_string();
        success(&json!({ "data": number, "size": size }))
    }
}

pub(super) fn parse_url(args: &mut Args<'_>) -> Result<Value, Fault> {
    let url: String = args.next()?;
    let url = connector::parse_url(&url)?;
    success(&json!({
        "scheme": url.scheme().to_string(),
        "user": url.user(),
        "password": url.password().expose(),
        "host": url.host(),
        "port": url.port().unwrap_or_default(),
        "path": url.path(),
        "query": query(&url),
        "fragment": url.fragment(),
    }))
}

pub(super) fn read_date(args: &mut Args<'_>) -> Result<Value, Fault> {
    let text: String = args.next()?;
    let Some(time) = dates::read(&text, SystemTime::now()) else {
        return success(&json!({ "date": null }));
    };
    let date = OffsetDateTime::from(time);
    let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
    let (hour, minute, second) = date.to_hms();
    let date = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    success(&json!({ "date": date }))
}

pub(super) fn hmac(args: &mut Args<'_>) -> Result<Value, Fault> {
    let (data, key): (Bytes, Bytes) = (args.next()?, args.next()?);
    let algorithm: String = args.next()?;
    let Some(hash) = Hash::named(&algorithm) else {
        let names: Vec<_> = Hash::ALL.iter().map(|(name, _)| *name).collect();
        let message = format!("{ALGORITHM} must be one of {}", names.join(", "));
        return Err(Fault::new(FaultKind::Option, message));
    };
    Ok(Value::Bytes(connector::hmac(hash, &key, &data).into()))
}

pub(super) fn read_gzip(args: &mut Args<'_>) -> Result<Value, Fault> {
    let (data, most): (Bytes, Option<usize>) = (args.next()?, args.next()?);
    Ok(Value::Bytes(gunzip(&data, most.unwrap_or(MOST))?.into()))
}

pub(super) fn write_gzip(args: &mut Args<'_>) -> Result<Value, Fault> {
    let data: Bytes = args.next()?;
    Ok(Value::Bytes(gzip(&data)))
}

pub(super) fn statuses(_args: &mut Args<'_>) -> Result<Value, Fault> {
    let rows = connector::statuses().iter().map(|status| {
        let (english, russian) = (status.english, status.russian);
        json!({ "code": status.code, "en": english, "ru": russian, "reason": status.reason })
    });
    success(&json!({ "statuses": rows.collect::<Vec<_>>() }))
}

/// Name to value; `null` where there is no `=`, and a list where the name is repeated.
fn query(url: &ParsedUrl) -> Map<String, Json> {
    let mut query = Map::new();
    for (name, value) in url.query() {
        let value = value.clone().map_or(Json::Null, Json::String);
        match query.get_mut(name) {
            None => {
                query.insert(name.clone(), value);
            }
            Some(Json::Array(values)) => values.push(value),
            Some(first) => *first = json!([first.take(), value]),
        }
    }
    query
}
