//! Forms, JSON and other bodies that are sent: A-030 to A-032, A-035, A-047, A-048, A-069, A-070.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use opi_http_connector::connector::{DateOptions, LineBreak, WriterSettings, gunzip, unmark_json};
use serde_json::json;

use super::setting::{encrypted, plain, request, sent, told};

#[tokio::test]
async fn a_030_a_form_arrives_field_by_field() {
    let form = [
        ("comments", "Постучать в дверь"),
        ("custemail", "vasya@mail.ru"),
        ("custname", "Вася"),
        ("custtel", "112"),
        ("delivery", "20:20"),
        ("size", "medium"),
        ("topping", "bacon"),
        ("topping", "mushroom"),
    ];
    let answer = sent(request("POST", &plain("/post")).form(form)).await;
    assert_eq!(answer.url().as_str(), plain("/post"));
    let expected = json!({
        "comments": "Постучать в дверь",
        "custemail": "vasya@mail.ru",
        "custname": "Вася",
        "custtel": "112",
        "delivery": "20:20",
        "size": "medium",
        "topping": ["bacon", "mushroom"],
    });
    assert_eq!(answer.json().unwrap()["form"], expected);
}

#[tokio::test]
async fn a_031_json_arrives_by_post_and_put() {
    let value = json!({"Сотрудник": "Иванов Иван Петрович", "Должность": "Разнорабочий"});
    for (method, path) in [("POST", "/post"), ("PUT", "/put")] {
        let answer = told(request(method, &plain(path)).json(&value).unwrap()).await;
        assert_eq!(answer["json"], value, "{method}");
        let kind = &answer["headers"]["Content-Type"];
        assert_eq!(kind, "application/json; charset=utf-8");
    }
}

#[tokio::test]
async fn a_032_json_is_written_in_one_line() {
    let expected = r#"{"field":"value","field2":"value2"}"#;
    let value = json!({"field": "value", "field2": "value2"});
    let plainly = request("POST", &plain("/anything")).json(&value).unwrap();
    assert_eq!(told(plainly).await["data"], expected);
    let settings = WriterSettings::new().line_break(LineBreak::None);
    let marked = r#"{"field": "tvalue", "field2": "tvalue2"}"#;
    let body = unmark_json(marked, DateOptions::default(), settings).unwrap();
    let by_settings = request("POST", &plain("/anything")).body(body);
    let by_settings = by_settings.header("Content-Type", "application/json").unwrap();
    assert_eq!(told(by_settings).await["data"], expected);
}

#[tokio::test]
async fn a_035_json_arrives_in_gzip() {
    let value = json!({"Ключ": "Значение"});
    let packed = request("POST", &plain("/anything")).json(&value).unwrap().gzip_body();
    let answer = told(packed).await;
    assert_eq!(answer["headers"]["Content-Encoding"], "gzip");
    let data = answer["data"].as_str().unwrap();
    let data = data.strip_prefix("data:application/octet-stream;base64,").unwrap();
    let json = gunzip(&STANDARD.decode(data).unwrap(), 1000).unwrap();
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&json).unwrap(), value);
}

async fn json_by(method: &str, path: &str) {
    let value = json!({"Сотрудник": "Иванов", "Должность": "Разнорабочий"});
    let answer = told(request(method, &encrypted(path)).json(&value).unwrap()).await;
    assert_eq!((&answer["url"], &answer["json"]), (&encrypted(path).into(), &value));
}

#[tokio::test]
async fn a_047_json_by_put_under_tls() {
    json_by("PUT", "/put").await;
}

#[tokio::test]
async fn a_048_json_by_delete_under_tls() {
    json_by("DELETE", "/delete").await;
}

#[tokio::test]
async fn a_069_an_empty_object_is_sent() {
    let answer = told(request("POST", &encrypted("/post")).json(&json!({})).unwrap()).await;
    assert_eq!((&answer["json"], &answer["data"]), (&json!({}), &json!("{}")));
}

const ENVELOPE: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<soap:Envelope \
    xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>\
    <GetCursOnDate xmlns=\"http://web.cbr.ru/\"><On_date>2019-07-05</On_date>\
    <Comment>Курс &lt;€&gt; на дату</Comment></GetCursOnDate></soap:Body></soap:Envelope>\n";

#[tokio::test]
async fn a_070_an_envelope_arrives_byte_for_byte() {
    let request = request("POST", &plain("/anything")).body(ENVELOPE.to_owned());
    let request = request.header("Content-Type", "text/xml; charset=utf-8").unwrap();
    let action = "http://web.cbr.ru/GetCursOnDate";
    let answer = told(request.header("SOAPAction", action).unwrap()).await;
    assert_eq!(answer["data"], ENVELOPE);
    assert_eq!(answer["headers"]["Content-Type"], "text/xml; charset=utf-8");
    assert_eq!(answer["headers"]["Content-Length"], ENVELOPE.len().to_string());
    assert_eq!(answer["headers"]["Soapaction"], action);
}
