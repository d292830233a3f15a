//! A count written in digits. Pure.

use std::str::FromStr;

/// Reads a whole number from 1.
///
/// # Errors
///
/// It is no such number, or larger than `T` holds.
pub(crate) fn parse<T: FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_refused| format!("expected a whole number from 1, got {text:?}"))
}

#[cfg(test)]
mod tests {
    use std::num::{NonZeroU32, NonZeroUsize};

    use super::*;

    #[test]
    fn a_count_is_a_whole_number_from_1() {
        assert_eq!(parse("7"), Ok(NonZeroUsize::MIN.saturating_add(6)));
        for text in ["", "0", "-1", "1.5", "x", "4294967296"] {
            let error = parse::<NonZeroU32>(text).unwrap_err();
            assert_eq!(error, format!("expected a whole number from 1, got {text:?}"));
        }
    }
}
