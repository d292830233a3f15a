//! Idle connections, kept for later requests to the same origin.

use std::sync::{Mutex, PoisonError};

use crate::address::Origin;
use crate::connection::Connection;

/// The idle connections of one session, whose route, trust and identity are all the same.
#[derive(Debug)]
pub(crate) struct Pool {
    idle: Mutex<Vec<(Origin, Connection)>>,
    max_idle: usize,
}

impl Pool {
    pub(crate) fn new(max_idle: usize) -> Self {
        Self { idle: Mutex::default(), max_idle }
    }

    /// The connection used last among those to `origin` that still live.
    pub(crate) async fn take(&self, origin: &Origin) -> Option<Connection> {
        while let Some(mut connection) = self.pop(origin) {
            if connection.is_reusable().await {
                return Some(connection);
            }
        }
        None
    }

    /// Keeps `connection`, if it may serve again; the one unused longest gives way.
    pub(crate) async fn keep(&self, origin: Origin, mut connection: Connection) {
        if self.max_idle == 0 || !connection.is_reusable().await {
            return;
        }
        connection.served = true;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() >= self.max_idle {
            drop(idle.remove(0));
        }
        idle.push((origin, connection));
    }

    fn pop(&self, origin: &Origin) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let at = idle.iter().rposition(|(kept, _)| kept == origin)?;
        Some(idle.remove(at).1)
    }
}
