//! The tables of hosts: names in other letters, percent signs, what is no host.

use opi_http_connector::Request;
use serde_json::Value;

use super::{rows, text};

fn read(url: &str) -> Result<String, &'static str> {
    let request = Request::get(url).map_err(|error| error.code())?;
    Ok(request.url().host_str().unwrap().to_owned())
}

const REFUSED: Result<&str, &str> = Err("http_bad_url");

/// Checks rows of URL and host; of those named in `otherwise` the host that opi reads.
fn check(test: &str, otherwise: &[(&str, Result<&str, &'static str>)]) {
    let Some(rows) = rows("urllib3", test) else { return };
    let mut deviating = 0;
    for row in &rows {
        let (url, expected) = (text(&row[0]), text(&row[1]));
        let own = otherwise.iter().find(|(own, _)| *own == url);
        deviating += usize::from(own.is_some());
        let expected = own.map_or(Ok(expected), |(_, own)| *own);
        assert_eq!(read(url).as_deref().map_err(|code| *code), expected, "{row}");
    }
    assert_eq!(deviating, otherwise.len(), "a deviation is of no row");
}

#[test]
fn names_in_other_letters_are_encoded() {
    check("test_non_ascii_hosts_are_idna_encoded", &[]);
}

/// The standard decodes a host before it is read (WHATWG, "host parsing"): a row whose host is kept
/// with its percent signs by urllib3 is decoded, or refused when that is no host.
#[test]
fn hosts_with_percent_signs_are_decoded_first() {
    check(
        "test_percent_encoded_non_unreserved_hosts_are_preserved",
        &[
            ("http://K%C3%B6nigsg%C3%A4%C3%9Fchen.de/path", Ok("xn--knigsgchen-b4a3dun.de")),
            (
                "http://%E4%BE%8B%E3%81%88.%E3%83%86%E3%82%B9%E3%83%88/path",
                Ok("xn--r8jz45g.xn--zckzah"),
            ),
        ],
    );
    check("test_percent_encoded_unreserved_hosts_are_decoded", &[]);
}

/// Deviation: these rows are hosts to urllib3. Decoded they hold a character that no host may have,
/// or are no UTF-8, so the standard refuses them.
#[test]
fn what_is_no_host_when_decoded_is_refused() {
    for test in [
        "test_percent_encoded_hosts_that_are_not_valid_utf8_are_preserved",
        "test_percent_encoded_reserved_hosts_are_preserved",
    ] {
        let Some(rows) = rows("urllib3", test) else { return };
        for row in &rows {
            assert_eq!(read(text(&row[0])).as_deref().map_err(|it| *it), REFUSED, "{row}");
        }
    }
}

fn refused(file: &str, test: &str, read_otherwise: &[&str]) {
    let Some(rows) = rows(file, test) else { return };
    let urls: Vec<&str> = rows.iter().filter_map(Value::as_str).collect();
    for url in &urls {
        let expected = !read_otherwise.contains(url);
        assert_eq!(read(url).is_err(), expected, "{url:?}");
    }
    assert!(read_otherwise.iter().all(|own| urls.contains(own)), "a deviation is of no row");
}

#[test]
fn what_is_no_url_is_refused() {
    refused("urllib3", "test_percent_encoded_control_hosts_raise", &[]);
    refused("urllib3", "test_percent_encoded_control_ipv6_zone_ids_raise", &[]);
    // `²` is a 2 to no port, but an emoji is a host to the standard, which asks for no more than
    // what UTS 46 allows.
    refused("urllib3", "test_invalid_url", &["http://\u{2764}\u{FE0F}"]);
    // `*` may stand in a host of the standard; a snowman too.
    refused(
        "requests",
        "test_preparing_bad_url",
        &["http://*.google.com", "http://*", "http://☃.net/"],
    );
}
