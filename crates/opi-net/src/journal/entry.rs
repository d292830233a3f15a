//! One line of a journal.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use time::OffsetDateTime;

/// How much an entry matters; the first matters most.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub enum Level {
    /// Something failed.
    Error,
    /// Something may hurt: a setting, a limit that was met.
    Warn,
    /// What an operator wants to read: connections that come and go.
    #[default]
    Info,
    /// Each operation.
    Debug,
}

impl Level {
    /// Every level, in the order of weight.
    pub const ALL: &[Self] = &[Self::Error, Self::Warn, Self::Info, Self::Debug];

    /// The name in settings and lines; never renamed once released.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }
}

/// One line of a journal: when, how much it matters, and a text without control characters.
///
/// Prints as `[2026-01-31 23:59:59.999Z] info the text`; the time is UTC.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    time: SystemTime,
    level: Level,
    text: Arc<str>,
}

impl Entry {
    /// The most bytes of a text; a longer one is cut and ends with `…`.
    pub const LONGEST: usize = 4_096;

    pub(super) fn new(time: SystemTime, level: Level, text: Arc<str>) -> Self {
        Self { time, level, text }
    }

    /// When it was logged.
    #[must_use]
    pub fn time(&self) -> SystemTime {
        self.time
    }

    /// How much it matters.
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }

    /// What was logged.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = OffsetDateTime::from(self.time);
        let (year, month, day) = at.to_calendar_date();
        let (hour, minute, second, milli) = at.to_hms_milli();
        write!(f, "[{year:04}-{:02}-{day:02} ", u8::from(month))?;
        write!(f, "{hour:02}:{minute:02}:{second:02}.{milli:03}Z] ")?;
        write!(f, "{} {}", self.level.name(), self.text)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[track_caller]
    fn check(millis: u64, expected: &str) {
        let time = SystemTime::UNIX_EPOCH + Duration::from_millis(millis);
        let entry = Entry::new(time, Level::Warn, "text".into());
        assert_eq!(entry.to_string(), format!("[{expected}Z] warn text"));
    }

    #[test]
    fn the_time_is_utc_to_the_millisecond() {
        check(0, "1970-01-01 00:00:00.000");
        check(951_782_399_999, "2000-02-28 23:59:59.999");
        check(951_782_400_000, "2000-02-29 00:00:00.000");
        check(1_767_225_599_007, "2025-12-31 23:59:59.007");
    }

    #[test]
    fn levels_are_ordered_by_weight() {
        assert!(Level::ALL.is_sorted());
        assert_eq!(Level::default().name(), "info");
    }
}
