//! Why a route could not be opened.

use std::{error, fmt, io};

use opi_net::{Phase, Target};

use crate::{Hop, Route};

type Source = Box<dyn error::Error + Send + Sync>;

/// A route that could not be opened: which proxy, towards which target, and the cause.
///
/// `Display` prints this level only; the cause is in [`source`](error::Error::source).
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    hop: Option<String>,
    target: Option<String>,
    detail: Option<String>,
    net: Option<opi_net::Error>,
    source: Option<Source>,
    reply: Option<Reply>,
    offered: Vec<String>,
    beyond: Beyond,
    earlier: Vec<(Route, Error)>,
}

/// What lay beyond the proxy at which it happened.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum Beyond {
    AnotherProxy,
    #[default]
    Target,
}

/// What a proxy answered, as its protocol numbers it.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Reply {
    /// The status of an HTTP proxy.
    Http(u16),
    /// The code of a SOCKS4 proxy, 91 to 93.
    Socks4(u8),
    /// The reply of a SOCKS5 proxy, by RFC 1928 section 6.
    Socks5(u8),
}

/// Who failed, as far as one can tell from here.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Culprit {
    /// The caller: a login or a target that cannot be sent, a wrong login, or a cancellation.
    Caller,
    /// A proxy, or the network on the way to it.
    Proxy,
    /// The target, or the network on the way to it from the last proxy or from here.
    Target,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        let (hop, target, detail, net, source, reply) = (None, None, None, None, None, None);
        let (offered, beyond, earlier) = Default::default();
        let inner =
            Inner { kind, hop, target, detail, net, source, reply, offered, beyond, earlier };
        Self(Box::new(inner))
    }

    /// Names the proxy at which it happened.
    pub(crate) fn at(mut self, hop: &Hop) -> Self {
        self.0.hop = Some(hop.to_string());
        self
    }

    /// Names what was wanted beyond the proxy.
    pub(crate) fn towards(mut self, target: &Target) -> Self {
        self.0.target = Some(target.to_string());
        self
    }

    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// A connection to a proxy that ended in the handshake.
    #[cfg_attr(
        not(any(feature = "http", feature = "socks4", feature = "socks5")),
        expect(dead_code, reason = "only a proxy's protocol can be broken off")
    )]
    pub(crate) fn broken_off(cause: io::Error) -> Self {
        if cause.kind() == io::ErrorKind::UnexpectedEof {
            let closed = opi_net::Error::new(opi_net::ErrorKind::Closed).in_phase(Phase::Proxy);
            return closed.detail("the proxy closed the connection in the handshake").into();
        }
        opi_net::Error::from_io(cause, Phase::Proxy).into()
    }

    #[cfg_attr(
        not(any(feature = "http", feature = "socks4", feature = "socks5")),
        expect(dead_code, reason = "only a proxy's protocol has replies")
    )]
    pub(crate) fn reply(mut self, reply: Reply) -> Self {
        self.0.reply = Some(reply);
        self
    }

    #[cfg_attr(not(feature = "http"), expect(dead_code, reason = "only HTTP proxies offer"))]
    pub(crate) fn offered(mut self, schemes: Vec<String>) -> Self {
        self.0.offered = schemes;
        self
    }

    /// Adds what became of the routes before.
    pub(crate) fn after(mut self, earlier: Vec<(Route, Self)>) -> Self {
        self.0.earlier = earlier;
        self
    }

    /// Says that the proxy was not the last one.
    pub(crate) fn before_the_target(mut self) -> Self {
        self.0.beyond = Beyond::AnotherProxy;
        self
    }

    #[cfg_attr(
        not(any(feature = "http", feature = "socks5")),
        expect(dead_code, reason = "only a proxy's protocol has causes to add")
    )]
    pub(crate) fn because(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    opi_net::error_row!(ErrorKind);

    /// The phase that failed.
    #[must_use]
    pub fn phase(&self) -> Option<Phase> {
        match &self.0.net {
            Some(net) => net.phase(),
            None => Some(Phase::Proxy),
        }
    }

    /// What the proxy answered, when it answered.
    #[must_use]
    pub fn proxy_reply(&self) -> Option<Reply> {
        self.0.reply
    }

    /// The ways to log in that an HTTP proxy offered with 407: `Basic`, `Digest`, `NTLM`.
    #[must_use]
    pub fn offered_schemes(&self) -> &[String] {
        &self.0.offered
    }

    /// The routes that were tried before, and how each failed.
    pub fn earlier(&self) -> impl Iterator<Item = (&Route, &Self)> {
        self.0.earlier.iter().map(|(route, error)| (route, error))
    }

    /// Who failed.
    ///
    /// A proxy that says nothing counts as one that failed, though it may be waiting for its
    /// target.
    #[must_use]
    pub fn culprit(&self) -> Culprit {
        let Inner { kind, hop, beyond, .. } = &*self.0;
        match kind {
            ErrorKind::Auth | ErrorKind::BadRequest => Culprit::Caller,
            ErrorKind::Net(opi_net::ErrorKind::BadHost | opi_net::ErrorKind::Cancelled) => {
                Culprit::Caller
            }
            ErrorKind::Net(_) if hop.is_none() => Culprit::Target,
            ErrorKind::Target if *beyond == Beyond::Target => Culprit::Target,
            _ => Culprit::Proxy,
        }
    }

    /// The error of the network below, when it is what failed.
    #[must_use]
    pub fn net(&self) -> Option<&opi_net::Error> {
        self.0.net.as_ref()
    }
}

impl From<opi_net::Error> for Error {
    fn from(net: opi_net::Error) -> Self {
        let mut error = Self::new(ErrorKind::Net(net.kind()));
        error.0.net = Some(net);
        error
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, hop, target, detail, net, earlier, .. } = &*self.0;
        match (hop, target) {
            (Some(hop), Some(target)) => write!(f, "proxy {hop} towards {target}: ")?,
            (Some(hop), None) => write!(f, "proxy {hop}: ")?,
            (None, _) => {}
        }
        match (net, detail) {
            (Some(net), _) => write!(f, "{net}")?,
            (None, Some(detail)) => f.write_str(detail)?,
            (None, None) => f.write_str(kind.words())?,
        }
        earlier.iter().try_for_each(|(route, error)| write!(f, "; before, by {route}: {error}"))
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        if let Some(net) = &self.0.net {
            return net.source();
        }
        let source: &(dyn error::Error + 'static) = self.0.source.as_deref()?;
        Some(source)
    }
}

opi_net::error_kinds! {
    /// The part of an [`Error`] that a program branches on.
    pub enum ErrorKind {
        /// The proxy asks for a login, or refuses the one it got.
        Auth {
            code: "proxy_auth",
            who: "caller",
            words: "the proxy refuses the login",
            english: "Give the proxy's user and password, or correct them.",
            russian: "Укажите имя и пароль для прокси или исправьте их.",
        }
        /// The login or the target cannot be put into the proxy's protocol.
        BadRequest {
            code: "proxy_bad_request",
            who: "caller",
            words: "the proxy's protocol cannot carry the login or the target",
            english: "Shorten the user, the password or the host to 255 bytes without control characters.",
            russian: "Сократите имя, пароль или узел до 255 байт без управляющих символов.",
        }
        /// The peer does not speak the proxy's protocol.
        Protocol {
            code: "proxy_protocol",
            who: "caller",
            words: "the peer does not answer as a proxy of this kind",
            english: "Check the proxy's address and whether it is a SOCKS4, a SOCKS5 or an HTTP proxy.",
            russian: "Проверьте адрес прокси и его вид: SOCKS4, SOCKS5 или HTTP.",
        }
        /// The proxy's rules forbid the target.
        Refused {
            code: "proxy_refused",
            who: "administrator",
            words: "the proxy's rules forbid the target",
            english: "Have the proxy's administrator allow this host and port.",
            russian: "Попросите администратора прокси разрешить этот узел и порт.",
        }
        /// The proxy could not reach the target.
        Target {
            code: "proxy_target",
            who: "administrator",
            words: "the proxy could not reach the target",
            english: "Check the target's address; the proxy itself works.",
            russian: "Проверьте адрес назначения; сам прокси работает.",
        }
    }
    wraps {
        /// The network failed, before or at the proxy.
        Net(opi_net::ErrorKind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_pointer_and_crosses_threads() {
        fn check<T: Send + Sync + 'static>() {}
        check::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn an_error_of_the_network_keeps_its_code_and_names_the_proxy() {
        let hop: Hop = "http://u:hunter2@p.test:1".parse().unwrap();
        let net = opi_net::Error::new(opi_net::ErrorKind::Timeout).in_phase(Phase::Connect);
        let error = Error::from(net).at(&hop);
        assert_eq!((error.code(), error.phase()), ("timeout", Some(Phase::Connect)));
        assert_eq!(error.to_string(), "proxy http://u@p.test:1: connect: nothing happened");
    }
}
