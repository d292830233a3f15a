//! One line for each thing that happens to a connection; never what was sent or received.

#[cfg(feature = "journal")]
pub(crate) use kept::Log;
#[cfg(not(feature = "journal"))]
pub(crate) use none::Log;

#[cfg(feature = "journal")]
mod kept {
    use std::fmt;

    use opi_net::journal::Level;
    use opi_net::{Journal, Stream, Target};

    use crate::{Drained, Error, Reason};

    /// The journal that a connection logs to, if any.
    #[derive(Clone, Debug, Default)]
    pub(crate) struct Log(Option<Journal>);

    impl Log {
        pub(crate) fn to(journal: Journal) -> Self {
            Self(Some(journal))
        }

        pub(crate) fn connecting(&self, target: &Target) {
            self.put(Level::Info, format_args!("connecting to {target}"));
        }

        pub(crate) fn connected(&self, stream: &Stream) {
            match (stream.peer(), stream.tls()) {
                (None, _) => self.put(Level::Info, format_args!("connected")),
                (Some(peer), None) => self.put(Level::Info, format_args!("connected to {peer}")),
                (Some(peer), Some(tls)) => {
                    let (version, cipher) = (tls.version, tls.cipher);
                    self.put(Level::Info, format_args!("connected to {peer}, {version} {cipher}"));
                }
            }
        }

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
            self.put(Level::Info, format_args!("closed"));
        }

        fn put(&self, level: Level, text: fmt::Arguments<'_>) {
            if let Some(journal) = &self.0 {
                journal.log(level, text);
            }
        }
    }
}

#[cfg(not(feature = "journal"))]
mod none {
    use opi_net::{Stream, Target};

    use crate::{Drained, Error, Reason};

    /// Nothing is kept: the feature `journal` is left out.
    #[derive(Clone, Debug, Default)]
    pub(crate) struct Log(());

    impl Log {
        pub(crate) fn connecting(&self, _target: &Target) {}
        pub(crate) fn connected(&self, _stream: &Stream) {}
        #[cfg(feature = "tls")]
        pub(crate) fn upgraded(&self) {}
        pub(crate) fn sent(&self, _size: usize) {}
        pub(crate) fn received(&self, _size: usize, _reason: Reason) {}
        pub(crate) fn drained(&self, _drained: &Drained) {}
        pub(crate) fn finished(&self) {}
        pub(crate) fn failed(&self, _what: &str, _error: &Error) {}
        pub(crate) fn closed(&self) {}
    }
}
