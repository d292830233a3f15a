//! The span of a call, with the names of OpenTelemetry's conventions for HTTP clients.

use http::StatusCode;
use tracing::Span;
use tracing::field::{Empty, display};

use crate::Request;
use crate::address::public;

/// The span of a call. A login, a query and a fragment are not in it.
pub(super) fn of(request: &Request) -> Span {
    let span = tracing::debug_span!(
        "http",
        "http.request.method" = %request.method,
        "server.address" = request.url.host_str(),
        "server.port" = request.url.port_or_known_default(),
        "url.full" = Empty,
        "http.response.status_code" = Empty,
        "error.type" = Empty,
        "http.request.resend_count" = Empty,
    );
    if !span.is_disabled() {
        let mut url = public(request.url.clone());
        url.set_query(None);
        span.record("url.full", display(url));
    }
    span
}

/// An answer came after so many other requests.
pub(super) fn answered(span: &Span, status: StatusCode, before: usize) {
    span.record("http.response.status_code", status.as_u16());
    resent(span, before);
}

/// No answer came.
pub(super) fn failed(span: &Span, code: &'static str, before: usize) {
    span.record("error.type", code);
    resent(span, before);
}

fn resent(span: &Span, before: usize) {
    if before > 0 {
        span.record("http.request.resend_count", before as u64);
    }
}
