//! JSON as OneScript reads and writes it: a text that looks like a date is read as a date.

use serde_json::{Map, Value as Json};

use super::Outcome;
use super::functions::iso;
use super::value::{Thrown, Value};

pub(super) fn read(text: &str, to_map: bool) -> Outcome {
    let json = serde_json::from_str(text).map_err(|cause| Thrown::new(cause.to_string()))?;
    Ok(value(&json, to_map))
}

fn value(json: &Json, to_map: bool) -> Value {
    match json {
        Json::Null => Value::Undefined,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => Value::Number(number.as_f64().unwrap()),
        Json::String(text) if looks_like_a_date(text) => Value::Date(0),
        Json::String(text) => Value::text(text),
        Json::Array(items) => Value::array(items.iter().map(|it| value(it, to_map)).collect()),
        Json::Object(members) => {
            let members = members.iter().map(|(key, it)| (key.as_str(), value(it, to_map)));
            let members = members.collect();
            if to_map { Value::map(members) } else { Value::structure(members) }
        }
    }
}

fn looks_like_a_date(text: &str) -> bool {
    let shape: String =
        text.chars().take(19).map(|it| if it.is_ascii_digit() { '0' } else { it }).collect();
    shape == "0000-00-00T00:00:00" || text.starts_with("/Date(")
}

pub(super) fn write(value: &Value) -> Result<Json, Thrown> {
    match value {
        Value::Undefined | Value::Null => Ok(Json::Null),
        Value::Bool(flag) => Ok((*flag).into()),
        Value::Number(number) if number.fract() == 0.0 => Ok((*number as i64).into()),
        Value::Number(number) => Ok((*number).into()),
        Value::Text(text) => Ok(text.clone().into()),
        Value::Date(date) => Ok(iso(*date).into()),
        Value::Array(values) => values.borrow().iter().map(write).collect(),
        Value::Structure(pairs) | Value::Map(pairs) => {
            let pairs = pairs.borrow();
            let member = |(key, it): &(Value, Value)| Ok((key.shown(), write(it)?));
            let members: Result<Map<_, _>, Thrown> = pairs.iter().map(member).collect();
            Ok(Json::Object(members?))
        }
        other => Err(Thrown::new(format!("JSON holds no {}", other.type_name()))),
    }
}
