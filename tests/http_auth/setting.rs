//! What every test here needs: a deadline, sessions, and servers that ask who asks.

use std::time::Duration;

use harness::{Answer, HttpServer, Listen, Request as Seen};
use opi_http_connector::{Error, Request, Response, Session, SessionConfig};
use opi_net::Deadline;

/// A deadline that no healthy test reaches.
pub(crate) fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(20))
}

pub(crate) fn session() -> Session {
    Session::new(SessionConfig::new())
}

pub(crate) fn get(url: &str) -> Request {
    Request::get(url).unwrap()
}

pub(crate) async fn send(session: &Session, request: Request) -> Response {
    try_send(session, request).await.unwrap()
}

pub(crate) async fn try_send(session: &Session, request: Request) -> Result<Response, Error> {
    session.send(request, &soon()).await
}

/// A server that wants Digest for everything, and takes any answer with this nonce.
pub(crate) async fn digest_server(nonce: &'static str) -> HttpServer {
    let handler = move |request: &Seen| {
        let shown = request.header("authorization").unwrap_or_default();
        if shown.contains(&format!("nonce=\"{nonce}\"")) { Answer::ok() } else { asks(nonce, "") }
    };
    HttpServer::start_handling(Listen::plain(), handler).await
}

/// The answer 401 with a Digest challenge.
pub(crate) fn asks(nonce: &str, more: &str) -> Answer {
    let value = format!("Digest realm=\"r\", nonce=\"{nonce}\", qop=\"auth\"{more}");
    Answer::status(401).header("WWW-Authenticate", &value)
}

/// Of each request: the scheme of a header, and of Digest the nonce and its count.
pub(crate) fn shown(requests: &[Seen], header: &str) -> Vec<String> {
    let show = |request: &Seen| {
        let Some(value) = request.header(header) else { return "nothing".to_owned() };
        let after = |start: &str| value.split_once(start).map(|(_, rest)| rest.to_owned());
        match (after("nonce=\""), after("nc=")) {
            (Some(nonce), Some(count)) => {
                format!("{} {}", nonce.split('"').next().unwrap(), &count[..8])
            }
            _ => value.split(' ').next().unwrap().to_owned(),
        }
    };
    requests.iter().map(show).collect()
}
