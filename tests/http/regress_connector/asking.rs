//! URLs, parameters, redirects, proxies.

use harness::{Answer, HttpProxy, HttpServer, Proxy};
use opi_http_connector::{Request, Session, SessionConfig};
use opi_proxy::Route;
use serde_json::json;

use crate::setting::{bin, get, session, soon};

async fn target(request: impl FnOnce(&str) -> Request) -> String {
    let server = HttpServer::start().await;
    server.answer(Answer::ok());
    session().send(request(&server.url("")), &soon()).await.unwrap();
    server.finish().await.remove(0).target
}

#[tokio::test]
async fn n20_what_a_get_asks_is_encoded() {
    let sent = target(|base| {
        Request::get(&format!("{base}/путь?ключ=знач")).unwrap().query("имя", "a b+c")
    });
    assert_eq!(
        sent.await,
        "/%D0%BF%D1%83%D1%82%D1%8C?%D0%BA%D0%BB%D1%8E%D1%87=%D0%B7%D0%BD%D0%B0%D1%87\
         &%D0%B8%D0%BC%D1%8F=a%20b%2Bc"
    );
}

#[tokio::test]
async fn n39_host_is_sent_once() {
    let server = HttpServer::start().await;
    server.answer(Answer::ok());
    server.answer(Answer::ok());
    get(&session(), &server.url("/")).await;
    let own = Request::get(&server.url("/")).unwrap().header("host", "own.test:1").unwrap();
    session().send(own, &soon()).await.unwrap();
    let sent = server.finish().await;
    let hosts = |at: usize| sent[at].headers.values("host").collect::<Vec<_>>();
    assert_eq!((hosts(0).len(), hosts(1)), (1, vec!["own.test:1"]));
}

#[tokio::test]
async fn n41_what_is_encoded_in_a_url_is_not_encoded_again() {
    let sent = target(|base| Request::get(&format!("{base}/a%20b?c=%D1%8F%26+d&e=%3D")).unwrap());
    assert_eq!(sent.await, "/a%20b?c=%D1%8F%26+d&e=%3D");
}

#[tokio::test]
async fn n52_a_redirect_keeps_the_port() {
    let server = HttpServer::start().await;
    for location in
        ["/two".to_owned(), server.url("/three"), format!("//{}/four", server.address())]
    {
        server.answer(Answer::redirect(302, &location));
    }
    server.answer(Answer::ok());
    let response = get(&session(), &server.url("/one")).await;
    assert_eq!(response.url().as_str(), server.url("/four"));
    let targets: Vec<_> = server.finish().await.into_iter().map(|it| it.target).collect();
    assert_eq!(targets, ["/one", "/two", "/three", "/four"]);
}

#[tokio::test]
async fn n104_a_proxy_is_data_with_or_without_a_login() {
    let server = bin().await;
    for (proxy, login) in [
        (HttpProxy::new(), ""),
        (HttpProxy::new().password("user", "pass"), "user:pass@"),
        (HttpProxy::new().password("user", ""), "user@"),
    ] {
        let proxy = Proxy::start(proxy).await;
        proxy.map("api.test:80", server.address());
        let route = format!("http://{login}{}", proxy.address()).parse::<Route>().unwrap();
        let session = Session::new(SessionConfig::new().route(route));
        assert_eq!(get(&session, "http://api.test/get").await.status(), 200, "{login:?}");
        proxy.finish().await;
    }
    server.finish().await;
}

#[tokio::test]
async fn n120_parameters_may_be_arrays_names_alone_and_names_with_brackets() {
    let sent = target(|base| {
        let request = Request::get(&format!("{base}/?own=1")).unwrap();
        request.query("name", "a").query("name", "b").query_key("bare").query("t[]", "42")
    });
    let sent = sent.await;
    assert!(sent.starts_with("/?own=1&name=a&name=b&bare"), "{sent}");
    assert!(sent.ends_with("&t%5B%5D=42"), "{sent}");
}

#[tokio::test]
async fn n132_signs_that_mean_something_in_a_url_are_data_in_a_parameter() {
    let signs = "!#$%&'()*+,/:;=?@[] \"<>\\^`{|}~№";
    let server = bin().await;
    let request = Request::get(&server.url("/get")).unwrap().query(signs, signs);
    let response = session().send(request, &soon()).await.unwrap();
    assert_eq!(response.json().unwrap()["args"], json!({signs: signs}));
    server.finish().await;
}
