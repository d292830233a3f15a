//! FIX messages: a length in the second field and a checksum in the last.

use crate::{
    Error, ErrorKind, Frame, Keep,
    decimal::Decimal,
    delimited::Marks,
    meter,
    progress::{Decoded, Extent, Failure, Progress, Resume, Step},
};

/// FIX messages (tag=value): `8=begin|9=length|body10=sum|`, where `|` is SOH (01).
///
/// The payload is the body with the SOH of its last field. The length is verified by where the
/// checksum stands, and the checksum by the bytes before it.
#[must_use]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fix {
    pub(crate) begin: String,
    pub(crate) keep: Keep,
}

impl Fix {
    /// The BeginString when nothing else is said.
    pub const BEGIN: &str = "FIX.4.4";

    /// Messages of one version, for example `FIX.4.4` or `FIXT.1.1`: 1 to 32 visible characters.
    pub fn new(begin: impl Into<String>) -> Self {
        Self { begin: begin.into(), keep: Keep::Payload }
    }

    /// Whether the payload is the whole message. Default: [`Keep::Payload`].
    pub fn keep(self, keep: Keep) -> Self {
        Self { keep, ..self }
    }

    pub(crate) fn validate(&self) -> Result<(), Error> {
        let visible = self.begin.bytes().all(|byte| byte.is_ascii_graphic());
        if visible && (1..=32).contains(&self.begin.len()) {
            return Ok(());
        }
        Err(Error::option("begin", "1 to 32 visible characters", format_args!("{:?}", self.begin)))
    }

    pub(crate) fn smallest(&self) -> usize {
        self.start().len() + "1\u{1}".len() + "\u{1}".len() + TRAILER
    }

    /// What every message begins with.
    pub(crate) fn start(&self) -> Vec<u8> {
        format!("8={}\u{1}9=", self.begin).into_bytes()
    }

    pub(crate) fn decode(
        &self,
        marks: &Marks,
        progress: &mut Progress,
        buffer: &[u8],
        max: usize,
    ) -> Decoded {
        if progress.extent.is_none() {
            progress.extent = locate(&marks.start, progress, buffer, max)?;
        }
        match &progress.extent {
            None => Ok(Step::Missing(1)),
            Some(extent) if buffer.len() < extent.size => Ok(Step::Missing(extent.missing(buffer))),
            Some(extent) => self.open(extent, buffer),
        }
    }

    /// Verifies a message that is whole by its announced length.
    fn open(&self, Extent { body, size }: &Extent, buffer: &[u8]) -> Decoded {
        let end = size - TRAILER;
        let (message, trailer) = (&buffer[..end], &buffer[end..*size]);
        let ended = message.ends_with(&[SOH]) && trailer.starts_with(b"10=");
        if !ended || trailer[TRAILER - 1] != SOH {
            let got = format_args!("\"{}\"", trailer.escape_ascii());
            let error = Error::at(ErrorKind::WrongEnd, end, "SOH, `10=`, three digits, SOH", got);
            return Err(Failure { error, resume: Resume::From(1) });
        }
        meter::read(end);
        let (expected, got) = (sum(message), &trailer[3..TRAILER - 1]);
        if expected.as_bytes() != got {
            let got = format_args!("\"{}\"", got.escape_ascii());
            let error =
                Error::at(ErrorKind::BadCheck, end + 3, format_args!("sum \"{expected}\""), got);
            return Err(Failure { error, resume: Resume::From(*size) });
        }
        Ok(Step::Frame(match self.keep {
            Keep::Frame => Frame::new(*size, 0..*size),
            Keep::Payload => Frame::new(*size, body.start..end),
        }))
    }

    pub(crate) fn encode(&self, payload: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        if !payload.ends_with(&[SOH]) {
            let got =
                payload.last().map_or_else(|| "nothing".into(), |last| format!("0x{last:02X}"));
            return Err(Error::payload("SOH (01) at the end of the body", got));
        }
        let begun = out.len();
        out.extend(self.start());
        out.extend(format!("{}\u{1}", payload.len()).bytes());
        out.extend_from_slice(payload);
        let sum = sum(&out[begun..]);
        out.extend(format!("10={sum}\u{1}").bytes());
        Ok(())
    }
}

/// The parts of the message, once its length has come.
fn locate(
    start: &[u8],
    progress: &mut Progress,
    buffer: &[u8],
    max: usize,
) -> Result<Option<Extent>, Failure> {
    if !progress.starts(start, buffer)? {
        return Ok(None);
    }
    let Some(Decimal { number, past }) = Decimal::read(buffer, start.len(), SOH)? else {
        return Ok(None);
    };
    Extent::announced(past, number + TRAILER as u128, max, start.len()).map(Some)
}

/// The checksum as it is written: the sum of the bytes modulo 256, in three digits.
fn sum(message: &[u8]) -> String {
    let sum = message.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    format!("{sum:03}")
}

const SOH: u8 = 0x01;

/// `10=`, three digits and SOH.
const TRAILER: usize = 7;
