//! The class `HTTPConnector` given what it cannot take: no fault tells a secret.

use harness::RefusingPort;
use harness::addin::{Object, Value};
use serde_json::{Map, Value as Json, json};

use crate::setting::{bytes, fails, in_both_hosts, ok, options};

const CANARY: &str = "c4nary-Secret";

fn request(session: &Object, url: &str, given: &Json) -> Json {
    let given = ["".into(), "GET".into(), Value::text(url), Value::text(given.to_string())];
    session.call_json("Request", &given)
}

/// Broken and very deep JSON is a fault, and what it holds is not told.
#[test]
fn options_that_are_no_object_are_refused() {
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        let deep = format!("{{\"json\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        let broken = format!("{{\"password\": \"{CANARY}\", ");
        for text in ["[]", "1", "null", "{", "{\"a\"}", "\u{feff}{", &broken, &deep] {
            let given = ["".into(), "GET".into(), "http://127.0.0.1:1/".into(), Value::text(text)];
            let answer = session.call_json("Request", &given);
            assert_eq!(answer["result"], false, "{answer}");
            let code = answer["error"]["code"].as_str().unwrap();
            assert!(["argument", "option"].contains(&code), "{answer}");
            assert!(!answer.to_string().contains(CANARY), "{answer}");
        }
    });
}

/// A secret in each place that takes one, where the call fails: refused by the network or by a check.
#[test]
fn a_failure_tells_no_secret() {
    let nobody = RefusingPort::new();
    let address = nobody.address();
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        let plain = format!("http://{address}/");
        let url = |text: &str| text.replace("HOST", &address.to_string()).replace("SECRET", CANARY);
        for (at, given) in [
            ("http://u:SECRET@HOST/", json!({})),
            ("http://u:SECRET@HOST:99999/", json!({})),
            ("http://u:SECRET@[bad/", json!({})),
            ("ftp://u:SECRET@HOST/", json!({})),
            ("http://HOST/?access_token=SECRET", json!({})),
            ("http://HOST/?user[password]=SECRET", json!({})),
        ] {
            told_clean(&session, &request(&session, &url(at), &given));
        }
        for given in [
            json!({ "user": "u", "password": CANARY }),
            json!({ "password": CANARY }),
            json!({ "user": "u", "password": CANARY, "token": CANARY }),
            json!({ "user": 5, "password": CANARY }),
            json!({ "token": format!("{CANARY}\r\n") }),
            json!({ "auth": { "type": "digest", "user": "u", "password": CANARY } }),
            json!({ "auth": { "type": "magic", "user": "u", "password": CANARY } }),
            json!({ "auth": { "type": "aws4-hmac-sha256", "access_key_id": "k", "secret_key": CANARY } }),
            json!({ "headers": { "Authorization": format!("Bearer {CANARY}") } }),
            json!({ "headers": { "Authorization": format!("{CANARY}\n") } }),
            json!({ "query": { "token": CANARY } }),
            json!({ "form": { "password": CANARY }, "json": 1 }),
            json!({ "cookies": [{ "name": "a", "value": CANARY }] }),
            json!({ "cookies": [{ "name": "a", "value": format!("{CANARY}\n") }] }),
            json!({ "proxy": format!("http://u:{CANARY}@{address}") }),
            json!({ "proxy": format!("ftp://u:{CANARY}@{address}") }),
            json!({ "proxy": format!("socks5://u:{CANARY}@{address}:x") }),
            json!({ "client_key": CANARY, "client_certificate": CANARY }),
            json!({ "client_pkcs12_file": "/no/such", "client_key_password": CANARY }),
        ] {
            told_clean(&session, &request(&session, &plain, &given));
        }
    });
}

#[track_caller]
fn told_clean(session: &Object, answer: &Json) {
    assert_eq!(answer["result"], false, "{answer}");
    let last = session.last_error().unwrap_or_default();
    assert!(!answer.to_string().contains(CANARY), "{answer}");
    assert!(!last.to_string().contains(CANARY), "{last}");
}

#[test]
fn a_login_without_its_type_is_refused_and_not_left_out() {
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        for auth in [
            json!({ "access_key_id": "k", "secret_key": CANARY }),
            json!({}),
            json!({ "type": "basic" }),
        ] {
            let answer = request(&session, "http://127.0.0.1:9/", &json!({ "auth": auth }));
            assert_eq!(answer["error"]["code"], "option", "{answer}");
            assert!(answer["error"]["message"].as_str().unwrap().contains("user"), "{answer}");
            told_clean(&session, &answer);
        }
    });
}

/// What is given for a request and never sent goes when more comes; what came is given once.
#[test]
fn given_bytes_go_once() {
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        let given = ok(&session, "GiveBytes", &[Value::bytes(vec![7; 64 << 20])]);
        let number = given["data"].as_str().unwrap().to_owned();
        let files = json!([{ "name": "f", "data": number }]);
        let ask = json!({ "files": files });
        let url = Value::from("http://h.test/");
        let prepare = |given: &Json| {
            session.call_json(
                "Prepare",
                &["".into(), "POST".into(), url.clone(), options(given.clone())],
            )
        };
        let first = prepare(&ask);
        assert_eq!(first["result"], true, "{first}");
        let body = bytes(&session, &first);
        assert!(body.len() > 64 << 20);
        fails(&session, "TakeBytes", &[first["data"].as_str().unwrap().into()], "unknown_handle");
        let second = prepare(&ask);
        assert_eq!(second["error"]["code"], "unknown_handle", "{second}");
        for wrong in ["0", "-1", "x", "", "99999999999999999999999"] {
            let wrong = prepare(&json!({ "files": [{ "name": "f", "data": wrong }] }));
            assert_eq!(wrong["result"], false, "{wrong}");
        }
    });
}

/// A file that cannot be written is told before anything is left behind.
#[test]
fn an_output_file_that_cannot_be_is_a_fault() {
    let server = harness::Background::start(|| {
        harness::HttpServer::start_handling(harness::Listen::plain(), harness::httpbin)
    });
    let folder = tempfile::tempdir().unwrap();
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        let missing = folder.path().join("none").join("x");
        for path in [folder.path().to_str().unwrap(), missing.to_str().unwrap(), "/dev/full", ""] {
            let given = json!({ "output_file": path });
            let answer = request(&session, &server.url("/bytes/100000"), &given);
            assert_eq!(answer["result"], false, "{path}: {answer}");
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        let mut wrong = Map::new();
        wrong.insert("output_file".to_owned(), json!(folder.path().join("a").to_str().unwrap()));
        wrong.insert("expect_status".to_owned(), json!("success"));
        let answer = request(&session, &server.url("/status/500"), &Json::Object(wrong));
        assert_eq!(answer["result"], false, "{answer}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    });
}
