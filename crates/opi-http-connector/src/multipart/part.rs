//! A part of a form: its name, its file name, its headers and what it holds.

use std::path::Path;

use bytes::Bytes;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderName, HeaderValue};
use tokio::io::AsyncRead;

use crate::request::parse_header;
use crate::{Body, Error, ErrorKind};

/// A part of a [`Multipart`](crate::Multipart) form.
///
/// ```
/// use opi_http_connector::Part;
///
/// let photo = Part::bytes("photo", vec![0xFF, 0xD8])
///     .file_name("me.jpg")
///     .content_type("image/jpeg")?
///     .header("X-ID", "7")?;
/// # Ok::<(), opi_http_connector::Error>(())
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct Part {
    pub(super) name: String,
    pub(super) file_name: Option<String>,
    content_type: Type,
    headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) body: Body,
}

/// What is told about the type of a part.
#[derive(Clone, Debug)]
enum Type {
    None,
    Own(HeaderValue),
    /// `application/octet-stream` for a file, nothing for a field: browsers do so.
    Usual,
}

impl Part {
    /// A field that holds `value`, in UTF-8.
    pub fn text(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self::new(name, Body::from(value.into()))
    }

    /// Bytes in memory.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self::new(name, Body::from(bytes.into()))
    }

    /// The file at `path`, under its own name; it is read while it is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BodyRead`]: there is no such file, or it is no regular one.
    pub fn file(name: impl Into<String>, path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let body = Body::file(path)?;
        let own = path.file_name().map(|it| it.to_string_lossy().into_owned());
        Ok(Self { file_name: own, ..Self::new(name, body) })
    }

    /// What `reader` gives, once. Without a `length` the form goes out in chunks.
    pub fn reader(
        name: impl Into<String>,
        reader: impl AsyncRead + Send + 'static,
        length: Option<u64>,
    ) -> Self {
        Self::new(name, Body::reader(reader, length))
    }

    fn new(name: impl Into<String>, body: Body) -> Self {
        let (name, headers) = (name.into(), Vec::new());
        Self { name, file_name: None, content_type: Type::Usual, headers, body }
    }

    /// The file name that the server is told; with one, the part counts as a file. Default: none,
    /// and a file's own name.
    pub fn file_name(self, file_name: impl Into<String>) -> Self {
        Self { file_name: Some(file_name.into()), ..self }
    }

    /// The part's `Content-Type`. Default: none, for files `application/octet-stream`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadHeader`]: it holds CR, LF or NUL.
    pub fn content_type(self, content_type: &str) -> Result<Self, Error> {
        let (_, value) = parse_header(CONTENT_TYPE.as_str(), content_type)?;
        Ok(Self { content_type: Type::Own(value), ..self })
    }

    /// Leaves `Content-Type` out, also of a file.
    pub fn without_type(self) -> Self {
        Self { content_type: Type::None, ..self }
    }

    /// Adds a header to the part.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadHeader`]: it holds CR, LF or NUL, or it is `Content-Disposition`, which name
    /// and file name make.
    pub fn header(mut self, name: &str, value: &str) -> Result<Self, Error> {
        let (name, value) = parse_header(name, value)?;
        if name == CONTENT_TYPE {
            return Ok(Self { content_type: Type::Own(value), ..self });
        }
        if name == CONTENT_DISPOSITION {
            let detail = "header content-disposition: the part's name and file name make it";
            return Err(Error::new(ErrorKind::BadHeader).detail(detail));
        }
        self.headers.push((name, value));
        Ok(self)
    }

    /// Puts the headers to `head`, with the empty line behind them.
    pub(super) fn write_head(&self, head: &mut Vec<u8>) -> Result<(), Error> {
        head.extend_from_slice(b"Content-Disposition: form-data; name=\"");
        head.extend_from_slice(escaped(&self.name)?.as_bytes());
        if let Some(file_name) = &self.file_name {
            head.extend_from_slice(b"\"; filename=\"");
            head.extend_from_slice(escaped(file_name)?.as_bytes());
        }
        head.extend_from_slice(b"\"\r\n");
        let usual = HeaderValue::from_static("application/octet-stream");
        let content_type = match &self.content_type {
            Type::Own(value) => Some(value),
            Type::Usual if self.file_name.is_some() => Some(&usual),
            Type::None | Type::Usual => None,
        };
        let own = self.headers.iter().map(|(name, value)| (title(name), value));
        for (name, value) in
            content_type.map(|it| (title(&CONTENT_TYPE), it)).into_iter().chain(own)
        {
            head.extend_from_slice(name.as_bytes());
            head.extend_from_slice(b": ");
            head.extend_from_slice(value.as_bytes());
            head.extend_from_slice(b"\r\n");
        }
        head.extend_from_slice(b"\r\n");
        Ok(())
    }
}

/// A name between its quotes, by the rule of the HTML standard: CR, LF and the quote are
/// percent-encoded, everything else stays. `filename*` is never written: RFC 7578 forbids it.
fn escaped(name: &str) -> Result<String, Error> {
    if name.contains('\0') {
        let detail = "the name of a part or of its file holds NUL";
        return Err(Error::new(ErrorKind::BadHeader).detail(detail));
    }
    Ok(name.replace('\r', "%0D").replace('\n', "%0A").replace('"', "%22"))
}

/// `Content-Type` of `content-type`: some servers compare names with case.
fn title(name: &HeaderName) -> String {
    let mut begins = true;
    let letter = |it: char| {
        let it = if begins { it.to_ascii_uppercase() } else { it };
        begins = it == '-';
        it
    };
    name.as_str().chars().map(letter).collect()
}
