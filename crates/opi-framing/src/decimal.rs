//! A decimal number in front of a message, up to the byte that ends it.

use crate::{
    Error, ErrorKind, meter,
    progress::{Failure, Resume, hex},
};

/// A decimal number and where it ends.
pub(crate) struct Decimal {
    pub(crate) number: u128,
    /// The byte after the one that ends it.
    pub(crate) past: usize,
}

impl Decimal {
    /// The number that begins at `from` and ends with `end`, once that has come.
    pub(crate) fn read(buffer: &[u8], from: usize, end: u8) -> Result<Option<Self>, Failure> {
        let mut number = 0_u128;
        for (at, &byte) in buffer.iter().enumerate().skip(from).take(LONGEST + 1) {
            meter::read(1);
            match byte {
                byte if byte == end && at > from => return Ok(Some(Self { number, past: at + 1 })),
                b'0'..=b'9' if at < from + LONGEST => {
                    number = number * 10 + u128::from(byte - b'0');
                }
                byte => return Err(wrong(at, byte, at == from + LONGEST, end)),
            }
        }
        Ok(None)
    }
}

fn wrong(at: usize, byte: u8, long: bool, end: u8) -> Failure {
    let end = hex(end);
    let error = match long {
        true => {
            Error::at(ErrorKind::BadLength, at, format_args!("{end} after 20 digits"), hex(byte))
        }
        false => {
            Error::at(ErrorKind::BadLength, at, format_args!("a decimal digit or {end}"), hex(byte))
        }
    };
    Failure { error, resume: Resume::From(1) }
}

/// The most digits; more than any length needs, and no room for a run of zeros.
const LONGEST: usize = 20;
