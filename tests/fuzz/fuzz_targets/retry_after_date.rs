//! Dates and `Retry-After`: nothing is a panic, and what is written is read back.
#![no_main]

use std::time::{Duration, SystemTime};

use libfuzzer_sys::fuzz_target;
use opi_http_connector::{HeaderMap, HeaderValue, dates, retry_after};

// The clock in seconds since 1970, eight bytes, and the text.
fuzz_target!(|input: &[u8]| {
    let Some((clock, text)) = input.split_first_chunk() else { return };
    let seconds = i64::from_le_bytes(*clock);
    let distance = Duration::from_secs(seconds.unsigned_abs());
    let epoch = SystemTime::UNIX_EPOCH;
    let now = if seconds < 0 { epoch.checked_sub(distance) } else { epoch.checked_add(distance) };
    let now = now.unwrap_or(epoch);
    if let Ok(text) = std::str::from_utf8(text)
        && let Some(date) = dates::read(text, now)
    {
        let written = dates::write(date).unwrap_or_default();
        let leap = dates::read(&written, now);
        assert!(leap == Some(date) || written.is_empty(), "{text:?} {written:?}");
    }
    if let Some(written) = dates::write(now) {
        let whole = dates::read(&written, now).expect("what is written is read");
        assert!(whole <= now && now.duration_since(whole).is_ok_and(|it| it.as_secs() == 0));
    }
    let Ok(value) = HeaderValue::from_bytes(text) else { return };
    let mut headers = HeaderMap::new();
    headers.append("retry-after", value);
    let _ = retry_after(&headers, now);
});
