//! Walks through DER (X.690) far enough to find the parts of a certificate; checks no meaning.

/// One element: its tag, its contents, and both with the length between them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'a> {
    pub(super) tag: u8,
    pub(super) contents: &'a [u8],
    pub(super) whole: &'a [u8],
}

/// The elements that stand one after another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Elements<'a>(&'a [u8]);

impl<'a> Elements<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The contents of the next element, which must have `tag`.
    pub(super) fn read(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.read_whole(tag).map(|element| element.contents)
    }

    /// The next element, which must have `tag`.
    pub(super) fn read_whole(&mut self, tag: u8) -> Option<Element<'a>> {
        self.next().filter(|element| element.tag == tag)
    }

    /// The contents of the next element when it has `tag`; otherwise it stays the next one.
    pub(super) fn read_if(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (element, rest) = split(self.0).filter(|(element, _)| element.tag == tag)?;
        self.0 = rest;
        Some(element.contents)
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        let (element, rest) = split(self.0)?;
        self.0 = rest;
        Some(element)
    }
}

/// The first element and what follows it; none when it is cut off or longer than 16 MiB.
fn split(bytes: &[u8]) -> Option<(Element<'_>, &[u8])> {
    let (&tag, &first) = (bytes.first()?, bytes.get(1)?);
    let (length, header) = match first {
        0..=0x7f => (usize::from(first), 2),
        0x81..=0x83 => {
            let count = usize::from(first & 0x7f);
            let digits = bytes.get(2..2 + count)?;
            (digits.iter().fold(0, |sum, digit| sum << 8 | usize::from(*digit)), 2 + count)
        }
        _ => return None,
    };
    let whole = bytes.get(..header.checked_add(length)?)?;
    Some((Element { tag, contents: &whole[header..], whole }, &bytes[whole.len()..]))
}

pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OID: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(bytes: &[u8]) -> Vec<(u8, usize)> {
        Elements::of(bytes).map(|element| (element.tag, element.contents.len())).collect()
    }

    #[test]
    fn elements_are_cut_at_their_lengths() {
        let mut long = vec![OCTET_STRING, 0x82, 0x01, 0x00];
        long.extend([7; 256]);
        long.extend([BOOLEAN, 0]);
        assert_eq!(lengths(&long), [(OCTET_STRING, 256), (BOOLEAN, 0)]);
        assert_eq!(lengths(&[OCTET_STRING, 0x81, 1, 9]), [(OCTET_STRING, 1)]);
    }

    #[test]
    fn what_is_cut_off_or_endless_is_no_element() {
        for bytes in
            [&[][..], &[0x30], &[0x30, 2, 0], &[0x30, 0x80, 0, 0], &[0x30, 0x84, 0, 0, 0, 0]]
        {
            assert_eq!(lengths(bytes), [], "{bytes:?}");
        }
    }

    #[test]
    fn an_element_of_another_tag_stays() {
        let mut elements = Elements::of(&[INTEGER, 1, 5, 0x31, 0]);
        assert_eq!(elements.read_if(0x31), None);
        assert_eq!(elements.read(INTEGER), Some(&[5][..]));
        assert_eq!(elements.read_if(0x31), Some(&[][..]));
    }
}
