//! From a configuration to an open stream: route first, then TLS.

use opi_net::{Deadline, Stream};
use tokio::time::Instant;

use crate::stats::Timings;
use crate::{Config, Error};

/// Opens the stream that `config` describes, and says how long it took.
pub(crate) async fn open(config: &Config, deadline: &Deadline) -> Result<(Stream, Timings), Error> {
    let started = Instant::now();
    let stream = reach(config, deadline).await?;
    let reached = Instant::now();
    let stream = encrypt(config, stream, deadline).await?;
    let timings = Timings { reach: reached - started, tls: tls_time(config, reached) };
    Ok((stream, timings))
}

#[cfg(feature = "proxy")]
async fn reach(config: &Config, deadline: &Deadline) -> Result<Stream, Error> {
    Ok(opi_proxy::connect_by(&config.dialer, &config.route, &config.target, deadline).await?)
}

#[cfg(not(feature = "proxy"))]
async fn reach(config: &Config, deadline: &Deadline) -> Result<Stream, Error> {
    Ok(config.dialer.connect(&config.target, deadline).await?)
}

#[cfg(feature = "tls")]
async fn encrypt(config: &Config, stream: Stream, deadline: &Deadline) -> Result<Stream, Error> {
    match &config.tls {
        Some(tls) => Ok(tls.handshake(stream, &config.target, deadline).await?),
        None => Ok(stream),
    }
}

#[cfg(not(feature = "tls"))]
async fn encrypt(_config: &Config, stream: Stream, _deadline: &Deadline) -> Result<Stream, Error> {
    Ok(stream)
}

#[cfg(feature = "tls")]
fn tls_time(config: &Config, since: Instant) -> std::time::Duration {
    config.tls.as_ref().map_or_else(Default::default, |_| since.elapsed())
}

#[cfg(not(feature = "tls"))]
fn tls_time(_config: &Config, _since: Instant) -> std::time::Duration {
    std::time::Duration::ZERO
}
