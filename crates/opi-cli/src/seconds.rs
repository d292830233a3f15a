//! A time written in seconds. Pure.

use std::time::Duration;

use opi::auth::AwsV4;
use opi::net::Deadline;

/// Reads a number of seconds, decimals allowed: `30`, `2.5`, `.1`.
///
/// # Errors
///
/// It is no such number, zero, or more than a day.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    up_to(Deadline::LONGEST, text)
}

/// Reads whole seconds for which a signed URL holds.
///
/// # Errors
///
/// It is no such number, zero, or more than the seven days that AWS allows.
pub(crate) fn of_signature(text: &str) -> Result<Duration, String> {
    if text.contains('.') {
        return Err("expected whole seconds".to_owned());
    }
    up_to(AwsV4::LONGEST, text)
}

fn up_to(longest: Duration, text: &str) -> Result<Duration, String> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let seconds = text.parse::<f64>().ok().filter(|_| plain);
    let time = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let allowed = |time: &Duration| !time.is_zero() && *time <= longest;
    time.filter(allowed)
        .ok_or_else(|| format!("expected seconds, more than 0 and at most {}", longest.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, millis: Option<u64>) {
        assert_eq!(parse(text).ok(), millis.map(Duration::from_millis), "{text:?}");
    }

    #[test]
    fn a_signature_holds_for_a_week_at_most() {
        assert_eq!(of_signature("604800"), Ok(AwsV4::LONGEST));
        for text in ["604801", "0", "1.5", "0.5"] {
            assert!(of_signature(text).is_err(), "{text}");
        }
    }

    #[test]
    fn seconds_have_decimals_and_limits() {
        check("30", Some(30_000));
        check("2.5", Some(2_500));
        check(".1", Some(100));
        check("86400", Some(86_400_000));
        for text in ["", "0", "0.0", "-1", "+1", "1e3", "inf", "NaN", "soon", "1s", "86401", "."] {
            check(text, None);
        }
    }
}
