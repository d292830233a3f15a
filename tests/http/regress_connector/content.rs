//! Bodies both ways: JSON, text, XML, gzip, types, statuses.

use std::io::Read as _;

use harness::{Answer, HttpServer};
use opi_http_connector::connector::{
    DateOptions, DateZone, Language, ReadOptions, WriterSettings, mark_json, parse_xml,
    presentation, statuses, unmark_json,
};
use opi_http_connector::{Request, Response};
use serde_json::json;

use crate::setting::{get, session, soon};

async fn sent(make: impl FnOnce(Request) -> Request) -> harness::Request {
    let server = HttpServer::start().await;
    server.answer(Answer::ok());
    let request = make(Request::post(&server.url("/")).unwrap());
    session().send(request, &soon()).await.unwrap();
    server.finish().await.remove(0)
}

async fn answered(answer: Answer) -> Response {
    let server = HttpServer::start().await;
    server.answer(answer);
    let response = get(&session(), &server.url("/")).await;
    server.finish().await;
    response
}

#[tokio::test]
async fn n21_json_may_be_empty() {
    for (value, text) in [(json!({}), "{}"), (json!([]), "[]"), (json!(""), "\"\"")] {
        let sent = sent(|it| it.json(&value).unwrap()).await;
        assert_eq!((&*sent.text(), sent.json()), (text, value));
        assert_eq!(sent.header("content-length"), Some(&*text.len().to_string()));
    }
}

#[tokio::test]
async fn n30_an_empty_answer_is_an_empty_text() {
    for answer in [
        Answer::ok(),
        Answer::status(204),
        Answer::ok().body("").chunked(10),
        Answer::ok().body("").gzip(),
        Answer::ok().header("Content-Type", "text/plain; charset=windows-1251"),
    ] {
        assert_eq!(answered(answer).await.text().unwrap(), "");
    }
}

#[tokio::test]
async fn n38_a_body_may_go_packed() {
    let sent = sent(|it| it.json(&json!({"имя": "я"})).unwrap().gzip_body()).await;
    assert_eq!(sent.header("content-encoding"), Some("gzip"));
    assert_eq!(sent.header("content-type"), Some("application/json; charset=utf-8"));
    let mut text = String::new();
    flate2::read::GzDecoder::new(&sent.body[..]).read_to_string(&mut text).unwrap();
    assert_eq!(text, r#"{"имя":"я"}"#);
}

#[test]
fn n57_n58_every_status_has_one_text() {
    for (code, text) in [
        (200, "200: OK"),
        (301, "301: Moved Permanently"),
        (404, "404: Not Found"),
        (418, "418: I'm a teapot"),
        (429, "429: Too Many Requests"),
    ] {
        assert!(presentation(code, Language::Russian).starts_with(&text[..5]), "{code}");
        assert_eq!(presentation(code, Language::English).to_lowercase(), text.to_lowercase());
    }
    let codes: Vec<_> = statuses().iter().map(|status| status.code).collect();
    assert!(codes.is_sorted() && codes.windows(2).all(|pair| pair[0] != pair[1]));
    for status in statuses() {
        let end = format!("_{}", status.code);
        assert!(status.english.ends_with(&end) && status.russian.ends_with(&end), "{status:?}");
    }
    assert_eq!(presentation(0, Language::English), "0: Unknown HTTP status code");
}

#[tokio::test]
async fn n60_what_is_no_json_is_shown() {
    let page = Answer::ok().header("Content-Type", "text/html").body("<p>Не найдено</p>");
    let error = answered(page).await.json().unwrap_err();
    for part in ["200", "text/html", "Не найдено"] {
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn n61_n64_dates_of_json_are_read_and_written_in_every_zone() {
    let options = ReadOptions::new().dates(vec!["d".to_owned()]);
    for (text, marked) in [
        ("2019-01-21T00:24:00", "l2019-01-21T00:24:00"),
        ("2019-01-21T00:24:00Z", "u2019-01-21T00:24:00"),
        ("2019-01-21T00:24:00+03:00", "u2019-01-20T21:24:00"),
        ("2019-01-21", "l2019-01-21T00:00:00"),
    ] {
        let read = mark_json(&json!({"d": text}).to_string(), &options).unwrap();
        assert_eq!(read, json!({"d": marked}).to_string());
    }
    let pair = json!({"d": "d2019-01-21T00:24:00 2019-01-20T21:24:00"}).to_string();
    let write = |zone| {
        let dates = DateOptions { zone, ..DateOptions::default() };
        unmark_json(&pair, dates, WriterSettings::new())
    };
    for (zone, part) in [
        (DateZone::Local, "2019-01-21T00:24:00\""),
        (DateZone::LocalWithOffset, "2019-01-21T00:24:00+03:00\""),
        (DateZone::Universal, "2019-01-20T21:24:00Z\""),
    ] {
        let text = write(zone).unwrap();
        assert!(text.contains(part), "{text}");
    }
    // What has no place in JSON does not turn into something else.
    assert_eq!(mark_json("{\"d\": \"soon\"}", &options).unwrap_err().code(), "http_not_json");
    let bytes = std::collections::BTreeMap::from([((1, 2), 3)]);
    let request = Request::post("http://h.test/").unwrap();
    assert!(request.json(&bytes).is_err(), "a key that is no text was written");
}

#[tokio::test]
async fn n62_xml_becomes_a_tree_with_its_names_spaces_and_repetitions() {
    let text = "<?xml version=\"1.0\" encoding=\"windows-1251\"?>\
        <d:Document xmlns:d=\"urn:d\" Id=\"1642606\"><d:Attachments>\
        <d:Attachment>\u{43E}дин</d:Attachment><d:Attachment>два &amp; три</d:Attachment>\
        </d:Attachments></d:Document>";
    let charset = "windows-1251".parse::<opi_http_connector::text::Charset>().unwrap();
    let bytes = charset.encode(text).unwrap().into_owned();
    let response = answered(Answer::ok().header("Content-Type", "text/xml").body(bytes)).await;
    let document = parse_xml(&response.text().unwrap()).unwrap();
    assert_eq!((&*document.name().local, &*document.attributes()[0].1), ("Document", "1642606"));
    let attachments = document.elements("Attachments").next().unwrap();
    let texts: Vec<_> = attachments.elements("Attachment").map(|it| it.text()).collect();
    assert_eq!(texts, ["один", "два & три"]);
}

#[tokio::test]
async fn n115_the_type_names_its_charset() {
    for (request, expected) in [
        (sent(|it| it.json(&json!(1)).unwrap()).await, "application/json; charset=utf-8"),
        (sent(|it| it.text("я")).await, "text/plain; charset=utf-8"),
    ] {
        let found = request.header("content-type").map(str::to_ascii_lowercase);
        assert_eq!(found.as_deref(), Some(expected));
    }
    let form = sent(|it| it.form([("k", "я")])).await;
    let form = form.header("content-type").unwrap();
    assert!(form.starts_with("application/x-www-form-urlencoded"), "{form}");
    let own = sent(|it| it.header("content-type", "application/problem+json").unwrap().text("1"));
    let own = own.await;
    let types: Vec<_> = own.headers.values("content-type").collect();
    assert_eq!(types.len(), 1, "{types:?}");
}
