//! HTTP CONNECT (RFC 9110 section 9.3.6): asks, logs in when told to, and keeps every byte behind
//! the answer.

mod body;
mod head;
mod rounds;
mod talk;

use http::StatusCode;
use opi_auth::Next;
use opi_net::{Deadline, Phase, Stream, Target};

use crate::connect::Opened;
use crate::{Error, ErrorKind, Hop, Reply};
use head::Head;
use talk::Talk;

pub(crate) use rounds::Rounds;

/// Has the HTTP proxy at the other end of `stream` open a tunnel to `next`.
pub(crate) async fn open(
    hop: &Hop,
    stream: Stream,
    next: &Target,
    rounds: &mut Rounds,
    deadline: &Deadline,
) -> Result<Opened, Error> {
    deadline.run(Phase::Proxy, tunnel(hop, Talk::new(stream), &next.authority()?, rounds)).await?
}

async fn tunnel(
    hop: &Hop,
    mut talk: Talk,
    authority: &str,
    rounds: &mut Rounds,
) -> Result<Opened, Error> {
    loop {
        let login = rounds.login(hop, authority)?;
        talk.ask(authority, login.as_ref()).await?;
        let answer = talk.head().await?;
        if answer.status.is_success() {
            rounds.check_proof(hop, authority, &answer.info)?;
            return Ok(Opened::Tunnel(talk.into_stream()));
        }
        if answer.status != StatusCode::PROXY_AUTHENTICATION_REQUIRED {
            return Err(refusal(&answer));
        }
        if rounds.next(hop, &answer.challenges) != Next::AskAgain {
            return Err(refusal(&answer));
        }
        if !talk.drain(&answer).await? {
            return Ok(Opened::Closed);
        }
    }
}

/// What the proxy's answer means.
fn refusal(answer: &Head) -> Error {
    let status = answer.status;
    let kind = match status {
        // tinyproxy answers a wrong password with 401.
        StatusCode::PROXY_AUTHENTICATION_REQUIRED | StatusCode::UNAUTHORIZED => ErrorKind::Auth,
        // tinyproxy answers 500 when it cannot connect, and squid when its name server is silent.
        StatusCode::INTERNAL_SERVER_ERROR
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => ErrorKind::Target,
        StatusCode::SWITCHING_PROTOCOLS => ErrorKind::Protocol,
        _ => ErrorKind::Refused,
    };
    let offered: Vec<_> =
        answer.challenges.iter().map(|challenge| challenge.scheme().to_owned()).collect();
    let detail = match status {
        StatusCode::PROXY_AUTHENTICATION_REQUIRED if offered.is_empty() => {
            format!("the proxy answered {status} and offers no way to log in")
        }
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
            format!("the proxy answered {status}; it offers {}", offered.join(", "))
        }
        _ => format!("the proxy answered {status}"),
    };
    Error::new(kind).detail(detail).reply(Reply::Http(status.as_u16())).offered(offered)
}

impl Hop {
    /// The error of a request that this proxy answered with 407.
    #[must_use]
    pub fn login_refused(&self) -> Error {
        let status = StatusCode::PROXY_AUTHENTICATION_REQUIRED;
        let error = Error::new(ErrorKind::Auth).detail(format!("the proxy answered {status}"));
        error.reply(Reply::Http(status.as_u16())).at(self)
    }
}
