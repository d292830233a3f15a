//! The date of `Expires`, which servers write in any order (RFC 6265bis section 5.1.1).

use std::time::SystemTime;

use crate::dates::{Fields, month};

/// Reads a cookie's date; none when a part is missing or impossible.
pub(super) fn read(text: &[u8]) -> Option<SystemTime> {
    let (mut clock, mut day, mut named, mut year) = (None, None, None, None);
    for token in text.split(delimits).filter(|token| !token.is_empty()) {
        if clock.is_none()
            && let Some(read) = as_clock(token)
        {
            clock = Some(read);
        } else if day.is_none()
            && let Some((read, _)) = number(token, 1, 2)
        {
            day = Some(read);
        } else if named.is_none()
            && let Some(read) = token.get(..3).and_then(month)
        {
            named = Some(read);
        } else if year.is_none()
            && let Some((read, _)) = number(token, 2, 4)
        {
            year = Some(read);
        }
    }
    let (hour, minute, second) = clock?;
    let year = match year? {
        digits @ 70..=99 => digits + 1900,
        digits @ 0..=69 => digits + 2000,
        whole => whole,
    };
    let day = u8::try_from(day?).ok()?;
    Fields { year, month: named?, day, hour, minute, second }.time(59)
}

fn delimits(byte: &u8) -> bool {
    matches!(byte, b'\t' | b' '..=b'/' | b';'..=b'@' | b'['..=b'`' | b'{'..=b'~')
}

/// `hh:mm:ss`, each of one or two digits; what follows a last non-digit is of no matter.
fn as_clock(token: &[u8]) -> Option<(u8, u8, u8)> {
    let (hour, rest) = leading(token, 2)?;
    let (minute, rest) = leading(rest.strip_prefix(b":")?, 2)?;
    let (second, _) = number(rest.strip_prefix(b":")?, 1, 2)?;
    let small = |number| u8::try_from(number).ok();
    Some((small(hour)?, small(minute)?, small(second)?))
}

/// A number of `least` to `most` digits, with no digit behind it.
fn number(token: &[u8], least: usize, most: usize) -> Option<(u16, &[u8])> {
    let (number, rest) = leading(token, most)?;
    let digits = token.len() - rest.len();
    let ended = rest.first().is_none_or(|byte| !byte.is_ascii_digit());
    (digits >= least && ended).then_some((number, rest))
}

/// The number of up to `most` digits that `token` begins with.
fn leading(token: &[u8], most: usize) -> Option<(u16, &[u8])> {
    let digits = token.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = token.split_at_checked(digits)?;
    let number = std::str::from_utf8(number).ok()?.parse().ok()?;
    Some((number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::unix;

    #[track_caller]
    fn reads(text: &str, expected: Option<i64>) {
        assert_eq!(read(text.as_bytes()).map(unix), expected, "{text:?}");
    }

    #[test]
    fn every_order_and_form_is_read() {
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 06-Nov-1994 08:49:37 GMT",
            "06 Nov 1994 08:49:37",
            "08:49:37 6 november 94",
            "NOV 06 08:49:37 1994 anything",
            "1994 06 nov 8:49:37",
            "6th Nov 1994 08:49:37z",
            "Sun, 06 Nov 1994 08:49:37 +0300",
            "Sun/06/Nov/1994/08:49:37",
            "[6];(nov)_1994@8:49:37",
        ] {
            // A number of four digits is a year wherever it stands, of two the day first.
            reads(text, Some(784_111_777));
        }
        reads("Thu, 01 Jan 1970 00:00:00 GMT", Some(0));
        reads("Mon, 01-Jan-69 00:00:00 GMT", Some(3_124_224_000));
        reads("Thu, 01-Jan-70 00:00:00 GMT", Some(0));
        reads("Fri, 31 Dec 9999 23:59:59 GMT", Some(253_402_300_799));
        reads("Mon, 01 Jan 1601 00:00:00 GMT", Some(-11_644_473_600));
        reads("Sun, 06 Nov 94 8:9:7", Some(784_109_347));
    }

    #[test]
    fn what_misses_a_part_or_cannot_be_is_no_date() {
        for text in [
            "",
            "0",
            "-1",
            "now",
            "06 Nov 1994",
            "Nov 1994 08:49:37",
            "06 1994 08:49:37",
            "06 Nov 08:49:37",
            "00 Nov 1994 08:49:37",
            "32 Nov 1994 08:49:37",
            "31 Feb 1994 08:49:37",
            "29 Feb 2023 08:49:37",
            "06 Nov 1600 08:49:37",
            "06 Nov 19940 08:49:37",
            "06 Nov 1994 24:49:37",
            "06 Nov 1994 08:60:37",
            "06 Nov 1994 08:49:60",
            "06 Nov 1994 08:49",
            "06 Nov 1994 008:49:37",
            "06 Ноя 1994 08:49:37",
        ] {
            reads(text, None);
        }
    }
}
