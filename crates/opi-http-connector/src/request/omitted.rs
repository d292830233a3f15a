//! Headers that a request leaves out.

use http::header::HOST;
use http::{HeaderMap, HeaderName};

use super::parse_header;
use crate::{Error, ErrorKind, Request};

impl Request {
    /// Leaves out a header that would be sent of our own accord or by the session, such as
    /// `User-Agent`, `Accept`, `Accept-Encoding`, the cookies of the jar or, as `Authorization`, the
    /// login of the session or the URL. Setting it later takes this back.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadHeader`]: this is no name, or a request cannot be without it, as `Host`.
    pub fn without_header(mut self, name: &str) -> Result<Self, Error> {
        let (name, _) = parse_header(name, "")?;
        if name == HOST {
            let detail = format!("header {name}: no request can be without it");
            return Err(Error::new(ErrorKind::BadHeader).detail(detail));
        }
        self.headers.remove(&name);
        self.omitted.push(name);
        Ok(self)
    }

    /// The header is to be sent, whatever was said before.
    pub(super) fn wants(&mut self, name: &HeaderName) {
        self.omitted.retain(|it| it != name);
    }

    /// Takes the headers out of those that are not the request's own.
    pub(crate) fn omit(&self, ours: &mut HeaderMap) {
        for name in &self.omitted {
            ours.remove(name);
        }
    }

    /// Whether a header is left out.
    pub(crate) fn omits(&self, name: &HeaderName) -> bool {
        self.omitted.contains(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Session, SessionConfig};

    fn sent(request: &Request) -> Vec<String> {
        let config = SessionConfig::new().header("X-Ours", "1").unwrap();
        let prepared = Session::new(config).prepare(request).unwrap();
        prepared.headers.keys().map(|name| name.as_str().to_owned()).collect()
    }

    #[test]
    fn a_header_is_left_out_until_it_is_set() {
        let request = Request::get("http://h.test/").unwrap();
        let names = ["host", "user-agent", "accept", "accept-encoding", "x-ours"];
        assert_eq!(sent(&request), names);
        let bare = names.iter().skip(1).try_fold(request, |it, name| it.without_header(name));
        let bare = bare.unwrap();
        assert_eq!(sent(&bare), ["host"]);
        assert_eq!(sent(&bare.header("Accept", "a/b").unwrap()), ["host", "accept"]);
    }

    #[test]
    fn what_no_request_can_be_without_is_told() {
        for name in ["Host", "content-length", "X y"] {
            let error = Request::get("http://h.test/").unwrap().without_header(name).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::BadHeader);
        }
    }
}
