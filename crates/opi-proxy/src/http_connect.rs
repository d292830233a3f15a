//! HTTP CONNECT (RFC 9110 section 9.3.6) by hyper's connection, which keeps every byte behind the
//! answer.

use std::pin::pin;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use opi_net::{Deadline, Error as NetError, Phase, Stream, Target, drive};

use crate::{Error, ErrorKind, Hop};

/// Has the HTTP proxy at the other end of `stream` open a tunnel to `next`.
pub(crate) async fn open(
    hop: &Hop,
    stream: Stream,
    next: &Target,
    deadline: &Deadline,
) -> Result<Stream, Error> {
    let request = ask(hop, next)?;
    deadline.run(Phase::Proxy, tunnel(stream, request)).await?
}

async fn tunnel(stream: Stream, request: Request<Empty<Bytes>>) -> Result<Stream, Error> {
    let (mut sender, connection) = http1::Builder::new()
        .ignore_invalid_headers_in_responses(true)
        .max_buf_size(LONGEST_HEAD)
        // pproxy knows its headers in this case only.
        .title_case_headers(true)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|cause| failed(cause, None))?;
    let mut connection = pin!(connection.with_upgrades());
    let (answer, ended) = drive(connection.as_mut(), sender.send_request(request)).await;
    let answer = answer.map_err(|cause| failed(cause, ended))?;
    judge(&answer)?;
    let (upgraded, ended) = drive(connection, hyper::upgrade::on(answer)).await;
    match upgraded.map_err(|cause| failed(cause, ended))?.downcast::<TokioIo<Stream>>() {
        Ok(parts) => Ok(parts.io.into_inner().with_early(parts.read_buf)),
        Err(_) => Err(Error::new(ErrorKind::Protocol)),
    }
}

/// The most bytes of an answer's head.
const LONGEST_HEAD: usize = 64 * 1024;

fn ask(hop: &Hop, next: &Target) -> Result<Request<Empty<Bytes>>, Error> {
    let authority = next.authority()?;
    let mut request =
        Request::builder().method(Method::CONNECT).uri(&authority).header(header::HOST, &authority);
    if let Some(value) = hop.authorization()? {
        request = request.header(header::PROXY_AUTHORIZATION, value);
    }
    request.body(Empty::new()).map_err(|cause| Error::new(ErrorKind::BadRequest).because(cause))
}

impl Hop {
    /// The `Proxy-Authorization` value for an HTTP proxy, when there is a login.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadRequest`]: the login cannot be sent by Basic.
    pub fn authorization(&self) -> Result<Option<http::HeaderValue>, Error> {
        let Some(login) = self.credentials() else { return Ok(None) };
        let bad = || Error::new(ErrorKind::BadRequest).detail("the login cannot be sent");
        let value = opi_auth::basic(&login.user, login.password.expose())
            .map_err(|cause| bad().because(cause))?;
        let mut value =
            http::HeaderValue::from_str(value.expose()).map_err(|cause| bad().because(cause))?;
        value.set_sensitive(true);
        Ok(Some(value))
    }
}

impl Hop {
    /// The error of a request that this proxy answered with 407.
    #[must_use]
    pub fn login_refused(&self) -> Error {
        let detail = format!("the proxy answered {}", StatusCode::PROXY_AUTHENTICATION_REQUIRED);
        Error::new(ErrorKind::Auth).detail(detail).at(self)
    }
}

/// Any 2xx opens the tunnel; everything else is the proxy's refusal.
fn judge(answer: &Response<Incoming>) -> Result<(), Error> {
    let status = answer.status();
    let kind = match status {
        _ if status.is_success() => return Ok(()),
        // tinyproxy answers a wrong password with 401.
        StatusCode::PROXY_AUTHENTICATION_REQUIRED | StatusCode::UNAUTHORIZED => ErrorKind::Auth,
        // tinyproxy answers 500 when it cannot connect, and squid when its name server is silent.
        StatusCode::INTERNAL_SERVER_ERROR
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => ErrorKind::Target,
        _ => ErrorKind::Refused,
    };
    Err(Error::new(kind).detail(format!("the proxy answered {status}")))
}

/// What ended the connection says more than the request that it cancelled.
fn failed(cause: hyper::Error, ended: Option<hyper::Result<()>>) -> Error {
    let cause = match ended {
        Some(Err(ended)) if cause.is_canceled() => ended,
        _ => cause,
    };
    let went_away = cause.is_incomplete_message() || cause.is_canceled() || cause.is_closed();
    if !went_away && !is_io(&cause) {
        return Error::new(ErrorKind::Protocol).because(cause);
    }
    let closed = NetError::new(opi_net::ErrorKind::Closed).in_phase(Phase::Proxy);
    closed.detail("the proxy closed the connection in the handshake").because(cause).into()
}

fn is_io(cause: &hyper::Error) -> bool {
    let source = std::error::Error::source(cause);
    source.is_some_and(|source| source.is::<std::io::Error>())
}
