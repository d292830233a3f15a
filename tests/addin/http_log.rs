//! The log of the class `HTTPConnector`: what a session asked and got, and no secret.

use harness::addin::{Object, Value};
use harness::{Answer, Background, HttpServer, RefusingPort};
use serde_json::{Value as Json, json};

use crate::setting::{fails, in_both_hosts, ok, options};

const CANARY: &str = "c4nary-Secret";

fn ask(session: &Object, url: &str, given: Json) -> Json {
    let given = ["body".into(), "POST".into(), Value::text(url), options(given)];
    session.call_json("Request", &given)
}

fn texts(session: &Object) -> String {
    let log = ok(session, "ПолучитьЛог", &[Value::Int(0)]);
    let lines = log["logs"].as_array().unwrap().iter().map(|it| it.as_str().unwrap());
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn requests_redirects_retries_and_failures_have_lines() {
    let server = Background::start(HttpServer::start);
    let nobody = RefusingPort::new();
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        fails(&session, "GetLog", &[], "option");
        ok(&session, "NewSession", &[options(json!({ "log": {} }))]);
        server.answer(Answer::redirect(303, "/there"));
        server.answer(Answer::status(503));
        server.answer(Answer::ok().text("fine"));
        let retries = json!({ "retries": { "delay": 1, "max_delay": 1 } });
        assert_eq!(ask(&session, &server.url("/here"), retries)["status"], 200);
        let (address, gone) = (server.address(), nobody.address());
        ask(&session, &format!("http://{gone}/gone"), json!({}));
        ask(&session, "nothing", json!({}));
        let log = texts(&session);
        for line in [
            format!("info POST http://{address}/here: 303, redirect, "),
            format!("warn GET http://{address}/there: 503, retry, "),
            format!("info GET http://{address}/there: 200 from {address} in "),
            "(reused), sent ".to_owned(),
            format!("error POST http://{gone}/gone: connect_refused: "),
            "error a request was not sent: http_bad_url: ".to_owned(),
        ] {
            assert!(log.contains(&line), "{line}\n{log}");
        }
        assert!(!log.contains("content-type"), "headers are for the level debug: {log}");
        // A new session without a log has none.
        ok(&session, "NewSession", &[]);
        fails(&session, "GetLog", &[], "option");
    });
}

/// Every place of a secret, at the level that shows most, in memory and in a file.
#[test]
fn no_secret_is_logged() {
    let server = Background::start(HttpServer::start);
    in_both_hosts(|host| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("http.log");
        let session = host.create("HTTPConnector");
        let log = json!({ "level": "debug", "file": file.to_str().unwrap() });
        ok(&session, "NewSession", &[options(json!({ "log": log }))]);
        let cookie = format!("sid={CANARY}; Path=/");
        let place = format!("/next?code={CANARY}");
        for given in [
            json!({ "user": "u", "password": CANARY }),
            json!({ "token": CANARY }),
            json!({ "headers": { "Authorization": format!("Custom {CANARY}") } }),
            json!({ "headers": { "X-Vault-Token": CANARY, "Referer": format!("http://h/?a={CANARY}") } }),
            json!({ "secret_headers": { "X-Mine": CANARY } }),
            json!({ "cookies": [{ "name": "a", "value": CANARY }] }),
            json!({ "query": { "any": CANARY } }),
            json!({ "form": { "any": CANARY } }),
            json!({ "json": { "any": CANARY } }),
            json!({ "proxy": format!("ftp://u:{CANARY}@h.test") }),
            json!({ "headers": { "X": format!("{CANARY}\n") } }),
        ] {
            let answer = Answer::redirect(302, &place).cookie(&cookie);
            server.answer(answer.header("X-Auth-Key", CANARY).text(CANARY));
            let body =
                if ["form", "json"].iter().any(|it| given.get(it).is_some()) { "" } else { CANARY };
            let mut given = given;
            given["redirects"] = json!(0);
            let url = Value::text(server.url(&format!("/a?any={CANARY}#{CANARY}")));
            session.call_json("Request", &[body.into(), "POST".into(), url, options(given)]);
        }
        let log = texts(&session);
        let file = std::fs::read_to_string(file).unwrap();
        for log in [&log, &file] {
            assert!(log.contains("debug > content-type: "), "{log}");
            assert!(
                log.contains("debug > x-mine: ***") && log.contains("debug < location: /next?***")
            );
            assert!(!log.contains(CANARY), "{log}");
        }
    });
}

#[test]
fn an_object_that_is_closed_leaves_its_file_whole() {
    let server = Background::start(HttpServer::start);
    in_both_hosts(|host| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("http.log");
        let session = host.create("HTTPConnector");
        let given = json!({ "log": { "file": file.to_str().unwrap(), "memory": 0 } });
        ok(&session, "NewSession", &[options(given)]);
        server.answer(Answer::ok());
        assert_eq!(ask(&session, &server.url("/"), json!({}))["status"], 200);
        drop(session);
        assert!(std::fs::read_to_string(file).unwrap().contains(": 200 from "));
        let session = host.create("HTTPConnector");
        let wrong = json!({ "log": { "file": "/no/such/folder/x" } });
        fails(&session, "NewSession", &[options(wrong)], "journal_file");
    });
}
