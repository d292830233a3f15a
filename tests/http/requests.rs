//! What a request looks like to the server.

use harness::{Answer, HttpServer};
use opi_http_connector::{Request, Session, SessionConfig};
use serde_json::json;

use crate::setting::{bin, get, session, soon};

#[tokio::test]
async fn parameters_arrive_as_they_were_given() {
    let server = bin().await;
    let request = Request::get(&server.url("/get?a=1")).unwrap().query("ключ", "з & н=+");
    let response = session().send(request, &soon()).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.json().unwrap()["args"], json!({"a": "1", "ключ": "з & н=+"}));
    server.finish().await;
}

#[tokio::test]
async fn json_goes_both_ways() {
    let server = bin().await;
    let value = json!({"имя": "значение", "n": [1, 2.5, null, true]});
    let request = Request::post(&server.url("/post")).unwrap().json(&value).unwrap();
    let response = session().send(request, &soon()).await.unwrap();
    assert_eq!(response.json().unwrap()["json"], value);
    let requests = server.finish().await;
    assert_eq!(requests[0].header("content-type"), Some("application/json; charset=utf-8"));
}

#[tokio::test]
async fn a_form_goes_as_a_form() {
    let server = bin().await;
    let request = Request::post(&server.url("/post")).unwrap();
    let request = request.form([("поле", "a b&c"), ("пусто", "")]);
    let response = session().send(request, &soon()).await.unwrap();
    assert_eq!(response.json().unwrap()["form"], json!({"поле": "a b&c", "пусто": ""}));
    server.finish().await;
}

#[tokio::test]
async fn an_empty_body_is_announced_where_one_is_expected() {
    let server = bin().await;
    for method in ["POST", "PUT", "PATCH", "GET", "DELETE"] {
        let request = Request::new(method, &server.url("/anything")).unwrap();
        session().send(request, &soon()).await.unwrap();
    }
    let requests = server.finish().await;
    let lengths: Vec<_> = requests.iter().map(|it| it.header("content-length")).collect();
    assert_eq!(lengths, [Some("0"), Some("0"), Some("0"), None, None]);
}

#[tokio::test]
async fn the_requests_headers_win_over_the_sessions_and_those_over_ours() {
    let server = HttpServer::start().await;
    server.answer(Answer::ok());
    let config = SessionConfig::new().header("x-a", "session").unwrap();
    let config = config.header("X-B", "session").unwrap().header("ACCEPT", "text/x").unwrap();
    let request = Request::get(&server.url("/")).unwrap().header("X-a", "request").unwrap();
    let request = request.header("accept-encoding", "identity").unwrap();
    Session::new(config).send(request, &soon()).await.unwrap();
    let sent = &server.finish().await[0];
    for (name, expected) in [
        ("x-a", vec!["request"]),
        ("x-b", vec!["session"]),
        ("accept", vec!["text/x"]),
        ("accept-encoding", vec!["identity"]),
        ("user-agent", vec![concat!("opi/", env!("CARGO_PKG_VERSION"))]),
    ] {
        assert_eq!(sent.headers.values(name).collect::<Vec<_>>(), expected, "{name}");
    }
}

#[tokio::test]
async fn the_wire_has_the_origin_form_and_the_host() {
    let server = HttpServer::start().await;
    server.answer(Answer::ok());
    get(&session(), &server.url("/a/../b c?x=1#fragment")).await;
    let sent = &server.finish().await[0];
    assert_eq!((sent.target.as_str(), sent.version.as_str()), ("/b%20c?x=1", "HTTP/1.1"));
    assert_eq!(sent.headers.values("host").count(), 1);
    assert!(sent.header("host").unwrap().starts_with("127.0.0.1:"), "{:?}", sent.header("host"));
}

#[tokio::test]
async fn logins_are_sent_at_once_and_only_where_they_belong() {
    let server = bin().await;
    let session = session();
    let basic = opi_auth::basic("юзер", "пароль:с").unwrap();
    let url = server
        .url("/basic-auth/%D1%8E%D0%B7%D0%B5%D1%80/%D0%BF%D0%B0%D1%80%D0%BE%D0%BB%D1%8C:%D1%81");
    let request = Request::get(&url).unwrap().authorize(&basic);
    assert_eq!(session.send(request, &soon()).await.unwrap().status(), 200);
    let request = Request::get(&server.url("/bearer")).unwrap();
    let request = request.authorize(&opi_auth::bearer("abc").unwrap());
    assert_eq!(session.send(request, &soon()).await.unwrap().json().unwrap()["token"], "abc");
    assert_eq!(get(&session, &server.url("/bearer")).await.status(), 401);
    let url = server.url("/basic-auth/user/pass").replace("http://", "http://user:pass@");
    let response = get(&session, &url).await;
    assert_eq!(response.status(), 200);
    assert!(!response.url().as_str().contains("pass@"), "{}", response.url());
    server.finish().await;
}

#[tokio::test]
async fn a_method_of_the_users_own_is_sent() {
    let server = HttpServer::start().await;
    server.answer(Answer::status(207));
    let request = Request::new("PROPFIND", &server.url("/dav/")).unwrap();
    assert_eq!(session().send(request, &soon()).await.unwrap().status(), 207);
    assert_eq!(server.finish().await[0].method, "PROPFIND");
}

#[tokio::test]
async fn cookies_set_by_hand_win_by_name_and_come_first() {
    let (server, session) = (bin().await, session());
    get(&session, &server.url("/cookies/set?k=jar&m=jar")).await;
    let request = Request::get(&server.url("/cookies")).unwrap().header("cookie", "k=hand; x=1");
    let response = session.send(request.unwrap(), &soon()).await.unwrap();
    let expected = json!({"k": "hand", "x": "1", "m": "jar"});
    assert_eq!(response.json().unwrap()["cookies"], expected);
    assert_eq!(get(&session, &server.url("/cookies")).await.json().unwrap()["cookies"]["k"], "jar");
}

#[tokio::test]
async fn a_host_set_by_hand_selects_no_cookies() {
    let (server, session) = (bin().await, session());
    let other = "http://other.test/".parse().unwrap();
    session.cookies().set(&other, "theirs=1", std::time::SystemTime::now()).unwrap();
    let ask =
        |path: &str| Request::get(&server.url(path)).unwrap().header("Host", "other.test").unwrap();
    session.send(ask("/cookies/set?ours=1"), &soon()).await.unwrap();
    let response = session.send(ask("/cookies"), &soon()).await.unwrap();
    assert_eq!(response.json().unwrap()["cookies"], json!({"ours": "1"}));
}

#[tokio::test]
async fn cookies_live_in_the_session() {
    let server = bin().await;
    let session = session();
    let response = get(&session, &server.url("/cookies/set?k=v&m=n=o")).await;
    assert_eq!(response.json().unwrap()["cookies"], json!({"k": "v", "m": "n=o"}));
    let response = get(&session, &server.url("/cookies")).await;
    assert_eq!(response.json().unwrap()["cookies"], json!({"k": "v", "m": "n=o"}));
    let other = get(&crate::setting::session(), &server.url("/cookies")).await;
    assert_eq!(other.json().unwrap()["cookies"], json!({}));
    server.finish().await;
}
