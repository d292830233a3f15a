//! What every test here needs: hosts, answers, bytes.

use harness::addin::{Host, Object, Profile, Value};
use serde_json::Value as Json;

pub(crate) const PROFILES: [Profile; 2] = [Profile::Enterprise, Profile::OneScript];

/// Runs `check` with a host of each kind, and counts that it gave back every block.
pub(crate) fn in_both_hosts(check: impl Fn(&Host)) {
    for profile in PROFILES {
        let host = Host::load(profile);
        check(&host);
        assert_eq!(host.live_blocks(), 0, "{profile:?}");
    }
}

/// Calls a method that must succeed.
#[track_caller]
pub(crate) fn ok(object: &Object, method: &str, given: &[Value]) -> Json {
    let answer = object.call_json(method, given);
    assert_eq!(answer["result"], true, "{method}: {answer}");
    answer
}

/// Calls a method that must fail with this code; gives the error.
#[track_caller]
pub(crate) fn fails(object: &Object, method: &str, given: &[Value], code: &str) -> Json {
    let answer = object.call_json(method, given);
    assert_eq!(answer["result"], false, "{method}: {answer}");
    assert_eq!(answer["error"]["code"], code, "{method}: {answer}");
    assert!(answer["error"]["message"].as_str().is_some_and(|text| !text.is_empty()), "{answer}");
    answer["error"].clone()
}

/// Takes the bytes of an answer.
#[track_caller]
pub(crate) fn bytes(object: &Object, answer: &Json) -> Vec<u8> {
    let handle = answer["data"].as_str().unwrap_or_else(|| panic!("no data in {answer}"));
    match object.call("ЗабратьДвоичныеДанные", &[handle.into()]) {
        Ok(Value::Bytes(bytes)) => bytes,
        other => panic!("{answer}: {other:?}"),
    }
}

/// Options as the text of JSON.
#[expect(clippy::needless_pass_by_value, reason = "calls read better so")]
pub(crate) fn options(json: Json) -> Value {
    Value::json(&json)
}

/// A server of the add-in that listens on loopback, and its address.
#[track_caller]
pub(crate) fn started(host: &Host) -> (Object, String) {
    let server = host.create("TCPServer");
    let answer = ok(&server, "Запустить", &["127.0.0.1:0".into()]);
    let address = answer["address"].as_str().unwrap().to_owned();
    (server, address)
}

/// A client of the add-in that is connected.
#[track_caller]
pub(crate) fn connected(host: &Host, address: &str) -> Object {
    let client = host.create("TCPClient");
    ok(&client, "Подключиться", &[address.into()]);
    client
}

/// Waits until `condition` holds, which another thread or the system brings about.
#[track_caller]
pub(crate) fn becomes(what: &str, mut condition: impl FnMut() -> bool) {
    let begun = std::time::Instant::now();
    while !condition() {
        assert!(begun.elapsed() < harness::WATCHDOG, "it never came that {what}");
        std::thread::yield_now();
    }
}
