//! Exit codes: from an error's code and phase, by one table; and whether trying again may help.

use std::fmt::Write;
use std::process::ExitCode;

use opi::net::Phase;

/// How the command ended, as its caller sees it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Exit {
    Ok = 0,
    Usage = 2,
    Http3xx = 3,
    Http4xx = 4,
    Http5xx = 5,
    Resolve = 10,
    Connect = 11,
    Tls = 12,
    Proxy = 13,
    Timeout = 14,
    Protocol = 15,
    Integrity = 16,
    Login = 17,
    Interrupted = 130,
    OutputGone = 141,
}

impl Exit {
    /// Every exit code.
    pub(crate) const ALL: &[Self] = &[
        Self::Ok,
        Self::Usage,
        Self::Http3xx,
        Self::Http4xx,
        Self::Http5xx,
        Self::Resolve,
        Self::Connect,
        Self::Tls,
        Self::Proxy,
        Self::Timeout,
        Self::Protocol,
        Self::Integrity,
        Self::Login,
        Self::Interrupted,
        Self::OutputGone,
    ];

    /// The number.
    pub(crate) const fn code(self) -> u8 {
        self as u8
    }

    /// What it means.
    const fn words(self) -> &'static str {
        match self {
            Self::Ok => "it worked",
            Self::Usage => {
                "usage: a wrong argument, address, URL or header, or a file that cannot be used"
            }
            Self::Http3xx => "HTTP 3xx: a redirect not followed, or too many of them",
            Self::Http4xx => "HTTP 4xx, 401 and 407 of a server included",
            Self::Http5xx => "HTTP 5xx",
            Self::Resolve => "the name has no address",
            Self::Connect => "no connection, or the address cannot be listened on",
            Self::Tls => "TLS: the handshake or the certificate",
            Self::Proxy => "a proxy refused or failed",
            Self::Timeout => "the time was over",
            Self::Protocol => "the peer broke the protocol, or closed or reset the connection",
            Self::Integrity => "the answer is longer than allowed, cut off or broken",
            Self::Login => {
                "a proxy asks for a login or refuses it, or a server does not prove itself"
            }
            Self::Interrupted => "interrupted",
            Self::OutputGone => "nobody reads standard output any more; nothing is said about it",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// The table of exit codes, for the help.
pub(crate) fn table() -> String {
    Exit::ALL.iter().fold(String::new(), |mut table, exit| {
        // Text can always be written to.
        let _infallible = writeln!(table, "  {:>3}  {}", exit.code(), exit.words()).is_err();
        table
    })
}

/// The exit code for the error `code` that happened in `phase`.
pub(crate) fn exit(code: &str, phase: Option<Phase>) -> Exit {
    let Some(row) = row(code) else { return Exit::Protocol };
    let of_phase = phase.and_then(of_phase).filter(|_| row.by == By::Phase);
    of_phase.unwrap_or(row.exit)
}

/// Whether the same command may work later without anyone changing anything. It does not say
/// that repeating is harmless: a request that was cut off may have been carried out.
pub(crate) fn retryable(code: &str) -> bool {
    row(code).is_some_and(|row| row.again == Again::Later)
}

/// The same for an HTTP status: those by which a server says so itself (RFC 9110 section 15,
/// RFC 6585, RFC 8470).
pub(crate) fn retryable_status(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 502 | 503 | 504)
}

fn row(code: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.code == code)
}

/// What a failure means that any step can have.
fn of_phase(phase: Phase) -> Option<Exit> {
    match phase {
        Phase::Resolve => Some(Exit::Resolve),
        Phase::Connect => Some(Exit::Connect),
        Phase::Proxy => Some(Exit::Proxy),
        Phase::Tls => Some(Exit::Tls),
        _ => None,
    }
}

/// An error code, how the command ends by it, and whether trying again may help.
#[derive(Debug)]
struct Row {
    code: &'static str,
    exit: Exit,
    again: Again,
    by: By,
}

#[derive(Debug, Eq, PartialEq)]
enum Again {
    Later,
    Never,
}

/// Whether the phase decides before the row does.
#[derive(Debug, Eq, PartialEq)]
enum By {
    Code,
    Phase,
}

/// Trying again is of no use until someone acts.
const fn never(code: &'static str, exit: Exit) -> Row {
    Row { code, exit, again: Again::Never, by: By::Code }
}

/// Trying again may help.
const fn later(code: &'static str, exit: Exit) -> Row {
    Row { code, exit, again: Again::Later, by: By::Code }
}

/// Any step can fail so, and the step decides; trying again may help.
const fn any_step(code: &'static str, exit: Exit) -> Row {
    Row { code, exit, again: Again::Later, by: By::Phase }
}

/// Every code that the crates and the command can produce.
const ROWS: &[Row] = &[
    never("auth_bad_date", Exit::Usage),
    never("auth_bad_digest", Exit::Usage),
    never("auth_bad_expiry", Exit::Usage),
    never("auth_bad_keys", Exit::Usage),
    never("auth_bad_request", Exit::Usage),
    never("auth_bad_token", Exit::Usage),
    never("auth_bad_value", Exit::Usage),
    never("auth_body_unknown", Exit::Usage),
    never("auth_control_character", Exit::Usage),
    never("auth_scheme", Exit::Usage),
    never("auth_server_unproven", Exit::Login),
    never("auth_user_colon", Exit::Usage),
    never("bad_address", Exit::Usage),
    never("bad_certificate", Exit::Usage),
    never("bad_host", Exit::Usage),
    never("bad_key", Exit::Usage),
    never("bad_passphrase", Exit::Usage),
    never("bad_route", Exit::Usage),
    never("cancelled", Exit::Interrupted),
    never("cli_file", Exit::Usage),
    never("cli_http_3xx", Exit::Http3xx),
    never("cli_http_4xx", Exit::Http4xx),
    never("cli_http_5xx", Exit::Http5xx),
    never("cli_interrupted", Exit::Interrupted),
    never("cli_not_allowed", Exit::Connect),
    never("cli_output_gone", Exit::OutputGone),
    never("cli_too_long", Exit::Integrity),
    never("cli_usage", Exit::Usage),
    never("client_bad_text", Exit::Protocol),
    never("client_early_bytes", Exit::Protocol),
    never("client_greeting_refused", Exit::Login),
    never("client_not_encodable", Exit::Usage),
    never("client_out_of_step", Exit::Protocol),
    never("client_unknown_encoding", Exit::Usage),
    any_step("closed", Exit::Protocol),
    later("connect_failed", Exit::Connect),
    later("connect_refused", Exit::Connect),
    later("framing_bad_check", Exit::Protocol),
    never("framing_bad_escape", Exit::Protocol),
    never("framing_bad_length", Exit::Protocol),
    never("framing_bad_option", Exit::Usage),
    never("framing_bad_payload", Exit::Usage),
    never("framing_empty_delimiter", Exit::Usage),
    never("framing_long_delimiter", Exit::Usage),
    never("framing_too_long", Exit::Protocol),
    later("framing_truncated", Exit::Protocol),
    never("framing_wrong_end", Exit::Protocol),
    never("framing_wrong_start", Exit::Protocol),
    never("http_bad_cookie", Exit::Usage),
    never("http_bad_digest", Exit::Usage),
    never("http_bad_header", Exit::Usage),
    never("http_bad_json", Exit::Usage),
    never("http_bad_method", Exit::Usage),
    never("http_bad_redirect", Exit::Protocol),
    never("http_bad_url", Exit::Usage),
    never("http_body_coding", Exit::Integrity),
    never("http_body_read", Exit::Usage),
    never("http_body_too_dense", Exit::Integrity),
    never("http_body_too_long", Exit::Integrity),
    never("http_cookie_file", Exit::Usage),
    later("http_digest_mismatch", Exit::Integrity),
    never("http_file", Exit::Usage),
    never("http_file_exists", Exit::Usage),
    never("http_insecure_redirect", Exit::Http3xx),
    never("http_not_encodable", Exit::Usage),
    never("http_not_json", Exit::Protocol),
    never("http_not_text", Exit::Protocol),
    never("http_not_xml", Exit::Protocol),
    later("http_pool_full", Exit::Connect),
    never("http_protocol", Exit::Protocol),
    never("http_status", Exit::Http4xx),
    never("http_too_many_redirects", Exit::Http3xx),
    never("http_unknown_charset", Exit::Usage),
    never("http_unsupported", Exit::Usage),
    never("inside_runtime", Exit::Protocol),
    any_step("io", Exit::Protocol),
    never("journal_file", Exit::Usage),
    never("local_address", Exit::Usage),
    never("proxy_auth", Exit::Login),
    never("proxy_bad_request", Exit::Usage),
    never("proxy_protocol", Exit::Proxy),
    never("proxy_refused", Exit::Proxy),
    later("proxy_target", Exit::Proxy),
    later("resolve_failed", Exit::Resolve),
    never("server_bad_config", Exit::Usage),
    never("server_bad_option", Exit::Usage),
    never("server_bind", Exit::Connect),
    never("server_no_runtime", Exit::Protocol),
    later("server_queue_full", Exit::Timeout),
    never("server_sending_finished", Exit::Protocol),
    never("server_stopped", Exit::Interrupted),
    never("server_unknown_connection", Exit::Protocol),
    later("timeout", Exit::Timeout),
    never("tls_certificate_name", Exit::Tls),
    never("tls_certificate_pin", Exit::Tls),
    never("tls_certificate_time", Exit::Tls),
    never("tls_certificate_untrusted", Exit::Tls),
    never("tls_client_certificate", Exit::Tls),
    never("tls_handshake", Exit::Tls),
    any_step("truncated", Exit::Integrity),
    never("unsupported", Exit::Usage),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::ErrorKind;

    /// Every code of every crate; each crate tests that its own list is complete.
    fn codes() -> Vec<&'static str> {
        let mut codes =
            vec![opi::net::ParseTargetError::ADVICE.code, opi::proxy::ParseRouteError::ADVICE.code];
        codes.extend(opi::auth::ErrorKind::ALL.iter().map(|kind| kind.code()));
        codes.extend(opi::framing::ErrorKind::ALL.iter().map(|kind| kind.code()));
        codes.extend(opi::http::ErrorKind::ALL.iter().map(|kind| kind.code()));
        codes.extend(opi::net::ErrorKind::ALL.iter().map(|kind| kind.code()));
        codes.extend(opi::proxy::ErrorKind::ALL.iter().map(|kind| kind.code()));
        codes.extend(opi::tcp_client::ClientErrorKind::ALL.iter().map(|kind| kind.code()));
        codes.extend(opi::tcp_server::ErrorKind::ALL.iter().map(|kind| kind.code()));
        codes.extend(ErrorKind::ALL.iter().map(|kind| kind.code()));
        codes.sort_unstable();
        codes
    }

    #[test]
    fn the_table_has_a_row_for_every_code_and_no_other() {
        let rows: Vec<_> = ROWS.iter().map(|row| row.code).collect();
        assert_eq!(rows, codes());
    }

    #[track_caller]
    fn check(code: &str, phase: Option<Phase>, number: u8, again: bool) {
        assert_eq!(
            (exit(code, phase).code(), retryable(code)),
            (number, again),
            "{code} {phase:?}"
        );
    }

    #[test]
    fn the_code_decides() {
        check("bad_address", None, 2, false);
        check("bad_certificate", None, 2, false);
        check("http_too_many_redirects", None, 3, false);
        check("cli_http_4xx", None, 4, false);
        check("resolve_failed", Some(Phase::Resolve), 10, true);
        check("connect_refused", Some(Phase::Connect), 11, true);
        check("tls_certificate_name", Some(Phase::Tls), 12, false);
        check("proxy_target", Some(Phase::Proxy), 13, true);
        check("proxy_auth", Some(Phase::Proxy), 17, false);
        check("http_body_coding", Some(Phase::Idle), 16, false);
        check("cli_interrupted", None, 130, false);
    }

    #[test]
    fn a_timeout_is_a_timeout_in_every_phase() {
        for phase in Phase::ALL {
            check("timeout", Some(*phase), 14, true);
        }
    }

    #[test]
    fn where_any_step_can_fail_the_step_decides() {
        for code in ["closed", "io"] {
            check(code, Some(Phase::Connect), 11, true);
            check(code, Some(Phase::Tls), 12, true);
            check(code, Some(Phase::Proxy), 13, true);
            check(code, Some(Phase::Send), 15, true);
            check(code, None, 15, true);
        }
        check("truncated", Some(Phase::Tls), 12, true);
        check("truncated", Some(Phase::Idle), 16, true);
    }

    #[test]
    fn a_status_that_says_later_is_worth_another_try() {
        let worth: Vec<u16> = (300..600).filter(|status| retryable_status(*status)).collect();
        assert_eq!(worth, [408, 425, 429, 502, 503, 504]);
    }

    #[test]
    fn the_help_has_the_numbers_of_the_design() {
        let numbers: Vec<_> = table()
            .lines()
            .filter_map(|line| line.split_whitespace().next()?.parse::<u8>().ok())
            .collect();
        assert_eq!(numbers, [0, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 16, 17, 130, 141]);
    }
}
