//! Whether an answer's head says clearly where its body ends (RFC 9112 section 6).

use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{StatusCode, response};

use crate::{Error, ErrorKind};

/// What a head means for its connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Ending {
    /// Another answer may follow.
    Clear,
    /// Nothing may follow: the head says two things about the body's end.
    Doubtful,
}

/// Refuses a head whose body could be read wrongly; hyper has refused lengths that differ.
pub(super) fn check(head: &response::Parts, has_body: bool) -> Result<Ending, Error> {
    let bad = |detail: String| Err(Error::new(ErrorKind::Protocol).detail(detail));
    if head.status == StatusCode::SWITCHING_PROTOCOLS {
        return bad("the server changed the protocol, which nobody asked for".to_owned());
    }
    if !has_body || !head.headers.contains_key(TRANSFER_ENCODING) {
        return Ok(Ending::Clear);
    }
    let mut codings = head.headers.get_all(TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (Some(coding), None) if coding.as_bytes().eq_ignore_ascii_case(b"chunked") => {}
        (Some(coding), _) => return bad(format!("the transfer coding {coding:?} is not known")),
        (None, _) => {}
    }
    let doubtful = head.headers.contains_key(CONTENT_LENGTH);
    Ok(if doubtful { Ending::Doubtful } else { Ending::Clear })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(
        status: u16,
        headers: &[(&'static str, &'static str)],
        body: bool,
    ) -> Result<Ending, String> {
        let mut response = http::Response::new(());
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        for (name, value) in headers {
            response.headers_mut().append(*name, http::HeaderValue::from_static(value));
        }
        check(&response.into_parts().0, body).map_err(|error| error.to_string())
    }

    #[track_caller]
    fn refused(status: u16, headers: &[(&'static str, &'static str)], words: &str) {
        let error = judge(status, headers, true).unwrap_err();
        assert!(error.contains(words), "{error}");
    }

    #[test]
    fn only_chunked_is_known() {
        let te = "transfer-encoding";
        assert_eq!(judge(200, &[], true), Ok(Ending::Clear));
        assert_eq!(judge(200, &[("content-length", "2")], true), Ok(Ending::Clear));
        assert_eq!(judge(200, &[(te, "Chunked")], true), Ok(Ending::Clear));
        let both = [(te, "chunked"), ("content-length", "2")];
        assert_eq!(judge(200, &both, true), Ok(Ending::Doubtful));
        assert_eq!(judge(304, &[(te, "gzip")], false), Ok(Ending::Clear));
        refused(200, &[(te, "gzip, chunked")], "\"gzip, chunked\" is not known");
        refused(200, &[(te, "xchunked")], "is not known");
        refused(200, &[(te, "gzip"), (te, "chunked")], "is not known");
        refused(200, &[(te, "chunked"), (te, "chunked")], "is not known");
        refused(101, &[], "changed the protocol");
    }
}
