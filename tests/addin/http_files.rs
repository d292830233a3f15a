//! Bodies to files by the class `HTTPConnector`: names, checks, rests, and how far they are.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use harness::addin::{Object, Value};
use harness::{Answer, Background, Gate, HttpServer, Listen, Peer, Script, httpbin};
use serde_json::{Value as Json, json};

use crate::setting::{becomes, bytes, fails, in_both_hosts, ok, options};

fn given(url: &str, given: Json) -> [Value; 4] {
    ["".into(), "GET".into(), Value::text(url), options(given)]
}

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 251) as u8).collect()
}

/// Breaks off half a file at first, and gives rests by `Range` and `If-Range`.
fn flaky(asked: &Arc<AtomicUsize>) -> Background<HttpServer> {
    let asked = Arc::clone(asked);
    Background::start(|| {
        HttpServer::start_handling(Listen::plain(), move |request| {
            asked.fetch_add(1, Ordering::SeqCst);
            let whole = content(100_000);
            let range = request.header("range").and_then(|it| it.strip_prefix("bytes="));
            let from = range.and_then(|it| it.strip_suffix('-')?.parse::<usize>().ok());
            match from.filter(|_| request.header("if-range") == Some("\"v1\"")) {
                Some(from) => {
                    let rest = format!("bytes {from}-99999/100000");
                    let answer = Answer::status(206).header("Content-Range", &rest);
                    answer.header("ETag", "\"v1\"").body(&whole[from..])
                }
                None if request.path() == "/missing" => Answer::status(404).text("no such file"),
                None => Answer::ok().header("ETag", "\"v1\"").body(whole).cut_after(60_000),
            }
        })
    })
}

#[test]
fn a_download_that_broke_off_goes_on() {
    let asked = Arc::new(AtomicUsize::new(0));
    let server = flaky(&asked);
    in_both_hosts(|host| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file.bin");
        let path = path.to_str().unwrap();
        let session = host.create("HTTPConnector");
        let resume = json!({ "output_file": path, "Докачивать": true });
        let url = server.url("/");
        fails(&session, "Request", &given(&url, resume.clone()), "truncated");
        assert!(!std::fs::exists(path).unwrap(), "the file is whole or not there");
        let answer = ok(&session, "Request", &given(&url, resume.clone()));
        assert_eq!((&answer["status"], &answer["size"]), (&json!(206), &json!(100_000)));
        assert!(answer["resumed"].as_u64().unwrap() > 0, "{answer}");
        assert_eq!((&answer["file"], answer.get("data")), (&json!(path), None));
        assert_eq!(std::fs::read(path).unwrap(), content(100_000));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left over");
        // What is no file is not saved: it comes as data, and the file stays.
        let answer = ok(&session, "Request", &given(&server.url("/missing"), resume));
        assert_eq!((&answer["status"], answer.get("file")), (&json!(404), None));
        assert_eq!(bytes(&session, &answer), b"no such file");
        assert_eq!(std::fs::read(path).unwrap().len(), 100_000);
        // Without resume nothing is kept.
        let plain = json!({ "output_file": path, "existing_file": "replace" });
        fails(&session, "Request", &given(&url, plain), "truncated");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    });
}

#[test]
fn files_are_named_counted_and_checked() {
    let server = Background::start(HttpServer::start);
    in_both_hosts(|host| {
        let folder = tempfile::tempdir().unwrap();
        let (inside, session) = (folder.path().to_str().unwrap(), host.create("HTTPConnector"));
        let named = || {
            let name = "attachment; filename=\"../отчёт.txt\"; filename*=UTF-8''%D0%B0.txt";
            Answer::ok().header("Content-Disposition", name).body(*b"hello")
        };
        let save = |more: Json| {
            server.answer(named());
            let mut all = json!({ "output_folder": inside });
            all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            session.call_json("Request", &given(&server.url("/x"), all))
        };
        for (more, name) in [
            (json!({}), "а.txt"),
            (json!({ "sync_file": false }), "а (1).txt"),
            (json!({ "existing_file": "replace", "max_file": 5 }), "а.txt"),
        ] {
            let answer = save(more);
            let file = folder.path().join(name);
            assert_eq!(answer["file"], file.to_str().unwrap(), "{answer}");
            assert_eq!((&answer["size"], &answer["resumed"]), (&json!(5), &json!(0)));
        }
        let sum = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
        assert_eq!(save(json!({ "sha256": sum }))["result"], true);
        for (more, code) in [
            (json!({ "existing_file": "refuse" }), "http_file_exists"),
            (json!({ "max_file": 4 }), "http_body_too_long"),
            (json!({ "max_file": 0 }), "http_body_too_long"),
            (json!({ "sha256": sum.replace('2', "3") }), "http_digest_mismatch"),
        ] {
            let answer = save(more);
            assert_eq!(answer["error"]["code"], code, "{answer}");
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "nothing more was kept");
        server.answer(Answer::status(500).text("sorry"));
        let refused = given(&server.url("/x"), json!({ "output_folder": inside }));
        let answer = ok(&session, "Request", &refused);
        assert_eq!(bytes(&session, &answer), b"sorry", "a page of an error is no file");
    });
}

#[test]
fn options_of_files_are_checked() {
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        for (options, says) in [
            (json!({ "resume": true }), "resume (Докачивать): it is about a file"),
            (json!({ "sha256": "x" }), "sha256 (SHA256): it is about a file"),
            (json!({ "output_file": "a", "output_folder": "b" }), "output_folder"),
            (json!({ "output_folder": "b", "resume": true }), "resume"),
            (json!({ "output_file": "a", "existing_file": "keep" }), "got \"keep\""),
            (json!({ "output_file": "a", "max_file": -1 }), "0 or more"),
            (json!({ "output_file": "a", "sha256": "12" }), "64 hexadecimal"),
            (json!({ "output_file": "a", "answer": "text" }), "neither answer nor encoding"),
        ] {
            let answer = session.call_json("Request", &given("http://h.test/", options));
            let message = answer["error"]["message"].as_str().unwrap_or_default();
            assert!(message.contains(says), "{says}: {answer}");
        }
    });
}

#[test]
fn a_path_that_cannot_be_written_is_told_before_anything_is_sent() {
    let server = Background::start(|| HttpServer::start_handling(Listen::plain(), httpbin));
    in_both_hosts(|host| {
        let folder = tempfile::tempdir().unwrap();
        let session = host.create("HTTPConnector");
        let missing = folder.path().join("none").join("x");
        for path in [folder.path(), &missing] {
            let options = json!({ "output_file": path.to_str().unwrap() });
            let answer = session.call_json("Request", &given(&server.url("/get"), options));
            assert_eq!(answer["result"], false, "{answer}");
        }
        assert_eq!(server.requests().len(), 0);
    });
}

/// A length that no 32 bits hold is taken as it is.
#[test]
fn a_length_may_be_larger_than_two_gigabytes() {
    let server = Background::start(|| HttpServer::start_handling(Listen::plain(), httpbin));
    in_both_hosts(|host| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let session = host.create("HTTPConnector");
        for most in [json!(5_000_000_000_u64), json!(5e9), json!(9_000_000_000_000_000_000_u64)] {
            let options = json!({ "output_file": path.to_str().unwrap(), "max_file": most });
            let answer = ok(&session, "Request", &given(&server.url("/bytes/5"), options));
            assert_eq!(answer["size"], 5);
        }
    });
}

fn progress(session: &Object) -> Json {
    match session.get("ХодВыполнения") {
        Ok(Value::Text(text)) => serde_json::from_str(&text).unwrap(),
        other => panic!("{other:?}"),
    }
}

/// Another thread reads how far a request is; when it has ended, it is gone from the list.
#[test]
fn another_thread_sees_how_far_a_request_is() {
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        let (sent, asked) = (Gate::new("the body was seen"), Gate::new("half was seen"));
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345";
        let script = Script::new().expect_until("\r\n\r\nhello").wait(&sent).send(head);
        let peer = Background::start(|| Peer::start(script.wait(&asked).send("67890").close()));
        assert_eq!(progress(&session), json!({ "requests": [] }));
        let url = Value::text(format!("http://{}/up?token=hunter2", peer.address()));
        std::thread::scope(|scope| {
            let running =
                scope.spawn(|| ok(&session, "Request", &["hello".into(), "POST".into(), url]));
            let row = |key: &str| progress(&session)["requests"][0][key].clone();
            becomes("the body is sent", || row("sent") == 5);
            assert_eq!((row("to_send"), row("received")), (json!(5), json!(0)));
            assert_eq!((row("method"), row("to_receive")), (json!("POST"), Json::Null));
            assert!(row("url").as_str().unwrap().ends_with("/up"), "no secret is told");
            sent.open();
            becomes("half has come", || row("received") == 5);
            assert_eq!(row("to_receive"), 10);
            asked.open();
            assert_eq!(running.join().unwrap()["size"], 10);
        });
        assert_eq!(progress(&session), json!({ "requests": [] }));
        assert!(session.set("Progress", &"x".into()).is_err());
        peer.finish(Peer::finish);
    });
}
