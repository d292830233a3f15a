//! Distinguished names in text (after RFC 4514, in the order of the certificate).

use crate::tls::der::{Elements, OID};

/// The whole name: `C=RU, O=Пример, CN=example.test`; parts without a short name are left out.
pub(super) fn text(name: &[u8]) -> String {
    let parts = attributes(name).filter_map(|(kind, value)| {
        let short = SHORT.iter().find(|(oid, _)| *oid == kind)?.1;
        Some(format!("{short}={value}"))
    });
    let text = parts.collect::<Vec<_>>().join(", ");
    if text.is_empty() { "(no name)".to_owned() } else { text }
}

pub(super) fn common_name(name: &[u8]) -> Option<String> {
    attributes(name).find(|(kind, _)| *kind == COMMON_NAME).map(|(_, value)| value)
}

/// The same text without what could disturb a line, 128 characters at most.
pub(super) fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

fn attributes(name: &[u8]) -> impl Iterator<Item = (&[u8], String)> {
    let sets = Elements::of(name);
    sets.flat_map(|set| Elements::of(set.contents)).filter_map(|attribute| {
        let mut fields = Elements::of(attribute.contents);
        let kind = fields.read(OID)?;
        let value = fields.next()?;
        Some((kind, shown(&decoded(value.tag, value.contents))))
    })
}

fn decoded(tag: u8, value: &[u8]) -> String {
    if tag == BMP_STRING {
        let units: Vec<_> =
            value.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    } else {
        String::from_utf8_lossy(value).into_owned()
    }
}

const BMP_STRING: u8 = 0x1e;
const COMMON_NAME: &[u8] = &[0x55, 4, 3];
/// The attributes that people know by a short name.
const SHORT: &[(&[u8], &str)] = &[
    (COMMON_NAME, "CN"),
    (&[0x55, 4, 6], "C"),
    (&[0x55, 4, 7], "L"),
    (&[0x55, 4, 8], "ST"),
    (&[0x55, 4, 10], "O"),
    (&[0x55, 4, 11], "OU"),
];
const LONGEST: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_any_of_their_encodings() {
        let utf8 = [0x31, 0x0b, 0x30, 9, 6, 3, 0x55, 4, 3, 0x0c, 2, 0xd0, 0x96];
        let bmp = [0x31, 0x0b, 0x30, 9, 6, 3, 0x55, 4, 10, 0x1e, 2, 0x04, 0x16];
        assert_eq!(text(&[utf8, bmp].concat()), "CN=Ж, O=Ж");
        assert_eq!(common_name(&utf8).as_deref(), Some("Ж"));
        assert_eq!(text(&[]), "(no name)");
    }

    #[test]
    fn a_name_cannot_break_the_line_or_flood_it() {
        assert_eq!(shown("a\r\n\u{1b}[31mb"), "a[31mb");
        assert_eq!(shown(&"x".repeat(1000)).len(), 128);
    }
}
