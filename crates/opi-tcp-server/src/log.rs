//! What a server logs: events for `tracing`, and lines for its journal. Never a payload.

use std::fmt::Arguments;

pub(crate) use self::journal::{Journal, Level};
use crate::Config;

impl Config {
    /// Writes a line into the journal, if there is one.
    pub(crate) fn log(&self, level: Level, line: Arguments<'_>) {
        if let Some(journal) = &self.journal {
            journal.log(level, line);
        }
    }
}

#[cfg(feature = "journal")]
mod journal {
    //! The journal of opi-net.

    pub(crate) use opi_net::Journal;
    pub(crate) use opi_net::journal::Level;
}

#[cfg(not(feature = "journal"))]
mod journal {
    //! Stands in for the journal where the feature is off: there is none.

    use std::fmt::Arguments;

    /// Never there.
    #[derive(Clone, Debug)]
    pub(crate) enum Journal {}

    /// The levels in use.
    #[derive(Clone, Copy, Debug)]
    pub(crate) enum Level {
        Debug,
        Error,
        Info,
        Warn,
    }

    impl Journal {
        pub(crate) fn log(&self, _: Level, _: Arguments<'_>) {
            match *self {}
        }
    }
}
