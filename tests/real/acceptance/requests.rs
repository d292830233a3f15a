//! Parameters, headers, methods: A-021 to A-026, A-029, A-056 to A-060, A-066 to A-068, A-071.

use opi_http_connector::assume_http;
use serde_json::{Value, json};

use super::setting::{encrypted, get, plain, request, sent, session, told};
use crate::servers::{port, soon};

#[tokio::test]
async fn a_021_a_url_without_a_scheme_is_http() {
    let bare = format!("127.0.0.1:{}/get", port("httpbin"));
    let answer = sent(get(&assume_http(&bare))).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.url().as_str(), format!("http://{bare}"));
}

#[tokio::test]
async fn a_022_parameters_are_encoded_once_and_arrive() {
    let request = get(&plain("/anything/params")).query("name", "Иванов").query("name", "Петров");
    let answer = sent(request.query("salary", "100000").query("time", "01:47")).await;
    let query = "name=%D0%98%D0%B2%D0%B0%D0%BD%D0%BE%D0%B2&name=%D0%9F%D0%B5%D1%82%D1%80%D0%BE%D0%B2&salary=100000&time=01%3A47";
    assert_eq!(answer.url().as_str(), plain(&format!("/anything/params?{query}")));
    let args = json!({"name": ["Иванов", "Петров"], "salary": "100000", "time": "01:47"});
    assert_eq!(answer.json().unwrap()["args"], args);
}

#[tokio::test]
async fn a_023_parameters_join_those_of_the_url() {
    let request = get(&plain("/anything/params?post=Программист"));
    let request = request.query("name", "Иванов").query("name", "Петров").query("salary", "100000");
    let args = json!({"post": "Программист", "name": ["Иванов", "Петров"], "salary": "100000"});
    assert_eq!(told(request).await["args"], args);
}

#[tokio::test]
async fn a_024_json_is_got_under_tls() {
    assert_eq!(told(get(&encrypted("/get"))).await["url"], encrypted("/get"));
}

#[tokio::test]
async fn a_025_the_answer_to_a_post_is_read_as_json() {
    let answer = told(request("POST", &encrypted("/post"))).await;
    assert_eq!(answer["url"], encrypted("/post"));
}

#[tokio::test]
async fn a_026_json_that_came_piece_by_piece_is_the_same() {
    let incoming = session().open(get(&encrypted("/get")), &soon()).await.unwrap();
    let answer = incoming.collect().await.unwrap().json().unwrap();
    assert_eq!(answer["url"], encrypted("/get"));
}

#[tokio::test]
async fn a_029_a_header_arrives() {
    let request = get(&plain("/headers")).header("X-My-Header", "Hello").unwrap();
    assert_eq!(told(request).await["headers"]["X-My-Header"], "Hello");
}

#[tokio::test]
async fn a_056_options() {
    let answer = sent(request("OPTIONS", &plain("/anything"))).await;
    assert_eq!(answer.status(), 200);
    let allowed = answer.headers()["allow"].to_str().unwrap();
    assert!(allowed.contains("GET") && answer.body().is_empty(), "{allowed}");
}

#[tokio::test]
async fn a_057_head() {
    let answer = sent(request("HEAD", &plain("/anything"))).await;
    assert_eq!((answer.status().as_u16(), answer.body().len()), (200, 0));
    assert!(answer.headers()["content-length"] != "0");
}

#[tokio::test]
async fn a_058_delete() {
    assert_eq!(told(request("DELETE", &plain("/delete"))).await["url"], plain("/delete"));
}

#[tokio::test]
async fn a_059_patch() {
    let answer = told(request("PATCH", &plain("/patch")).text("часть")).await;
    assert_eq!(answer["data"], "часть");
}

#[tokio::test]
async fn a_060_a_method_is_called_by_its_name() {
    let named: String = ["PA", "TCH"].concat();
    assert_eq!(told(request(&named, &plain("/anything"))).await["method"], "PATCH");
}

#[tokio::test]
async fn a_066_a_parameter_without_a_value_is_empty() {
    let empty = json!({"key": ""});
    assert_eq!(told(get(&encrypted("/get?key"))).await["args"], empty);
    assert_eq!(told(get(&encrypted("/get")).query_key("key")).await["args"], empty);
}

#[tokio::test]
async fn a_067_a_query_with_spaces_and_signs_arrives() {
    let jql = "worklogDate >= 2017-04-01 AND worklogDate <= 2017-05-01";
    let expected = json!({"jql": jql, "j": "", "i": "2"});
    let url = encrypted(&format!("/anything?jql={jql}&j&i=2"));
    assert_eq!(told(get(&url)).await["args"], expected);
    let built = get(&encrypted("/anything")).query("jql", jql).query_key("j").query("i", "2");
    assert_eq!(told(built).await["args"], expected);
}

#[tokio::test]
async fn a_068_names_with_signs_arrive() {
    let expected = json!({"q-w": "1", "e.r": "2", "t[]": "42"});
    let args = |answer: Value| answer["args"].clone();
    assert_eq!(args(told(get(&encrypted("/anything?q-w=1&e.r=2&t[]=42"))).await), expected);
    let built = get(&encrypted("/anything")).query("q-w", "1").query("e.r", "2").query("t[]", "42");
    assert_eq!(args(told(built).await), expected);
}

#[tokio::test]
async fn a_071_parameters_and_headers_arrive_together() {
    let request = get(&plain("/get")).query("param1", "value1").header("X-Header1", "1").unwrap();
    let answer = told(request).await;
    assert_eq!(answer["args"], json!({"param1": "value1"}));
    assert_eq!(answer["headers"]["X-Header1"], "1");
}
