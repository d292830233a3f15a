//! Racing connect (RFC 8305): the first address that answers wins.

use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::net::TcpStream;

/// The pause before the next address is tried beside the ones under way (RFC 8305 section 5).
pub(crate) const STAGGER: Duration = Duration::from_millis(250);

/// Connects to the first of `addresses` that answers; every one of them is tried.
///
/// The error is the list of what each address answered, in the order of the answers.
pub(crate) async fn race(
    addresses: Vec<SocketAddr>,
) -> Result<TcpStream, Vec<(SocketAddr, io::Error)>> {
    race_with(addresses, TcpStream::connect).await
}

async fn race_with<T, F>(
    addresses: Vec<SocketAddr>,
    connect: impl Fn(SocketAddr) -> F,
) -> Result<T, Vec<(SocketAddr, io::Error)>>
where
    F: Future<Output = io::Result<T>> + Send + 'static,
{
    let mut waiting = addresses.into_iter();
    let mut running = Running(Vec::new());
    let mut failed = Vec::new();
    loop {
        let more = match waiting.next() {
            Some(address) => {
                running.0.push((address, Box::pin(connect(address))));
                true
            }
            None if running.0.is_empty() => return Err(failed),
            None => false,
        };
        match running.first(more).await {
            Some((_, Ok(stream))) => return Ok(stream),
            Some((address, Err(cause))) => failed.push((address, cause)),
            None => {}
        }
    }
}

/// The attempts under way.
struct Running<F>(Vec<(SocketAddr, Pin<Box<F>>)>);

impl<T, F: Future<Output = io::Result<T>>> Running<F> {
    /// The first attempt to finish, or nothing when it is time to start another.
    async fn first(&mut self, more: bool) -> Option<(SocketAddr, io::Result<T>)> {
        let mut stagger = pin!(tokio::time::sleep(STAGGER));
        std::future::poll_fn(|context| match self.poll(context) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending if more => stagger.as_mut().poll(context).map(|()| None),
            Poll::Pending => Poll::Pending,
        })
        .await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<(SocketAddr, io::Result<T>)> {
        for at in 0..self.0.len() {
            let (address, attempt) = &mut self.0[at];
            if let Poll::Ready(result) = attempt.as_mut().poll(context) {
                let address = *address;
                drop(self.0.remove(at));
                return Poll::Ready((address, result));
            }
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[derive(Clone, Copy)]
    enum Peer {
        Answers,
        Refuses,
        Silent,
    }

    /// Races peers named by their ports; returns the winner's port and the time it took.
    async fn check(peers: &'static [Peer]) -> (Result<u16, usize>, Duration) {
        let addresses =
            (0..peers.len()).map(|at| SocketAddr::from(([127, 0, 0, 1], at as u16))).collect();
        let started = Instant::now();
        let won = race_with(addresses, |address| async move {
            match peers[usize::from(address.port())] {
                Peer::Answers => Ok(address.port()),
                Peer::Refuses => Err(io::ErrorKind::ConnectionRefused.into()),
                Peer::Silent => std::future::pending().await,
            }
        });
        (won.await.map_err(|failed| failed.len()), started.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_first_address_costs_one_stagger() {
        assert_eq!(check(&[Peer::Silent, Peer::Answers]).await, (Ok(1), STAGGER));
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_starts_the_next_at_once() {
        let peers = &[Peer::Refuses, Peer::Refuses, Peer::Answers];
        assert_eq!(check(peers).await, (Ok(2), Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn every_address_is_tried_before_it_fails() {
        assert_eq!(check(&[Peer::Refuses, Peer::Refuses]).await, (Err(2), Duration::ZERO));
    }
}
