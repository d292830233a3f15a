//! Header names in the letters in which a caller wrote them.

/// Writes the names of `head` as `names` have them. Only the letters' case changes, so the head
/// stays as long as it was; the last of `names` that mean the same header counts.
pub(super) fn restore(head: &mut [u8], names: &[Box<str>]) {
    for line in head.split_mut(|byte| *byte == b'\n').skip(1) {
        let end = line.iter().position(|byte| *byte == b':').unwrap_or(0);
        let Some(written) = line.get_mut(..end) else { continue };
        let same = |name: &&str| name.as_bytes().eq_ignore_ascii_case(written);
        if let Some(name) = names.iter().rev().map(AsRef::as_ref).find(same) {
            written.copy_from_slice(name.as_bytes());
        }
    }
}

/// Where the head that `data` begins with ends.
pub(super) fn end_of_head(data: &[u8]) -> Option<usize> {
    data.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &str, names: &[&str], expected: &str) {
        let names: Vec<Box<str>> = names.iter().map(|&name| name.into()).collect();
        let mut bytes = head.as_bytes().to_vec();
        restore(&mut bytes, &names);
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }

    #[test]
    fn names_are_written_as_they_were_given() {
        let head = "GET /x-a: HTTP/1.1\r\nHost: h\r\nX-A: x-a: 1\r\nX-A: 2\r\nX-Ab: 3\r\n\r\n";
        let expected = "GET /x-a: HTTP/1.1\r\nhOST: h\r\nx-a: x-a: 1\r\nx-a: 2\r\nX-Ab: 3\r\n\r\n";
        check(head, &["hOST", "X-a", "x-a", "x-ab-c"], expected);
        check(head, &[], head);
        check("", &["x-a"], "");
    }

    #[test]
    fn a_head_ends_with_its_empty_line() {
        assert_eq!(end_of_head(b"GET / HTTP/1.1\r\nA: b\r\n\r\nbody\r\n\r\n"), Some(24));
        assert_eq!(end_of_head(b"GET / HTTP/1.1\r\nA: b\r\n"), None);
    }
}
