//! Sessions against httpbin and nginx, straight and through proxies.

use opi_http_connector::{Request, Session, SessionConfig};
use serde_json::json;

use crate::servers::{soon, url};

fn session() -> Session {
    Session::new(SessionConfig::new())
}

async fn get(session: &Session, url: &str) -> opi_http_connector::Response {
    session.send(Request::get(url).unwrap(), &soon()).await.unwrap()
}

#[tokio::test]
async fn httpbin_sees_parameters_json_and_forms() {
    let session = session();
    let request = Request::get(&url("http", "httpbin", "/get?a=1")).unwrap().query("б", "в & г");
    let response = session.send(request, &soon()).await.unwrap();
    assert_eq!(response.json().unwrap()["args"], json!({"a": "1", "б": "в & г"}));

    let value = json!({"ключ": [1, null, "з"]});
    let request = Request::post(&url("http", "httpbin", "/post")).unwrap().json(&value).unwrap();
    let response = session.send(request, &soon()).await.unwrap();
    assert_eq!(response.json().unwrap()["json"], value);

    let request = Request::post(&url("http", "httpbin", "/post")).unwrap();
    let response = session.send(request.form([("поле", "a b")]), &soon()).await.unwrap();
    assert_eq!(response.json().unwrap()["form"], json!({"поле": "a b"}));
}

#[tokio::test]
async fn httpbin_logs_in_by_basic_and_bearer() {
    let session = session();
    let request = Request::get(&url("http", "httpbin", "/basic-auth/user/pass")).unwrap();
    assert_eq!(session.send(request.clone(), &soon()).await.unwrap().status(), 401);
    let request = request.authorize(&opi_auth::basic("user", "pass").unwrap());
    assert_eq!(session.send(request, &soon()).await.unwrap().status(), 200);
    let request = Request::get(&url("http", "httpbin", "/bearer")).unwrap();
    let request = request.authorize(&opi_auth::bearer("tok").unwrap());
    assert_eq!(session.send(request, &soon()).await.unwrap().json().unwrap()["token"], "tok");
}

#[tokio::test]
async fn httpbin_sets_cookies_and_redirects() {
    let session = session();
    let response = get(&session, &url("http", "httpbin", "/cookies/set?k=v")).await;
    assert_eq!(response.json().unwrap(), json!({"cookies": {"k": "v"}}));
    let response = get(&session, &url("http", "httpbin", "/redirect/5")).await;
    assert_eq!((response.status().as_u16(), response.history().len()), (200, 5));
}

#[tokio::test]
async fn compressed_and_plain_answers_are_whole() {
    let session = session();
    let response = get(&session, &url("http", "httpbin", "/gzip")).await;
    assert_eq!(response.json().unwrap()["gzipped"], true);
    let response = get(&session, &url("http", "httpbin", "/bytes/100000?seed=1")).await;
    assert_eq!(response.body().len(), 100_000);
    let response = get(&session, &url("http", "httpbin", "/stream-bytes/100000?seed=1")).await;
    assert_eq!(response.body().len(), 100_000);
    let response = get(&session, &url("http", "httpbin", "/encoding/utf8")).await;
    assert!(response.text().unwrap().contains("∮"));
}

#[tokio::test]
async fn nginx_counts_the_requests_of_one_connection() {
    let session = session();
    for count in 1..=3 {
        let response = get(&session, &url("http", "nginx", "/connection")).await;
        let text = response.text().unwrap().into_owned();
        assert!(text.contains(&format!("requests={count} ")), "{text}");
        assert_eq!(response.facts().reused, count > 1);
    }
}
