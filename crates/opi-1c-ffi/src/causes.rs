//! The errors of the crates below, as faults.

use opi::net::ErrorKind;
use opi::{auth, framing, http, net, proxy, tcp_client, tcp_server};

use crate::fault::{Fault, Retry};

impl From<net::Error> for Fault {
    fn from(error: net::Error) -> Self {
        let elapsed = error.elapsed().unwrap_or_default();
        let fault = Self::because(error.kind().advice(), error.phase(), &error);
        fault.retry(retry(error.kind())).after(elapsed)
    }
}

impl From<tcp_client::Error> for Fault {
    fn from(error: tcp_client::Error) -> Self {
        let retry = match error.kind() {
            tcp_client::ErrorKind::Net(kind) => retry(kind),
            _ => Retry::Useless,
        };
        Self::because(error.advice(), error.phase(), &error).retry(retry)
    }
}

impl From<tcp_server::Error> for Fault {
    fn from(error: tcp_server::Error) -> Self {
        let retry = match error.kind() {
            tcp_server::ErrorKind::Bind => Retry::MayHelp,
            tcp_server::ErrorKind::Net(kind) => retry(kind),
            _ => Retry::Useless,
        };
        Self::because(error.advice(), error.phase(), &error).retry(retry)
    }
}

impl From<http::Error> for Fault {
    fn from(error: http::Error) -> Self {
        let retry = match error.kind() {
            http::ErrorKind::Net(kind) => retry(kind),
            _ => Retry::Useless,
        };
        Self::because(error.advice(), error.phase(), &error).retry(retry)
    }
}

impl From<auth::Error> for Fault {
    fn from(error: auth::Error) -> Self {
        Self::because(net::Advice::new(error.kind().advice()), None, &error)
    }
}

impl From<framing::Error> for Fault {
    fn from(error: framing::Error) -> Self {
        Self::because(net::Advice::new(error.kind().advice()), None, &error)
    }
}

impl From<net::ParseTargetError> for Fault {
    fn from(error: net::ParseTargetError) -> Self {
        Self::because(net::ParseTargetError::ADVICE, None, &error)
    }
}

impl From<proxy::ParseRouteError> for Fault {
    fn from(error: proxy::ParseRouteError) -> Self {
        Self::because(proxy::ParseRouteError::ADVICE, None, &error)
    }
}

/// Networks change; wrong certificates and cancelled calls do not get better by trying again.
fn retry(kind: ErrorKind) -> Retry {
    match kind {
        ErrorKind::Closed | ErrorKind::Connect | ErrorKind::Io | ErrorKind::Refused => {
            Retry::MayHelp
        }
        ErrorKind::Resolve | ErrorKind::Timeout | ErrorKind::Truncated => Retry::MayHelp,
        _ => Retry::Useless,
    }
}
