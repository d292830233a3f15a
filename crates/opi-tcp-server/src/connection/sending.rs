//! Sending on a connection: at once, from its queue, and the end of it.

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use opi_net::{Cancel, Deadline, Error as NetError, ErrorKind as NetErrorKind, Phase};
use tokio::sync::Notify;

use super::Connection;
use super::outbox::slices;
use crate::race::first;
use crate::{End, Error, ErrorKind};

impl Connection {
    /// Sends all of `data`, after the sends that came before and after what is queued.
    pub(crate) async fn send(
        &self,
        data: &[u8],
        deadline: &Deadline,
        stopped: &Cancel,
    ) -> Result<(), Error> {
        // A send that never has to wait takes turns with other work all the same.
        tokio::task::coop::consume_budget().await;
        let turn = self.turn.try_lock();
        let goes = turn.is_ok() && !deadline.is_cancelled();
        let mut sent = if goes { self.send_at_once(data)? } else { 0 };
        if sent > 0 && sent == data.len() {
            return Ok(());
        }
        // A send that is dropped leaves to the task what the layers below still hold.
        let _kick = self.wire.is_layered().then(|| Kick(&self.outgoing));
        let sending = async {
            // What went at once and the rest of it are one send: the turn is kept between them.
            let _turn = match turn {
                Ok(turn) => turn,
                Err(_) => self.turn.lock().await,
            };
            self.writable()?;
            if sent == 0 {
                self.write_queue().await.map_err(failed)?;
            }
            // Once a part has gone, what was queued meanwhile comes behind the rest.
            self.write_all(data, &mut sent).await.map_err(failed)
        };
        let sending = first(sending, self.until_gone());
        let done = deadline.run(Phase::Send, stopped.unless(sending)).await;
        let done = match done {
            Ok(Some(done)) => done,
            Ok(None) => Err(Error::new(ErrorKind::Stopped)),
            Err(late) => Err(late.into()),
        };
        done.map_err(|error| error.after_sending(sent))
    }

    /// Sends what goes at once, when nothing waits; says how much went. The turn is the caller's.
    fn send_at_once(&self, data: &[u8]) -> Result<usize, Error> {
        self.writable()?;
        if !self.state().outbox.is_empty() {
            return Ok(0);
        }
        let written = self.wire.try_write(data);
        let count = written.inspect_err(|cause| self.broken(cause)).map_err(failed)?;
        if count > 0 {
            self.state().went(count);
        }
        Ok(count)
    }

    /// Queues `data` behind what is queued already, and sends of it what goes at once.
    pub(crate) fn queue(&self, data: &Bytes, limit: usize) -> Result<(), Error> {
        self.writable()?;
        let turn = self.turn.try_lock();
        let mut state = self.state();
        if !state.outbox.fits(data.len(), limit) {
            return Err(Error::queue_full(state.outbox.len(), limit));
        }
        let goes = turn.is_ok() && state.outbox.is_empty();
        // It stands in the queue before it goes, so that whatever is queued meanwhile, with the
        // turn or without, comes behind all of it and counts what it has left.
        state.outbox.push(data.clone());
        if goes {
            drop(state);
            let count = self.wire.try_write(data).map_err(|cause| {
                self.broken(&cause);
                failed(cause)
            })?;
            state = self.state();
            state.outbox.advance(count);
            state.went(count);
        }
        let left = !state.outbox.is_empty();
        drop((state, turn));
        if left {
            self.outgoing.notify_one();
        }
        Ok(())
    }

    /// Tells the peer that nothing more will be sent, after what is queued.
    pub(crate) fn finish_sending(&self) -> Result<(), Error> {
        let mut state = self.state();
        if state.finishing {
            return Ok(());
        }
        drop(state);
        self.writable()?;
        state = self.state();
        (state.finishing, state.can_write) = (true, false);
        let now = state.outbox.is_empty() && !self.wire.is_layered();
        drop(state);
        if now && let Ok(_turn) = self.turn.try_lock() {
            self.wire_finished()?;
        } else {
            self.outgoing.notify_one();
        }
        self.room.notify_one();
        Ok(())
    }

    fn wire_finished(&self) -> Result<(), Error> {
        let mut context = Context::from_waker(std::task::Waker::noop());
        match self.wire.poll_finish(&mut context) {
            Poll::Ready(Err(cause)) => Err(failed(cause)),
            // A plain socket is never pending.
            _ => Ok(()),
        }
    }

    /// Whether somebody sends, or waits for its turn.
    pub(crate) fn sends(&self) -> bool {
        self.turn.try_lock().is_err()
    }

    /// Whether something is on its way to the peer, and can still arrive.
    pub(crate) fn answers(&self) -> bool {
        let (lost, queued) = {
            let state = self.state();
            (state.lost, !state.outbox.is_empty())
        };
        !lost && (queued || self.sends())
    }

    /// Completes when nothing is on its way to the peer, or nothing of it can arrive any more.
    pub(crate) async fn answered(&self) {
        let sent = async {
            // Who sends has the turn until all of it has gone. Bytes that are queued without it are
            // the task's, which is about to take it.
            loop {
                let turn = self.turn.lock().await;
                if self.state().outbox.is_empty() {
                    return;
                }
                drop(turn);
                tokio::task::yield_now().await;
            }
        };
        first(sent, async { drop(self.until_gone().await) }).await;
    }

    /// Writes the queue whenever there is something in it; ends with the reason when the peer
    /// takes nothing for `patience`.
    pub(crate) async fn serve_queue(&self, patience: Duration) -> End {
        loop {
            self.outgoing.notified().await;
            let _turn = self.turn.lock().await;
            if let Err(end) = self.drain(patience).await {
                return end;
            }
        }
    }

    /// Writes everything queued, and the end when that is due; the turn is the caller's. A wire
    /// that has broken is left to those who read from it.
    async fn drain(&self, patience: Duration) -> Result<(), End> {
        loop {
            let step = poll_fn(|context| self.poll_queue(context));
            match tokio::time::timeout(patience, step).await {
                Err(_) => return Err(End::WriteTimeout),
                Ok(Ok(true)) => {}
                Ok(Ok(false)) => break,
                Ok(Err(cause)) => {
                    self.broken(&cause);
                    return Ok(());
                }
            }
        }
        if self.state().finishing {
            let finish = poll_fn(|context| self.wire.poll_finish(context));
            // The peer is gone, or will be told by the close.
            let _untold = tokio::time::timeout(patience, finish).await.is_err();
        }
        Ok(())
    }

    /// Ends a connection that is to be closed: what is queued still goes, as long as the peer
    /// takes it, then both directions end.
    pub(crate) async fn farewell(&self, patience: Duration) {
        let leaving = async {
            let _turn = self.turn.lock().await;
            if self.drain(patience).await.is_ok() && self.wire.is_layered() {
                let finish = poll_fn(|context| self.wire.poll_finish(context));
                let _untold = tokio::time::timeout(patience.min(GOODBYE), finish).await.is_err();
            }
        };
        let broken = self.state().end.as_ref().is_some_and(End::breaks_the_wire);
        if !broken {
            // Whatever is left then is dropped.
            let _late = tokio::time::timeout(patience, leaving).await.is_err();
        }
        self.wire.close();
        let mut state = self.state();
        (state.can_write, state.lost) = (false, true);
        drop(state);
        self.tell();
    }

    /// The queue's next piece; false when there is none and nothing is held back below.
    fn poll_queue(&self, context: &mut Context<'_>) -> Poll<io::Result<bool>> {
        let front = {
            let state = self.state();
            if state.outbox.is_empty() {
                drop(state);
                return self.wire.poll_flush(context).map_ok(|()| false);
            }
            state.outbox.front()
        };
        let count = ready!(self.wire.poll_write(context, &slices(&front)))?;
        let mut state = self.state();
        state.outbox.advance(count);
        state.went(count);
        Poll::Ready(Ok(true))
    }

    async fn write_queue(&self) -> io::Result<()> {
        while poll_fn(|context| self.poll_queue(context)).await? {}
        Ok(())
    }

    async fn write_all(&self, data: &[u8], sent: &mut usize) -> io::Result<()> {
        while *sent < data.len() {
            let count =
                poll_fn(|context| self.wire.poll_write(context, &[IoSlice::new(&data[*sent..])]));
            let count = count.await.inspect_err(|cause| self.broken(cause))?;
            *sent += count;
            self.state().went(count);
        }
        poll_fn(|context| self.wire.poll_flush(context)).await
    }

    /// Records that nothing can be written any more.
    fn broken(&self, cause: &io::Error) {
        let mut state = self.state();
        state.broken.get_or_insert_with(|| End::of(cause));
        (state.can_write, state.lost) = (false, true);
        state.outbox.clear();
        drop(state);
        self.tell();
    }

    fn writable(&self) -> Result<(), Error> {
        let state = self.state();
        if state.finishing {
            return Err(Error::new(ErrorKind::SendingFinished));
        }
        if state.can_write { Ok(()) } else { Err(gone()) }
    }

    /// Completes when nothing can be sent any more.
    async fn until_gone(&self) -> Result<(), Error> {
        loop {
            let told = self.gone.notified();
            if self.state().lost {
                return Err(gone());
            }
            told.await;
        }
    }
}

/// Tells the task to look after the queue.
struct Kick<'a>(&'a Notify);

impl Drop for Kick<'_> {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

fn failed(cause: io::Error) -> Error {
    NetError::from_io(cause, Phase::Send).into()
}

fn gone() -> Error {
    NetError::new(NetErrorKind::Closed).in_phase(Phase::Send).into()
}

/// The longest time that a closing layer may take to say so.
const GOODBYE: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use tokio::net::{TcpListener, TcpStream};
    use tokio::runtime::Builder;

    use super::*;
    use crate::Config;
    use crate::connection::{Origin, plain};
    use crate::hub::Hub;

    /// Runs `test` where no clock wakes anybody.
    fn check<T: Future<Output = ()>>(test: impl FnOnce(std::sync::Arc<Connection>) -> T) {
        let runtime = Builder::new_current_thread().enable_io().build().unwrap();
        runtime.block_on(async {
            let hub = Hub::new(Config::loopback(0));
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let local = listener.local_addr().unwrap();
            let wire = plain(TcpStream::connect(local).await.unwrap());
            let origin = Origin { peer: local, via: None, local, tls: None };
            test(hub.admit(origin, wire, hub.place().unwrap())).await;
        });
    }

    async fn is_over(waiting: std::pin::Pin<&mut impl Future<Output = ()>>) -> bool {
        let mut waiting = waiting;
        poll_fn(|context| Poll::Ready(waiting.as_mut().poll(context).is_ready())).await
    }

    #[test]
    fn the_end_of_an_answer_is_an_event() {
        check(|connection| async move {
            assert!(is_over(pin!(connection.answered())).await);
            let turn = connection.turn.lock().await;
            let mut waiting = pin!(connection.answered());
            assert!(!is_over(waiting.as_mut()).await);
            connection.state().outbox.push(Bytes::from_static(b"queued meanwhile"));
            drop(turn);
            assert!(!is_over(waiting.as_mut()).await);
            connection.state().outbox.clear();
            waiting.await;
        });
    }

    #[test]
    fn an_answer_that_cannot_arrive_is_not_waited_for() {
        check(|connection| async move {
            let _turn = connection.turn.lock().await;
            let mut waiting = pin!(connection.answered());
            assert!(!is_over(waiting.as_mut()).await);
            connection.ended(End::PeerReset);
            waiting.await;
        });
    }
}
