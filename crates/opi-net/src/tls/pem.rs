//! Sections of PEM (RFC 7468), read in one pass.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The contents of each section with `label`; none in place of one that is no Base64.
pub(super) fn sections<'a>(
    text: &'a [u8],
    label: &str,
) -> impl Iterator<Item = Option<Vec<u8>>> + use<'a> {
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    std::iter::from_fn(move || {
        lines.find(|line| *line == begin.as_bytes())?;
        let mut digits = Vec::new();
        for line in lines.by_ref() {
            if line == end.as_bytes() {
                return Some(STANDARD.decode(&digits).ok());
            }
            digits.extend_from_slice(line);
        }
        // A section without an end.
        Some(None)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Option<Vec<u8>>> {
        sections(text.as_bytes(), "X").collect()
    }

    #[test]
    fn each_section_of_the_label_is_read() {
        let text = "note\n-----BEGIN X-----\r\nAQ\nID\n-----END X-----\n-----BEGIN Y-----\nAA==\n\
                    -----END Y-----\n-----BEGIN X-----\nBA==\n-----END X-----";
        assert_eq!(read(text), [Some(vec![1, 2, 3]), Some(vec![4])]);
    }

    #[test]
    fn what_is_broken_is_told() {
        assert_eq!(read("-----BEGIN X-----\n#\n-----END X-----"), [None]);
        assert_eq!(read("-----BEGIN X-----\nAQID\n"), [None]);
        assert_eq!(read(""), []);
    }
}
