//! The tables that the Python clients test themselves by: requests, urllib3, httpx, werkzeug.
//!
//! They are no law: each table is run where opi has what it asks, or named with the reason why not;
//! a row that opi reads otherwise stands in its test with the reason.

mod apart;
mod contents;
mod hosts;
mod origins;
mod proxies;
mod urls;

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use harness::fixture_text;
use serde_json::Value;

/// The tables that are run, by file, test and number of rows.
const RUN: &[(&str, &str, usize)] = &[
    ("httpx", "test_get_environment_proxies", 12),
    ("httpx", "test_idna_url", 6),
    ("httpx", "test_ipv6_url_from_raw_url", 2),
    ("httpx", "test_path_query_fragment", 7),
    ("httpx", "test_proxies_environ", 17),
    ("httpx", "test_url_username_and_password", 5),
    ("requests", "test_bypass", 5),
    ("requests", "test_bypass_no_proxy_keyword", 3),
    ("requests", "test_header_no_leading_space", 7),
    ("requests", "test_header_no_return_chars", 13),
    ("requests", "test_mixed_case_scheme_acceptable", 4),
    ("requests", "test_no_body_content_length", 4),
    ("requests", "test_no_content_length", 2),
    ("requests", "test_not_bypass", 3),
    ("requests", "test_not_bypass_no_proxy_keyword", 5),
    ("requests", "test_parameters_for_nonstandard_schemes", 4),
    ("requests", "test_params_are_added_before_fragment", 2),
    ("requests", "test_preparing_bad_url", 5),
    ("requests", "test_prepend_scheme_if_needed", 5),
    ("requests", "test_proxy_env_vars_override_default", 4),
    ("requests", "test_should_bypass_proxies", 10),
    ("requests", "test_should_bypass_proxies_no_proxy", 8),
    ("requests", "test_should_bypass_proxies_no_proxy_domain_boundary", 9),
    ("requests", "test_should_strip_auth_default_port", 4),
    ("requests", "test_unicode_get", 5),
    ("requests", "test_url_mutation", 5),
    ("requests", "test_urldefragauth", 6),
    ("requests", "test_user_agent_transfers", 2),
    ("urllib3", "test_connection_from_url_preserves_port_zero", 5),
    ("urllib3", "test_control_characters_in_host_raise", 4),
    ("urllib3", "test_control_characters_in_host_raise", 5),
    ("urllib3", "test_create_connection_with_valid_idna_labels", 5),
    ("urllib3", "test_e2e_connect_to_ipv6_scoped", 4),
    ("urllib3", "test_format_multipart_header_param", 8),
    ("urllib3", "test_host_and_tunnel_host_are_normalized", 2),
    ("urllib3", "test_invalid_url", 12),
    ("urllib3", "test_malformed_percent_escapes_in_host_raise", 2),
    ("urllib3", "test_netloc", 13),
    ("urllib3", "test_nohost", 2),
    ("urllib3", "test_non_ascii_hosts_are_idna_encoded", 2),
    ("urllib3", "test_not_same_host", 14),
    ("urllib3", "test_not_same_host_custom_protocol", 4),
    ("urllib3", "test_not_same_host_no_port_http", 4),
    ("urllib3", "test_parse_retry_after", 3),
    ("urllib3", "test_parse_retry_after_invalid", 4),
    ("urllib3", "test_parse_url_normalization", 13),
    ("urllib3", "test_parse_url_percent_encoded_ascii_without_idna", 2),
    ("urllib3", "test_paths_arent_parsed_as_urls", 5),
    ("urllib3", "test_percent_encoded_control_hosts_raise", 3),
    ("urllib3", "test_percent_encoded_control_ipv6_zone_ids_raise", 5),
    ("urllib3", "test_percent_encoded_hosts_that_are_not_valid_utf8_are_preserved", 3),
    ("urllib3", "test_percent_encoded_non_unreserved_hosts_are_preserved", 2),
    ("urllib3", "test_percent_encoded_reserved_hosts_are_preserved", 11),
    ("urllib3", "test_percent_encoded_unreserved_hosts_are_decoded", 7),
    ("urllib3", "test_request_uri", 9),
    ("urllib3", "test_respect_retry_after_header_sleep", 9),
    ("urllib3", "test_same_host", 13),
    ("urllib3", "test_same_host_custom_protocol", 6),
    ("urllib3", "test_same_host_no_port_http", 5),
    ("urllib3", "test_scheme_host_port", 45),
    ("werkzeug", "test_uri_empty_auth", 4),
    ("werkzeug", "test_uri_iri_normalization", 5),
];

/// The tables of a file; half a pair of UTF-16, which no text of Rust can hold, is U+FFFD.
fn tables(file: &str) -> Option<Vec<Value>> {
    let text = fixture_text(&format!("python-client-tables/{file}.json"))?;
    let Value::Array(tables) = serde_json::from_str(&whole(&text)).unwrap() else { return None };
    Some(tables)
}

/// Writes `\uFFFD` over every half of a pair that stands alone.
fn whole(text: &str) -> String {
    let unit = |at: usize| {
        let digits = text.get(at..)?.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let (mut fixed, mut at) = (String::with_capacity(text.len()), 0);
    while let Some(next) = text[at..].chars().next() {
        let end = match (unit(at), unit(at + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => at + 12,
            (Some(0xD800..=0xDFFF), _) => {
                fixed.push_str("\\uFFFD");
                at += 6;
                continue;
            }
            _ => at + next.len_utf8(),
        };
        write!(fixed, "{}", &text[at..end]).unwrap();
        at = end;
    }
    fixed
}

/// The rows of a table that is run.
fn rows(file: &str, test: &str) -> Option<Vec<Value>> {
    let count = RUN.iter().find(|row| (row.0, row.1) == (file, test)).unwrap().2;
    some_rows(file, test, count)
}

/// The same of one of several tables of this name: of the one that has so many.
fn some_rows(file: &str, test: &str, count: usize) -> Option<Vec<Value>> {
    let mut found = tables(file)?.into_iter().filter(|table| table["test"] == test);
    let rows = found
        .find_map(|table| Some(table["rows"].as_array()?.clone()).filter(|it| it.len() == count));
    assert!(rows.is_some(), "{file} {test} has lost rows");
    rows
}

/// A text, or bytes that are one.
fn decoded(value: &Value) -> String {
    match value["bytes_b64"].as_str() {
        Some(bytes) => String::from_utf8(STANDARD.decode(bytes).unwrap()).unwrap(),
        None => text(value).to_owned(),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Every table of the fixture is run, or is one of those that stand apart; none is both.
#[test]
fn every_table_is_run_or_has_its_reason() {
    let mut expected = Vec::new();
    for file in ["httpx", "requests", "urllib3", "werkzeug"] {
        let Some(tables) = tables(file) else { return };
        expected.extend(tables.iter().map(|it| (file, text(&it["test"]).to_owned())));
    }
    assert_eq!(expected.len(), 152);
    expected.sort();
    let run = RUN.iter().map(|(file, test, _)| (*file, (*test).to_owned()));
    let mut found: Vec<_> = run.chain(apart::tables()).collect();
    found.sort();
    assert_eq!(found, expected);
}
