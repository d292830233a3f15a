//! What a connection passes before its first byte: who may come, and TLS.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::BytesMut;
use opi::net::tls::ServerTls;
use opi::net::{Deadline, Error as NetError, Phase, Stream};
use opi::tcp_server::{Network, proxy_protocol};
use tokio::io::AsyncReadExt;

use crate::args::IncomingArgs;
use crate::failure::{ErrorKind, Failure};
use crate::network;
use crate::redact::Veil;

/// Who may come, and how it is spoken to.
#[derive(Debug)]
pub(crate) struct Gate {
    /// Nobody else, when there is any.
    allowed: Vec<Network>,
    /// These begin with a header, when there are any, and nobody else comes.
    proxies: Vec<Network>,
    tls: Option<ServerTls>,
    timeout: Duration,
}

impl Gate {
    /// What `args` say; passwords go behind the veil.
    ///
    /// # Errors
    ///
    /// A network, a certificate or a key is wrong.
    pub(crate) fn new(args: &IncomingArgs, veil: &mut Veil) -> Result<Self, Failure> {
        Ok(Self {
            allowed: networks("--allow", &args.allow)?,
            proxies: networks("--proxy-protocol", &args.proxy_protocol)?,
            tls: network::serving(&args.tls, veil)?,
            timeout: args.handshake_timeout,
        })
    }

    /// Lets `stream` in; its peer is the real one then.
    ///
    /// # Errors
    ///
    /// The peer may not come, its header or its handshake is wrong, or the time was over.
    pub(crate) async fn pass(
        &self,
        stream: Stream,
        peer: SocketAddr,
    ) -> Result<(Stream, SocketAddr), Failure> {
        let deadline = Deadline::after(self.timeout);
        let (stream, peer) = self.origin(stream, peer, &deadline).await?;
        if !self.allowed.is_empty() && !contains(&self.allowed, peer) {
            return Err(refused(format!("{peer} is in no network of --allow")));
        }
        match &self.tls {
            None => Ok((stream, peer)),
            Some(tls) => Ok((tls.accept(stream, &deadline).await?, peer)),
        }
    }

    async fn origin(
        &self,
        stream: Stream,
        peer: SocketAddr,
        deadline: &Deadline,
    ) -> Result<(Stream, SocketAddr), Failure> {
        if self.proxies.is_empty() {
            return Ok((stream, peer));
        }
        if !contains(&self.proxies, peer) {
            return Err(refused(format!("{peer} is in no network of --proxy-protocol")));
        }
        deadline.run(Phase::Proxy, header(stream, peer)).await?
    }
}

/// Networks as the server reads them.
///
/// # Errors
///
/// One is none.
pub(crate) fn networks(option: &str, list: &[String]) -> Result<Vec<Network>, Failure> {
    let parse = |text: &String| text.parse::<Network>();
    let parsed: Result<_, _> = list.iter().map(parse).collect();
    parsed.map_err(|error| Failure::from(error).detail(format!("in {option}")))
}

/// Takes the header off the front.
async fn header(mut stream: Stream, peer: SocketAddr) -> Result<(Stream, SocketAddr), Failure> {
    let mut buffer = BytesMut::new();
    loop {
        let parsed = proxy_protocol::parse(&buffer);
        if let Some(header) = parsed.map_err(|bad| refused(format!("{peer}: {bad}")))? {
            let rest = buffer.split_off(header.size.min(buffer.len())).freeze();
            let origin = header.addresses.map_or(peer, |addresses| addresses.source);
            return Ok((stream.with_early(rest), origin));
        }
        let read = stream.read_buf(&mut buffer).await;
        if read.map_err(|cause| NetError::from_io(cause, Phase::Proxy))? == 0 {
            let cause = io::ErrorKind::UnexpectedEof.into();
            return Err(NetError::from_io(cause, Phase::Proxy).into());
        }
    }
}

fn contains(networks: &[Network], peer: SocketAddr) -> bool {
    networks.iter().any(|network| network.contains(peer.ip()))
}

fn refused(message: String) -> Failure {
    Failure::new(ErrorKind::NotAllowed, message)
}
