//! What happens between accepting a connection and letting it in: the header of the PROXY
//! protocol and the TLS handshake, under a limit of their own.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use opi_net::{Deadline, Phase, Stream};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use crate::Config;
use crate::connection::{Connection, Origin, Piece, Wire, layered, plain};
use crate::hub::Hub;
use crate::places::Place;
use crate::proxy_protocol::{Header, LONGEST, parse};

/// Lets a connection in, or records why not.
pub(crate) async fn welcome(
    hub: &Hub,
    socket: TcpStream,
    peer: SocketAddr,
    place: Place,
    header: bool,
) -> Option<Arc<Connection>> {
    let deadline = Deadline::after(hub.config.times.handshake);
    match prepare(hub, socket, peer, place, header, &deadline).await {
        Ok(welcomed) => Some(welcomed),
        Err(why) => {
            hub.refused(peer.ip(), &why);
            None
        }
    }
}

async fn prepare(
    hub: &Hub,
    mut socket: TcpStream,
    peer: SocketAddr,
    mut place: Place,
    header: bool,
    deadline: &Deadline,
) -> Result<Arc<Connection>, String> {
    let local = socket.local_addr().map_err(text)?;
    let mut origin = Origin { peer, via: None, local, tls: None };
    let mut early = Bytes::new();
    if header {
        let reading = Box::pin(read_header(&mut socket));
        let (found, rest) = deadline.run(Phase::Proxy, reading).await.map_err(text)??;
        early = rest;
        if let Some(addresses) = found.addresses {
            (origin.peer, origin.via) = (addresses.source, Some(peer));
        }
        hub.config.admission.check(origin.peer.ip()).map_err(text)?;
        place = place.name(origin.peer.ip()).map_err(text)?;
    }
    let (wire, early) = secure(&hub.config, socket, early, &mut origin, deadline).await?;
    let connection = hub.admit(origin, wire, place);
    if !early.is_empty() {
        let mut state = connection.state();
        state.arrive(Piece::Copied(&early));
        connection.arrived(state, hub);
    }
    Ok(connection)
}

/// The wire of a plain connection, or of an encrypted one when its handshake is over; and what
/// came early on a plain one.
async fn secure(
    config: &Config,
    socket: TcpStream,
    early: Bytes,
    origin: &mut Origin,
    deadline: &Deadline,
) -> Result<(Wire, Bytes), String> {
    if let Some(tls) = &config.tls {
        let stream = Stream::from(socket).with_early(early);
        let stream = Box::pin(tls.accept(stream, deadline)).await.map_err(text)?;
        origin.tls = stream.tls().map(Box::new);
        return Ok((layered(stream), Bytes::new()));
    }
    Ok((plain(socket), early))
}

/// Reads the header, and what came behind it.
async fn read_header(socket: &mut TcpStream) -> Result<(Header, Bytes), String> {
    let mut bytes = BytesMut::with_capacity(FIRST);
    loop {
        if let Some(header) = parse(&bytes).map_err(text)? {
            let rest = bytes.split_off(header.size).freeze();
            return Ok((header, rest));
        }
        bytes.reserve(FIRST);
        let room = (LONGEST - bytes.len()).min(FIRST);
        let mut limited = bytes::BufMut::limit(&mut bytes, room);
        if socket.read_buf(&mut limited).await.map_err(text)? == 0 {
            return Err("it ended inside its PROXY header".to_owned());
        }
    }
}

fn text(cause: impl fmt::Display) -> String {
    cause.to_string()
}

/// How much is read at a time.
const FIRST: usize = 512;
