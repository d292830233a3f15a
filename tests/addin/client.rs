//! What a `TCPClient` of the add-in can do beyond bytes: text, requests, TLS in mid-stream, ways.

use std::sync::Arc;

use harness::addin::{Host, Object, Profile, Value};
use harness::{
    Background, Ca, Connection as Incoming, EchoServer, HttpProxy, Listen, Peer, Plan, Proxy,
    RefusingPort, Script, Socks5,
};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;

use crate::process::alone;
use crate::setting::{bytes, connected, fails, in_both_hosts, ok, options};

const LONG: Value = Value::Int(20_000);

fn answers(host: &Host, script: Script) -> (Background<Peer>, Object) {
    let peer = Background::start(|| Peer::start(script));
    let client = connected(host, &peer.address().to_string());
    (peer, client)
}

#[test]
fn text_comes_in_any_encoding_and_no_character_is_cut() {
    in_both_hosts(|host| {
        // "Я" in UTF-8 is two bytes; four bytes hold one and a half with the letter before.
        let (_peer, client) = answers(host, Script::new().send("abcЯ\n\u{FEFF}").close());
        let four = ["UTF-8".into(), "\n".into(), Value::Int(4), LONG];
        let first = ok(&client, "ПолучитьТекст", &four);
        assert_eq!((&first["text"], &first["reason"]), (&json!("abc"), &json!("size")));
        let line = ["UTF-8".into(), Value::bytes(*b"\n"), Value::Int(0), LONG];
        assert_eq!(ok(&client, "ReceiveText", &line)["text"], "Я\n");
        let (_peer, client) =
            answers(host, Script::new().send(b"\xCF\xF0\xE8\xE2\xE5\xF2\r\n".as_slice()).close());
        let given = ["windows-1251".into(), "\r\n".into(), Value::Int(0), LONG];
        assert_eq!(ok(&client, "ReceiveText", &given)["text"], "Привет\r\n");
        let (_peer, client) = answers(host, Script::new().send(b"a\xFFb".as_slice()).close());
        let mut given = vec!["UTF-8".into(), "".into(), Value::Int(0), LONG];
        given.push(options(json!({ "refuse_malformed": true })));
        fails(&client, "ReceiveText", &given, "client_bad_text");
        given.truncate(4);
        let replaced = ok(&client, "ReceiveText", &given);
        assert_eq!((&replaced["text"], &replaced["replaced"]), (&json!("a\u{FFFD}b"), &json!(1)));
    });
}

#[test]
fn text_goes_in_any_encoding_or_not_at_all() {
    in_both_hosts(|host| {
        let wire = b"\xFF\xFEa\0b\0\xFF!".as_slice();
        let (peer, client) = answers(host, Script::new().expect(wire).close());
        let mark = options(json!({ "МеткаПорядкаБайтов": true }));
        ok(&client, "ОтправитьТекст", &["a".into(), "UTF-16LE".into(), LONG, mark.clone()]);
        ok(&client, "SendText", &["b".into(), "UTF-16LE".into(), LONG, mark]);
        ok(&client, "SendText", &["я!".into(), "windows-1251".into()]);
        let error =
            fails(&client, "SendText", &["中".into(), "KOI8-R".into()], "client_not_encodable");
        assert!(error["message"].as_str().unwrap().contains('中'), "{error}");
        let error =
            fails(&client, "SendText", &["x".into(), "KOI-9".into()], "client_unknown_encoding");
        assert!(error["message"].as_str().unwrap().contains("Encoding (Кодировка)"), "{error}");
        peer.finish(Peer::finish);
    });
}

#[test]
fn a_request_is_one_call_and_by_a_codec_too() {
    in_both_hosts(|host| {
        let client = host.create("TCPClient");
        let ask = |script: Script, data: &str, rest: &[Value]| {
            let peer = Background::start(|| Peer::start(script));
            let mut given = vec![data.into(), Value::text(peer.address().to_string())];
            given.extend_from_slice(rest);
            let answer = client.call_json("Запрос", &given);
            peer.finish(Peer::finish);
            answer
        };
        let lines = ["\n".into(), Value::Int(0), LONG];
        let script = Script::new().expect("ask\n").send("answer\nmore").expect_gone();
        let answer = ask(script, "ask\n", &lines);
        assert_eq!(
            (&answer["reason"], bytes(&client, &answer)),
            (&json!("marker"), b"answer\n".to_vec())
        );
        let finish = ["".into(), Value::Int(0), LONG, options(json!({ "finish": true }))];
        let script = Script::new().expect("ask").expect_close().send("all").close();
        let answer = ask(script, "ask", &finish);
        assert_eq!(
            (&answer["reason"], bytes(&client, &answer)),
            (&json!("closed"), b"all".to_vec())
        );
        let codec = options(json!({ "codec": { "kind": "length", "width": 2 } }));
        let script = Script::new().expect("\0\x03ask").send("\0\x06answer").expect_gone();
        let answer = ask(script, "ask", &["".into(), Value::Int(0), LONG, codec.clone()]);
        assert_eq!(
            (&answer["reason"], bytes(&client, &answer)),
            (&json!("message"), b"answer".to_vec())
        );
        let both = ["ask".into(), "h.test:1".into(), "\n".into(), Value::Int(0), LONG, codec];
        fails(&client, "Request", &both, "option");
        assert_eq!(client.get("Connected"), Ok(Value::Bool(false)));
    });
}

#[test]
fn a_request_that_fails_says_where_and_gives_what_came() {
    in_both_hosts(|host| {
        let client = host.create("TCPClient");
        let nobody = RefusingPort::new();
        let given = ["x".into(), Value::text(nobody.address().to_string())];
        let error = fails(&client, "Request", &given, "connect_refused");
        assert_eq!(error["connected"], Json::Null);
        let script = Script::new().expect("x").send("half").reset();
        let peer = Background::start(|| Peer::start(script));
        let given =
            ["x".into(), Value::text(peer.address().to_string()), "\n".into(), Value::Int(0), LONG];
        let error = fails(&client, "Request", &given, "closed");
        assert_eq!(error["connected"], true);
        if error["size"] != Json::Null {
            // A reset may overtake the bytes.
            assert_eq!(bytes(&client, &error), b"half");
        }
    });
}

#[test]
fn what_still_comes_is_dropped() {
    in_both_hosts(|host| {
        let (_peer, client) =
            answers(host, Script::new().send(vec![b'x'; 10_000]).half_close().read_to_close());
        let some = ok(&client, "ОтброситьОстаток", &[Value::Int(4_000), LONG]);
        assert_eq!((&some["dropped"], &some["reason"]), (&json!(4_000), &json!("size")));
        let rest = ok(&client, "Drain", &[Value::Int(0), LONG]);
        assert_eq!((&rest["dropped"], &rest["reason"]), (&json!(6_000), &json!("closed")));
    });
}

#[test]
fn statistics_tell_what_went_and_how_the_last_call_ended() {
    in_both_hosts(|host| {
        let (peer, client) = answers(host, Script::new().expect("12345").send("line\n").hold());
        ok(&client, "Send", &["12345".into()]);
        ok(&client, "Receive", &["\n".into(), Value::Int(0), LONG]);
        let told = ok(&client, "Статистика", &[]);
        assert_eq!((&told["sent"]["bytes"], &told["sent"]["messages"]), (&json!(5), &json!(1)));
        assert_eq!(
            (&told["received"]["bytes"], &told["received"]["messages"]),
            (&json!(5), &json!(1))
        );
        assert_eq!(told["outcome"], json!({ "kind": "received", "reason": "marker" }));
        assert_eq!(told["peer"], peer.address().to_string());
        assert_eq!(told["route"], "direct");
        for number in ["age_ms", "resolve_ms", "connect_ms", "proxy_ms", "tls_ms"] {
            assert!(told[number].is_u64(), "{told}");
        }
        assert!(told["opened"].as_str().unwrap().ends_with('Z'));
        ok(&client, "Close", &[]);
        fails(&client, "Statistics", &[], "not_open");
    });
}

/// Agrees to encrypt, and answers one line under TLS.
fn mail_server(ca: &Ca, early: &'static str) -> Background<Peer> {
    let config = ca.issue(&["localhost"]).server_config();
    let play = move |mut incoming: Incoming| {
        let config = Arc::clone(&config);
        async move {
            let mut heard = [0; 10];
            incoming.read_exact(&mut heard).await.unwrap();
            assert_eq!(&heard, b"STARTTLS\r\n");
            let agreed = format!("220 go ahead\r\n{early}");
            incoming.write_all(agreed.as_bytes()).await.unwrap();
            let Ok(mut encrypted) = TlsAcceptor::from(config).accept(incoming).await else {
                return;
            };
            let mut line = [0; 6];
            encrypted.read_exact(&mut line).await.unwrap();
            encrypted.write_all(b"250 ").await.unwrap();
            encrypted.write_all(&line).await.unwrap();
            encrypted.flush().await.unwrap();
            // It ends as it likes.
            let _left = encrypted.read_to_end(&mut Vec::new()).await.is_err();
        }
    };
    Background::start(|| Peer::start(Plan::custom(play)))
}

fn agreed(host: &Host, peer: &Peer) -> Object {
    let client = connected(host, &format!("localhost:{}", peer.address().port()));
    ok(&client, "Send", &["STARTTLS\r\n".into()]);
    ok(&client, "Receive", &["\r\n".into(), Value::Int(0), LONG]);
    client
}

#[test]
fn tls_begins_in_mid_stream_and_a_failure_leaves_nothing_plain() {
    let ca = Ca::new();
    in_both_hosts(|host| {
        let peer = mail_server(&ca, "");
        let client = agreed(host, &peer);
        let trusting = options(json!({ "ca": ca.pem(), "only_ca": true }));
        let shaken = ok(&client, "НачатьTLS", std::slice::from_ref(&trusting));
        assert_eq!(shaken["tls"]["version"], "TLSv1_3");
        fails(&client, "StartTLS", std::slice::from_ref(&trusting), "already_open");
        ok(&client, "Send", &["HELP\r\n".into()]);
        let answer = ok(&client, "Receive", &["\r\n".into(), Value::Int(0), LONG]);
        assert_eq!(bytes(&client, &answer), b"250 HELP\r\n");
        assert_eq!(ok(&client, "Statistics", &[])["sent"]["bytes"], 16);

        let peer = mail_server(&ca, "");
        let client = agreed(host, &peer);
        fails(&client, "StartTLS", &[options(json!({}))], "tls_certificate_untrusted");
        fails(&client, "Send", &["HELP\r\n".into()], "not_open");
        assert_eq!(client.get("Connected"), Ok(Value::Bool(false)));

        let peer = mail_server(&ca, "250 forged\r\n");
        let client = agreed(host, &peer);
        fails(&client, "StartTLS", &[trusting], "client_early_bytes");
        fails(&client, "Receive", &[], "not_open");
    });
}

#[test]
fn hosts_go_around_the_proxy_and_ways_are_tried_in_turn() {
    in_both_hosts(|host| {
        let echo = Background::start(EchoServer::start);
        let nobody = RefusingPort::new();
        let proxy = Background::start(|| Proxy::start(Socks5::new()));
        let address = Value::text(echo.address().to_string());
        let client = host.create("TCPClient");
        let dead = format!("socks5://{}", nobody.address());
        let with = |given: Json| [address.clone(), options(given)];
        fails(&client, "Connect", &with(json!({ "proxy": dead })), "connect_refused");
        for given in [
            json!({ "proxy": dead, "БезПрокси": "127.0.0.0/8" }),
            json!({ "proxy": format!("{dead} | socks5://{}", proxy.address()) }),
            json!({ "proxy": format!("{dead} | direct") }),
        ] {
            ok(&client, "Connect", &with(given));
            ok(&client, "Close", &[]);
        }
        assert_eq!(proxy.requests().len(), 1);
        for (given, names) in [
            (json!({ "no_proxy": "a b" }), "no_proxy (БезПрокси)"),
            (json!({ "proxy": dead, "proxy_from_environment": true }), "proxy_from_environment ("),
            (
                json!({ "proxy": dead, "dangerous_accept_any_proxy_certificate": true }),
                "proxy_ca (ЦСПрокси)",
            ),
            (json!({ "proxy_ca_file": "/no" }), "proxy_ca_file (ФайлЦСПрокси)"),
        ] {
            let answer = client.call_json("Connect", &with(given));
            assert!(answer["error"]["message"].as_str().unwrap().contains(names), "{answer}");
        }
    });
}

#[test]
fn a_proxy_under_tls_is_trusted_as_the_options_say() {
    let ca = Ca::new();
    let config = ca.issue(&["localhost"]).server_config();
    in_both_hosts(|host| {
        let echo = Background::start(EchoServer::start);
        let proxy = Background::start(|| {
            Proxy::start_on(Listen::tls(Arc::clone(&config)), HttpProxy::new())
        });
        let route = format!("https://localhost:{}", proxy.address().port());
        let client = host.create("TCPClient");
        let with = |more: Json| {
            let mut given = json!({ "proxy": route });
            given.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            [Value::text(echo.address().to_string()), options(given)]
        };
        fails(&client, "Connect", &with(json!({})), "tls_certificate_untrusted");
        for more in [
            json!({ "proxy_ca": ca.pem() }),
            json!({ "dangerous_accept_any_proxy_certificate": true }),
        ] {
            let answer = ok(&client, "Connect", &with(more));
            assert_eq!(answer["tls"], Json::Null, "the target is spoken to in plain");
            ok(&client, "Close", &[]);
        }
    });
}

/// Variables are of the whole process, so this one is another.
#[test]
fn the_environment_names_the_proxy_only_when_asked() {
    let name = "client::the_environment_names_the_proxy_only_when_asked";
    if !crate::process::is_alone(name) {
        let nobody = RefusingPort::new();
        crate::process::alone_with(
            name,
            &[("ALL_PROXY", format!("socks5://{}", nobody.address()))],
        );
        return;
    }
    alone(name, || {
        let echo = Background::start(EchoServer::start);
        let host = Host::load(Profile::OneScript);
        let client = connected(&host, &echo.address().to_string());
        ok(&client, "Close", &[]);
        let given = options(json!({ "proxy_from_environment": true }));
        let address = Value::text(echo.address().to_string());
        fails(&client, "Connect", &[address, given], "connect_refused");
    });
}
