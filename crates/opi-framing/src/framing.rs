//! The kinds of framing, and the one place that tells them apart.

use crate::{
    Delimited, Error, Fix, Fixed, Idle, Keep, Length, OctetCount, Varint,
    decoder::whole,
    delimited::Marks,
    needle::Needle,
    progress::{Decoded, Progress},
};

/// What ends a message: one of the kinds with its settings.
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Framing {
    /// Marks around the message, with a check and escapes if wanted.
    Delimited(Delimited),
    /// FIX: a length and a checksum in fields of the message.
    Fix(Fix),
    /// Messages of one size.
    Fixed(Fixed),
    /// Silence.
    Idle(Idle),
    /// A length in front, at a place of its own.
    Length(Length),
    /// A decimal length and a space in front (RFC 6587).
    OctetCount(OctetCount),
    /// A length in front, of as many bytes as it needs (LEB128).
    Varint(Varint),
}

/// Makes a kind a framing.
macro_rules! framing {
    ($($kind:ident)*) => {
        $(impl From<$kind> for Framing {
            fn from(kind: $kind) -> Self {
                Self::$kind(kind)
            }
        })*
    };
}

framing!(Delimited Fix Fixed Idle Length OctetCount Varint);

impl Framing {
    pub(crate) fn validate(&self) -> Result<(), Error> {
        match self {
            Self::Delimited(it) => it.validate(),
            Self::Fix(it) => it.validate(),
            Self::Fixed(it) => it.validate(),
            Self::Idle(it) => it.validate(),
            Self::Length(it) => it.validate(),
            Self::OctetCount(_) | Self::Varint(_) => Ok(()),
        }
    }

    /// The bytes of the smallest frame.
    pub(crate) fn smallest(&self) -> usize {
        match self {
            Self::Delimited(it) => it.smallest(),
            Self::Fix(it) => it.smallest(),
            Self::Fixed(it) => it.size,
            Self::Idle(_) | Self::Varint(_) => 1,
            Self::Length(it) => it.header(),
            Self::OctetCount(it) => it.smallest(),
        }
    }

    /// Whether the payload is the frame itself, so that encoding checks and copies it.
    fn copies(&self) -> bool {
        let keep = match self {
            Self::Delimited(it) => it.keep,
            Self::Fix(it) => it.keep,
            Self::OctetCount(it) => it.keep,
            Self::Varint(it) => it.keep,
            // The length is written into the frame; the others have nothing but the payload.
            Self::Fixed(_) | Self::Idle(_) | Self::Length(_) => Keep::Payload,
        };
        keep == Keep::Frame
    }
}

/// A framing with its marks made ready for searching.
pub(crate) struct Compiled {
    pub(crate) framing: Framing,
    marks: Marks,
    /// What is looked for after an error, and how much of it does not belong to the next frame.
    pub(crate) landmark: Option<(Needle, usize)>,
}

impl Compiled {
    pub(crate) fn new(framing: Framing) -> Self {
        let marks = match &framing {
            Framing::Delimited(it) => it.marks(),
            Framing::Fix(it) => Marks::new(it.start(), b""),
            Framing::OctetCount(_) => Marks::new(Vec::new(), b"\n"),
            _ => Marks::default(),
        };
        let landmark = match &framing {
            Framing::Delimited(_) | Framing::Fix(_) => marks.landmark(),
            Framing::Length(it) if !it.start.is_empty() => Some((Needle::new(&it.start), 0)),
            _ => None,
        };
        Self { framing, marks, landmark }
    }

    /// Looks at the frame at the front of `buffer`.
    pub(crate) fn decode(&self, progress: &mut Progress, buffer: &[u8], max: usize) -> Decoded {
        match &self.framing {
            Framing::Delimited(it) => it.decode(&self.marks, progress, buffer, max),
            Framing::Fix(it) => it.decode(&self.marks, progress, buffer, max),
            Framing::Fixed(it) => Ok(it.decode(buffer)),
            Framing::Idle(_) => Idle::decode(buffer, max),
            Framing::Length(it) => it.decode(progress, buffer, max),
            Framing::OctetCount(it) => it.decode(&self.marks, progress, buffer, max),
            Framing::Varint(it) => it.decode(progress, buffer, max),
        }
    }

    /// Appends the frame that carries `payload`.
    pub(crate) fn encode(
        &self,
        payload: &[u8],
        out: &mut Vec<u8>,
        max: usize,
    ) -> Result<(), Error> {
        if self.framing.copies() {
            whole(self, payload, max)?;
            out.extend_from_slice(payload);
            return Ok(());
        }
        match &self.framing {
            Framing::Delimited(it) => it.encode(&self.marks, payload, out),
            Framing::Fix(it) => it.encode(payload, out),
            Framing::Fixed(it) => it.encode(payload, out),
            Framing::Idle(_) => Idle::encode(payload, out),
            Framing::Length(it) => it.encode(payload, out),
            Framing::OctetCount(_) => OctetCount::encode(payload, out),
            Framing::Varint(_) => {
                Varint::encode(payload, out);
                Ok(())
            }
        }
    }
}
