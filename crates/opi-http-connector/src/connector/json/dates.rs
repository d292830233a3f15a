//! Dates as JSON has them: text of ISO 8601, of JavaScript, or of Microsoft's serializer.

use std::fmt;

use time::{Date, Duration, Month, PrimitiveDateTime, Time, UtcOffset};

/// How a date is written.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum DateForm {
    /// `2019-01-21T00:24:00`, with or without a zone.
    #[default]
    Iso,
    /// `new Date(1548030240000)`: milliseconds since 1970 in UTC.
    JavaScript,
    /// `/Date(1548030240000)/`, with or without a zone, which changes nothing.
    Microsoft,
}

/// In which zone a date is written in ISO 8601.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum DateZone {
    /// Local time without a zone: `2019-01-21T00:24:00`.
    #[default]
    Local,
    /// Local time with its distance from UTC: `2019-01-21T00:24:00+03:00`.
    LocalWithOffset,
    /// UTC: `2019-01-20T21:24:00Z`.
    Universal,
}

/// A date that was read; seconds are whole, as in 1C.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Moment {
    /// Local time of whoever wrote it.
    Local(PrimitiveDateTime),
    Universal(PrimitiveDateTime),
}

impl fmt::Display for Moment {
    /// As `2019-01-21T00:24:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Local(it) | Self::Universal(it)) = self;
        let (year, month, day) = (it.year(), u8::from(it.month()), it.day());
        let (hour, minute, second) = it.time().as_hms();
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }
}

/// Reads a date; `None` for text that is none.
pub(super) fn read(text: &str, form: DateForm) -> Option<Moment> {
    match form {
        DateForm::Iso => iso(text.trim()),
        DateForm::JavaScript => {
            let text = text.trim().strip_prefix("new Date(")?.strip_suffix(')')?;
            since_1970(text)
        }
        DateForm::Microsoft => {
            let text = text.trim().strip_prefix("/Date(")?.strip_suffix(")/")?;
            let zone = text.get(1..)?.find(['+', '-']).map_or(text.len(), |at| at + 1);
            since_1970(text.get(..zone)?)
        }
    }
}

/// Writes the moment that is `local` here and `universal` in UTC.
pub(super) fn write(
    local: PrimitiveDateTime,
    universal: PrimitiveDateTime,
    form: DateForm,
    zone: DateZone,
) -> String {
    let millis = || (universal - epoch()).whole_milliseconds();
    match (form, zone) {
        (DateForm::JavaScript, _) => format!("new Date({})", millis()),
        (DateForm::Microsoft, _) => format!("/Date({})/", millis()),
        (DateForm::Iso, DateZone::Local) => Moment::Local(local).to_string(),
        (DateForm::Iso, DateZone::Universal) => format!("{}Z", Moment::Universal(universal)),
        (DateForm::Iso, DateZone::LocalWithOffset) => {
            let minutes = (local - universal).whole_minutes();
            let sign = if minutes < 0 { '-' } else { '+' };
            let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
            format!("{}{sign}{hours:02}:{minutes:02}", Moment::Local(local))
        }
    }
}

/// `2019-01-21`, `2019-01-21T00:24`, `2019-01-21T00:24:00.5`, each with `Z` or `+03:00` after a
/// time; a fraction of a second is dropped.
fn iso(text: &str) -> Option<Moment> {
    let (date, rest) = text.split_at_checked(10)?;
    let date = match date.as_bytes() {
        [_, _, _, _, b'-', _, _, b'-', _, _] => {
            let month = Month::try_from(number::<u8>(date.get(5..7)?)?).ok()?;
            let year = number::<u16>(date.get(..4)?)?;
            Date::from_calendar_date(year.into(), month, number(date.get(8..)?)?).ok()?
        }
        _ => return None,
    };
    if rest.is_empty() {
        return Some(Moment::Local(date.midnight()));
    }
    let (time, zone) = rest.strip_prefix(['T', 't', ' ']).map(split_zone)?;
    let local = PrimitiveDateTime::new(date, clock(time)?);
    match zone {
        None => Some(Moment::Local(local)),
        Some("Z" | "z") => Some(Moment::Universal(local)),
        Some(zone) => local.checked_sub(offset(zone)?).map(Moment::Universal),
    }
}

fn split_zone(text: &str) -> (&str, Option<&str>) {
    let at = text.find(['Z', 'z', '+', '-']).unwrap_or(text.len());
    let (time, zone) = text.split_at(at);
    (time, Some(zone).filter(|zone| !zone.is_empty()))
}

fn clock(text: &str) -> Option<Time> {
    let (text, fraction) = text.split_once('.').map_or((text, "0"), |parts| parts);
    let fraction_is_digits = !fraction.is_empty() && fraction.bytes().all(|it| it.is_ascii_digit());
    let (hour, rest) = text.split_once(':')?;
    let (minute, second) = rest.split_once(':').unwrap_or((rest, "00"));
    let two = |text: &str| number::<u8>(text).filter(|_| text.len() == 2);
    let time = Time::from_hms(two(hour)?, two(minute)?, two(second)?).ok()?;
    fraction_is_digits.then_some(time)
}

/// `+03:00`, `+0300` or `+03`.
fn offset(text: &str) -> Option<Duration> {
    let (sign, digits) = (text.get(..1)?, text.get(1..)?.replace(':', ""));
    let (hours, minutes) = match digits.len() {
        2 => (digits.get(..)?, "00"),
        4 => digits.split_at_checked(2)?,
        _ => return None,
    };
    let offset = UtcOffset::from_hms(number(hours)?, number(minutes)?, 0).ok()?;
    let offset = Duration::seconds(offset.whole_seconds().into());
    Some(if sign == "-" { -offset } else { offset })
}

fn since_1970(millis: &str) -> Option<Moment> {
    let millis = millis.trim().parse().ok()?;
    let whole_seconds = Duration::milliseconds(millis).whole_seconds();
    let moment = epoch().checked_add(Duration::seconds(whole_seconds))?;
    (1..=9999).contains(&moment.year()).then_some(Moment::Universal(moment))
}

/// Digits only: no sign, no space.
fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn epoch() -> PrimitiveDateTime {
    PrimitiveDateTime::new(time::OffsetDateTime::UNIX_EPOCH.date(), Time::MIDNIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, form: DateForm, expected: Option<&str>) {
        let shown = read(text, form).map(|it| match it {
            Moment::Local(_) => it.to_string(),
            Moment::Universal(_) => format!("{it}Z"),
        });
        assert_eq!(shown.as_deref(), expected, "{text}");
    }

    #[test]
    fn iso_is_local_unless_it_names_a_zone() {
        for (text, expected) in [
            ("2019-01-21T00:24:00", Some("2019-01-21T00:24:00")),
            ("2019-01-21 00:24", Some("2019-01-21T00:24:00")),
            ("2019-01-21", Some("2019-01-21T00:00:00")),
            ("2019-01-21T00:24:00.999", Some("2019-01-21T00:24:00")),
            ("2019-01-21T00:24:00Z", Some("2019-01-21T00:24:00Z")),
            ("2019-01-21T00:24:00.5+03:00", Some("2019-01-20T21:24:00Z")),
            ("2019-12-31T20:00:00-0430", Some("2020-01-01T00:30:00Z")),
            ("2019-01-21T00:24:00+03", Some("2019-01-20T21:24:00Z")),
            ("2020-02-29", Some("2020-02-29T00:00:00")),
            ("0001-01-01T00:00:00", Some("0001-01-01T00:00:00")),
            ("2019-02-29", None),
            ("2019-13-01", None),
            ("2019-01-21T24:00:00", None),
            ("2019-01-21T00:24:00.", None),
            ("2019-01-21T0:24:00", None),
            ("2019-01-21T00:24:00+3", None),
            ("+019-01-21", None),
            ("date of publication", None),
            ("яяяяя", None),
            ("", None),
        ] {
            check(text, DateForm::Iso, expected);
        }
    }

    #[test]
    fn the_other_forms_count_milliseconds_in_utc() {
        let script = |text, expected| check(text, DateForm::JavaScript, expected);
        script("new Date(1548030240000)", Some("2019-01-21T00:24:00Z"));
        script("new Date(-1000)", Some("1969-12-31T23:59:59Z"));
        script("new Date()", None);
        script("new Date(9999999999999999999)", None);
        script("2019-01-21", None);
        let microsoft = |text, expected| check(text, DateForm::Microsoft, expected);
        microsoft("/Date(1548030240000)/", Some("2019-01-21T00:24:00Z"));
        microsoft("/Date(1548030240000+0300)/", Some("2019-01-21T00:24:00Z"));
        microsoft("/Date(-1000-0500)/", Some("1969-12-31T23:59:59Z"));
        microsoft("/Date(9223372036854775807)/", None);
        microsoft("/Date()/", None);
    }

    #[test]
    fn a_moment_is_written_in_each_form_and_zone() {
        let moment = |text| match read(text, DateForm::Iso) {
            Some(Moment::Local(moment)) => moment,
            other => panic!("{other:?}"),
        };
        let (local, universal) = (moment("2019-01-21T00:24:00"), moment("2019-01-20T20:54:00"));
        for (form, zone, expected) in [
            (DateForm::Iso, DateZone::Local, "2019-01-21T00:24:00"),
            (DateForm::Iso, DateZone::LocalWithOffset, "2019-01-21T00:24:00+03:30"),
            (DateForm::Iso, DateZone::Universal, "2019-01-20T20:54:00Z"),
            (DateForm::JavaScript, DateZone::Local, "new Date(1548017640000)"),
            (DateForm::Microsoft, DateZone::Universal, "/Date(1548017640000)/"),
        ] {
            assert_eq!(write(local, universal, form, zone), expected);
        }
        let west = write(universal, local, DateForm::Iso, DateZone::LocalWithOffset);
        assert_eq!(west, "2019-01-20T20:54:00-03:30");
    }
}
