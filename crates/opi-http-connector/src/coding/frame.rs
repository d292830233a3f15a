//! What stands around the data of a gzip member (RFC 1952 section 2.3). Takes bytes, decides.

use flate2::Crc;

use super::stage::Broken;

/// The head of a member, byte by byte.
#[derive(Debug, Default)]
pub(super) struct Head {
    part: Part,
    /// What was read of the part.
    read: usize,
    flags: u8,
    /// The length of the extra field, and the checksum of the head.
    told: u16,
    /// What the head adds up to.
    sum: Crc,
}

/// The parts of a head, in their order.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum Part {
    #[default]
    Fixed,
    ExtraLength,
    Extra,
    Name,
    Comment,
    Checksum,
    Whole,
}

/// FHCRC: a checksum of the head ends it.
const CHECKED: u8 = 1 << 1;
/// FEXTRA: there is an extra field.
const EXTRA: u8 = 1 << 2;
/// FNAME: there is a name.
const NAMED: u8 = 1 << 3;
/// FCOMMENT: there is a comment.
const COMMENTED: u8 = 1 << 4;
/// The bits that are to be zero.
const RESERVED: u8 = 0b1110_0000;

impl Head {
    pub(super) fn is_whole(&self) -> bool {
        self.part == Part::Whole
    }

    /// Takes what of `input` belongs to the head; returns how much that was.
    pub(super) fn feed(&mut self, input: &[u8]) -> Result<usize, Broken> {
        let mut used = 0;
        for byte in input {
            if self.is_whole() {
                break;
            }
            self.take(*byte)?;
            used += 1;
        }
        Ok(used)
    }

    fn take(&mut self, byte: u8) -> Result<(), Broken> {
        if self.part != Part::Checksum {
            self.sum.update(&[byte]);
        }
        let at = self.read;
        self.read += 1;
        let ended = match self.part {
            Part::Fixed => {
                self.fixed(at, byte)?;
                at == 9
            }
            Part::ExtraLength | Part::Checksum => {
                self.told |= u16::from(byte) << (8 * at);
                at == 1
            }
            Part::Extra => self.read >= usize::from(self.told),
            Part::Name | Part::Comment => byte == 0,
            Part::Whole => true,
        };
        if ended { self.next() } else { Ok(()) }
    }

    /// The ten bytes that each head begins with.
    fn fixed(&mut self, at: usize, byte: u8) -> Result<(), Broken> {
        match (at, byte) {
            (0, 0x1F) | (1, 0x8B) | (2, 8) | (4.., _) => Ok(()),
            (3, flags) if flags & RESERVED == 0 => {
                self.flags = flags;
                Ok(())
            }
            (3, _) => Err(Broken::new("a head has a flag that nobody knows")),
            _ => Err(Broken::new("the data has no head of gzip")),
        }
    }

    /// Goes on to the next part that is there.
    fn next(&mut self) -> Result<(), Broken> {
        if self.part == Part::Checksum && u32::from(self.told) != self.sum.sum() & 0xFFFF {
            return Err(Broken::new("the checksum of a head is another"));
        }
        let parts = [
            (Part::ExtraLength, self.flags & EXTRA != 0),
            (Part::Extra, self.flags & EXTRA != 0 && self.told > 0),
            (Part::Name, self.flags & NAMED != 0),
            (Part::Comment, self.flags & COMMENTED != 0),
            (Part::Checksum, self.flags & CHECKED != 0),
        ];
        let behind = parts.into_iter().skip(self.part as usize);
        let next = behind.filter(|(_, is_there)| *is_there).map(|(part, _)| part).next();
        self.part = next.unwrap_or(Part::Whole);
        self.read = 0;
        if self.part == Part::Checksum {
            self.told = 0;
        }
        Ok(())
    }
}

/// The trailer of a member.
#[derive(Debug, Default)]
pub(super) struct Trailer {
    bytes: [u8; 8],
    read: usize,
}

impl Trailer {
    /// Takes what of `input` belongs to the trailer; returns how much that was.
    pub(super) fn feed(&mut self, input: &[u8]) -> usize {
        let room = self.bytes.iter_mut().skip(self.read);
        let used = room.zip(input).map(|(place, byte)| *place = *byte).count();
        self.read += used;
        used
    }

    /// The checksum and the length of the data, once all of it is there.
    pub(super) fn told(&self) -> Option<[u32; 2]> {
        let [a, b, c, d, e, f, g, h] = self.bytes;
        let told = [u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])];
        (self.read == self.bytes.len()).then_some(told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIXED: [u8; 10] = [0x1F, 0x8B, 8, 0, 1, 2, 3, 4, 0, 3];

    /// The head with `flags` and `rest`, and with its checksum if the flags say so.
    fn head(flags: u8, rest: &[u8]) -> Vec<u8> {
        let mut head = [&FIXED, rest].concat();
        head[3] = flags;
        if flags & CHECKED != 0 {
            let mut sum = Crc::new();
            sum.update(&head);
            head.extend_from_slice(&(sum.sum() as u16).to_le_bytes());
        }
        head
    }

    #[track_caller]
    fn check(head: &[u8]) {
        for piece in [1, 3, 1000] {
            let (mut state, mut used) = (Head::default(), 0);
            for pushed in [head, b"data"].concat().chunks(piece) {
                assert!(state.is_whole() == (used == head.len()));
                used += state.feed(pushed).unwrap();
            }
            assert_eq!((used, state.is_whole()), (head.len(), true), "{head:?}");
        }
    }

    #[track_caller]
    fn refused(head: &[u8], words: &str) {
        let error = Head::default().feed(head).unwrap_err();
        assert!(error.words.contains(words), "{}", error.words);
    }

    #[test]
    fn a_head_ends_behind_the_parts_that_its_flags_name() {
        check(&head(0, b""));
        check(&head(1, b""));
        check(&head(NAMED, b"name\0"));
        check(&head(COMMENTED, b"\0"));
        check(&head(EXTRA, b"\x00\x00"));
        check(&head(EXTRA, b"\x05\x00extra"));
        check(&head(EXTRA, &[&[0x01, 0x01][..], &[7; 257]].concat()));
        check(&head(CHECKED, b""));
        check(&head(NAMED | COMMENTED | EXTRA | CHECKED, b"\x02\x00\0\0name\0comment\0"));
        check(&head(EXTRA | CHECKED, b"\x00\x00"));
    }

    #[test]
    fn what_is_no_head_is_refused() {
        for (at, byte) in [(0, 0x1E), (1, 0x8A), (2, 7)] {
            let mut head = FIXED;
            head[at] = byte;
            refused(&head, "no head of gzip");
        }
        for bit in 5..8 {
            refused(&head(1 << bit, b""), "a flag that nobody knows");
        }
        let mut checked = head(NAMED | CHECKED, b"name\0");
        checked[12] = b'N';
        refused(&checked, "the checksum of a head is another");
    }
}
