//! How marks inside a payload are hidden, and found again.

use memchr::memchr2;

use crate::{
    Error, ErrorKind, meter,
    progress::{Failure, Progress, Resume, hex},
};

/// How bytes of the payload that look like marks are hidden.
#[non_exhaustive]
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Escape {
    /// DLE (10) stands before both marks, and a DLE in the payload is doubled.
    Dle,
    /// They are not: a payload cannot have the end mark inside. The default.
    #[default]
    None,
    /// A byte that has a pair is written as the escape and the pair's second byte (SLIP).
    Pairs {
        /// The byte before a replaced one.
        escape: u8,
        /// Each byte and what stands for it; the end mark and the escape must be among them.
        pairs: Vec<(u8, u8)>,
    },
    /// A mark or the escape is written as the escape and the byte XORed with the mask: 0x20 in
    /// HDLC and PPP, 0 for the byte itself.
    Xor {
        /// The byte before a changed one.
        escape: u8,
        /// What the byte is changed by.
        mask: u8,
    },
}

/// What the byte after an escape means.
enum Code {
    Byte(u8),
    End,
    Wrong,
}

impl Escape {
    pub(crate) const DLE: u8 = 0x10;

    pub(super) fn validate(&self, start: &[u8], end: &[u8]) -> Result<(), Error> {
        if *self == Self::None {
            return Ok(());
        }
        let ([end], [] | [_]) = (end, start) else {
            let got = format_args!("{} and {}", start.len(), end.len());
            return Err(Error::option("escape", "marks of one byte with escapes", got));
        };
        let start = start.first().copied();
        if *end == self.byte() || start == Some(self.byte()) {
            let expected = "an escape that is none of the marks";
            return Err(Error::option("escape", expected, hex(self.byte())));
        }
        match self {
            Self::Dle | Self::None => Ok(()),
            Self::Pairs { escape, pairs } => pairs_fit(pairs, *escape, *end),
            Self::Xor { escape, mask } => {
                mask_fits(*mask, [Some(*escape), start, Some(*end)], *end)
            }
        }
    }

    /// Where the end mark begins in `hay`, whose body begins at `opened`.
    pub(super) fn find_end(
        &self,
        end: u8,
        progress: &mut Progress,
        hay: &[u8],
        opened: usize,
    ) -> Result<Option<usize>, Failure> {
        let mut at = progress.scanned.max(opened);
        let found = loop {
            let Some(here) = self.next(end, hay, at) else { break None };
            if hay[here] == end && *self != Self::Dle {
                break Some(here);
            }
            let Some(&code) = hay.get(here + 1) else {
                progress.scanned = here;
                return Ok(None);
            };
            match self.code(code, end) {
                Code::Byte(_) => progress.escapes += 1,
                Code::End => break Some(here),
                Code::Wrong => return Err(self.wrong(here, code)),
            }
            at = here + 2;
        };
        progress.scanned = found.unwrap_or(hay.len());
        Ok(found)
    }

    /// `body` without its escapes.
    pub(super) fn unescape(&self, body: &[u8], escapes: usize, end: u8) -> Vec<u8> {
        meter::read(body.len());
        let mut plain = Vec::with_capacity(body.len().saturating_sub(escapes));
        let mut bytes = body.iter().copied();
        while let Some(byte) = bytes.next() {
            if byte != self.byte() {
                plain.push(byte);
            } else if let Some(Code::Byte(byte)) = bytes.next().map(|code| self.code(code, end)) {
                plain.push(byte);
            }
        }
        plain
    }

    /// Appends `body`, with escapes where it needs them.
    pub(super) fn escape(&self, body: &[u8], start: Option<u8>, end: u8, out: &mut Vec<u8>) {
        out.reserve(body.len());
        for &byte in body {
            let special = byte == end || byte == self.byte() || Some(byte) == start;
            match self {
                Self::Dle if byte == Self::DLE => out.extend([byte, byte]),
                Self::Pairs { escape, pairs } => match pairs.iter().find(|(of, _)| *of == byte) {
                    Some((_, code)) => out.extend([*escape, *code]),
                    None => out.push(byte),
                },
                Self::Xor { escape, mask } if special => out.extend([*escape, byte ^ mask]),
                Self::Dle | Self::None | Self::Xor { .. } => out.push(byte),
            }
        }
    }

    fn byte(&self) -> u8 {
        match self {
            Self::Dle | Self::None => Self::DLE,
            Self::Pairs { escape, .. } | Self::Xor { escape, .. } => *escape,
        }
    }

    /// The next byte from `at` on that may end the body or escape another.
    fn next(&self, end: u8, hay: &[u8], at: usize) -> Option<usize> {
        let rest = hay.get(at..)?;
        let first = if *self == Self::Dle { Self::DLE } else { end };
        let found = memchr2(first, self.byte(), rest);
        meter::read(found.map_or(rest.len(), |found| found + 2));
        Some(at + found?)
    }

    fn code(&self, code: u8, end: u8) -> Code {
        match self {
            Self::Dle | Self::None => match code {
                Self::DLE => Code::Byte(Self::DLE),
                code if code == end => Code::End,
                _ => Code::Wrong,
            },
            Self::Pairs { pairs, .. } => match pairs.iter().find(|(_, it)| *it == code) {
                Some((byte, _)) => Code::Byte(*byte),
                None => Code::Wrong,
            },
            // An end mark right after the escape is how HDLC gives a frame up.
            Self::Xor { mask, .. } if *mask != 0 && code == end => Code::Wrong,
            Self::Xor { mask, .. } => Code::Byte(code ^ mask),
        }
    }

    fn wrong(&self, here: usize, code: u8) -> Failure {
        let expected = match self {
            Self::Dle | Self::None => "DLE or the end mark after DLE",
            Self::Pairs { .. } => "a byte of the pairs after the escape",
            Self::Xor { .. } => "an escaped byte after the escape",
        };
        let error = Error::at(ErrorKind::BadEscape, here + 1, expected, hex(code));
        Failure { error, resume: Resume::From(here) }
    }
}

fn pairs_fit(pairs: &[(u8, u8)], escape: u8, end: u8) -> Result<(), Error> {
    let all = |byte: u8| pairs.iter().any(|(of, _)| *of == byte);
    if !all(escape) || !all(end) {
        let expected = "pairs for the escape and the end mark among them";
        return Err(Error::option("escape_pairs", expected, format_args!("{} pairs", pairs.len())));
    }
    let twice = |part: fn(&(u8, u8)) -> u8| {
        pairs.iter().enumerate().any(|(at, it)| pairs[..at].iter().any(|old| part(old) == part(it)))
    };
    if twice(|it| it.0) || twice(|it| it.1) {
        return Err(Error::option("escape_pairs", "each byte once", "one twice"));
    }
    if pairs.iter().any(|(_, code)| *code == end) {
        return Err(Error::option("escape_pairs", "no pair with the end mark in it", hex(end)));
    }
    Ok(())
}

fn mask_fits(mask: u8, special: [Option<u8>; 3], end: u8) -> Result<(), Error> {
    if mask != 0 && special.iter().flatten().any(|byte| byte ^ mask == end) {
        let expected = "a mask that makes no mark or escape the end mark";
        return Err(Error::option("escape_mask", expected, hex(mask)));
    }
    Ok(())
}
