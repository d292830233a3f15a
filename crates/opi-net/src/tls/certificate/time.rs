//! The times of a certificate (RFC 5280, section 4.1.2.5), and how they are written for people.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::tls::der::Element;

/// Reads a UTCTime or a GeneralizedTime.
pub(super) fn read(time: Element<'_>) -> Option<SystemTime> {
    let text = std::str::from_utf8(time.contents).ok()?.strip_suffix('Z')?;
    let text = match (time.tag, text.len()) {
        (UTC_TIME, 12) if text < "50" => format!("20{text}"),
        (UTC_TIME, 12) => format!("19{text}"),
        (GENERALIZED_TIME, 14) => text.to_owned(),
        _ => return None,
    };
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let days = days(number(0, 4)?, number(4, 6)?, number(6, 8)?);
    let seconds = number(8, 10)? * 3600 + number(10, 12)? * 60 + number(12, 14)?;
    let since = days * DAY + seconds;
    let span = Duration::from_secs(since.unsigned_abs());
    if since < 0 { UNIX_EPOCH.checked_sub(span) } else { UNIX_EPOCH.checked_add(span) }
}

/// The day of `time` in UTC: `2021-01-31`.
pub(in crate::tls) fn date(time: SystemTime) -> String {
    let (year, month, day) = civil(seconds(time).div_euclid(DAY));
    format!("{year:04}-{month:02}-{day:02}")
}

/// `time` in UTC: `2021-01-31T23:59:59Z` (RFC 3339).
pub(super) fn moment(time: SystemTime) -> String {
    let of_day = seconds(time).rem_euclid(DAY);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("{}T{hour:02}:{minute:02}:{second:02}Z", date(time))
}

fn seconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
        Err(before) => -i64::try_from(before.duration().as_secs()).unwrap_or(i64::MAX),
    }
}

/// Days from 1970-01-01 in the Gregorian calendar, counted in years that begin in March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year
        - 719_468
}

/// The inverse of [`days`].
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let of_year = day_of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const DAY: i64 = 24 * 60 * 60;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(tag: u8, text: &str) -> Option<String> {
        read(Element { tag, contents: text.as_bytes(), whole: &[] }).map(date)
    }

    #[test]
    fn both_forms_are_read() {
        for (tag, text, date) in [
            (UTC_TIME, "700101000000Z", "1970-01-01"),
            (UTC_TIME, "491231235959Z", "2049-12-31"),
            (UTC_TIME, "500228000000Z", "1950-02-28"),
            (GENERALIZED_TIME, "20000229120000Z", "2000-02-29"),
            (GENERALIZED_TIME, "20900301000000Z", "2090-03-01"),
            (GENERALIZED_TIME, "99991231235959Z", "9999-12-31"),
        ] {
            assert_eq!(at(tag, text).as_deref(), Some(date), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in ["", "Z", "20000229120000", "2000022912000+Z", "2000-2-29    Z", "привет1Z"]
        {
            assert_eq!(at(GENERALIZED_TIME, text), None, "{text}");
        }
    }
}
