//! A form of several parts, and the body it makes.

use std::path::Path;

use super::boundary::boundary;
use super::part::Part;
use crate::{Body, Error, Request};

/// A form of several parts, in their order.
///
/// ```
/// use opi_http_connector::{Multipart, Part, Request};
///
/// let form = Multipart::new()
///     .field("comment", "as agreed")
///     .part(Part::bytes("file", "1;2").file_name("table.csv"));
/// let request = Request::post("http://h.test/upload")?.multipart(form)?;
/// # Ok::<(), opi_http_connector::Error>(())
/// ```
#[must_use]
#[derive(Clone, Debug, Default)]
pub struct Multipart {
    parts: Vec<Part>,
}

impl Multipart {
    /// A form without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a part.
    pub fn part(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }

    /// Adds a field that holds `value`.
    pub fn field(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.part(Part::text(name, value))
    }

    /// Adds the file at `path`, which is read while it is sent.
    ///
    /// # Errors
    ///
    /// As [`Part::file`].
    pub fn file(self, name: impl Into<String>, path: impl AsRef<Path>) -> Result<Self, Error> {
        Ok(self.part(Part::file(name, path)?))
    }

    /// The body, with `boundary` between the parts.
    fn body(self, boundary: &str) -> Result<Body, Error> {
        let (mut body, mut ready) = (Body::empty(), Vec::new());
        for part in self.parts {
            ready.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
            part.write_head(&mut ready)?;
            match part.body.in_memory() {
                // Small parts go out in one piece with what stands between them.
                Some(bytes) if bytes.len() <= SMALL => ready.extend_from_slice(&bytes),
                _ => {
                    body = body.then(Body::from(std::mem::take(&mut ready))).then(part.body);
                }
            }
            ready.extend_from_slice(b"\r\n");
        }
        ready.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        Ok(body.then(Body::from(ready)).bounded(boundary))
    }
}

impl Request {
    /// Sends `form` as `multipart/form-data`; its length is announced when every part knows its own.
    ///
    /// A `Content-Type` that the caller sets, before or after, keeps its kind when it is another
    /// `multipart/…`, and always gets the right boundary; any other kind would not be true and gives
    /// way. A form without parts is the closing boundary alone.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadHeader`](crate::ErrorKind::BadHeader): a name or a file name holds NUL.
    pub fn multipart(self, form: Multipart) -> Result<Self, Error> {
        let body = form.body(&boundary()?)?;
        Ok(self.typed("multipart/form-data").body(body))
    }
}

/// The longest part that is copied to what stands around it.
const SMALL: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    fn written(form: Multipart) -> String {
        let body = form.body("B").unwrap();
        assert!(body.is_replayable());
        String::from_utf8(body.in_memory().unwrap().to_vec()).unwrap()
    }

    #[test]
    fn parts_are_written_as_browsers_write_them() {
        let form = Multipart::new()
            .field("field 1", "Значение")
            .part(Part::bytes("f", "data").file_name("a.txt").content_type("text/plain").unwrap())
            .part(Part::bytes("g", "").file_name("").header("x-own-id", "7").unwrap())
            .part(Part::bytes("h", "x").file_name("n").without_type());
        let expected = "--B\r\nContent-Disposition: form-data; name=\"field 1\"\r\n\r\nЗначение\r\n\
            --B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\n\
            Content-Type: text/plain\r\n\r\ndata\r\n\
            --B\r\nContent-Disposition: form-data; name=\"g\"; filename=\"\"\r\n\
            Content-Type: application/octet-stream\r\nX-Own-Id: 7\r\n\r\n\r\n\
            --B\r\nContent-Disposition: form-data; name=\"h\"; filename=\"n\"\r\n\r\nx\r\n--B--\r\n";
        assert_eq!(written(form), expected);
        assert_eq!(written(Multipart::new()), "--B--\r\n");
    }

    #[test]
    fn headers_that_could_break_out_are_refused() {
        let part = || Part::text("n", "v");
        for (name, value) in
            [("X", "a\r\nY: b"), ("X", "a\0"), ("X\r\nY", "b"), ("content-disposition", "x")]
        {
            let error = part().header(name, value).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::BadHeader, "{name:?}");
        }
        assert!(part().content_type("text/plain\r\nX: 1").is_err());
        for part in [Part::text("a\0", ""), Part::text("a", "").file_name("b\0")] {
            let error = Multipart::new().part(part).body("B").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::BadHeader);
        }
    }

    #[test]
    fn the_same_part_goes_twice_and_stays_as_it_was() {
        let file = Part::bytes("f", "x").file_name("x.txt").header("X-A", "1").unwrap();
        let before = format!("{file:?}");
        let twice = written(Multipart::new().part(file.clone()).part(file.clone()));
        assert_eq!(twice.matches("name=\"f\"; filename=\"x.txt\"\r\n").count(), 2, "{twice}");
        assert_eq!(twice.matches("form-data").count(), 2);
        assert_eq!(format!("{file:?}"), before);
    }

    #[test]
    fn the_length_is_known_when_every_part_knows_its_own() {
        let big = vec![b'x'; SMALL + 1];
        let known = |length| {
            let form = Multipart::new().field("a", "b").part(Part::bytes("c", big.clone()));
            form.part(Part::reader("d", &b"1234"[..], length)).body("B").unwrap()
        };
        let whole = Multipart::new().field("a", "b").part(Part::bytes("c", big.clone()));
        let whole = whole.field("d", "1234").body("B").unwrap().in_memory().unwrap();
        assert_eq!(known(Some(4)).length(), Some(whole.len() as u64));
        assert_eq!(known(None).length(), None);
        assert!(!known(Some(4)).is_replayable());
    }

    #[test]
    fn the_type_is_right_whenever_the_caller_sets_it() {
        let request = || Request::post("http://h.test/").unwrap();
        let own = || request().header("content-type", "multipart/mixed").unwrap();
        let form = || Multipart::new().field("a", "b");
        for (request, kind) in [
            (request().multipart(form()).unwrap(), "multipart/form-data"),
            (own().multipart(form()).unwrap(), "multipart/mixed"),
            (
                request().multipart(form()).unwrap().header("content-type", "a/b").unwrap(),
                "multipart/form-data",
            ),
        ] {
            let session = crate::Session::new(crate::SessionConfig::new());
            let prepared = session.prepare(&request).unwrap();
            let body = prepared.body.in_memory().unwrap();
            let first = std::str::from_utf8(&body).unwrap().lines().next().unwrap();
            let boundary = first.strip_prefix("--").unwrap();
            assert_eq!(prepared.headers["content-type"], format!("{kind}; boundary={boundary}"));
        }
    }
}
