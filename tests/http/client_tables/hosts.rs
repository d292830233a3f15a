//! The tables of hosts: names in other letters, percent signs, what is no host.

use opi_http_connector::Request;
use serde_json::Value;

use super::{rows, some_rows, text};

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

/// A host of a table in a URL; those in `no_host` are none.
fn check_hosts(file: &str, test: &str, no_host: &[&str]) {
    let Some(rows) = rows(file, test) else { return };
    for row in &rows {
        let host = row.as_str().unwrap_or_else(|| text(&row[0]));
        let url = format!("http://{host}/");
        assert_eq!(read(&url).is_err(), no_host.contains(&host), "{row}");
    }
}

#[test]
fn hosts_are_names_and_addresses_without_zones() {
    check_hosts(
        "urllib3",
        "test_create_connection_with_valid_idna_labels",
        &["[dead::beef%en5]", "[dead::beef%en5.]"],
    );
    let zone = "[2607:f8b0:4005:805::200e%25eth0]";
    check_hosts("urllib3", "test_host_and_tunnel_host_are_normalized", &[zone]);
    let broken = ["foo%.example", "foo%zz.example"];
    check_hosts("urllib3", "test_malformed_percent_escapes_in_host_raise", &broken);
    check_hosts("httpx", "test_ipv6_url_from_raw_url", &["::ffff:192.168.0.1"]);
    assert_eq!(read("http://EXAMPLE%2Ecom%2E/").as_deref(), Ok("example.com."));
    check("test_parse_url_percent_encoded_ascii_without_idna", &[]);
}

/// Deviation: the standard takes line ends and tabs out of a URL before it is read, wherever they
/// stand.
#[test]
fn control_characters_are_in_no_host() {
    const TABLE: &str = "test_control_characters_in_host_raise";
    let Some(templates) = some_rows("urllib3", TABLE, 5) else { return };
    for template in templates.iter().map(text) {
        for control in ('\0'..=' ').chain(['\u{7F}']) {
            let url = template.replace("{}", &control.to_string());
            let expected = match control {
                '\t' | '\n' | '\r' => read(&template.replace("{}", "")),
                _ => Err("http_bad_url"),
            };
            assert_eq!(read(&url), expected, "{url:?}");
        }
    }
    for host in some_rows("urllib3", TABLE, 4).unwrap().iter().map(text) {
        let read = read(&format!("http://{host}/"));
        let expected = read_without_line_end(host);
        assert_eq!(read.ok(), expected, "{host:?}");
    }
}

fn read_without_line_end(host: &str) -> Option<String> {
    read(&format!("http://{}/", host.strip_suffix('\n')?)).ok()
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
    refused("urllib3", "test_nohost", &[]);
    refused("urllib3", "test_e2e_connect_to_ipv6_scoped", &[]);
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
