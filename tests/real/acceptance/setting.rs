//! What every line needs: where httpbin is, sessions that trust it, one request.

use opi_http_connector::{Request, Response, Session, SessionConfig};
use serde_json::Value;

use crate::servers::{soon, tls, url};

/// httpbin in the clear.
#[track_caller]
pub(crate) fn plain(path: &str) -> String {
    url("http", "httpbin", path)
}

/// httpbin under TLS.
#[track_caller]
pub(crate) fn encrypted(path: &str) -> String {
    url("https", "httpbin-tls", path)
}

/// A session that trusts the CA of the servers.
pub(crate) fn session() -> Session {
    Session::new(SessionConfig::new().tls(tls()))
}

pub(crate) fn request(method: &str, url: &str) -> Request {
    Request::new(method, url).unwrap()
}

pub(crate) fn get(url: &str) -> Request {
    request("GET", url)
}

/// The answer to one request of a session of its own.
pub(crate) async fn sent(request: Request) -> Response {
    session().send(request, &soon()).await.unwrap()
}

/// The JSON of the answer, whose status must be 200.
pub(crate) async fn told(request: Request) -> Value {
    let answer = sent(request).await;
    assert_eq!(answer.status(), 200, "{:?}", answer.text());
    answer.json().unwrap()
}
