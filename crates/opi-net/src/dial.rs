//! From a target to an open connection.

use std::io;
use std::net::SocketAddr;

use tokio::net::TcpStream;

use crate::race::race;
use crate::resolve::resolve;
use crate::{Deadline, Error, ErrorKind, Phase, Stream, Target};

/// Opens a plain TCP connection straight to `target`.
///
/// The name is looked up, and its addresses race (RFC 8305); every address is tried.
/// `TCP_NODELAY` is on: requests are written in one piece, so waiting for more only adds latency.
///
/// # Errors
///
/// [`ErrorKind::Resolve`], [`ErrorKind::Refused`] when every address refused,
/// [`ErrorKind::Connect`], [`ErrorKind::Timeout`] or [`ErrorKind::Cancelled`].
///
/// # Cancel safety
///
/// Dropping the future closes every attempt.
pub async fn connect(target: &Target, deadline: &Deadline) -> Result<Stream, Error> {
    let addresses = resolve(target, deadline).await?;
    let racing = deadline.run(Phase::Connect, race(addresses)).await;
    let socket = racing.map_err(|error| error.on(target))?.map_err(|all| failed(target, &all))?;
    prepare(&socket).map_err(|cause| Error::from_io(cause, Phase::Connect).on(target))?;
    tracing::debug!(%target, elapsed_ms = deadline.elapsed().as_millis() as u64, "connected");
    Ok(Stream::from(socket))
}

fn prepare(socket: &TcpStream) -> io::Result<()> {
    socket.set_nodelay(true)
}

/// The error of a race that nobody won; its cause lists what each address answered.
fn failed(target: &Target, answers: &[(SocketAddr, io::Error)]) -> Error {
    let refused = |(_, cause): &(_, io::Error)| cause.kind() == io::ErrorKind::ConnectionRefused;
    let all_refused = !answers.is_empty() && answers.iter().all(refused);
    let kind = if all_refused { ErrorKind::Refused } else { ErrorKind::Connect };
    let list: Vec<_> = answers.iter().map(|(to, cause)| format!("{to}: {cause}")).collect();
    Error::new(kind).in_phase(Phase::Connect).on(target).because(list.join("; "))
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn a_refused_connection_names_target_and_address() {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let target = Target::from(free);
        let deadline = Deadline::after(Duration::from_secs(5));
        let error = connect(&target, &deadline).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused);
        assert_eq!(error.to_string(), format!("connect {target}: the connection was refused"));
        assert!(error.source().unwrap().to_string().starts_with(&target.to_string()));
    }
}
