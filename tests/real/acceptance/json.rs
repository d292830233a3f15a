//! JSON that is more than JSON: A-041 to A-045.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use opi_http_connector::connector::{
    DateForm, DateOptions, DateZone, ReadOptions, WriterSettings, mark_json, unmark_json,
};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

use super::setting::{encrypted, get, plain, request, sent, told};

#[derive(Deserialize)]
struct Shown {
    slideshow: Slideshow,
}

#[derive(Deserialize)]
struct Slideshow {
    author: String,
    date: String,
    slides: Vec<Value>,
    title: String,
}

#[tokio::test]
async fn a_041_json_is_read_into_a_structure() {
    let shown: Shown = sent(get(&plain("/json"))).await.json_as().unwrap();
    let Slideshow { author, date, slides, title } = shown.slideshow;
    assert_eq!((&*author, &*date, slides.len()), ("Yours Truly", "date of publication", 2));
    assert_eq!(title, "Sample Slide Show");
}

/// A local date and the same moment in UTC, as the caller knows them; a number, a boolean, a text.
const MARKED: &str = r#"{"Дата":"d2019-01-21T00:24:002019-01-20T21:24:00","Число":5,"Булево":true,"Строка":"tПривет"}"#;

/// What the server was sent and read, as text.
async fn posted(zone: DateZone) -> String {
    let dates = DateOptions { form: DateForm::Iso, zone };
    let body = unmark_json(MARKED, dates, WriterSettings::new()).unwrap();
    let request = request("POST", &encrypted("/post")).body(body);
    let request = request.header("Content-Type", "application/json; charset=utf-8").unwrap();
    sent(request).await.text().unwrap().into_owned()
}

#[tokio::test]
async fn a_042_a_property_that_is_named_is_a_date() {
    let text = posted(DateZone::Local).await;
    let options = ReadOptions::new().dates(vec!["Дата".to_owned()]);
    let marked: Value = serde_json::from_str(&mark_json(&text, &options).unwrap()).unwrap();
    // `l` marks a local date, `t` a text.
    let expected =
        json!({"Дата": "l2019-01-21T00:24:00", "Число": 5, "Булево": true, "Строка": "tПривет"});
    assert_eq!(marked["json"], expected);
}

#[tokio::test]
async fn a_043_a_date_is_written_in_utc() {
    let text: Value = serde_json::from_str(&posted(DateZone::Universal).await).unwrap();
    assert_eq!(text["json"]["Дата"], "2019-01-20T21:24:00Z");
}

/// Values that JSON has no word for.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Typed {
    id: Uuid,
    data: Binary,
    number: u32,
}

#[derive(Debug, PartialEq)]
struct Uuid(u128);

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = format!("{:032x}", self.0);
        let (a, b, c, d, e) = (&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]);
        write!(f, "{a}-{b}-{c}-{d}-{e}")
    }
}

impl Serialize for Uuid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Uuid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        u128::from_str_radix(&text.replace('-', ""), 16).map(Self).map_err(D::Error::custom)
    }
}

#[derive(Debug, PartialEq)]
struct Binary(Vec<u8>);

impl Serialize for Binary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Binary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map(Self).map_err(D::Error::custom)
    }
}

const UUID: &str = "be4ee795-7f5e-4d1a-be43-a6d6902f5cfd";

fn typed() -> Typed {
    let id = Uuid(0xBE4E_E795_7F5E_4D1A_BE43_A6D6_902F_5CFD);
    Typed { id, data: Binary(b"test".to_vec()), number: 1 }
}

#[tokio::test]
async fn a_044_values_are_converted_as_their_types_say() {
    let answer = told(request("POST", &encrypted("/post")).json(&typed()).unwrap()).await;
    assert_eq!(answer["json"], json!({"id": UUID, "data": "dGVzdA==", "number": 1}));
}

#[derive(Deserialize)]
struct Echo {
    json: Typed,
}

#[tokio::test]
async fn a_045_values_are_restored_as_their_types_say() {
    let value = json!({"id": UUID, "data": "dGVzdA==", "number": 1});
    let request = request("POST", &encrypted("/post")).json(&value).unwrap();
    let echo: Echo = sent(request).await.json_as().unwrap();
    assert_eq!(echo.json, typed());
}
