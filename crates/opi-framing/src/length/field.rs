//! The length itself: its digits or bytes, and what it counts.

use super::{Includes, Length};
use crate::{
    Endian, Error, ErrorKind, meter,
    progress::{Failure, Resume, hex},
};

impl Length {
    /// How many bytes follow the header at the front of `buffer`, once it says.
    pub(super) fn announced(&self, buffer: &[u8]) -> Result<Option<u128>, Failure> {
        let came = buffer.get(self.offset..).unwrap_or_default();
        let field = &came[..came.len().min(self.width)];
        meter::read(field.len());
        if self.endian == Endian::Ascii {
            self.digits(field)?;
        }
        if field.len() < self.width {
            return Ok(None);
        }
        let number = match self.endian {
            Endian::Ascii => field.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0')),
            Endian::Big | Endian::Little => self.endian.read(field),
        };
        let body = i128::from(number) + self.uncounted();
        u128::try_from(body).map(Some).map_err(|_| self.too_small(number))
    }

    /// The length of a body, as it is written.
    pub(super) fn field(&self, body: usize) -> Result<Vec<u8>, Error> {
        // A slice is never longer than half of what 64 bits count.
        let number = body as i128 - self.uncounted();
        let most = self.most();
        let number = match u64::try_from(number) {
            Ok(number) if u128::from(number) <= most => number,
            _ => {
                let expected = format_args!("a length of 0 to {most} in `width` {}", self.width);
                return Err(Error::payload(expected, number));
            }
        };
        let mut field = Vec::with_capacity(8);
        match self.endian {
            Endian::Ascii => field.extend(format!("{number:00$}", self.width).bytes()),
            Endian::Big | Endian::Little => self.endian.write(number, self.width, &mut field),
        }
        Ok(field)
    }

    /// Bytes that follow the length and that it does not count.
    fn uncounted(&self) -> i128 {
        let counted = match self.includes {
            Includes::Header => self.header(),
            Includes::Itself => self.width,
            Includes::Payload => 0,
        };
        // A header has a few thousand bytes at most.
        i128::from(self.adjust) - counted as i128
    }

    /// The largest number that fits.
    fn most(&self) -> u128 {
        // The width is 1 to 8.
        let width = self.width as u32;
        match self.endian {
            Endian::Ascii => 10_u128.pow(width) - 1,
            Endian::Big | Endian::Little => (1_u128 << (8 * width)) - 1,
        }
    }

    fn digits(&self, field: &[u8]) -> Result<(), Failure> {
        let Some(at) = field.iter().position(|byte| !byte.is_ascii_digit()) else { return Ok(()) };
        let error =
            Error::at(ErrorKind::BadLength, self.offset + at, "a decimal digit", hex(field[at]));
        Err(Failure { error, resume: Resume::From(1) })
    }

    fn too_small(&self, number: u64) -> Failure {
        let expected = format_args!("{} or more", -self.uncounted());
        let error = Error::at(ErrorKind::BadLength, self.offset, expected, number);
        Failure { error, resume: Resume::From(1) }
    }
}
