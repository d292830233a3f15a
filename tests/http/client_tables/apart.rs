//! The tables that are not run, with the reason.

/// A file, the reason, and the tables.
const APART: &[(&str, &str, &[&str])] = &[
    (
        "httpx",
        "Python's own: what a value of a field may be",
        &["test_multipart", "test_multipart_file_tuple_headers", "test_multipart_invalid_key"],
    ),
    ("httpx", "`Link` is not read", &["test_link_headers"]),
    (
        "httpx",
        "a host is not set apart from its URL",
        &["test_ipv6_url_copy_with_host", "test_ipv6_url_copy_with_host"],
    ),
    ("httpx", "its own patterns for choosing a transport", &["test_url_matches"]),
    (
        "httpx",
        "names of codings alone; codings have the tables of the suite `http_content`",
        &[
            "test_decode_error_with_request",
            "test_decoders_empty_cases",
            "test_decoding_errors",
            "test_empty_content",
            "test_streaming_text_decoder",
            "test_value_error_without_request",
        ],
    ),
    (
        "httpx",
        "the boundary is opi's own, also beside a type of the caller's: the suite `http_content` has it",
        &["test_multipart_explicit_boundary", "test_multipart_header_without_boundary"],
    ),
    (
        "httpx",
        "the table names encodings of Python; JSON is UTF-8 (RFC 8259) or what its header says",
        &[
            "test_encoded",
            "test_guess_by_bom",
            "test_json_with_specified_charset",
            "test_json_without_specified_charset",
        ],
    ),
    (
        "httpx",
        "types are not guessed by the names of files",
        &["test_multipart_encode_files_guesses_correct_content_type"],
    ),
    ("httpx", "types of its own", &["test_for_deprecated_proxy_params"]),
    (
        "requests",
        "Python's own: iterators, strings and bytes, the environment, files, modules",
        &[
            "test_data_argument_accepts_tuples",
            "test_file",
            "test_header_value_not_str",
            "test_invalid_timeout",
            "test_iter_slices",
            "test_set_environ",
            "test_to_native_string",
            "test_unicode_is_ascii",
            "test_valid",
            "test_valid",
        ],
    ),
    ("requests", "`Link` is not read", &["test_parse_header_links"]),
    (
        "requests",
        "a `Content-Type` is not taken apart for callers; the charset of one is in the suite `http_content`",
        &["test__parse_content_type_header"],
    ),
    ("requests", "a body of `None` in place of none, Python's own", &["test_empty_content_length"]),
    (
        "requests",
        "a list of pairs is read of challenges alone, and their table is that of Digest",
        &["test_parse_dict_header"],
    ),
    (
        "requests",
        "addresses and ranges are no types of opi; a list of hosts reads them",
        &["test_invalid", "test_invalid"],
    ),
    ("requests", "certificates are not taken from the environment", &["test_env_cert_bundles"]),
    (
        "requests",
        "network masks are not written out here; the suite `proxies` has the rows of ranges",
        &["test_dotted_netmask"],
    ),
    (
        "requests",
        "rewrites of URLs that Python makes; a URL here is the standard's, which keeps a `%` as it is",
        &["test_requote_uri_with_unquoted_percents", "test_unquote_unreserved"],
    ),
    (
        "requests",
        "the bodies are in the code of the test; what a document says of its encoding is in the suite `http_content`",
        &["test_pragmas"],
    ),
    (
        "requests",
        "the environment is read when it is asked to be: see httpx's table of the same",
        &["test_use_proxy_from_environment"],
    ),
    (
        "requests",
        "the list of hosts is in the code of the test and not in the table",
        &["test_should_bypass_proxies_pass_only_hostname"],
    ),
    (
        "requests",
        "the login is in the code of the test; that only the proxy sees it is in the suite `proxies`",
        &["test_proxy_authorization_not_appended_to_https_request"],
    ),
    (
        "requests",
        "the registry of Windows is not asked",
        &["test_should_bypass_proxies_win_registry"],
    ),
    (
        "requests",
        "the table names encodings of Python; JSON is UTF-8 (RFC 8259) or what its header says",
        &["test_encoded", "test_guess_by_bom"],
    ),
    (
        "urllib3",
        "Python's own: sockets by name, strings and bytes, versions of its TLS, ways of its reader",
        &[
            "test__iter__",
            "test_cache_content_ignored_during_and_after_partial_read",
            "test_cache_content_with_explicit_read_call",
            "test_content_encoding_is_inspected_once",
            "test_decode_with_max_length_close_to_compressed_data_size",
            "test_decode_with_max_length_close_to_compressed_data_size",
            "test_disabled",
            "test_io_closed_consistently_by_read1",
            "test_io_closed_consistently_by_read1",
            "test_io_not_closed_after_requesting_0_bytes",
            "test_io_not_closed_until_all_data_is_read",
            "test_is_has_never_check_common_name_reliable",
            "test_memory_usage_decode_with_max_length",
            "test_memory_usage_splitting_chunk",
            "test_mock_transfer_encoding_chunked_unlmtd_read",
            "test_read_chunked_with_all_data_already_in_decompressor",
            "test_read_with_all_data_already_in_decompressor",
            "test_reference_read1_without_limit",
            "test_reference_read_until_eof",
            "test_to_bytes",
            "test_to_str",
        ],
    ),
    (
        "urllib3",
        "the table names zones of the machine, which change no date of HTTP",
        &["test_respect_retry_after_header_sleep"],
    ),
    (
        "urllib3",
        "`filename*` is not written: browsers write none (WHATWG)",
        &["test_format_header_param_rfc2231_deprecated"],
    ),
    (
        "urllib3",
        "a flag of its policy; whether `Retry-After` is heard is `RetryStatuses`, with its own tests",
        &["test_respect_retry_after_header_propagated"],
    ),
    (
        "urllib3",
        "a pool here is of all hosts: there is nothing to compare; whom a connection serves is defect B25",
        &["test_not_same_host_no_port_https", "test_same_host_no_port_https"],
    ),
    (
        "urllib3",
        "a time limit is a `Duration`: neither negative nor a text nor a truth",
        &["test_invalid_timeouts"],
    ),
    (
        "urllib3",
        "components of URLs are not encoded apart; the standard's rows are those of `url_rows`",
        &["test_encode_invalid_chars"],
    ),
    (
        "urllib3",
        "no build is without international names",
        &[
            "test_parse_url_percent_encoded_non_ascii_without_idna",
            "test_parse_url_raw_non_ascii_without_idna_raises",
        ],
    ),
    (
        "urllib3",
        "the bodies are in the code of the test; codings have the tables of the suite `http_content`",
        &["test_chunked_decoding_gzip", "test_decode_multiframe_zstd"],
    ),
    (
        "urllib3",
        "the table has line ends alone; framing has the tables of the suite `http_evil`",
        &["test_chunk_trailer_line_length"],
    ),
    ("urllib3", "types are not guessed by the names of files", &["test_guess_content_type"]),
    (
        "werkzeug",
        "what a server reads of requests, and writes",
        &[
            "test_accept_invalid_float",
            "test_authorization_to_header",
            "test_content_range_invalid_int",
            "test_cookie_samesite_attribute",
            "test_dict_header",
            "test_list_header",
            "test_parse_options_header_empty",
            "test_range_invalid_int",
        ],
    ),
];

pub(super) fn tables() -> impl Iterator<Item = (&'static str, String)> {
    APART.iter().flat_map(|(file, reason, tests)| {
        assert!(!reason.is_empty());
        tests.iter().map(|test| (*file, (*test).to_owned()))
    })
}
