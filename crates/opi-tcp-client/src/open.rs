//! From a configuration to an open stream: route first, then TLS.

use opi_net::{Deadline, Stream, Timings};

use crate::{Config, Error};

/// A stream, and how it came to be.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) stream: Stream,
    pub(crate) timings: Timings,
    /// The route that was taken.
    #[cfg(feature = "proxy")]
    pub(crate) way: opi_proxy::Route,
}

/// Opens the stream that `config` describes.
pub(crate) async fn open(config: &Config, deadline: &Deadline) -> Result<Opened, Error> {
    let mut timings = Timings::default();
    let reached = reach(config, deadline, &mut timings).await?;
    let stream = encrypt(config, reached.0, deadline, &mut timings).await?;
    Ok(Opened {
        stream,
        timings,
        #[cfg(feature = "proxy")]
        way: reached.1,
    })
}

#[cfg(feature = "proxy")]
async fn reach(
    config: &Config,
    deadline: &Deadline,
    timings: &mut Timings,
) -> Result<(Stream, opi_proxy::Route), Error> {
    let Config { dialer, target, .. } = config;
    let ways = config.ways();
    let (stream, route) = ways.connect_timed(dialer, target, deadline, timings).await?;
    Ok((stream, route.clone()))
}

#[cfg(not(feature = "proxy"))]
async fn reach(
    config: &Config,
    deadline: &Deadline,
    timings: &mut Timings,
) -> Result<(Stream,), Error> {
    Ok((config.dialer.connect_timed(&config.target, deadline, timings).await?,))
}

#[cfg(feature = "tls")]
async fn encrypt(
    config: &Config,
    stream: Stream,
    deadline: &Deadline,
    timings: &mut Timings,
) -> Result<Stream, Error> {
    let Some(tls) = &config.tls else { return Ok(stream) };
    let shaking = tls.handshake(stream, &config.target, deadline);
    Ok(opi_net::timed(&mut timings.tls, shaking).await?)
}

#[cfg(not(feature = "tls"))]
async fn encrypt(
    _config: &Config,
    stream: Stream,
    _deadline: &Deadline,
    _timings: &mut Timings,
) -> Result<Stream, Error> {
    Ok(stream)
}
