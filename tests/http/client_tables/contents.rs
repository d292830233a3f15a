//! The tables of headers, bodies and waits.

use std::time::{Duration, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use opi_http_connector::{
    HeaderMap, HeaderValue, Multipart, Part, Request, Session, SessionConfig, retry_after,
};

use super::{rows, text};

/// Deviation: blanks before a value are taken off, as the standard of headers says (RFC 9110
/// section 5.5); requests refuses them.
#[test]
fn no_header_breaks_out_of_its_line() {
    for (test, blank_values) in
        [("test_header_no_return_chars", 0), ("test_header_no_leading_space", 3)]
    {
        let Some(rows) = rows("requests", test) else { return };
        let mut let_in = 0;
        for row in &rows {
            let (name, value) = row.as_object().unwrap().iter().next().unwrap();
            let request = Request::get("http://h.test/").unwrap();
            if let Ok(request) = request.header(name, text(value)) {
                let session = Session::new(SessionConfig::new());
                let prepared = session.prepare(&request).unwrap();
                assert_eq!(prepared.headers[name].to_str().unwrap().trim(), "bar", "{row}");
                let_in += 1;
            }
        }
        assert_eq!(let_in, blank_values, "{test}");
    }
}

/// Deviation: OPTIONS expects no body (RFC 9110 section 9.3.7), so an empty one is not announced.
#[test]
fn lengths_are_announced_where_a_body_is_expected() {
    let announced = |method: &str| {
        let request = Request::new(method, "http://h.test/").unwrap();
        let prepared = Session::new(SessionConfig::new()).prepare(&request).unwrap();
        prepared.headers.contains_key("content-length")
    };
    if let Some(rows) = rows("requests", "test_no_content_length") {
        assert!(rows.iter().all(|row| !announced(text(row))));
    }
    if let Some(rows) = rows("requests", "test_no_body_content_length") {
        for row in &rows {
            assert_eq!(announced(text(row)), text(row) != "OPTIONS", "{row}");
        }
    }
}

#[test]
fn names_of_parts_stand_between_quotes() {
    let Some(rows) = rows("urllib3", "test_format_multipart_header_param") else { return };
    for row in &rows {
        let bytes = |it: &str| String::from_utf8(STANDARD.decode(it).unwrap()).unwrap();
        let value =
            row[0].as_str().map_or_else(|| bytes(text(&row[0]["bytes_b64"])), str::to_owned);
        let request = Request::post("http://h.test/").unwrap();
        let form = Multipart::new().part(Part::text(value.as_str(), "v"));
        let request = request.multipart(form).unwrap();
        let prepared = Session::new(SessionConfig::new()).prepare(&request).unwrap();
        let body = prepared.body.in_memory().unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        let expected = format!("name=\"{}\"", text(&row[1]));
        assert!(body.contains(&expected), "{row}: {body}");
    }
}

fn waited(value: &str) -> Option<u64> {
    let mut headers = HeaderMap::new();
    headers.append("retry-after", HeaderValue::from_bytes(value.as_bytes()).unwrap());
    // 2019-06-03 11:00:00, the clock of the table.
    let now = UNIX_EPOCH + Duration::from_secs(1_559_559_600);
    retry_after(&headers, now).map(|it| it.as_secs())
}

#[test]
fn retry_after_is_seconds_or_a_date() {
    if let Some(rows) = rows("urllib3", "test_parse_retry_after_invalid") {
        assert!(rows.iter().all(|row| waited(text(row)).is_none()), "{rows:?}");
    }
    if let Some(rows) = rows("urllib3", "test_parse_retry_after") {
        for row in &rows {
            assert_eq!(waited(text(&row[0])), row[1].as_u64(), "{row}");
        }
    }
    let Some(rows) = rows("urllib3", "test_respect_retry_after_header_sleep") else { return };
    for row in rows.iter().filter(|row| row[1] == true) {
        // `UTC` in place of `GMT` and a day of one digit are no date of HTTP (RFC 9110 5.6.7).
        let of_http = !text(&row[0]).ends_with("UTC");
        let expected = row[2].as_u64().filter(|_| of_http);
        assert_eq!(waited(text(&row[0])), expected, "{row}");
    }
}
