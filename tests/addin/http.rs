//! The class `HTTPConnector`, in both hosts.

use harness::addin::Value;
use harness::{Background, HttpServer, Listen, httpbin};
use serde_json::{Value as Json, json};

use crate::setting::{bytes, fails, in_both_hosts, ok, options};

fn server() -> Background<HttpServer> {
    Background::start(|| HttpServer::start_handling(Listen::plain(), httpbin))
}

fn request(method: &str, url: &str, given: Json) -> [Value; 4] {
    ["".into(), method.into(), Value::text(url), options(given)]
}

#[test]
fn json_comes_as_the_server_wrote_it_with_its_parameters() {
    let server = server();
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        let given = json!({ "query": { "имя": "значение", "a": ["1", "2"] }, "answer": "json" });
        let answer = ok(&session, "Запрос", &request("GET", &server.url("/get"), given));
        assert_eq!((&answer["status"], &answer["reason"]), (&json!(200), &json!("OK")));
        assert_eq!(answer["json"]["args"], json!({ "имя": "значение", "a": ["1", "2"] }));
        assert!(answer.get("data").is_none() && answer["size"].as_u64().unwrap() > 0);
    });
}

#[test]
fn bodies_go_as_bytes_json_and_forms() {
    let server = server();
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        let post = |body: Value, given: Json| {
            let url = Value::text(server.url("/post"));
            let answer = ok(&session, "Request", &[body, "POST".into(), url, options(given)]);
            serde_json::from_slice::<Json>(&bytes(&session, &answer)).unwrap()
        };
        assert_eq!(post(Value::bytes(*b"raw"), json!({}))["data"], "raw");
        assert_eq!(post("строка".into(), json!({}))["data"], "строка");
        let sum = json!({ "sum": 10, "text": "да" });
        assert_eq!(post("".into(), json!({ "json": sum }))["json"], sum);
        assert_eq!(post("".into(), json!({ "json": null }))["data"], "null");
        let form = json!({ "a": "1", "б": "два" });
        assert_eq!(post("".into(), json!({ "form": form }))["form"], form);
    });
}

#[test]
fn a_session_keeps_cookies_and_follows_redirects() {
    let server = server();
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        let set = server.url("/cookies/set?flavour=oat");
        let answer = ok(&session, "Request", &request("GET", &set, json!({ "answer": "json" })));
        assert_eq!(answer["json"]["cookies"]["flavour"], "oat");
        assert_eq!(answer["history"].as_array().unwrap().len(), 1);
        ok(&session, "NewSession", &[options(json!({ "redirects": 0 }))]);
        let cookies = request("GET", &server.url("/cookies"), json!({ "answer": "json" }));
        assert_eq!(ok(&session, "Request", &cookies)["json"]["cookies"], json!({}));
        let stays = ok(&session, "Request", &request("GET", &set, json!({})));
        assert_eq!(stays["status"], 302);
        let goes = request("GET", &set, json!({ "redirects": 1, "answer": "json" }));
        assert_eq!(ok(&session, "Request", &goes)["json"]["cookies"]["flavour"], "oat");
    });
}

#[test]
fn logins_go_to_the_server_and_headers_in_both_directions() {
    let server = server();
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        let default = json!({ "headers": { "X-Client": "tests" } });
        ok(&session, "НоваяСессия", &[options(default)]);
        let login = json!({ "user": "u", "password": "п" });
        let url = server.url("/basic-auth/u/%D0%BF");
        assert_eq!(ok(&session, "Request", &request("GET", &url, login))["status"], 200);
        let token = json!({ "token": "t", "answer": "text" });
        let answer = ok(&session, "Request", &request("GET", &server.url("/bearer"), token));
        assert!(answer["text"].as_str().unwrap().contains(r#""token""#), "{answer}");
        assert!(answer["headers"]["content-type"].as_str().unwrap().contains("json"));
        let given = json!({ "headers": { "X-Own": "yes" }, "answer": "json" });
        let answer = ok(&session, "Request", &request("GET", &server.url("/headers"), given));
        let headers = &answer["json"]["headers"];
        assert_eq!((&headers["X-Client"], &headers["X-Own"]), (&json!("tests"), &json!("yes")));
    });
}

#[test]
fn what_is_wrong_with_a_request_is_a_fault() {
    let server = server();
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        for (method, url, given, code) in [
            ("GET", "ftp://h.test/", json!({}), "http_bad_url"),
            ("GE T", "http://h.test/", json!({}), "http_bad_method"),
            ("GET", "http://h.test/", json!({ "headers": { "X": "a\r\nb" } }), "http_bad_header"),
            ("GET", "http://h.test/", json!({ "json": 1, "form": {} }), "option"),
            ("GET", "http://h.test/", json!({ "answer": "xml" }), "option"),
            ("GET", "http://h.test/", json!({ "user": "u", "token": "t" }), "option"),
            ("GET", "http://h.test/", json!({ "password": "p" }), "option"),
            ("GET", &server.url("/bytes/5"), json!({ "answer": "json" }), "http_not_json"),
            ("GET", &server.url("/bytes/200"), json!({ "answer": "text" }), "http_not_text"),
        ] {
            fails(&session, "Request", &request(method, url, given), code);
        }
        let given = request("GET", &server.url("/bytes/5"), json!({ "answer": "json" }));
        let error = fails(&session, "Request", &given, "http_not_json");
        assert_eq!(bytes(&session, &error), [0, 1, 2, 3, 4], "the body is not lost");
    });
}
