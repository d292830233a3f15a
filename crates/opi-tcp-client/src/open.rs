//! From a configuration to an open stream: route first, then TLS.

use opi_net::{Deadline, Stream};

use crate::{Config, Error};

/// Opens the stream that `config` describes.
pub(crate) async fn open(config: &Config, deadline: &Deadline) -> Result<Stream, Error> {
    let stream = reach(config, deadline).await?;
    encrypt(config, stream, deadline).await
}

#[cfg(feature = "proxy")]
async fn reach(config: &Config, deadline: &Deadline) -> Result<Stream, Error> {
    Ok(opi_proxy::connect(&config.route, &config.target, deadline).await?)
}

#[cfg(not(feature = "proxy"))]
async fn reach(config: &Config, deadline: &Deadline) -> Result<Stream, Error> {
    Ok(opi_net::connect(&config.target, deadline).await?)
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
