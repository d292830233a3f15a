//! One request and its answer, over a kept connection or a fresh one. Decides nothing.

use bytes::Bytes;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_LENGTH, COOKIE, HOST, PROXY_AUTHORIZATION, USER_AGENT,
};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use opi_net::{Deadline, Phase};

use crate::address::{self, Origin};
use crate::body::Collector;
use crate::connection::Connection;
use crate::dial::Way;
use crate::gzip::Decoder;
use crate::{Error, Request, Session};

/// An answer and how it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) head: http::response::Parts,
    pub(crate) body: Bytes,
    pub(crate) reused: bool,
    pub(crate) peer: Option<std::net::SocketAddr>,
    pub(crate) tls: Option<opi_net::TlsFacts>,
}

/// Sends `request` and brings its answer, whole.
pub(crate) async fn exchange(
    session: &Session,
    request: &Request,
    deadline: &Deadline,
) -> Result<Answer, Error> {
    let origin = address::origin(&request.url)?;
    let way = Way::new(&session.config, &origin);
    let (mut connection, answer) = ask(session, request, &origin, &way, deadline).await?;
    if let (StatusCode::PROXY_AUTHENTICATION_REQUIRED, Some(hop)) =
        (answer.status(), way.forwarder())
    {
        return Err(hop.login_refused().into());
    }
    let (head, incoming) = answer.into_parts();
    let collector = Collector::new(&head.headers, session.config.max_body);
    let body = deadline.run(Phase::Idle, connection.body(incoming, collector)).await??;
    let (reused, peer, tls) = (connection.served, connection.peer, connection.tls.clone());
    session.pool.keep(origin, connection).await;
    Ok(Answer { head, body, reused, peer, tls })
}

/// Sends `request` on a kept connection, or on a fresh one when there is none or it had died.
async fn ask(
    session: &Session,
    request: &Request,
    origin: &Origin,
    way: &Way<'_>,
    deadline: &Deadline,
) -> Result<(Connection, Response<Incoming>), Error> {
    let kept = deadline.run(Phase::Connect, session.pool.take(origin)).await?;
    if let Some(mut connection) = kept {
        let wire = wire(session, request, way)?;
        match deadline.run(Phase::FirstByte, connection.send(wire)).await? {
            Ok(answer) => return Ok((connection, answer)),
            Err(cause) if !may_repeat(request, &cause) => {
                return Err(connection.failed(cause));
            }
            Err(cause) => {
                tracing::debug!(%cause, "a kept connection had died; a fresh one is used")
            }
        }
    }
    let stream = way.open(origin, deadline).await?;
    let mut connection = Connection::open(stream).await?;
    let wire = wire(session, request, way)?;
    match deadline.run(Phase::FirstByte, connection.send(wire)).await? {
        Ok(answer) => Ok((connection, answer)),
        Err(cause) => Err(connection.failed(cause)),
    }
}

/// A request that never left may be sent again; one that may have left, only when idempotent
/// (RFC 9110 section 9.2.2) and nothing of an answer came.
fn may_repeat(request: &Request, cause: &hyper::Error) -> bool {
    let unanswered = cause.is_incomplete_message() || cause.is_closed();
    cause.is_canceled() || (unanswered && request.method.is_idempotent())
}

/// The request as hyper sends it. Request headers win over the session's, those over ours.
fn wire(
    session: &Session,
    request: &Request,
    way: &Way<'_>,
) -> Result<http::Request<Full<Bytes>>, Error> {
    let mut headers = HeaderMap::new();
    headers.insert(HOST, address::host(&request.url)?);
    headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
    headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(Decoder::ACCEPTED));
    if request.body.is_empty() && BODY_EXPECTED.contains(&request.method) {
        // A server may wait for a body that nobody says is empty (RFC 9110 section 8.6).
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    if let Some(cookies) = session.jar.header(&request.url) {
        headers.insert(COOKIE, cookies);
    }
    request.headers.iter().for_each(|(name, value)| drop(headers.insert(name, value.clone())));
    if let Some(value) = way.proxy_authorization()? {
        headers.insert(PROXY_AUTHORIZATION, value);
    }
    let mut wire = http::Request::new(Full::new(request.body.clone()));
    *wire.method_mut() = request.method.clone();
    *wire.uri_mut() = address::wire(&request.url, way.form())?;
    *wire.headers_mut() = headers;
    Ok(wire)
}

/// The methods whose requests are expected to have a body.
const BODY_EXPECTED: &[Method] = &[Method::PATCH, Method::POST, Method::PUT];

const AGENT: &str = concat!("opi/", env!("CARGO_PKG_VERSION"));
