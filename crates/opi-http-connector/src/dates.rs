//! Dates as HTTP writes and reads them (RFC 9110 section 5.6.7). Reads no clock.
//!
//! ```
//! use opi_http_connector::dates;
//! use std::time::{Duration, SystemTime};
//!
//! let date = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
//! assert_eq!(dates::write(date).as_deref(), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
//! for text in [
//!     "Sun, 06 Nov 1994 08:49:37 GMT",
//!     "Sunday, 06-Nov-94 08:49:37 GMT",
//!     "Sun Nov  6 08:49:37 1994",
//! ] {
//!     assert_eq!(dates::read(text, SystemTime::now()), Some(date));
//! }
//! ```

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use time::{Date, Month, OffsetDateTime, Time};

/// Reads a date in one of the three forms of HTTP: IMF-fixdate, RFC 850, asctime.
///
/// Nothing else is read: no other zone than GMT, no fields left out, no day that the month lacks,
/// no year before 1601. The name of the weekday has to be one, but need not fit. A year of two
/// digits that would lie more than 50 years after `now` is the one of the century before.
#[must_use]
pub fn read(text: &str, now: SystemTime) -> Option<SystemTime> {
    let text = text.trim_matches([' ', '\t']);
    let fields = imf(text).or_else(|| rfc_850(text, now)).or_else(|| asctime(text))?;
    fields.time(LEAP_SECOND)
}

/// Writes `time` as HTTP sends it, in whole seconds; none outside the years 1601 to 9999.
#[must_use]
pub fn write(time: SystemTime) -> Option<String> {
    let date = OffsetDateTime::from_unix_timestamp(unix(time)).ok()?;
    if !YEARS.contains(&date.year()) {
        return None;
    }
    let weekday = LONG_DAYS.get(usize::from(date.weekday().number_days_from_monday()))?.get(..3)?;
    let month = MONTHS.get(usize::from(u8::from(date.month())) - 1)?;
    let (hour, minute, second) = date.to_hms();
    let (day, year) = (date.day(), date.year());
    Some(format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT"))
}

/// Whole seconds since 1970, rounded down; negative before.
pub(crate) fn unix(time: SystemTime) -> i64 {
    let seconds = |since: Duration| i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => seconds(since),
        Err(before) => {
            let before = before.duration();
            let rest = i64::from(before.subsec_nanos() > 0);
            seconds(before).saturating_neg().saturating_sub(rest)
        }
    }
}

/// The time so many seconds after 1970, when the system can say it.
pub(crate) fn from_unix(seconds: i64) -> Option<SystemTime> {
    let distance = Duration::from_secs(seconds.unsigned_abs());
    match seconds {
        0.. => UNIX_EPOCH.checked_add(distance),
        _ => UNIX_EPOCH.checked_sub(distance),
    }
}

/// What a date consists of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    pub(crate) year: u16,
    /// 1 to 12.
    pub(crate) month: u8,
    pub(crate) day: u8,
    pub(crate) hour: u8,
    pub(crate) minute: u8,
    pub(crate) second: u8,
}

impl Fields {
    /// The time in UTC; none when there is no such day or time. Seconds run to `last_second`.
    pub(crate) fn time(self, last_second: u8) -> Option<SystemTime> {
        if !YEARS.contains(&i32::from(self.year)) || self.second > last_second {
            return None;
        }
        let month = Month::try_from(self.month).ok()?;
        let date = Date::from_calendar_date(i32::from(self.year), month, self.day).ok()?;
        let time = Time::from_hms(self.hour, self.minute, self.second.min(59)).ok()?;
        let leap = i64::from(self.second.saturating_sub(59));
        from_unix(date.with_time(time).assume_utc().unix_timestamp() + leap)
    }
}

/// The number of a month, from the first three letters of its name in any case.
pub(crate) fn month(name: &[u8]) -> Option<u8> {
    let position = MONTHS.iter().position(|it| it.as_bytes().eq_ignore_ascii_case(name))?;
    u8::try_from(position + 1).ok()
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`
fn imf(text: &str) -> Option<Fields> {
    let mut rest = Scanner(text);
    rest.weekday(|day| day.get(..3))?.text(", ")?;
    let day = rest.number(2)?;
    let month = rest.text(" ")?.month()?;
    let year = rest.text(" ")?.number(4)?;
    let (hour, minute, second) = rest.text(" ")?.clock()?;
    rest.text(" GMT")?.end()?;
    Some(Fields { year, month, day: small(day)?, hour, minute, second })
}

/// `Sunday, 06-Nov-94 08:49:37 GMT`
fn rfc_850(text: &str, now: SystemTime) -> Option<Fields> {
    let mut rest = Scanner(text);
    rest.weekday(Some)?.text(", ")?;
    let day = rest.number(2)?;
    let month = rest.text("-")?.month()?;
    let year = rest.text("-")?.number(2)?;
    let (hour, minute, second) = rest.text(" ")?.clock()?;
    rest.text(" GMT")?.end()?;
    let year = century(year, now)?;
    Some(Fields { year, month, day: small(day)?, hour, minute, second })
}

/// `Sun Nov  6 08:49:37 1994`
fn asctime(text: &str) -> Option<Fields> {
    let mut rest = Scanner(text);
    rest.weekday(|day| day.get(..3))?.text(" ")?;
    let month = rest.month()?;
    rest.text(" ")?;
    let digits = if rest.text(" ").is_some() { 1 } else { 2 };
    let day = rest.number(digits)?;
    let (hour, minute, second) = rest.text(" ")?.clock()?;
    let year = rest.text(" ")?.number(4)?;
    rest.end()?;
    Some(Fields { year, month, day: small(day)?, hour, minute, second })
}

/// The year that two digits mean: at most 50 years ahead of `now`.
fn century(digits: u16, now: SystemTime) -> Option<u16> {
    let this = OffsetDateTime::from_unix_timestamp(unix(now)).ok()?.year();
    let year = this - this.rem_euclid(100) + i32::from(digits);
    // The one with these digits in the hundred years that end 50 years from now.
    let year = match year - this {
        51.. => year - 100,
        ..=-50 => year + 100,
        _ => year,
    };
    u16::try_from(year).ok()
}

fn small(number: u16) -> Option<u8> {
    u8::try_from(number).ok()
}

/// What is left of a text that is read from its beginning.
struct Scanner<'a>(&'a str);

impl Scanner<'_> {
    fn text(&mut self, expected: &str) -> Option<&mut Self> {
        self.0 = self.0.strip_prefix(expected)?;
        Some(self)
    }

    fn number(&mut self, digits: usize) -> Option<u16> {
        let (number, rest) = self.0.split_at_checked(digits)?;
        self.0 = rest;
        let all_digits = number.bytes().all(|byte| byte.is_ascii_digit());
        all_digits.then(|| number.parse().ok()).flatten()
    }

    fn month(&mut self) -> Option<u8> {
        let (name, rest) = self.0.split_at_checked(3)?;
        self.0 = rest;
        MONTHS.contains(&name).then(|| month(name.as_bytes())).flatten()
    }

    fn weekday(&mut self, form: fn(&'static str) -> Option<&'static str>) -> Option<&mut Self> {
        let names = LONG_DAYS.iter().filter_map(|day| form(day));
        self.0 = names.into_iter().find_map(|name| self.0.strip_prefix(name))?;
        Some(self)
    }

    fn clock(&mut self) -> Option<(u8, u8, u8)> {
        let hour = self.number(2)?;
        let minute = self.text(":")?.number(2)?;
        let second = self.text(":")?.number(2)?;
        Some((small(hour)?, small(minute)?, small(second)?))
    }

    fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

const MONTHS: &[&str] =
    &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const LONG_DAYS: &[&str] =
    &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The clock of Windows begins in 1601; four digits end in 9999.
const YEARS: std::ops::RangeInclusive<i32> = 1601..=9999;

/// HTTP lets a minute end with a 61st second.
const LEAP_SECOND: u8 = 60;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> SystemTime {
        from_unix(seconds).unwrap()
    }

    #[track_caller]
    fn reads(text: &str, expected: Option<i64>) {
        // 2026-08-21.
        assert_eq!(read(text, at(1_787_270_400)).map(unix), expected, "{text:?}");
    }

    #[test]
    fn three_forms_are_read() {
        reads("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777));
        reads("Sunday, 06-Nov-94 08:49:37 GMT", Some(784_111_777));
        reads("Sun Nov  6 08:49:37 1994", Some(784_111_777));
        reads("Sun Nov 16 08:49:37 1994", Some(784_975_777));
        reads("\t Sun, 06 Nov 1994 08:49:37 GMT ", Some(784_111_777));
        reads("Thu, 01 Jan 1970 00:00:00 GMT", Some(0));
        reads("Mon, 01 Jan 1601 00:00:00 GMT", Some(-11_644_473_600));
        reads("Fri, 31 Dec 9999 23:59:59 GMT", Some(253_402_300_799));
        reads("Fri, 29 Feb 2024 00:00:00 GMT", Some(1_709_164_800));
    }

    #[test]
    fn a_wrong_weekday_is_a_weekday_still() {
        reads("Mon, 06 Nov 1994 08:49:37 GMT", Some(784_111_777));
        reads("Xxx, 06 Nov 1994 08:49:37 GMT", None);
    }

    #[test]
    fn a_leap_second_belongs_to_the_next_minute() {
        reads("Sat, 31 Dec 2016 23:59:60 GMT", Some(1_483_228_800));
        reads("Sat, 31 Dec 2016 23:59:61 GMT", None);
    }

    #[test]
    fn bounds_are_strict() {
        for text in [
            "",
            "0",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 06 Nov 1994 08:49:37 GMT+1",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "Sun, 06 nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 8:49:37 GMT",
            "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 06 Nov 1994 23:60:00 GMT",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 29 Feb 2023 08:49:37 GMT",
            "Sun, 00 Nov 1994 08:49:37 GMT",
            "Sun, +6 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1600 08:49:37 GMT",
            "Sun, 06 Nov 10000 08:49:37 GMT",
            "Sunday, 06-Nov-1994 08:49:37 GMT",
            "Sun Nov 6 08:49:37 1994",
            "Sun Nov  6 08:49:37 94",
            "Вс, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06 Но 1994 08:49:37 GMT",
        ] {
            reads(text, None);
        }
    }

    #[track_caller]
    fn year(digits: &str, now: i64, expected: i32) {
        let text = format!("Monday, 01-Jan-{digits} 00:00:00 GMT");
        let read = unix(read(&text, at(now)).unwrap());
        assert_eq!(OffsetDateTime::from_unix_timestamp(read).unwrap().year(), expected, "{digits}");
    }

    #[test]
    fn two_digits_are_at_most_fifty_years_ahead() {
        let (in_2026, in_1994, in_1999) = (1_787_270_400, 784_111_777, 946_598_400);
        year("26", in_2026, 2026);
        year("76", in_2026, 2076);
        year("77", in_2026, 1977);
        year("00", in_2026, 2000);
        year("94", in_1994, 1994);
        year("44", in_1994, 2044);
        year("45", in_1994, 1945);
        year("49", in_1999, 2049);
        year("50", in_1999, 1950);
    }

    #[test]
    fn what_is_written_is_read_back() {
        for seconds in [0, 784_111_777, 1_709_164_800, 253_402_300_799, -1, -11_644_473_600] {
            let text = write(at(seconds)).unwrap();
            assert_eq!(read(&text, at(0)).map(unix), Some(seconds), "{text}");
        }
        assert_eq!(write(at(784_111_777)).unwrap(), "Sun, 06 Nov 1994 08:49:37 GMT");
    }

    #[test]
    fn years_of_five_digits_are_not_written() {
        assert_eq!(write(at(253_402_300_800)), None);
        assert_eq!(write(at(-11_644_473_601)), None);
        assert_eq!(write(at(i64::MAX)), None);
    }

    #[test]
    fn seconds_are_rounded_down() {
        assert_eq!(unix(UNIX_EPOCH + Duration::from_millis(1999)), 1);
        assert_eq!(unix(UNIX_EPOCH - Duration::from_millis(1)), -1);
    }
}
