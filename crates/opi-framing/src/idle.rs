//! Messages that silence ends.

use std::time::Duration;

use crate::{
    Error,
    progress::{Decoded, Failure, Resume, Step, too_long},
};

/// Messages that end when nothing has come for a while, as scanners and old printers send them.
///
/// The time is the caller's: [`Codec::gap`](crate::Codec::gap) says how long the silence is, and
/// [`Decoder::gap`](crate::Decoder::gap) is told that it has passed. TCP keeps no distances
/// between bytes, so take another framing where there is one.
#[must_use]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Idle {
    pub(crate) gap: Duration,
}

impl Idle {
    /// Messages that end after `gap` of silence: whole milliseconds, from 1 ms to one hour.
    pub const fn new(gap: Duration) -> Self {
        Self { gap }
    }

    pub(crate) fn validate(self) -> Result<(), Error> {
        let milliseconds = self.gap.as_millis();
        let whole = self.gap.subsec_nanos().is_multiple_of(1_000_000);
        if whole && (1..=LONGEST).contains(&milliseconds) {
            return Ok(());
        }
        let expected = format_args!("whole milliseconds from 1 to {LONGEST}");
        Err(Error::option("gap_ms", expected, format_args!("{:?}", self.gap)))
    }

    pub(crate) fn decode(buffer: &[u8], max: usize) -> Decoded {
        if buffer.len() > max {
            let error = too_long(max, max, "a longer one");
            return Err(Failure { error, resume: Resume::From(max) });
        }
        Ok(Step::Missing(1))
    }

    pub(crate) fn encode(payload: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        if payload.is_empty() {
            return Err(Error::payload("at least one byte", "none"));
        }
        out.extend_from_slice(payload);
        Ok(())
    }
}

const LONGEST: u128 = 3_600_000;
