//! What every test here needs: a deadline, a session, an answer.

use std::time::Duration;

use harness::{Ca, HttpServer, Listen, httpbin};
use opi_http_connector::{Error, Request, Response, Session, SessionConfig};
use opi_net::Deadline;
use opi_net::tls::{Certificates, Tls, Trust};

/// A deadline that no healthy test reaches.
pub(crate) fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(20))
}

pub(crate) fn session() -> Session {
    Session::new(SessionConfig::new())
}

pub(crate) async fn bin() -> HttpServer {
    HttpServer::start_handling(Listen::plain(), httpbin).await
}

pub(crate) async fn get(session: &Session, url: &str) -> Response {
    try_get(session, url).await.unwrap()
}

pub(crate) async fn try_get(session: &Session, url: &str) -> Result<Response, Error> {
    session.send(Request::get(url).unwrap(), &soon()).await
}

pub(crate) fn trusting(ca: &Ca) -> Tls {
    Tls::new(Trust::Only(Certificates::from_pem(ca.pem().as_bytes()).unwrap()))
}
