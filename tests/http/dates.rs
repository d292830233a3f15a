//! The tables of dates: curl's, of which HTTP's three forms are law, and those of `Retry-After`.

use std::time::{Duration, SystemTime};

use harness::fixture;
use opi_http_connector::{HeaderMap, HeaderValue, dates, retry_after};

/// Every row of curl's table: what is in one of the three forms is read to the second; the rest,
/// which curl guesses at (other orders, zones, parts left out), is refused.
#[test]
fn the_rows_of_curl() {
    let Some(table) = fixture("http-dates/curl-lib517.json") else { return };
    let rows = table.as_array().unwrap();
    assert_eq!(rows.len(), 180);
    // The table is of 2026: years of two digits are read from there.
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_787_270_400);
    let mut read = 0;
    for row in rows {
        let text = row["in"].as_str().unwrap();
        let found = dates::read(text, now);
        assert_eq!(found.is_some(), OF_HTTP.contains(&text), "{text:?}");
        if let Some(found) = found {
            let seconds = match found.duration_since(SystemTime::UNIX_EPOCH) {
                Ok(since) => i64::try_from(since.as_secs()).unwrap(),
                Err(before) => -i64::try_from(before.duration().as_secs()).unwrap(),
            };
            let expected =
                if text == OF_32_BITS { Some(2_362_034_977) } else { row["unix"].as_i64() };
            assert_eq!(Some(seconds), expected, "{text:?}");
            read += 1;
        }
    }
    assert_eq!(read, OF_HTTP.len(), "a row was lost");
}

/// The rows in one of the three forms.
const OF_HTTP: &[&str] = &[
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "  Sun, 06 Nov 1994 08:49:37 GMT  ",
    "Sunday, 06-Nov-94 08:49:37 GMT",
    "Sun Nov  6 08:49:37 1994",
    "Wed, 25 Apr 2007 21:02:13 GMT",
    "Wed, 31 Dec 2008 23:59:60 GMT",
    "Sun, 06 Nov 3144 08:49:37 GMT",
    "Sun, 06 Nov 1800 08:49:37 GMT",
    OF_32_BITS,
    "Sun, 06 Nov 1968 08:49:37 GMT",
];

/// Deviation: the table refuses this row for clocks of 32 bits, which end in 2038; ours do not.
const OF_32_BITS: &str = "Sun, 06 Nov 2044 08:49:37 GMT";

#[test]
fn the_rows_of_retry_after() {
    let Some(table) = fixture("http-dates/retry-after.json") else { return };
    let rows = table.as_array().unwrap();
    assert_eq!(rows.len(), 17);
    for row in rows {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(row["now_unix"].as_u64().unwrap());
        let mut headers = HeaderMap::new();
        let value = row["value"].as_str().unwrap();
        headers.append("retry-after", HeaderValue::from_str(value).unwrap());
        let found = retry_after(&headers, now);
        if value == FAR {
            // A date like any other: the policy cuts what is waited for.
            assert_eq!(found.unwrap().as_secs(), 252_613_382_460);
            continue;
        }
        if ENDLESS.contains(&value) {
            // The table leaves the choice: asking for more than a number holds is no "at once".
            assert_eq!(found.unwrap().as_secs(), u64::MAX);
            continue;
        }
        assert_eq!(found.map(|found| found.as_secs()), row["delay_s"].as_u64(), "{row}");
    }
}

const FAR: &str = "Sun, 06 Nov 9999 08:50:37 GMT";

const ENDLESS: [&str; 2] = ["99999999999999999999", "18446744073709551616"];
