//! A codec: how messages are told apart in a stream. Immutable, shared by all connections.

use std::{fmt, sync::Arc, time::Duration};

use crate::{Decoder, Error, Framing, framing::Compiled};

/// How messages are told apart in a stream of bytes, in both directions.
///
/// A codec never changes and is cheap to clone; every connection has a [`Decoder`] of its own.
///
/// ```
/// use opi_framing::{Codec, Length};
///
/// let codec = Codec::new(Length::new(2))?.at_most(1024)?;
/// let mut wire = Vec::new();
/// codec.encode(b"ping", &mut wire)?;
/// assert_eq!(wire, b"\x00\x04ping");
///
/// let frame = codec.decoder().decode(&wire)?.unwrap();
/// assert_eq!((frame.size(), frame.payload(&wire)), (6, b"ping".as_slice()));
/// # Ok::<(), opi_framing::Error>(())
/// ```
#[derive(Clone)]
pub struct Codec(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) compiled: Compiled,
    pub(crate) max: usize,
}

impl Codec {
    /// The most bytes a frame has when nothing else is said: 16 MiB.
    pub const MAX: usize = 16 * 1024 * 1024;

    /// The codec of a framing, for frames of at most [`Self::MAX`] bytes.
    ///
    /// # Errors
    ///
    /// [`BadOption`](crate::ErrorKind::BadOption): settings of the framing are out of their range
    /// or contradict each other.
    pub fn new(framing: impl Into<Framing>) -> Result<Self, Error> {
        Self::with_max(framing.into(), Self::MAX)
    }

    /// The most bytes a frame may have on the wire: marks, header and check included. Exact.
    ///
    /// # Errors
    ///
    /// [`BadOption`](crate::ErrorKind::BadOption): not even the smallest frame is that short.
    pub fn at_most(self, max: usize) -> Result<Self, Error> {
        Self::with_max(self.framing().clone(), max)
    }

    fn with_max(framing: Framing, max: usize) -> Result<Self, Error> {
        framing.validate()?;
        let smallest = framing.smallest();
        if max < smallest {
            return Err(Error::option("max", format_args!("{smallest} bytes or more"), max));
        }
        Ok(Self(Arc::new(Inner { compiled: Compiled::new(framing), max })))
    }

    /// The most bytes a frame may have on the wire.
    #[must_use]
    pub fn max(&self) -> usize {
        self.0.max
    }

    /// The framing that the codec was made of.
    #[must_use]
    pub fn framing(&self) -> &Framing {
        &self.0.compiled.framing
    }

    /// The silence that ends a frame; none when frames end by their bytes.
    ///
    /// The caller watches the time and tells [`Decoder::gap`].
    #[must_use]
    pub fn gap(&self) -> Option<Duration> {
        match self.framing() {
            Framing::Idle(idle) => Some(idle.gap),
            _ => None,
        }
    }

    /// A decoder for one connection.
    #[must_use]
    pub fn decoder(&self) -> Decoder {
        Decoder::new(self.clone())
    }

    /// Appends the frame that carries `payload` to `out`.
    ///
    /// # Errors
    ///
    /// [`BadPayload`](crate::ErrorKind::BadPayload): the codec cannot carry it, because it
    /// contains the end mark, is longer than the length can say, or the like; `out` is unchanged.
    pub fn encode(&self, payload: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        let before = out.len();
        let written = self.0.compiled.encode(payload, out, self.0.max);
        let size = out.len().saturating_sub(before);
        let checked = written.and_then(|()| match size <= self.0.max {
            true => Ok(()),
            false => {
                Err(Error::payload(format_args!("a frame of at most {} bytes", self.0.max), size))
            }
        });
        if checked.is_err() {
            out.truncate(before);
        }
        checked
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }
}

impl Eq for Codec {}

impl PartialEq for Codec {
    fn eq(&self, other: &Self) -> bool {
        self.framing() == other.framing() && self.max() == other.max()
    }
}

impl fmt::Debug for Codec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Codec").field("framing", self.framing()).field("max", &self.max()).finish()
    }
}
