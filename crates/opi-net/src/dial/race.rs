//! Racing connect (RFC 8305): the first address that answers wins.

use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

/// The pause before the next address is tried beside the ones under way (RFC 8305 section 5).
const STAGGER: Duration = Duration::from_millis(250);

/// The addresses that were tried, in that order, and how each failed; nothing stands where the
/// attempt was under way when the race ended.
#[derive(Debug)]
pub(super) struct Tried<E>(pub(super) Vec<(SocketAddr, Option<E>)>);

impl<E> Default for Tried<E> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// Connects to the first of `addresses` that answers; every one of them is tried and noted in
/// `tried`, also when the race is ended from outside. Returns nothing when all have failed.
pub(super) async fn race<T, E, F: Future<Output = Result<T, E>>>(
    addresses: Vec<SocketAddr>,
    connect: impl Fn(SocketAddr) -> F,
    tried: &mut Tried<E>,
) -> Option<T> {
    let mut waiting = addresses.into_iter();
    let mut running = Running(Vec::new());
    loop {
        let more = match waiting.next() {
            Some(address) => {
                running.0.push((tried.0.len(), Box::pin(connect(address))));
                tried.0.push((address, None));
                waiting.len() > 0
            }
            None if running.0.is_empty() => return None,
            None => false,
        };
        match running.first(more).await {
            Some((_, Ok(stream))) => return Some(stream),
            Some((at, Err(cause))) => tried.0[at].1 = Some(cause),
            None => {}
        }
    }
}

/// The attempts under way, each with its place among the tried ones.
struct Running<F>(Vec<(usize, Pin<Box<F>>)>);

impl<T, E, F: Future<Output = Result<T, E>>> Running<F> {
    /// The first attempt to finish, or nothing when it is time to start another.
    async fn first(&mut self, more: bool) -> Option<(usize, Result<T, E>)> {
        let mut stagger = pin!(tokio::time::sleep(STAGGER));
        std::future::poll_fn(|context| match self.poll(context) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending if more => stagger.as_mut().poll(context).map(|()| None),
            Poll::Pending => Poll::Pending,
        })
        .await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<(usize, Result<T, E>)> {
        for at in 0..self.0.len() {
            let (place, attempt) = &mut self.0[at];
            if let Poll::Ready(result) = attempt.as_mut().poll(context) {
                let place = *place;
                drop(self.0.remove(at));
                return Poll::Ready((place, result));
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

    /// Races peers named by their ports for 10 s at most; returns the winner's port or how many
    /// were tried and how many of them failed, and the time it took.
    async fn check(peers: &'static [Peer]) -> (Result<u16, (usize, usize)>, Duration) {
        let addresses =
            (0..peers.len()).map(|at| SocketAddr::from(([127, 0, 0, 1], at as u16))).collect();
        let started = Instant::now();
        let mut tried = Tried::default();
        let connect = |address: SocketAddr| async move {
            match peers[usize::from(address.port())] {
                Peer::Answers => Ok(address.port()),
                Peer::Refuses => Err("refused"),
                Peer::Silent => std::future::pending().await,
            }
        };
        let racing = race(addresses, connect, &mut tried);
        let won = tokio::time::timeout(Duration::from_secs(10), racing).await.ok().flatten();
        let failed = tried.0.iter().filter(|(_, failure)| failure.is_some()).count();
        (won.ok_or((tried.0.len(), failed)), started.elapsed())
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
        assert_eq!(check(&[Peer::Refuses, Peer::Refuses]).await, (Err((2, 2)), Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_tried_is_known_when_the_race_is_ended() {
        let peers = &[Peer::Silent, Peer::Refuses, Peer::Silent];
        assert_eq!(check(peers).await, (Err((3, 1)), Duration::from_secs(10)));
    }
}
