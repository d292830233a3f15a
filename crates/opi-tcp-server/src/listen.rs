//! Opens the sockets that a server listens on.

use std::io;
use std::net::SocketAddr;

use opi_net::{Keepalive, TcpOptions};
use socket2::{Domain, Protocol, Socket, Type};
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

/// Sets what every accepted socket has: small pieces go at once, and dead peers are found.
pub(crate) fn prepare(socket: &TcpStream, times: &Times) {
    let keepalive = Keepalive::new().idle(times.keepalive);
    if let Err(cause) = TcpOptions::new().keepalive(keepalive).apply(socket) {
        tracing::debug!(%cause, "cannot set an option of a socket");
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use socket2::SockRef;

    use super::*;

    #[tokio::test]
    async fn a_silence_of_any_length_is_one_that_the_system_takes() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        for (keepalive, expected) in [
            (Times::default().keepalive, Duration::from_secs(60)),
            (Duration::ZERO, Duration::from_secs(1)),
            (Duration::MAX, Duration::from_secs(32_767)),
        ] {
            let socket = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
            prepare(&socket, &Times { keepalive, ..Times::default() });
            let set = SockRef::from(&socket);
            assert!(set.keepalive().unwrap() && set.tcp_nodelay().unwrap());
            #[cfg(target_os = "linux")]
            assert_eq!(set.tcp_keepalive_time().unwrap(), expected);
            #[cfg(not(target_os = "linux"))]
            drop(expected);
        }
    }
}
