//! Cookies.

use std::time::SystemTime;

use serde_json::json;

use super::setting::{encrypted, get, plain, session, told};
use crate::servers::soon;

#[tokio::test]
async fn a_055_a_session_keeps_its_cookies() {
    let session = session();
    session.send(get(&encrypted("/cookies/set/key/value")), &soon()).await.unwrap();
    let answer = session.send(get(&encrypted("/cookies")), &soon()).await.unwrap();
    assert_eq!(answer.json().unwrap(), json!({"cookies": {"key": "value"}}));
    // Another session knows nothing of it.
    assert_eq!(told(get(&encrypted("/cookies"))).await, json!({"cookies": {}}));
}

#[tokio::test]
async fn a_061_cookies_of_a_redirect_are_sent_with_the_next_request() {
    let path = "/cookies/set?PHPSESSID=72a68cc1e55&cookie1=1&cookie2=2&other=test";
    let expected =
        json!({"PHPSESSID": "72a68cc1e55", "cookie1": "1", "cookie2": "2", "other": "test"});
    assert_eq!(told(get(&plain(path))).await["cookies"], expected);
}

#[tokio::test]
async fn a_062_cookies_of_the_callers_are_sent() {
    let (one, other) =
        ("0b6ae2a5-6a53-4a2c-8a4e-0b3d9a8b9d11", "f2b5a0de-93d5-4c2e-bd1a-3f1f4c0f2a77");
    let session = session();
    let request = get(&plain("/cookies"));
    for cookie in [format!("k1={one}"), format!("k2={other}")] {
        session.cookies().set(request.url(), &cookie, SystemTime::now()).unwrap();
    }
    let answer = session.send(request, &soon()).await.unwrap();
    assert_eq!(answer.json().unwrap()["cookies"], json!({"k1": one, "k2": other}));
    let by_hand = get(&plain("/cookies")).header("Cookie", &format!("k1={one}; k2={other}"));
    assert_eq!(told(by_hand.unwrap()).await["cookies"], json!({"k1": one, "k2": other}));
}
