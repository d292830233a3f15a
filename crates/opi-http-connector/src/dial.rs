//! From an origin to a stream that carries requests to it.

use http::HeaderValue;
use opi_net::{Deadline, Stream, Timings, timed};
use opi_proxy::Hop;

use crate::address::{Form, Origin, Scheme};
use crate::{Error, SessionConfig};

/// How requests reach an origin: through a tunnel, or by a proxy that forwards them.
#[derive(Debug)]
pub(crate) struct Way<'a> {
    config: &'a SessionConfig,
    forwarder: Option<(opi_proxy::Route, &'a Hop)>,
}

impl<'a> Way<'a> {
    /// Plain requests are forwarded when the last proxy speaks HTTP; all else is tunnelled.
    pub(crate) fn new(config: &'a SessionConfig, origin: &Origin) -> Self {
        let plain = origin.scheme == Scheme::Http;
        let forwarder = if plain { config.route.forwarding() } else { None };
        Self { config, forwarder }
    }

    /// How the request target is written.
    pub(crate) fn form(&self) -> Form {
        if self.forwarder.is_some() { Form::Absolute } else { Form::Origin }
    }

    /// The proxy that forwards, if one does.
    pub(crate) fn forwarder(&self) -> Option<&'a Hop> {
        self.forwarder.as_ref().map(|(_, hop)| *hop)
    }

    /// What the forwarding proxy asks for; tunnels have shown it before.
    pub(crate) fn proxy_authorization(&self) -> Result<Option<HeaderValue>, Error> {
        match self.forwarder() {
            Some(hop) => Ok(hop.authorization()?),
            None => Ok(None),
        }
    }

    /// Opens a stream.
    pub(crate) async fn open(
        &self,
        origin: &Origin,
        deadline: &Deadline,
        timings: &mut Timings,
    ) -> Result<Stream, Error> {
        let dialer = opi_net::Dialer::new();
        if let Some((before, hop)) = &self.forwarder {
            let opening = opi_proxy::connect_to_proxy(&dialer, before, hop, deadline);
            return Ok(timed(&mut timings.connect, opening).await?.into_tunnel());
        }
        let (route, target) = (&self.config.route, &origin.target);
        let stream = opi_proxy::connect_timed(&dialer, route, target, deadline, timings).await?;
        match origin.scheme {
            Scheme::Http => Ok(stream),
            Scheme::Https => {
                timed(&mut timings.tls, encrypt(self.config, stream, origin, deadline)).await
            }
        }
    }
}

#[cfg(feature = "tls")]
async fn encrypt(
    config: &SessionConfig,
    stream: Stream,
    origin: &Origin,
    deadline: &Deadline,
) -> Result<Stream, Error> {
    Ok(config.tls.handshake(stream, &origin.target, deadline).await?)
}

#[cfg(not(feature = "tls"))]
async fn encrypt(
    _config: &SessionConfig,
    _stream: Stream,
    _origin: &Origin,
    _deadline: &Deadline,
) -> Result<Stream, Error> {
    let detail = "https needs the feature tls, which is left out of this build";
    Err(Error::new(crate::ErrorKind::Unsupported).detail(detail))
}
