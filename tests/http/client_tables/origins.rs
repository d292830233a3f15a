//! The tables of origins: who may see a login after a redirect.

use harness::{Answer, HttpProxy, HttpServer, Proxy};
use opi_http_connector::{Request, Session, SessionConfig, Url};
use serde_json::Value;

use super::{rows, text};
use crate::setting::soon;

/// Whether a login is shown after a redirect of `from` to `to`; none when either is no URL.
async fn is_shown(from: &str, to: &str) -> Option<bool> {
    let to = Url::parse(from).ok()?.join(to).ok()?;
    let same = Url::parse(from).ok()?.scheme() == "http" && to.scheme() == "http";
    if !same {
        // A proxy sees nothing of https; the origins differ unless both are https.
        return Some(to.origin() == Url::parse(from).ok()?.origin());
    }
    let server = HttpServer::start().await;
    server.answer(Answer::redirect(302, to.as_str()));
    server.answer(Answer::ok());
    let proxy = Proxy::start(HttpProxy::new()).await;
    for url in [&Url::parse(from).ok()?, &to] {
        let port = url.port_or_known_default()?;
        proxy.map(&format!("{}:{port}", url.host_str()?), server.address());
    }
    let route = format!("http://{}", proxy.address()).parse().unwrap();
    let request = Request::get(from).ok()?.authorize(&opi_auth::bearer("t0ken").unwrap());
    let session = Session::new(SessionConfig::new().route(route));
    session.send(request, &soon()).await.unwrap();
    let shown = server.finish().await[1].header("authorization").is_some();
    proxy.finish().await;
    Some(shown)
}

async fn check(file: &str, test: &str, expected: bool) {
    let Some(rows) = rows(file, test) else { return };
    for row in &rows {
        let pair: Vec<&str> = row.as_array().unwrap().iter().map(text).collect();
        // Some tables name the first by its host.
        let from = if pair[0].contains(':') || pair[0].starts_with('/') {
            pair[0].to_owned()
        } else {
            format!("http://{}", pair[0])
        };
        // A URL has no zone (WHATWG): such rows cannot be asked.
        let zoned = row.as_array().unwrap().iter().any(|it: &Value| text(it).contains("%"));
        let expected = if zoned { None } else { Some(expected) };
        assert_eq!(is_shown(&from, pair[1]).await, expected, "{row}");
    }
}

#[tokio::test]
async fn a_login_stays_with_scheme_host_and_port() {
    check("urllib3", "test_same_host", true).await;
    check("urllib3", "test_not_same_host", false).await;
    check("urllib3", "test_same_host_no_port_http", true).await;
    check("urllib3", "test_not_same_host_no_port_http", false).await;
    // A port that is the scheme's own may be written or not.
    check("requests", "test_should_strip_auth_default_port", true).await;
}
