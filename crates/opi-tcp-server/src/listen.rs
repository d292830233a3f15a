//! Opens the sockets that a server listens on.

use std::io;
use std::net::SocketAddr;

use socket2::{Domain, Protocol, SockRef, Socket, TcpKeepalive, Type};
use tokio::net::{TcpListener, TcpStream};

use crate::config::{Listening, Times};
use crate::{Error, Ipv6};

/// Listens on every address of `listening`; inside a runtime.
pub(crate) fn listen(listening: &Listening) -> Result<Vec<(TcpListener, SocketAddr)>, Error> {
    let open = |&address| bind(listening, address).map_err(|cause| Error::bind(address, cause));
    listening.addresses.iter().map(open).collect()
}

fn bind(listening: &Listening, address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(listening.ipv6 == Ipv6::Only)?;
    }
    // On Unix it lets a server start again at once, while old connections still die away. On
    // Windows that is so anyway, and the option would let two programs share the port.
    if cfg!(unix) {
        socket.set_reuse_address(true)?;
    }
    socket.bind(&address.into())?;
    socket.listen(i32::from(listening.backlog))?;
    socket.set_nonblocking(true)?;
    let listener = TcpListener::from_std(socket.into())?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Sets what every accepted socket has.
pub(crate) fn prepare(socket: &TcpStream, times: &Times) {
    let keepalive = TcpKeepalive::new().with_time(times.keepalive);
    let done = socket.set_nodelay(true);
    let done = done.and_then(|()| SockRef::from(socket).set_tcp_keepalive(&keepalive));
    if let Err(cause) = done {
        tracing::debug!(%cause, "cannot set an option of a socket");
    }
}
