//! The class `HTTPConnector` under attack: several threads, ends at bad moments, wrong and large values.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use harness::addin::{Failed, Host, Object, Profile, Value};
use harness::{
    Answer, Background, Gate, HttpServer, HungPort, Listen, Peer, Script, WATCHDOG, httpbin,
};
use serde_json::{Value as Json, json};

use crate::process::alone;
use crate::setting::{PROFILES, becomes, bytes, fails, in_both_hosts, ok, options};

fn server() -> Background<HttpServer> {
    Background::start(|| HttpServer::start_handling(Listen::plain(), httpbin))
}

fn given(method: &str, url: &str, more: Json) -> [Value; 4] {
    ["".into(), method.into(), Value::text(url), options(more)]
}

fn json_of(value: Result<Value, Failed>) -> Json {
    match value {
        Ok(Value::Text(text)) => serde_json::from_str(&text).unwrap(),
        other => panic!("{other:?}"),
    }
}

/// What one thread begins another changes, asks and ends; nothing is lost, mixed up or stuck.
#[test]
fn every_method_may_be_called_while_another_thread_calls_any() {
    let server = server();
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let asking = scope.spawn(|| {
                for round in 0..60 {
                    let more = json!({ "query": { "n": round.to_string() }, "answer": "json" });
                    let answer =
                        session.call_json("Request", &given("GET", &server.url("/get"), more));
                    // An answer of this request, or the end that another thread made.
                    match answer["result"].as_bool().unwrap() {
                        true => assert_eq!(answer["json"]["args"]["n"], round.to_string()),
                        false => assert_eq!(answer["error"]["code"], "cancelled", "{answer}"),
                    }
                }
                over.store(true, Ordering::SeqCst);
            });
            let cookie =
                json!({ "cookies": [{ "name": "a", "value": "b", "domain": "127.0.0.1" }] });
            let url = server.url("/get");
            let mut rounds = 0;
            while !over.load(Ordering::SeqCst) {
                ok(&session, "SetCookies", &[options(cookie.clone())]);
                ok(&session, "GetCookies", &[]);
                ok(&session, "CloseIdle", &[]);
                assert!(json_of(session.get("Pool"))["open"].is_u64());
                assert!(json_of(session.get("Progress"))["requests"].is_array());
                ok(&session, "Prepare", &given("GET", &url, json!({})));
                let log = if rounds % 2 == 0 { json!({ "log": {} }) } else { json!({}) };
                ok(&session, "NewSession", &[options(log)]);
                session.call_json("GetLog", &[]);
                if rounds % 8 == 7 {
                    ok(&session, "Cancel", &[]);
                }
                let Ok(Value::Text(_)) = session.get("LastError") else { panic!() };
                rounds += 1;
            }
            asking.join().unwrap();
            assert!(rounds > 0);
        });
        ok(&session, "Request", &given("GET", &server.url("/get"), json!({})));
    });
}

/// Ends a request once it has come to its phase, and asks which phase it was.
#[track_caller]
fn ended_in(session: &Object, request: &[Value], phase: &str, there: impl Fn() -> bool) {
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| session.call_json("Request", request));
        becomes(&format!("the request is in {phase}"), || there() || waiting.is_finished());
        let begun = Instant::now();
        ok(session, "Отменить", &[]);
        let answer = waiting.join().unwrap();
        assert_eq!(answer["error"]["code"], "cancelled", "{phase}: {answer}");
        assert_eq!(answer["error"]["phase"], phase, "{answer}");
        assert!(begun.elapsed() < Duration::from_secs(2), "{phase}: {:?}", begun.elapsed());
    });
}

fn first(session: &Object, key: &str) -> u64 {
    let requests = json_of(session.get("Progress"));
    requests["requests"][0][key].as_u64().unwrap_or_default()
}

#[test]
fn cancel_ends_a_request_in_each_phase() {
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        let forever = json!({ "timeout": 0 });
        let hung = Background::start(HungPort::start);
        let connecting = given("GET", &format!("http://{}/", hung.address()), forever.clone());
        ended_in(&session, &connecting, "connect", || {
            !json_of(session.get("Progress"))["requests"].as_array().unwrap().is_empty()
        });
        // What has read this much of the client waits for its answer.
        for (url, proxy, marker, phase) in [
            ("http://h.test/", None, "\r\n\r\n", "first_byte"),
            ("https://h.test/", Some("http"), "\r\n\r\n", "proxy"),
            ("https://h.test/", Some("socks5"), "\u{5}", "proxy"),
            ("https://HERE/", None, "\u{16}", "tls"),
        ] {
            let gate = Gate::new(phase);
            let script = Script::new().expect_until(marker).open(&gate).hold();
            let peer = Background::start(|| Peer::start(script));
            let address = peer.address();
            let mut more = forever.clone();
            match proxy {
                Some(scheme) => more["proxy"] = json!(format!("{scheme}://{address}")),
                None => more["timeout"] = json!(0),
            }
            let url = url.replace("HERE", &address.to_string());
            let url = if phase == "first_byte" { format!("http://{address}/") } else { url };
            ended_in(&session, &given("GET", &url, more), phase, || gate.is_open());
        }
        // A body that nobody takes, and one of which half has come.
        let stuck =
            Background::start(|| Peer::start(Script::new().expect_until("\r\n\r\n").hold()));
        let url = Value::text(format!("http://{}/", stuck.address()));
        let body = Value::bytes(vec![0; 32 << 20]);
        let sending = [body, "POST".into(), url, options(forever.clone())];
        let seen = std::cell::Cell::new((0, Instant::now()));
        ended_in(&session, &sending, "send", || {
            // It stands still: what the sockets hold is full.
            let sent = first(&session, "sent");
            if sent != seen.get().0 {
                seen.set((sent, Instant::now()));
            }
            sent > 0 && seen.get().1.elapsed() > Duration::from_millis(100)
        });
        let half = Script::new().expect_until("\r\n\r\n");
        let half = half.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").hold();
        let half = Background::start(|| Peer::start(half));
        let receiving = given("GET", &format!("http://{}/", half.address()), forever);
        ended_in(&session, &receiving, "idle", || first(&session, "received") == 4);
        // Nothing is left over for later calls.
        let server = server();
        ok(&session, "Request", &given("GET", &server.url("/get"), json!({})));
    });
}

/// A pause between tries is ended too.
#[test]
fn cancel_ends_the_pause_between_tries() {
    let server =
        Background::start(|| HttpServer::start_handling(Listen::plain(), |_| Answer::status(503)));
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        ok(&session, "NewSession", &[options(json!({ "log": {} }))]);
        let policy = json!({ "delay": 3_600_000, "jitter": false, "total": 0 });
        let more = json!({ "timeout": 0, "retries": policy });
        let before = server.requests().len();
        let request = given("GET", &server.url("/"), more);
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| session.call_json("Request", &request));
            becomes("the first try was answered", || server.requests().len() > before);
            let begun = Instant::now();
            while !waiting.is_finished() && begun.elapsed() < WATCHDOG {
                ok(&session, "Cancel", &[]);
                std::thread::yield_now();
            }
            let answer = waiting.join().unwrap();
            assert_eq!(answer["error"]["code"], "cancelled", "{answer}");
        });
    });
}

#[test]
fn an_object_that_ends_in_the_middle_of_a_request_ends_it() {
    type End = fn(&Object);
    let ends: [End; 2] =
        [|session| session.done(), |session| session.destroy_under_running_calls()];
    for profile in PROFILES {
        for end in ends {
            let gates: Vec<_> = (0..3).map(|_| Gate::new("a request came")).collect();
            let scripts: Vec<_> = gates
                .iter()
                .map(|gate| Script::new().expect_until("\r\n\r\n").open(gate).hold())
                .collect();
            let peer = Background::start(|| Peer::start(scripts));
            let host = Host::load(profile);
            let session = host.create("HTTPConnector");
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("x");
            let url = format!("http://{}/", peer.address());
            let waiting = json!({ "timeout": 0, "output_file": file.to_str().unwrap() });
            std::thread::scope(|scope| {
                let calls: Vec<_> = (0..3)
                    .map(|_| {
                        scope
                            .spawn(|| session.call("Request", &given("GET", &url, waiting.clone())))
                    })
                    .collect();
                for gate in &gates {
                    peer.block_on(gate.wait());
                }
                let begun = Instant::now();
                end(&session);
                assert!(begun.elapsed() < Duration::from_millis(800), "{:?}", begun.elapsed());
                for call in calls {
                    // An answer that says so, or none where the memory manager is gone already.
                    match call.join().unwrap() {
                        Ok(Value::Text(text)) => assert!(text.contains("object_closed"), "{text}"),
                        Ok(Value::Undefined) | Err(Failed::False(_)) => {}
                        other => panic!("{other:?}"),
                    }
                }
            });
            drop(session);
            assert_eq!(host.live_blocks(), 0);
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        }
    }
}

fn wrong_values() -> Vec<Value> {
    let mut wrong = vec![
        Value::Undefined,
        Value::Bool(true),
        Value::Int(i32::MIN),
        Value::Int(i32::MAX),
        Value::Number(f64::NAN),
        Value::Number(2_147_483_648.0),
        Value::Number(f64::NEG_INFINITY),
        Value::Date([1, 1, 1, 0, 0, 0]),
        Value::Date([i32::MIN + 1900, i32::MAX, -1, 99, 99, 99]),
        Value::NullText,
        Value::NullBytes,
        Value::bytes([0xFF; 3]),
        "\0".into(),
        "a\0b".into(),
        "{\"a\0\": \"\\u0000\"}".into(),
        Value::text("я".repeat(100_000)),
    ];
    wrong.extend(
        [&[0xD800][..], &[0xDC00, 0x41], &[0x41, 0xD83D]].map(|it| Value::Wide(it.to_vec())),
    );
    // Types that the platform's headers know and 1C never passes, and some that nobody knows.
    for vt in [
        1, 2, 4, 6, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 24, 0xFFF, 0x1000, 0x2016,
        0x4016, 0x8000, 0xFFFF,
    ] {
        wrong.push(Value::Raw { vt, bits: u64::MAX });
    }
    wrong
}

/// Every method with every kind of wrong value in every place: a fault, and the object lives on.
#[test]
fn wrong_values_are_faults_in_every_method() {
    in_both_hosts(|host| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cookies");
        let session = host.create("HTTPConnector");
        let methods = session.methods();
        for (number, [name, _]) in (0..).zip(&methods) {
            // Not a file of the name "1" in the folder of this process.
            let is_path = ["SaveCookies", "LoadCookies"].contains(&name.as_str());
            let first = if is_path { Value::text(file.to_str().unwrap()) } else { "1".into() };
            let count = session.param_count(number);
            for place in 0..count {
                for value in wrong_values() {
                    if is_path && place == 0 && matches!(value, Value::Text(_)) {
                        continue;
                    }
                    let fitting =
                        |at: usize| session.default(number, at).unwrap_or_else(|| first.clone());
                    let mut all: Vec<_> = (0..count).map(fitting).collect();
                    all[place] = value.clone();
                    match session.call_number(number, &all) {
                        Ok(Value::Text(text)) => {
                            let answer: Json = serde_json::from_str(&text).unwrap();
                            let code = answer["error"]["code"].as_str().unwrap_or_default();
                            assert_ne!(code, "internal", "{name} {place} {value:?}: {answer}");
                            let is_wide = matches!(value, Value::Wide(_));
                            assert!(!is_wide || code == "argument", "{name} {place}: {answer}");
                        }
                        Ok(Value::Bytes(_)) => {}
                        other => panic!("{name} {place} {value:?}: {other:?}"),
                    }
                }
            }
        }
        assert!(methods.len() > 15);
        ok(&session, "ClearCookies", &[]);
    });
}

/// A NUL, half a pair and other signs in each text of a request are refused or sent as they are.
#[test]
fn strange_signs_end_no_text_and_begin_no_line() {
    let server =
        Background::start(|| HttpServer::start_handling(Listen::plain(), |_| Answer::ok()));
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        let url = server.url("/");
        for (more, code) in [
            (json!({ "headers": { "X": "a\0b" } }), "http_bad_header"),
            (json!({ "headers": { "X\0": "a" } }), "http_bad_header"),
            (json!({ "secret_headers": { "X": "a\r\nY: b" } }), "http_bad_header"),
            (json!({ "token": "a\0b" }), "auth_bad_token"),
            (json!({ "cookies": [{ "name": "a\0", "value": "b" }] }), ""),
            (json!({ "output_file": "a\0b" }), ""),
            (json!({ "output_folder": "a\0b" }), ""),
            (json!({ "body_file": "a\0b" }), ""),
            (json!({ "ca_file": "a\0b" }), "bad_certificate"),
        ] {
            let before = server.requests().len();
            let answer = session.call_json("Request", &given("GET", &url, more.clone()));
            if code.is_empty() && answer["result"] == true {
                let sent = server.requests().pop().unwrap();
                assert!(!sent.raw_head.contains(&0), "{more}");
                continue;
            }
            let sent = server.requests().len() - before;
            assert!(sent == 0 || code.is_empty(), "nothing was sent: {more}");
            let told = answer["error"]["code"].as_str().unwrap();
            assert!(code.is_empty() || told == code, "{more}: {answer}");
        }
        for url in ["http://h.test/\0", "http://h\0.test/", "http://h.test:\0/", "\u{FFFD}"] {
            let answer = session
                .call_json("Request", &given("GET", url, json!({ "proxy": "http://127.0.0.1:1" })));
            assert_eq!(answer["result"], false, "{url:?}");
        }
        let half = [Value::Wide(vec![0x78, 0xD800]), "POST".into(), Value::text(&*url), "".into()];
        fails(&session, "Request", &half, "argument");
        // JSON's own way of writing half a pair.
        let more = Value::text(r#"{"json": "\ud800"}"#);
        let answer =
            session.call_json("Request", &["".into(), "POST".into(), Value::text(&*url), more]);
        assert_eq!(answer["error"]["code"], "option", "{answer}");
        // Text of every other kind goes whole, a NUL in it too.
        let body = "a\0b\u{feff}😀\u{10FFFF}";
        ok(&session, "Request", &[body.into(), "POST".into(), Value::text(&*url)]);
        assert_eq!(server.requests().pop().unwrap().text(), body);
    });
}

/// Lengths beside a NULL are not believed, and numbers of 2 GiB and more are refused by name.
#[test]
fn lengths_of_two_gigabytes_are_not_believed() {
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        for vt in [22, 23] {
            for len in [1, 0x7FFF_FFFF, 0x8000_0000, u32::MAX] {
                let claimed = Value::Claimed { vt, len };
                let answer = session.call_json("GiveBytes", std::slice::from_ref(&claimed));
                assert_eq!(answer["result"], true, "nothing is there, so it is empty: {answer}");
                fails(
                    &session,
                    "Request",
                    &[claimed, "GET".into(), "nowhere".into()],
                    "http_bad_url",
                );
            }
        }
        for (key, most) in [
            ("max_body", json!(2_147_483_648_u64)),
            ("redirects", json!(1e10)),
            ("max_body", json!(-1)),
        ] {
            let error = fails(
                &session,
                "Request",
                &given("GET", "http://127.0.0.1:9/", json!({ key: most })),
                "option",
            );
            assert!(error["message"].as_str().unwrap().contains(key), "{error}");
        }
        let packed = match session.call("WriteGZip", &[Value::bytes([0; 100])]) {
            Ok(Value::Bytes(packed)) => Value::Bytes(packed),
            other => panic!("{other:?}"),
        };
        for most in [2_147_483_648.0, -1.0, 0.5] {
            let answer = session.call_json("ReadGZip", &[packed.clone(), Value::Number(most)]);
            assert_eq!(answer["error"]["code"], "argument", "{most}: {answer}");
        }
    });
}

#[test]
fn a_hundred_megabytes_go_and_come() {
    let server = Background::start(|| {
        HttpServer::start_handling(Listen::plain(), |request| Answer::ok().body(&*request.body))
    });
    let size = 100 << 20;
    let host = Host::load(Profile::Enterprise);
    let session = host.create("HTTPConnector");
    let body: Vec<u8> = (0..size).map(|at| (at % 253) as u8).collect();
    let url = Value::text(server.url("/"));
    let sent =
        [Value::Bytes(body.clone()), "PUT".into(), url, options(json!({ "timeout": 120_000 }))];
    let answer = ok(&session, "Request", &sent);
    assert_eq!(answer["size"], size);
    assert!(bytes(&session, &answer) == body);
    let number = ok(&session, "GiveBytes", &[Value::Bytes(body.clone())])["data"].clone();
    assert!(
        session.call("TakeBytes", &[Value::text(number.as_str().unwrap())])
            == Ok(Value::Bytes(body))
    );
    drop(session);
    assert_eq!(host.live_blocks(), 0);
}

#[test]
#[cfg(target_os = "linux")]
fn a_thousand_sessions_with_open_connections_leave_nothing() {
    alone("http_attacks::a_thousand_sessions_with_open_connections_leave_nothing", || {
        let server = server();
        let host = Host::load(Profile::OneScript);
        let once = |count: usize| {
            for _ in 0..count {
                let session = host.create("HTTPConnector");
                ok(&session, "NewSession", &[options(json!({ "log": {} }))]);
                for _ in 0..2 {
                    ok(&session, "Request", &given("GET", &server.url("/get"), json!({})));
                }
                assert_eq!(json_of(session.get("Pool"))["idle"], 1);
            }
        };
        // The first opens what the process keeps for all later ones.
        once(1);
        let before = state();
        once(1_000);
        becomes("descriptors and threads are those of before", || state() <= before);
        assert_eq!(host.live_blocks(), 0);
    });
}

/// Descriptors of this process and its threads; those of the server in it follow a moment later.
#[cfg(target_os = "linux")]
fn state() -> (usize, usize) {
    let count = |path: &str| std::fs::read_dir(path).unwrap().count();
    (count("/proc/self/fd"), count("/proc/self/task"))
}

/// The handler of an error asks for the error, calls again and fails again.
#[test]
fn an_error_inside_an_error_is_borne() {
    let host = Host::load(Profile::Enterprise);
    let session = Arc::new(host.create("HTTPConnector"));
    session.set("RaiseExceptions", &Value::Bool(true)).unwrap();
    let (again, inside) = (Arc::downgrade(&session), Arc::new(AtomicBool::new(false)));
    let silent = Arc::clone(&inside);
    session.on_error(move || {
        if inside.swap(true, Ordering::SeqCst) {
            return;
        }
        let session = again.upgrade().unwrap();
        assert!(matches!(session.get("LastError"), Ok(Value::Text(_))));
        assert!(session.call("Request", &given("GET", "nowhere", json!({}))).is_err());
        assert!(matches!(session.get("LastError"), Ok(Value::Text(text)) if text.contains("http_bad_url")));
        inside.store(false, Ordering::SeqCst);
    });
    let Err(Failed::False(errors)) =
        session.call("Request", &given("GE T", "http://h.test/", json!({})))
    else {
        panic!()
    };
    assert_eq!(errors.len(), 2);
    assert!(errors[0].text.starts_with("http_bad_method: "), "{errors:?}");
    // The fault that is remembered is that of the call that failed last: the outer one.
    assert_eq!(session.last_error().unwrap()["code"], "http_bad_method");
    silent.store(true, Ordering::SeqCst);
    // Without memory there is no text either, and later there is.
    host.without_memory(|| {
        assert!(session.get("LastError").is_err());
        assert!(session.get("Progress").is_err());
        assert!(session.call("GetCookies", &[]).is_err());
    });
    assert!(matches!(session.get("Progress"), Ok(Value::Text(_))));
    drop(session);
    assert_eq!(host.live_blocks(), 0);
}

/// A pipe that nobody fills or empties is refused wherever a file is meant, and no call hangs in it.
#[test]
#[cfg(target_os = "linux")]
fn a_pipe_is_no_file() {
    let server = server();
    in_both_hosts(|host| {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let pipe = pipe.to_str().unwrap();
        for more in [
            json!({ "ca_file": pipe }),
            json!({ "exact_certificate_file": pipe }),
            json!({ "client_pkcs12_file": pipe }),
            json!({ "client_certificate_file": pipe, "client_key_file": pipe }),
            json!({ "proxy": "https://127.0.0.1:1", "proxy_ca_file": pipe }),
            json!({ "body_file": pipe }),
            json!({ "output_file": pipe }),
            json!({ "output_file": pipe, "resume": true }),
        ] {
            let session = Arc::new(host.create("HTTPConnector"));
            let request = given("GET", &server.url("/get"), more.clone());
            let (told, heard) = std::sync::mpsc::channel();
            let calling = Arc::clone(&session);
            // Not in a scope, whose end would wait for a call that hangs.
            std::thread::spawn(move || told.send(calling.call_json("Request", &request)));
            let answer = heard.recv_timeout(WATCHDOG).unwrap_or_else(|_| panic!("{more} hangs"));
            assert_eq!(answer["result"], false, "{more}: {answer}");
            becomes("the thread has let go", || Arc::strong_count(&session) == 1);
        }
    });
}
