//! How a number is written in a frame.

/// How a length or a check is written.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Endian {
    /// Digits, the highest first: decimal in a length, hexadecimal in a check.
    Ascii,
    /// Bytes, the highest first. The default.
    #[default]
    Big,
    /// Bytes, the lowest first.
    Little,
}

impl Endian {
    /// The low `width` bytes of `number`, in order; for bytes only.
    pub(crate) fn write(self, number: u64, width: usize, out: &mut Vec<u8>) {
        let bytes = number.to_be_bytes();
        let low = &bytes[bytes.len().saturating_sub(width)..];
        match self {
            Self::Little => out.extend(low.iter().rev()),
            Self::Ascii | Self::Big => out.extend_from_slice(low),
        }
    }

    /// The number that at most eight `bytes` are; for bytes only.
    pub(crate) fn read(self, bytes: &[u8]) -> u64 {
        let join = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        match self {
            Self::Little => bytes.iter().rev().fold(0, join),
            Self::Ascii | Self::Big => bytes.iter().fold(0, join),
        }
    }
}
