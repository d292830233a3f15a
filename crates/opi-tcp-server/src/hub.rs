//! What a server's tasks and its owner share.

use std::net::IpAddr;
use std::sync::Arc;

use opi_net::Cancel;

use crate::config::Refusal;
use crate::connection::{Connection, Origin, Wire};
use crate::ends::Ends;
use crate::inbox::Inbox;
use crate::log::Level;
use crate::meter::Meter;
use crate::places::{Place, Places};
use crate::{Config, ConnectionFacts, ConnectionId, End, WhenFull};

#[derive(Debug)]
pub(crate) struct Hub {
    pub(crate) config: Config,
    pub(crate) inbox: Inbox,
    pub(crate) places: Arc<Places>,
    pub(crate) meter: Meter,
    pub(crate) ends: Ends,
    /// Thrown when the server begins to stop.
    pub(crate) stopping: Cancel,
    /// Thrown when nothing may be sent any more.
    pub(crate) stopped: Cancel,
}

impl Hub {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            inbox: Inbox::default(),
            places: Places::new(&config.admission),
            meter: Meter::new(config.limits.max_unread_total),
            ends: Ends::default(),
            stopping: Cancel::new(),
            stopped: Cancel::new(),
            config,
        }
    }

    /// A place for a new connection, made free if need be.
    pub(crate) fn place(&self) -> Result<Place, Refusal> {
        match self.places.take() {
            Err(Refusal::Full) if self.make_room() => self.places.take(),
            place => place,
        }
    }

    /// Whether there is, or can be made, a place for a new connection.
    pub(crate) fn has_room(&self) -> bool {
        !self.places.is_full() || self.inbox.oldest_over().is_some()
    }

    /// Marks a connection as one that keeps no place from a new one.
    pub(crate) fn over(&self, id: ConnectionId) {
        self.inbox.over(id);
        self.places.freed.notify_waiters();
    }

    /// Closes the connection that is least missed; false when there is none.
    fn make_room(&self) -> bool {
        if let Some(over) = self.inbox.oldest_over() {
            return self.close(over, End::Evicted).is_some();
        }
        let evicts = self.config.admission.when_full == WhenFull::Evict;
        while evicts && let Some(quietest) = self.quietest() {
            if self.evict(&quietest) {
                return true;
            }
        }
        false
    }

    /// Closes a connection for a new one; false when bytes wait for it by now.
    fn evict(&self, connection: &Connection) -> bool {
        let closed = connection.close_idle(End::Evicted);
        if closed {
            // Its task, which knows by now, may have forgotten it already.
            if self.inbox.remove(connection.id).is_some() {
                self.ended(connection);
            }
            release_place(connection);
        }
        closed
    }

    /// The connection that was quiet for the longest time, and for which nothing waits.
    fn quietest(&self) -> Option<Arc<Connection>> {
        let idle = |it: Arc<Connection>| {
            let state = it.state();
            let busy = state.standing().waiting || it.sends();
            let since = (state.active, it.id);
            drop(state);
            (!busy).then_some((since, it))
        };
        let (_, quietest) = self.inbox.all().into_iter().filter_map(idle).min_by_key(|it| it.0)?;
        Some(quietest)
    }

    /// Lets a connection in, whose handshake is over.
    pub(crate) fn admit(&self, origin: Origin, wire: Wire, place: Place) -> Arc<Connection> {
        self.places.accepted();
        let codec = self.config.codec.as_ref();
        let make = |id| Arc::new(Connection::new(id, origin, wire, codec, place));
        let connection = self.inbox.insert(make);
        let (id, peer) = (connection.id, connection.origin.peer);
        tracing::debug!(connection = %id, %peer, "connection accepted");
        match connection.origin.via {
            Some(via) => self.info(format_args!("connection {id} accepted from {peer} via {via}")),
            None => self.info(format_args!("connection {id} accepted from {peer}")),
        }
        connection
    }

    /// Records that a connection was not let in.
    pub(crate) fn refused(&self, peer: IpAddr, why: &dyn std::fmt::Display) {
        self.places.refused();
        tracing::debug!(%peer, %why, "connection refused");
        self.config.log(Level::Warn, format_args!("connection from {peer} refused: {why}"));
    }

    /// Closes a connection and forgets it; nothing when there is none of that number.
    pub(crate) fn close(&self, id: ConnectionId, end: End) -> Option<()> {
        let connection = self.inbox.remove(id)?;
        connection.close(end);
        self.ended(&connection);
        release_place(&connection);
        Some(())
    }

    /// Forgets a connection that has ended by itself.
    pub(crate) fn forget(&self, connection: &Connection) {
        if self.inbox.remove(connection.id).is_some() {
            connection.state().unread.clear();
            self.ended(connection);
        }
        // A read under way while the owner closed it may have reserved room again.
        connection.settle(connection.state(), &self.meter);
        let place = connection.state().place.take();
        drop(place);
    }

    fn info(&self, line: std::fmt::Arguments<'_>) {
        self.config.log(Level::Info, line);
    }

    fn ended(&self, connection: &Connection) {
        let facts = connection.facts();
        connection.settle(connection.state(), &self.meter);
        connection.arrived.notify_waiters();
        let ConnectionFacts { id, received, sent, .. } = facts;
        let why = facts.end.as_ref().map(ToString::to_string).unwrap_or_default();
        tracing::debug!(connection = %id, received, sent, why, "connection ended");
        self.info(format_args!(
            "connection {id} ended: {why} (received {received} bytes, sent {sent} bytes)"
        ));
        self.ends.add(facts);
    }
}

/// Gives back the place of a closed connection; one whose queue still leaves keeps it for so long.
fn release_place(connection: &Connection) {
    let place = {
        let mut state = connection.state();
        if state.outbox.is_empty() { state.place.take() } else { None }
    };
    drop(place);
}

#[cfg(test)]
mod tests {
    use tokio::net::{TcpListener, TcpStream};

    use super::*;
    use crate::connection::{Piece, plain};

    /// A connection of `hub`, whose other end is gone.
    async fn connection(hub: &Hub) -> Arc<Connection> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let local = listener.local_addr().unwrap();
        let wire = plain(TcpStream::connect(local).await.unwrap());
        hub.admit(Origin { peer: local, via: None, local, tls: None }, wire, hub.place().unwrap())
    }

    #[tokio::test]
    async fn the_queue_of_the_ready_forgets_those_that_are_closed() {
        let hub = Hub::new(Config::loopback(0));
        for _ in 0..100 {
            let connection = connection(&hub).await;
            connection.state().arrive(Piece::Copied(b"unread"));
            hub.inbox.ready(&connection);
            assert!(hub.close(connection.id, End::ClosedByOwner).is_some());
        }
        assert!(hub.inbox.waiting() < 20, "{}", hub.inbox.waiting());
    }

    #[tokio::test]
    async fn one_whose_bytes_came_after_it_was_chosen_is_not_evicted() {
        let config = Config::loopback(0).max_connections(2).when_full(WhenFull::Evict);
        let hub = Hub::new(config);
        let (first, second) = (connection(&hub).await, connection(&hub).await);
        let chosen = hub.quietest().unwrap();
        assert_eq!(chosen.id, first.id);
        first.state().arrive(Piece::Copied(b"late"));
        assert!(!hub.evict(&chosen));
        assert_eq!((first.state().unread.len(), hub.inbox.len()), (4, 2));
        assert!(hub.make_room());
        assert_eq!((second.facts().end, first.facts().end), (Some(End::Evicted), None));
        // Nobody is left for whom nothing waits.
        assert!(!hub.make_room());
        assert!(hub.place().is_ok() && hub.inbox.get(first.id).is_some());
    }

    #[tokio::test]
    async fn room_that_a_closed_connection_reserved_is_given_back() {
        let hub = Hub::new(Config::loopback(0).max_unread_total(10));
        let connection = connection(&hub).await;
        assert!(hub.close(connection.id, End::ClosedByOwner).is_some());
        // As a read does that is under way.
        connection.state().charged = hub.meter.reserve(10);
        hub.forget(&connection);
        assert_eq!(hub.meter.reserve(10), 10);
    }
}
