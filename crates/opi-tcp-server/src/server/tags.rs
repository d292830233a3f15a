//! Tags: names that the owner gives to connections.

use std::sync::Arc;

use super::{Server, To};
use crate::connection::Connection;
use crate::{ConnectionFacts, ConnectionId, Error};

impl Server {
    /// Gives a connection a tag; one it has already stays. At most 16 tags of 1 to 256 bytes.
    ///
    /// # Errors
    ///
    /// [`UnknownConnection`](crate::ErrorKind::UnknownConnection), or
    /// [`BadOption`](crate::ErrorKind::BadOption) beyond the limits.
    pub fn tag(&self, id: ConnectionId, tag: &str) -> Result<(), Error> {
        if tag.is_empty() || tag.len() > LONGEST {
            let expected = format_args!("1 to {LONGEST} bytes");
            return Err(Error::option("tag", expected, format_args!("{}", tag.len())));
        }
        let connection = self.connection(id)?;
        let mut state = connection.state();
        let Err(at) = state.tags.binary_search_by(|own| own.as_str().cmp(tag)) else {
            return Ok(());
        };
        if state.tags.len() == MOST {
            return Err(Error::option("tag", format_args!("at most {MOST} tags"), "one more"));
        }
        state.tags.insert(at, tag.to_owned());
        Ok(())
    }

    /// Takes a tag from a connection; one it does not have is no error.
    ///
    /// # Errors
    ///
    /// [`UnknownConnection`](crate::ErrorKind::UnknownConnection).
    pub fn untag(&self, id: ConnectionId, tag: &str) -> Result<(), Error> {
        self.connection(id)?.state().tags.retain(|own| own != tag);
        Ok(())
    }

    /// The connections with a tag, oldest first.
    #[must_use]
    pub fn tagged(&self, tag: &str) -> Vec<ConnectionFacts> {
        self.chosen(To::Tag(tag)).iter().map(|connection| connection.facts()).collect()
    }

    pub(super) fn chosen(&self, to: To<'_>) -> Vec<Arc<Connection>> {
        let mut all = self.hub.inbox.all();
        if let To::Tag(tag) = to {
            all.retain(|it| it.state().tags.iter().any(|own| own == tag));
        }
        all
    }
}

/// The longest tag, in bytes.
const LONGEST: usize = 256;

/// The most tags of a connection.
const MOST: usize = 16;
