//! The tables of `socks`: what goes on the wire, what each reply means at every cut, and limits.

use harness::{Peer, Plan, Script, fixture, told};
use opi_net::Target;
use opi_proxy::{Hop, Names, Protocol, Route};
use opi_tcp_client::{Config, Connection, Error, Until};
use serde_json::Value;

use crate::setting::{refused, soon};

fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn rows(file: &str, count: usize) -> Option<Vec<Value>> {
    let Value::Array(rows) = fixture(file)? else { return Some(Vec::new()) };
    assert_eq!(rows.len(), count, "{file}");
    Some(rows)
}

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_default()
}

fn to(host: &str, port: u16, hop: Hop) -> Config {
    Config::new(Target::new(host, port).unwrap()).route(Route::through(hop))
}

const AGREED: &[u8] = b"\x05\0";
const GRANTED: &[u8] = b"\x05\0\0\x01\0\0\0\0\0\0";
const GRANTED_4: &[u8] = b"\0\x5a\0\0\0\0\0\0";

#[tokio::test]
async fn requests_are_those_of_the_table() {
    let Some(rows) = rows("socks/client-bytes.json", 9) else { return };
    for row in &rows {
        let (id, wanted) = (text(row, "id"), bytes(text(row, "hex")));
        let script = Script::new();
        let script = match id {
            "s5-greet-noauth" | "s5-greet-userpass" => {
                script.expect(wanted).send(AGREED).read(10).send(GRANTED)
            }
            "s5-userpass" => {
                let script = script.expect(b"\x05\x02\0\x02").send(b"\x05\x02").expect(wanted);
                script.send(b"\x01\0").read(10).send(GRANTED)
            }
            "s4-connect" | "s4a-connect" => script.expect(wanted).send(GRANTED_4),
            _ => script.expect(b"\x05\x01\0").send(AGREED).expect(wanted).send(GRANTED),
        };
        let proxy = Peer::start(script.close()).await;
        let hop = |protocol| Hop::new(protocol, proxy.address().into());
        let (four, five) = (hop(Protocol::Socks4a).login("user", ""), hop(Protocol::Socks5));
        let config = match id {
            "s5-greet-userpass" | "s5-userpass" => to("127.0.0.1", 80, five.login("user", "pass")),
            "s5-greet-noauth" | "s5-connect-v4" => to("127.0.0.1", 80, five),
            "s5-connect-domain" => to("example.com", 443, five),
            "s5-connect-v6" => to("::1", 80, five),
            "s5-connect-domain255" => to(&"a".repeat(255), 80, five),
            "s4-connect" => to("127.0.0.1", 80, four),
            _ => to("example.com", 80, four),
        };
        Connection::open(&config, &soon()).await.unwrap_or_else(|error| {
            let told = told(&error);
            std::panic::panic_any(format!("{id}: {told}"))
        });
        proxy.finish().await;
    }
}

/// The code and a word of the error of each reply of the table, or none when the tunnel opens.
const MEANINGS: &[(&str, Option<(&str, &str)>)] = &[
    ("s5-ok-none", None),
    ("s5-ok-up", Some(("proxy_auth", "the route has none"))),
    ("s5-noaccept", Some(("proxy_auth", "none of the offered ways"))),
    ("s5-unoffered", Some(("proxy_protocol", "not offered (GssApi)"))),
    ("s5-badver", Some(("proxy_protocol", ""))),
    ("s5-http", Some(("proxy_protocol", "does not answer as a proxy"))),
    ("s5-short", Some(("closed", ""))),
    ("s5-auth-ok", None),
    ("s5-auth-fail", Some(("proxy_auth", "refuses user and password"))),
    ("s5-auth-badver", Some(("proxy_protocol", ""))),
    ("s5-rep-0", None),
    ("s5-rep-1", Some(("proxy_target", "general failure"))),
    ("s5-rep-2", Some(("proxy_refused", "not allowed"))),
    ("s5-rep-3", Some(("proxy_target", "network unreachable"))),
    ("s5-rep-4", Some(("proxy_target", "host unreachable"))),
    ("s5-rep-5", Some(("proxy_target", "connection refused"))),
    ("s5-rep-6", Some(("proxy_target", "TTL expired"))),
    ("s5-rep-7", Some(("proxy_protocol", "command not supported"))),
    ("s5-rep-8", Some(("proxy_target", "address type"))),
    ("s5-rep-9", Some(("proxy_target", "9: unassigned"))),
    ("s5-rep-255", Some(("proxy_target", "255: unassigned"))),
    ("s5-rep-domain", None),
    ("s5-rep-domain0", None),
    ("s5-rep-v6", None),
    ("s5-rep-atyp9", Some(("proxy_protocol", ""))),
    ("s5-rep-glued", None),
    ("s5-rep-rsv", None),
    ("s5-rep-nonutf8", None),
    ("s4-ok", None),
    ("s4-rej", Some(("proxy_target", "91"))),
    ("s4-identd", Some(("proxy_auth", "92"))),
    ("s4-id2", Some(("proxy_auth", "93"))),
    ("s4-badver", Some(("proxy_protocol", ""))),
    ("s4-short", Some(("closed", ""))),
];

/// A proxy up to the phase of a row, and the route to it.
fn stage(phase: &str) -> (Script, Protocol, Option<(&'static str, &'static str)>) {
    let greeted = Script::new().read(3);
    match phase {
        "greeting" => (greeted, Protocol::Socks5, None),
        "auth" => {
            let script = Script::new().read(4).send(b"\x05\x02").read(11);
            (script, Protocol::Socks5, Some(("user", "hunter2"[..4].into())))
        }
        "connect" => (greeted.send(AGREED).read(10), Protocol::Socks5, None),
        _ => (Script::new().read(9), Protocol::Socks4a, None),
    }
}

/// What follows a reply that is good, up to the open tunnel.
fn rest(phase: &str) -> Vec<u8> {
    if matches!(phase, "greeting" | "auth") { GRANTED.to_vec() } else { Vec::new() }
}

async fn open(script: Script, phase: &str) -> Result<Connection, Error> {
    let (_, protocol, login) = stage(phase);
    let proxy = Peer::start(script).await;
    let hop = Hop::new(protocol, proxy.address().into());
    let hop = match login {
        Some((user, password)) => hop.login(user, password),
        None => hop,
    };
    let opened = Connection::open(&to("127.0.0.1", 80, hop), &soon()).await;
    proxy.finish().await;
    opened
}

#[tokio::test]
async fn evil_22_each_reply_has_its_meaning_whole_and_byte_by_byte() {
    let Some(rows) = rows("socks/server-replies.json", MEANINGS.len()) else { return };
    for (row, (id, meaning)) in rows.iter().zip(MEANINGS) {
        assert_eq!(text(row, "id"), *id);
        let phase = text(row, "phase");
        let reply = bytes(text(row, "server_bytes_hex"));
        for pieces in [reply.len(), 1] {
            let script = stage(phase).0.send_pieces(reply.clone(), pieces);
            let script = match (meaning, phase) {
                (None, "greeting" | "auth") => script.read(10).send(rest(phase)).close(),
                (None, _) | (Some(("closed", _)), _) => script.close(),
                _ => script.expect_gone(),
            };
            check(id, open(script, phase).await, *meaning).await;
        }
    }
}

async fn check(id: &str, opened: Result<Connection, Error>, meaning: Option<(&str, &str)>) {
    match (opened, meaning) {
        (Ok(mut connection), None) => {
            let all = connection.receive(Until::closed(), &soon()).await.unwrap();
            let early: &[u8] = if id == "s5-rep-glued" { b"HELLO" } else { b"" };
            assert_eq!(&all.data[..], early, "{id}");
        }
        (Err(error), Some((code, words))) => {
            assert_eq!(error.code(), code, "{id}: {}", told(&error));
            assert!(error.to_string().contains(words), "{id}: {error}");
        }
        (opened, _) => assert_eq!(opened.is_ok(), meaning.is_none(), "{id}: {opened:?}"),
    }
}

#[tokio::test]
async fn evil_22_each_reply_ends_well_at_every_cut() {
    let Some(rows) = rows("socks/server-replies.json", MEANINGS.len()) else { return };
    for (row, (id, _)) in rows.iter().zip(MEANINGS) {
        let phase = text(row, "phase");
        let reply = bytes(text(row, "server_bytes_hex"));
        for cut in 0..reply.len() {
            for reset in [false, true] {
                let script = stage(phase).0;
                let script = if cut == 0 { script } else { script.send_pieces(&reply[..cut], cut) };
                let script = if reset { script.reset() } else { script.close() };
                match open(script, phase).await {
                    Ok(_) => assert!(*id == "s5-rep-glued" && cut >= 10, "{id} cut at {cut}"),
                    Err(error) => {
                        let known = ["closed", "proxy_protocol", "proxy_auth"];
                        let told = told(&error);
                        let refused = ["proxy_target", "proxy_refused"].contains(&error.code());
                        assert!(refused || known.contains(&error.code()), "{id} at {cut}: {told}");
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn evil_23_a_proxy_that_wants_a_password_we_do_not_have_is_told() {
    let proxy =
        Peer::start(Script::new().expect(b"\x05\x01\0").send(b"\x05\x02").expect_gone()).await;
    let hop = Hop::new(Protocol::Socks5, proxy.address().into());
    let error = refused(to("db.test", 80, hop)).await;
    assert_eq!(error.code(), "proxy_auth");
    assert!(error.to_string().contains("asks for user and password"), "{error}");
    proxy.finish().await;
}

/// What is refused before a byte is sent; the others of the table are tested by name below.
#[tokio::test]
async fn limits_hold_before_anything_is_sent() {
    let Some(rows) = rows("socks/limits.json", 10) else { return };
    for row in &rows {
        let id = text(row, "id");
        let host = if row["host"].is_null() { "db.test" } else { text(row, "host") };
        let protocol = match id {
            "socks4-v6" | "user-nul-socks4" | "host-nul-socks4a" => Protocol::Socks4a,
            _ => Protocol::Socks5,
        };
        match id {
            "host-idn" | "host-trailing-dot" => sends(host, id).await,
            "host-256" | "host-64k" | "host-nul-socks4a" => {
                assert!(Target::new(host, 80).is_err(), "{id}");
            }
            _ => {
                let proxy = Peer::start(Plan::Every(Script::new().expect_gone())).await;
                let hop = Hop::new(protocol, proxy.address().into());
                let user = row["user"].as_str();
                let password = row["password"].as_str();
                let hop = match (user, password) {
                    (None, None) => hop,
                    (user, password) => hop.login(user.unwrap_or("user"), password.unwrap_or("")),
                };
                let error = refused(to(host, 80, hop)).await;
                assert_eq!(error.code(), "proxy_bad_request", "{id}: {}", told(&error));
                assert!(proxy.finish().await.concat().is_empty(), "{id}");
            }
        }
    }
}

async fn sends(host: &str, id: &str) {
    let name = if id == "host-idn" { "xn--e1afmkfd.xn--p1ai" } else { host };
    let length = u8::try_from(name.len()).unwrap();
    let wanted = [&b"\x05\x01\0\x03"[..], &[length], name.as_bytes(), b"\0\x50"].concat();
    let script = Script::new().read(3).send(AGREED).expect(wanted).send(GRANTED).close();
    let proxy = Peer::start(script).await;
    let hop = Hop::new(Protocol::Socks5, proxy.address().into());
    Connection::open(&to(host, 80, hop), &soon()).await.unwrap();
    proxy.finish().await;
}

#[tokio::test]
async fn names_are_looked_up_here_only_when_asked() {
    for (names, wanted) in [
        (Names::AtProxy, &b"\x05\x01\0\x03\x09localhost\0\x50"[..]),
        (Names::Here, b"\x05\x01\0\x01\x7f\0\0\x01\0\x50"),
    ] {
        let script = Script::new().read(3).send(AGREED).expect(wanted).send(GRANTED).close();
        let proxy = Peer::start(script).await;
        let hop = Hop::new(Protocol::Socks5, proxy.address().into()).names(names);
        let dialer = opi_net::Dialer::new().resolve("localhost", ["127.0.0.1".parse().unwrap()]);
        let target = "localhost:80".parse().unwrap();
        let route = Route::through(hop);
        opi_proxy::connect_by(&dialer.unwrap(), &route, &target, &soon()).await.unwrap();
        proxy.finish().await;
    }
}
