//! Moments as signatures write them: `20150830T123600Z`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::{Error, ErrorKind};

/// A moment in UTC, to the second, in the years 1970 to 9999.
#[derive(Clone, Debug)]
pub(super) struct Date {
    text: String,
    moment: SystemTime,
}

impl Date {
    pub(super) fn new(moment: SystemTime) -> Result<Self, Error> {
        let seconds = moment.duration_since(UNIX_EPOCH).map_err(|_before| bad())?.as_secs();
        if seconds > LAST {
            return Err(bad());
        }
        let (year, month, day) = civil(seconds / DAY);
        let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
        let text = format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z");
        Ok(Self { text, moment })
    }

    /// Reads the value of `x-amz-date`.
    pub(super) fn read(value: &[u8]) -> Result<Self, Error> {
        let text = str::from_utf8(value).map_err(|_other| bad())?.trim();
        let number = |from: usize, to: usize| {
            let digits =
                text.get(from..to).filter(|it| it.bytes().all(|byte| byte.is_ascii_digit()));
            digits.and_then(|digits| digits.parse::<u64>().ok()).ok_or_else(bad)
        };
        let (year, month, day) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
        let (hour, minute, second) = (number(9, 11)?, number(11, 13)?, number(13, 15)?);
        let seconds = days(year, month, day)? * DAY + hour * 3600 + minute * 60 + second;
        let read = Self::new(UNIX_EPOCH + Duration::from_secs(seconds))?;
        // What is no such day, hour or form does not come back as it was written.
        if read.text == text { Ok(read) } else { Err(bad()) }
    }

    /// `20150830T123600Z`.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// `20150830`.
    pub(super) fn day(&self) -> &str {
        self.text.get(..8).unwrap_or_default()
    }

    pub(super) fn moment(&self) -> SystemTime {
        self.moment
    }
}

/// Year, month and day of a day counted from 1970-01-01.
fn civil(days: u64) -> (u64, u64, u64) {
    // Years begin in March here, so that the leap day is the last; 719,468 days lie between
    // 0000-03-01 and 1970-01-01, and 146,097 in 400 years.
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

/// The day's count from 1970-01-01; the inverse of [`civil`].
fn days(year: u64, month: u64, day: u64) -> Result<u64, Error> {
    if year < 1970 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return Err(bad());
    }
    let year = if month <= 2 { year - 1 } else { year };
    let march = if month > 2 { month - 3 } else { month + 9 };
    let (era, year_of_era) = (year / 400, year % 400);
    let of_year = (153 * march + 2) / 5 + day - 1;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    Ok(era * 146_097 + of_era - 719_468)
}

fn bad() -> Error {
    Error::new(ErrorKind::BadDate)
}

/// Seconds in a day.
const DAY: u64 = 86_400;

/// 9999-12-31T23:59:59Z.
const LAST: u64 = 253_402_300_799;

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(seconds: u64, expected: Option<&str>) {
        let date = Date::new(UNIX_EPOCH + Duration::from_secs(seconds)).ok();
        assert_eq!(date.as_ref().map(Date::text), expected);
        if let Some(text) = expected {
            let read = Date::read(text.as_bytes()).unwrap();
            assert_eq!(read.moment(), UNIX_EPOCH + Duration::from_secs(seconds), "{text}");
        }
    }

    #[test]
    fn moments_are_written_and_read() {
        // date -u -d @N +%Y%m%dT%H%M%SZ
        check(0, Some("19700101T000000Z"));
        check(951_782_399, Some("20000228T235959Z"));
        check(951_782_400, Some("20000229T000000Z"));
        check(1_440_938_160, Some("20150830T123600Z"));
        check(4_107_542_399, Some("21000228T235959Z"));
        check(4_107_542_400, Some("21000301T000000Z"));
        check(LAST, Some("99991231T235959Z"));
        check(LAST + 1, None);
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "20150830",
            "20150830T123600",
            "20150830T123600Zx",
            "20150230T123600Z",
            "20151330T123600Z",
            "20150830T243600Z",
            "20150830T126000Z",
            "20150830 123600Z",
            "19691231T235959Z",
            "+0150830T123600Z",
            "2015083оT123600Z",
        ] {
            assert_eq!(
                Date::read(text.as_bytes()).unwrap_err().kind(),
                ErrorKind::BadDate,
                "{text}"
            );
        }
        assert!(Date::read(b"\xff").is_err());
        assert!(Date::new(UNIX_EPOCH - Duration::from_secs(1)).is_err());
    }
}
