//! One line for each thing that happens to a connection; never what was sent or received.

#[cfg(feature = "journal")]
pub(crate) use kept::Log;
#[cfg(not(feature = "journal"))]
pub(crate) use none::Log;

#[cfg(feature = "journal")]
mod kept {
    use std::fmt;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use opi_net::journal::Level;
    use opi_net::{Journal, Target};

    use crate::open::Opened;
    use crate::{Drained, Error, Reason, State};

    /// The journal that a connection logs to, if any; clones are for the same connection, and the
    /// last of them to go logs the end of a connection that nobody closed.
    #[derive(Clone, Debug, Default)]
    pub(crate) struct Log(Option<Arc<Life>>);

    #[derive(Debug)]
    struct Life {
        journal: Journal,
        open: AtomicBool,
    }

    impl Drop for Life {
        fn drop(&mut self) {
            if *self.open.get_mut() {
                self.journal.log(Level::Info, format_args!("dropped, with no farewell"));
            }
        }
    }

    impl Log {
        pub(crate) fn to(journal: Option<&Journal>) -> Self {
            let life =
                |journal: &Journal| Life { journal: journal.clone(), open: AtomicBool::new(false) };
            Self(journal.map(|journal| Arc::new(life(journal))))
        }

        pub(crate) fn connecting(&self, target: &Target) {
            self.put(Level::Info, format_args!("connecting to {target}"));
        }

        pub(crate) fn connected(&self, opened: &Opened) {
            self.set_open(true);
            let stream = &opened.stream;
            let peer = stream.peer().map(|peer| format!(" to {peer}")).unwrap_or_default();
            let tls = stream.tls().map(|it| format!(", {} {}", it.version, it.cipher));
            let (through, tls) = (through(opened), tls.unwrap_or_default());
            self.put(Level::Info, format_args!("connected{peer}{through}{tls}"));
        }

        #[cfg(feature = "tls")]
        pub(crate) fn upgraded(&self) {
            self.put(Level::Info, format_args!("the connection is encrypted now"));
        }

        pub(crate) fn sent(&self, size: usize) {
            self.put(Level::Debug, format_args!("sent {size} bytes"));
        }

        pub(crate) fn received(&self, size: usize, reason: Reason) {
            self.put(Level::Debug, format_args!("received {size} bytes: {}", reason.name()));
        }

        pub(crate) fn drained(&self, drained: &Drained) {
            let (bytes, reason) = (drained.bytes, drained.reason.name());
            self.put(Level::Debug, format_args!("dropped {bytes} bytes: {reason}"));
        }

        pub(crate) fn finished(&self) {
            self.put(Level::Debug, format_args!("ended sending"));
        }

        pub(crate) fn failed(&self, what: &str, error: &Error) {
            let code = error.code();
            self.put(Level::Error, format_args!("failed to {what}: {code}: {error}"));
        }

        pub(crate) fn closed(&self) {
            self.set_open(false);
            self.put(Level::Info, format_args!("closed"));
        }

        pub(crate) fn handed_over(&self) {
            self.set_open(false);
            self.put(Level::Info, format_args!("handed over to another protocol"));
        }

        pub(crate) fn state(&self, state: State) {
            let level =
                if matches!(state, State::GivenUp { .. }) { Level::Warn } else { Level::Info };
            self.put(level, format_args!("state: {state}"));
        }

        fn set_open(&self, open: bool) {
            if let Some(life) = &self.0 {
                life.open.store(open, Ordering::Relaxed);
            }
        }

        fn put(&self, level: Level, text: fmt::Arguments<'_>) {
            if let Some(life) = &self.0 {
                life.journal.log(level, text);
            }
        }
    }

    #[cfg(feature = "proxy")]
    fn through(opened: &Opened) -> String {
        let route = &opened.way;
        if route.is_direct() { String::new() } else { format!(" by {route}") }
    }

    #[cfg(not(feature = "proxy"))]
    fn through(_opened: &Opened) -> &'static str {
        ""
    }
}

#[cfg(not(feature = "journal"))]
mod none {
    use opi_net::Target;

    use crate::open::Opened;
    use crate::{Drained, Error, Reason, State};

    /// Nothing is kept: the feature `journal` is left out.
    #[derive(Clone, Debug, Default)]
    pub(crate) struct Log(());

    impl Log {
        pub(crate) fn connecting(&self, _target: &Target) {}
        pub(crate) fn connected(&self, _opened: &Opened) {}
        #[cfg(feature = "tls")]
        pub(crate) fn upgraded(&self) {}
        pub(crate) fn sent(&self, _size: usize) {}
        pub(crate) fn received(&self, _size: usize, _reason: Reason) {}
        pub(crate) fn drained(&self, _drained: &Drained) {}
        pub(crate) fn finished(&self) {}
        pub(crate) fn failed(&self, _what: &str, _error: &Error) {}
        pub(crate) fn closed(&self) {}
        pub(crate) fn handed_over(&self) {}
        pub(crate) fn state(&self, _state: State) {}
    }
}
