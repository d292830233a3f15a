//! What the class `HTTPConnector` sends and how, by the options of requests and sessions.

use std::process::Command;

use harness::addin::{Object, Value};
use harness::{
    Answer, Background, Ca, Gate, HttpProxy, HttpServer, Listen, Peer, Proxy, Script, httpbin,
};
use serde_json::{Value as Json, json};

use crate::setting::{fails, in_both_hosts, ok, options};

fn server() -> Background<HttpServer> {
    Background::start(|| HttpServer::start_handling(Listen::plain(), httpbin))
}

fn ask(session: &Object, url: &str, given: Json) -> Json {
    ok(session, "Request", &["".into(), "GET".into(), Value::text(url), options(given)])
}

fn refused(session: &Object, given: Json, says: &str) {
    let given = ["".into(), "GET".into(), "http://h.test/".into(), options(given)];
    let answer = session.call_json("Request", &given);
    let message = answer["error"]["message"].as_str().unwrap_or_default();
    assert!(message.contains(says), "{says}: {answer}");
}

#[test]
fn texts_and_forms_go_in_an_encoding() {
    let server = Background::start(HttpServer::start);
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        let post = |body: Value, given: Json| {
            server.answer(Answer::ok());
            let url = Value::text(server.url("/"));
            ok(&session, "Request", &[body, "POST".into(), url, options(given)]);
            let sent = server.requests().pop().unwrap();
            (sent.header("content-type").unwrap_or_default().to_owned(), sent.body)
        };
        let (kind, body) = post("Да".into(), json!({ "body_encoding": "windows-1251" }));
        assert_eq!(
            (kind.as_str(), &body[..]),
            ("text/plain; charset=windows-1251", &[0xC4, 0xE0][..])
        );
        let given = json!({ "КодировкаТела": "koi8-r", "headers": { "Content-Type": "text/xml" } });
        let (kind, body) = post("Да".into(), given);
        assert_eq!((kind.as_str(), &body[..]), ("text/xml", &[0xE4, 0xC1][..]));
        let form = json!({ "form": { "имя": "a b" }, "body_encoding": "cp1251" });
        let (kind, body) = post("".into(), form);
        assert_eq!(kind, "application/x-www-form-urlencoded; charset=windows-1251");
        assert_eq!(body, b"%E8%EC%FF=a+b");
        let url = || Value::text(server.url("/"));
        for (body, given, code) in [
            ("漢".into(), json!({ "body_encoding": "windows-1251" }), "http_not_encodable"),
            ("x".into(), json!({ "body_encoding": "klingon" }), "http_unknown_charset"),
            (Value::bytes(*b"x"), json!({ "body_encoding": "koi8-r" }), "option"),
            ("".into(), json!({ "json": 1, "body_encoding": "koi8-r" }), "option"),
        ] {
            let given = [body, "POST".into(), url(), options(given)];
            let error = fails(&session, "Request", &given, code);
            assert!(error["message"].as_str().unwrap().contains("body_encoding"), "{error}");
        }
    });
}

#[test]
fn a_body_waits_for_leave() {
    in_both_hosts(|host| {
        let ok_ = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        let script = Script::new().expect_until("\r\n\r\n").send("HTTP/1.1 100 Continue\r\n\r\n");
        let script = script.expect("body").send(ok_).close();
        let peer = Background::start(|| Peer::start(script));
        let session = host.create("HTTPConnector");
        let url = Value::text(format!("http://{}/", peer.address()));
        let given = json!({ "expect_continue": 60_000 });
        ok(&session, "Request", &["body".into(), "POST".into(), url, options(given)]);
        let sent = String::from_utf8(peer.finish(Peer::finish).remove(0)).unwrap();
        assert!(sent.contains("Expect: 100-continue\r\n"), "{sent}");
        assert!(sent.ends_with("\r\n\r\nbody"), "{sent}");
    });
}

#[test]
fn headers_are_left_out_kept_in_their_letters_and_secret() {
    let server = Background::start(HttpServer::start);
    let other = Background::start(HttpServer::start);
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        let given = json!({ "headers": { "X-Session": "yes" } });
        ok(&session, "NewSession", &[options(given)]);
        server.answer(Answer::redirect(302, &other.url("/")));
        other.answer(Answer::ok());
        let given = json!({
            "headers": { "soapACTION": "x" },
            "secret_headers": { "X-Api-Key": "hunter2" },
            "without_headers": ["User-Agent", "X-Session"],
            "keep_header_case": true,
        });
        ask(&session, &server.url("/"), given);
        let (first, second) = (server.requests().pop().unwrap(), other.requests().pop().unwrap());
        let head = String::from_utf8(first.raw_head.clone()).unwrap();
        assert!(head.contains("soapACTION: x\r\n"), "{head}");
        assert_eq!(first.header("x-api-key"), Some("hunter2"));
        for gone in ["user-agent", "x-session"] {
            assert_eq!(first.header(gone), None, "{head}");
        }
        assert_eq!((second.header("x-api-key"), second.header("soapaction")), (None, Some("x")));
        refused(&session, json!({ "without_headers": "Host" }), "without_headers");
    });
}

#[test]
fn raw_parameters_are_not_encoded_again() {
    let server = server();
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        let given = json!({ "query": { "a": "+" }, "raw_query": "b=%2B&c=+&$filter=x eq 'y'" });
        let answer = ask(&session, &server.url("/get"), given);
        let url = answer["url"].as_str().unwrap();
        assert!(url.ends_with("/get?a=%2B&b=%2B&c=+&$filter=x%20eq%20%27y%27"), "{url}");
    });
}

#[test]
fn a_session_has_a_login_and_a_request_may_go_without() {
    let server = server();
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        let login = json!({ "auth": { "type": "basic", "user": "u", "password": "p" } });
        ok(&session, "NewSession", &[options(login)]);
        let url = server.url("/basic-auth/u/p");
        assert_eq!(ask(&session, &url, json!({}))["status"], 200);
        assert_eq!(ask(&session, &url, json!({ "auth": { "type": "none" } }))["status"], 401);
        assert_eq!(ask(&session, &url, json!({ "user": "u", "password": "x" }))["status"], 401);
        ok(&session, "NewSession", &[options(json!({ "token": "t" }))]);
        assert_eq!(ask(&session, &server.url("/bearer"), json!({}))["status"], 200);
        refused(&session, json!({ "auth": { "type": "none", "user": "u" } }), "type");
    });
}

#[test]
fn redirects_have_rules_for_each_status() {
    let server = Background::start(HttpServer::start);
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        let post = |given: Json| {
            for status in [301, 307] {
                server.answer(Answer::redirect(status, "/to"));
            }
            server.answer(Answer::ok());
            let url = Value::text(server.url("/"));
            let answer = ok(&session, "Request", &["x".into(), "POST".into(), url, options(given)]);
            let left = 3 - answer["history"].as_array().unwrap().len() - 1;
            for _ in 0..left {
                ask(&session, &server.url("/"), json!({ "redirects": 0 }));
            }
            (answer["status"].as_u64().unwrap(), answer["method"].as_str().unwrap().to_owned())
        };
        assert_eq!(post(json!({})), (200, "GET".into()));
        assert_eq!(post(json!({ "redirect_rules": { "301": "keep" } })), (200, "POST".into()));
        let rules = json!({ "301": "keep", "307": "return" });
        assert_eq!(post(json!({ "redirect_rules": rules })), (307, "POST".into()));
        let rules = json!({ "ПравилаПеренаправлений": { "307": "get", "301": "keep" } });
        assert_eq!(post(rules), (200, "GET".into()));
        ok(&session, "NewSession", &[options(json!({ "redirect_rules": { "301": "return" } }))]);
        assert_eq!(post(json!({})), (301, "POST".into()));
        for (rules, says) in [
            (json!({ "301": "follow" }), "expected get, keep, return or standard"),
            (json!({ "downgrade": "no" }), "expected follow or refuse"),
            (json!({ "404": "get" }), "unknown key"),
        ] {
            refused(&session, json!({ "redirect_rules": rules }), says);
        }
    });
}

#[test]
fn a_redirect_from_https_to_http_may_be_refused() {
    let ca = Ca::new();
    let listen = Listen::tls(ca.issue(&["127.0.0.1"]).server_config());
    let server = Background::start(|| HttpServer::start_on(listen));
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        server.answer(Answer::redirect(302, "http://127.0.0.1:9/"));
        let rules = json!({ "ca": ca.pem(), "redirect_rules": { "downgrade": "refuse" } });
        let given = ["".into(), "GET".into(), Value::text(server.url("/")), options(rules)];
        fails(&session, "Request", &given, "http_insecure_redirect");
    });
}

/// Each retry of a table is made or not made, by the policy alone.
#[test]
fn retries_follow_every_field_of_their_policy() {
    let server = Background::start(HttpServer::start);
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        let tries = |method: &str, status: u16, after: Option<&str>, policy: Json| {
            let failing = Answer::status(status);
            let failing =
                after.into_iter().fold(failing, |it, after| it.header("Retry-After", after));
            server.answer(failing);
            server.answer(Answer::ok());
            let url = Value::text(server.url("/"));
            let given = options(json!({ "retries": policy }));
            let answer = ok(&session, "Request", &["".into(), method.into(), url.clone(), given]);
            let made = answer["history"].as_array().unwrap().len();
            if made == 0 {
                ok(&session, "Request", &["".into(), "GET".into(), url]);
            }
            made
        };
        let quick = |more: Json| {
            let mut policy = json!({ "delay": 1, "max_delay": 1 });
            policy.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            policy
        };
        assert_eq!(tries("GET", 500, None, quick(json!({}))), 1);
        assert_eq!(tries("GET", 501, None, quick(json!({ "statuses": "transient" }))), 0);
        assert_eq!(tries("GET", 501, None, quick(json!({ "statuses": "server_errors" }))), 1);
        assert_eq!(tries("GET", 408, None, quick(json!({ "statuses": "transient" }))), 1);
        assert_eq!(tries("POST", 503, None, quick(json!({}))), 0);
        assert_eq!(tries("POST", 503, None, quick(json!({ "methods": "all" }))), 1);
        assert_eq!(tries("POST", 503, None, quick(json!({ "methods": ["GET", "POST"] }))), 1);
        assert_eq!(tries("GET", 503, None, quick(json!({ "methods": ["POST"] }))), 0);
        // An hour is asked for, and a millisecond is waited.
        let hurried = quick(json!({ "longest_retry_after": 1 }));
        assert_eq!(tries("GET", 503, Some("3600"), hurried), 1);
        for (policy, says) in [
            (json!({ "methods": ["get"] }), "names such as GET"),
            (json!({ "methods": [] }), "got none"),
            (json!({ "statuses": "some" }), "transient"),
            (json!({ "statuses": 500 }), "a JSON list"),
            (json!({ "jitter": false, "max_delay": 5 }), "with jitter"),
        ] {
            refused(&session, json!({ "retries": policy }), says);
        }
    });
}

#[test]
fn a_budget_limits_the_retries_of_a_session() {
    let server =
        Background::start(|| HttpServer::start_handling(Listen::plain(), |_| Answer::status(503)));
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        let made = |budget: Json| {
            let retries = json!({ "count": 2, "delay": 1, "max_delay": 1 });
            let given = json!({ "retries": retries, "retry_budget": budget });
            ok(&session, "NewSession", &[options(given)]);
            let answers: Vec<_> =
                (0..3).map(|_| ask(&session, &server.url("/"), json!({}))).collect();
            let made = answers.iter().map(|it| it["history"].as_array().unwrap().len());
            made.sum::<usize>()
        };
        assert_eq!(made(json!({})), 6);
        assert_eq!(made(json!({ "reserve": 1, "percent": 0 })), 1);
        assert_eq!(made(json!({ "reserve": 0, "percent": 0 })), 0);
        assert_eq!(made(json!({ "unlimited": true })), 6);
        for wrong in [
            json!({ "unlimited": true, "reserve": 1 }),
            json!({ "reserve": 65_536 }),
            json!({ "percent": 101 }),
        ] {
            fails(&session, "NewSession", &[options(json!({ "retry_budget": wrong }))], "option");
        }
    });
}

#[test]
fn the_pool_has_limits_and_tells_what_it_holds() {
    let server = server();
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        let pool = || match session.get("ПулСоединений") {
            Ok(Value::Text(text)) => serde_json::from_str::<Json>(&text).unwrap(),
            other => panic!("{other:?}"),
        };
        let url = server.url("/get");
        ask(&session, &url, json!({}));
        assert_eq!(ask(&session, &url, json!({}))["reused"], true);
        assert_eq!(
            (&pool()["idle"], &pool()["opened"], &pool()["reused"]),
            (&json!(1), &json!(1), &json!(1))
        );
        ok(&session, "CloseIdle", &[]);
        assert_eq!((&pool()["open"], &pool()["closed"]), (&json!(0), &json!(1)));
        for (limits, reused) in [
            (json!({ "max_idle": 0 }), false),
            (json!({ "max_idle": 1, "idle_limit": 60_000, "max_age": 60_000 }), true),
            (json!({ "max_open": 1, "max_open_per_host": 1, "max_waiting": 0 }), true),
        ] {
            ok(&session, "NewSession", &[options(json!({ "pool": limits }))]);
            ask(&session, &url, json!({}));
            assert_eq!(ask(&session, &url, json!({}))["reused"], reused, "{limits}");
        }
        for wrong in
            [json!({ "max_open": 0 }), json!({ "max_open_per_host": 0 }), json!({ "idle": 1 })]
        {
            fails(&session, "NewSession", &[options(json!({ "pool": wrong }))], "option");
        }
    });
}

/// With one connection and no queue, a second request at the same time is refused at once.
#[test]
fn a_full_pool_refuses_what_may_not_wait() {
    let server = Background::start(HttpServer::start);
    in_both_hosts(|host| {
        let gate = Gate::new("the second request was refused");
        let session = host.create("HTTPConnector");
        let pool = json!({ "max_open": 1, "max_waiting": 0 });
        ok(&session, "NewSession", &[options(json!({ "pool": pool }))]);
        let came = server.requests().len();
        server.answer(Answer::ok().after(&gate));
        let given = ["".into(), "GET".into(), Value::text(server.url("/")), options(json!({}))];
        std::thread::scope(|scope| {
            let first = scope.spawn(|| ok(&session, "Request", &given));
            crate::setting::becomes("the first is sent", || server.requests().len() > came);
            fails(&session, "Request", &given, "http_pool_full");
            gate.open();
            first.join().unwrap();
        });
    });
}

/// Ways separated by | are tried in turn, of a session and of one request; some hosts go without.
#[test]
fn ways_are_lists_with_exceptions() {
    let server = server();
    let proxy = Background::start(|| Proxy::start(HttpProxy::new()));
    let nobody = harness::RefusingPort::new();
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        let ways = format!("http://{} | http://{}", nobody.address(), proxy.address());
        let url = server.url("/get");
        let through = |given: Json| {
            let before = proxy.connections();
            ok(&session, "CloseIdle", &[]);
            assert_eq!(ask(&session, &url, given)["status"], 200);
            proxy.connections() > before
        };
        assert!(!through(json!({})));
        assert!(through(json!({ "proxy": ways })));
        assert!(!through(json!({ "proxy": ways, "no_proxy": "127.0.0.0/8" })));
        ok(&session, "NewSession", &[options(json!({ "proxy": ways }))]);
        assert!(through(json!({})));
        assert!(!through(json!({ "proxy": "direct" })));
        assert!(!through(json!({ "no_proxy": "127.0.0.1" })));
        assert!(through(json!({ "no_proxy": "example.test" })), "the session's way stays");
        let given = json!({ "proxy": ways, "БезПрокси": "example.test, 127.0.0.1" });
        ok(&session, "NewSession", &[options(given)]);
        assert!(!through(json!({})));
    });
}

#[test]
fn a_request_has_its_own_sockets() {
    let server = server();
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        let url = server.url_as("shop.test", "/get");
        let given = json!({ "АдресаУзлов": { "shop.test": "127.0.0.1" }, "ip": "4" });
        assert_eq!(ask(&session, &url, given.clone())["status"], 200);
        assert_eq!(ask(&session, &url, given)["reused"], true);
        let place = format!("shop.test:{}", server.address().port());
        let given = json!({ "connect_to": { (place.as_str()): server.address().to_string() } });
        assert_eq!(ask(&session, &url, given)["reused"], false);
        refused(&session, json!({ "ip": "5" }), "4first or 6first");
        refused(&session, json!({ "resolve": { "h.test": "x" } }), "an IP address");
    });
}

#[test]
fn signing_for_aws_has_its_choices() {
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        let prepare = |more: Json| {
            let mut auth = json!({
                "type": "aws4-hmac-sha256", "access_key_id": "k", "secret_key": "s",
                "service": "s3", "region": "r", "session_token": "t",
            });
            auth.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let headers = json!({ "X-Own": "1", "x-amz-date": "20200426T122000Z" });
            let given = options(json!({ "auth": auth, "headers": headers }));
            let url = Value::from("http://h.test/a%20b");
            session.call_json("Prepare", &["body".into(), "PUT".into(), url, given])
        };
        let plain = prepare(json!({}));
        let signed =
            |answer: &Json| answer["headers"]["authorization"].as_str().unwrap().to_owned();
        assert!(plain["headers"]["x-amz-content-sha256"].is_string(), "{plain}");
        for same in [
            json!({ "rules": "s3" }),
            json!({ "signed_headers": "usual" }),
            json!({ "body_hash": "sent" }),
            json!({ "session_token_is": "signed" }),
            json!({ "streams": "unsigned" }),
            json!({ "streams": "signed" }),
        ] {
            assert_eq!(signed(&prepare(same.clone())), signed(&plain), "{same}");
        }
        assert_ne!(signed(&prepare(json!({ "rules": "general" }))), signed(&plain));
        assert!(signed(&prepare(json!({ "signed_headers": "all" }))).contains(";x-own,"));
        let hidden = prepare(json!({ "ХешТела": "hidden" }));
        assert_eq!(hidden["headers"].get("x-amz-content-sha256"), None, "{hidden}");
        let added = signed(&prepare(json!({ "session_token_is": "added" })));
        assert!(!added.contains("x-amz-security-token"), "{added}");
        let wrong = prepare(json!({ "rules": "S3" }));
        assert!(wrong.to_string().contains("expected general or s3"), "{wrong}");
    });
}

#[test]
fn a_client_certificate_comes_from_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let (ca, clients) = (Ca::new(), Ca::new());
    let listen = Listen::tls(ca.issue(&["127.0.0.1"]).server_config_requiring(&clients));
    let server = Background::start(|| HttpServer::start_handling(listen, httpbin));
    let client = clients.issue_client("ann");
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("chain.pem"), client.chain_pem()).unwrap();
    std::fs::write(at("key.pem"), client.key_pem()).unwrap();
    let mut openssl = Command::new("openssl");
    let words = "pkcs12 -export -in chain.pem -inkey key.pem -out ann.p12 -passout pass:hunter2";
    let Ok(made) = openssl.args(words.split(' ')).current_dir(folder.path()).output() else {
        let said: &[u8] = b"no openssl: a certificate from bytes is NOT TESTED\n";
        std::io::Write::write_all(&mut std::io::stderr(), said).unwrap();
        assert!(std::env::var_os("CI").is_none(), "CI has openssl");
        return;
    };
    assert!(made.status.success(), "{made:?}");
    let store = base64(&std::fs::read(at("ann.p12")).unwrap());
    in_both_hosts(|host| {
        let session = host.create("HTTPConnector");
        let url = server.url("/get");
        let given = |password: &str| {
            // As 1C writes it: with line breaks.
            let broken = store.as_bytes().chunks(76).map(|it| String::from_utf8_lossy(it));
            let text = broken.collect::<Vec<_>>().join("\r\n");
            json!({ "ca": ca.pem(), "client_pkcs12": text, "client_key_password": password })
        };
        assert_eq!(ask(&session, &url, given("hunter2"))["status"], 200);
        assert_eq!(ask(&session, &url, given("hunter2"))["reused"], true, "one trust, one pool");
        ok(&session, "NewSession", &[options(given("hunter2"))]);
        assert_eq!(ask(&session, &url, json!({}))["status"], 200);
        let mut without = given("hunter2");
        without["client_pkcs12"] = Json::Null;
        without["client_key_password"] = Json::Null;
        let plain = ["".into(), "GET".into(), Value::text(&*url), options(without)];
        assert_eq!(session.call_json("Request", &plain)["result"], false);
        for (wrong, code) in [
            (given("hunter3"), "bad_passphrase"),
            (json!({ "client_pkcs12": "not Base64!" }), "option"),
            (json!({ "client_pkcs12": "AAAA" }), "bad_certificate"),
            (json!({ "client_pkcs12": &store, "client_pkcs12_file": "x" }), "option"),
        ] {
            let wrong = ["".into(), "GET".into(), Value::text(&*url), options(wrong)];
            let error = fails(&session, "Request", &wrong, code);
            assert!(!error.to_string().contains(&store[..40]), "{error}");
        }
        let tcp = host.create("TCPClient");
        let mut same = given("hunter2");
        same["tls"] = json!(true);
        ok(&tcp, "Connect", &[Value::text(server.address().to_string()), options(same)]);
    });
}

fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let number = three.iter().fold(0_u32, |all, byte| all << 8 | u32::from(*byte));
        let number = number << (8 * (3 - three.len()));
        for at in 0..4 {
            let digit = (number >> (18 - 6 * at)) & 63;
            let shown = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
            text.push(if at <= three.len() { shown[digit as usize].into() } else { '=' });
        }
    }
    text
}
