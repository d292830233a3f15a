//! One accepted connection: its socket, its unread bytes, and what is told about it.

use std::fmt;
use std::net::{Shutdown, SocketAddr};
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::{Bytes, BytesMut};
use opi_net::{Deadline, Error as NetError, Phase};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::Error;

/// The number of a connection; never used twice by one server.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ConnectionId(pub(crate) u64);

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ConnectionId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// What came from a connection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Message {
    /// The connection it came from.
    pub connection: ConnectionId,
    /// The address of the peer.
    pub peer: SocketAddr,
    /// The bytes; none when the peer has finished and all its bytes were taken.
    pub data: Bytes,
    /// Whether more may come; a peer that has finished can be answered all the same.
    pub open: bool,
}

/// What is known about a connection.
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ConnectionFacts {
    /// Its number.
    pub id: ConnectionId,
    /// The address of the peer.
    pub peer: SocketAddr,
    /// Whether more may come from the peer.
    pub can_read: bool,
    /// Whether the peer can be sent to.
    pub can_write: bool,
    /// The bytes that came and were not taken yet.
    pub unread: usize,
}

/// An accepted connection. Its locks are held for a few instructions only, never while waiting.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) id: ConnectionId,
    pub(crate) peer: SocketAddr,
    pub(crate) socket: TcpStream,
    /// Told when bytes are taken, so that reading may go on.
    pub(crate) room: Notify,
    /// Told when bytes come, for those who wait for this connection only.
    pub(crate) arrived: Notify,
    /// Held by the one send that is under way.
    sending: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) unread: BytesMut,
    pub(crate) can_read: bool,
    can_write: bool,
    /// Whether the server's queue of ready connections names this one.
    pub(crate) queued: bool,
}

impl Connection {
    pub(crate) fn new(id: ConnectionId, peer: SocketAddr, socket: TcpStream) -> Self {
        let state =
            State { unread: BytesMut::new(), can_read: true, can_write: true, queued: false };
        Self {
            id,
            peer,
            socket,
            room: Notify::new(),
            arrived: Notify::new(),
            sending: tokio::sync::Mutex::new(()),
            state: Mutex::new(state),
        }
    }

    /// The state; nobody panics while holding it, so a poisoned lock is as good as any.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn facts(&self) -> ConnectionFacts {
        let state = self.state();
        ConnectionFacts {
            id: self.id,
            peer: self.peer,
            can_read: state.can_read,
            can_write: state.can_write,
            unread: state.unread.len(),
        }
    }

    /// Takes at most `limit` unread bytes, if there are any.
    pub(crate) fn take(&self, limit: usize) -> Option<Message> {
        let mut state = self.state();
        if state.unread.is_empty() {
            return None;
        }
        let size = state.unread.len().min(limit);
        let data = state.unread.split_to(size).freeze();
        if state.unread.is_empty() {
            // An idle connection keeps no buffer.
            state.unread = BytesMut::new();
        }
        let open = state.can_read || !state.unread.is_empty();
        drop(state);
        self.room.notify_one();
        Some(Message { connection: self.id, peer: self.peer, data, open })
    }

    /// What there is to say: bytes, or that the peer has finished.
    pub(crate) fn take_or_end(&self, limit: usize) -> Option<Message> {
        self.take(limit).or_else(|| {
            let ended = !self.state().can_read;
            let (connection, peer) = (self.id, self.peer);
            ended.then(|| Message { connection, peer, data: Bytes::new(), open: false })
        })
    }

    /// Sends all of `data`, after the sends that came before.
    pub(crate) async fn send(&self, data: &[u8], deadline: &Deadline) -> Result<(), Error> {
        let mut sent = 0;
        let sending = async {
            let _turn = self.sending.lock().await;
            while sent < data.len() {
                self.socket.writable().await?;
                match self.socket.try_write(&data[sent..]) {
                    Ok(count) => sent += count,
                    Err(cause) if cause.kind() == std::io::ErrorKind::WouldBlock => {}
                    Err(cause) => return Err(cause),
                }
            }
            Ok(())
        };
        let done = deadline.run(Phase::Send, sending).await;
        let done = done.and_then(|it| {
            it.map_err(|cause| {
                self.no_more_writing();
                NetError::from_io(cause, Phase::Send)
            })
        });
        done.map_err(|error| Error::from(error).after_sending(sent))
    }

    /// Tells the peer that nothing more will be sent.
    pub(crate) fn finish_sending(&self) -> Result<(), Error> {
        self.no_more_writing();
        self.shutdown(Shutdown::Write)
    }

    fn no_more_writing(&self) {
        self.state().can_write = false;
        self.room.notify_one();
    }

    /// Ends both directions; the peer reads an end.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        (state.can_read, state.can_write) = (false, false);
        state.unread = BytesMut::new();
        drop(state);
        // A peer that is gone already needs no farewell.
        let _gone = self.shutdown(Shutdown::Both).is_err();
        self.arrived.notify_waiters();
        self.room.notify_one();
    }

    fn shutdown(&self, how: Shutdown) -> Result<(), Error> {
        let done = socket2::SockRef::from(&self.socket).shutdown(how);
        Ok(done.map_err(|cause| NetError::from_io(cause, Phase::Send))?)
    }
}
