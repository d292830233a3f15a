//! From items to the body of a request.

use std::fs::File;
use std::path::Path;

use opi::http::{Body, Multipart, Part, Request};

use super::items::{FieldValue, Header, Items, Source, Upload};
use crate::args::BodyArgs;
use crate::failure::{ErrorKind, Failure};

/// Whether a body is given.
pub(super) fn is_there(items: &Items, args: &BodyArgs) -> bool {
    args.raw.is_some() || items.body.is_some() || !items.fields.is_empty()
}

/// Adds the body; what it is, unless a header says so.
///
/// # Errors
///
/// There are two, a file cannot be read, or a field does not fit where it goes.
pub(super) fn add(request: Request, items: &Items, args: &BodyArgs) -> Result<Request, Failure> {
    let fields = !items.fields.is_empty();
    let request = match (&args.raw, &items.body, fields) {
        (None, None, false) => return Ok(request),
        (Some(text), None, false) => request.body(text.clone()),
        (None, Some(source), false) => whole(request, items, source)?,
        (None, None, true) if args.multipart || (args.form && items.has_files()) => {
            request.multipart(parts(items)?)?
        }
        (None, None, true) if args.form => request.form(form(items)),
        (None, None, true) => typed(request, items, "application/json")?.body(items.document()?),
        _ => {
            let message = "a request has one body: fields, @FILE or --raw";
            return Err(Failure::new(ErrorKind::Usage, message));
        }
    };
    let request = if args.compress { request.gzip_body() } else { request };
    Ok(match args.expect_continue {
        Some(wait) => request.expect_continue(wait),
        None => request,
    })
}

/// The fields as an HTML form sends them.
fn form(items: &Items) -> impl Iterator<Item = (&str, &str)> {
    items.fields.iter().filter_map(|field| match &field.value {
        FieldValue::Json(text) | FieldValue::Text(text) => Some((&*field.name, &**text)),
        FieldValue::File(_) => None,
    })
}

/// The fields and files of a form of several parts.
fn parts(items: &Items) -> Result<Multipart, Failure> {
    let mut form = Multipart::new();
    for field in &items.fields {
        let part = match &field.value {
            FieldValue::Json(text) | FieldValue::Text(text) => Part::text(&field.name, text),
            FieldValue::File(upload) => part(&field.name, upload)?,
        };
        form = form.part(part);
    }
    Ok(form)
}

fn part(name: &str, upload: &Upload) -> Result<Part, Failure> {
    let part = Part::file(name, &upload.path)?;
    let part = match &upload.filename {
        Some(name) => part.file_name(name),
        None => part,
    };
    Ok(part.content_type(kind_of(upload))?)
}

/// What a file of a form is said to be.
pub(super) fn kind_of(upload: &Upload) -> &str {
    let named = || kind(&upload.path).unwrap_or("application/octet-stream");
    upload.kind.as_deref().unwrap_or_else(named)
}

fn whole(request: Request, items: &Items, source: &Source) -> Result<Request, Failure> {
    match source {
        Source::Stdin => Ok(request.body(Body::reader(tokio::io::stdin(), None))),
        Source::File(path) => {
            let request = match kind(path) {
                Some(kind) => typed(request, items, kind)?,
                None => request,
            };
            Ok(request.body(file(path)?))
        }
    }
}

/// A file as a body; a pipe or a device is read as it comes.
fn file(path: &Path) -> Result<Body, Failure> {
    let unreadable = |cause| {
        let message = format!("{}: the file to send cannot be read", path.display());
        Failure::new(ErrorKind::File, message).because(&cause)
    };
    let found = path.metadata().map_err(unreadable)?;
    if found.is_file() || found.is_dir() {
        return Ok(Body::file(path)?);
    }
    let opened = File::open(path).map_err(unreadable)?;
    Ok(Body::reader(tokio::fs::File::from_std(opened), None))
}

fn typed(request: Request, items: &Items, kind: &str) -> Result<Request, Failure> {
    let said = |(name, _): &(String, Header)| name.eq_ignore_ascii_case("content-type");
    if items.headers.iter().any(said) {
        return Ok(request);
    }
    Ok(request.header("Content-Type", kind)?)
}

/// The media type that a name speaks of.
fn kind(path: &Path) -> Option<&'static str> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    KINDS.iter().find(|(known, _)| *known == ending).map(|(_, kind)| *kind)
}

/// Endings of the files that are sent most, and what they are.
const KINDS: &[(&str, &str)] = &[
    ("bmp", "image/bmp"),
    ("css", "text/css"),
    ("csv", "text/csv"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("gif", "image/gif"),
    ("gz", "application/gzip"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("js", "text/javascript"),
    ("json", "application/json"),
    ("ndjson", "application/x-ndjson"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("tar", "application/x-tar"),
    ("txt", "text/plain"),
    ("webp", "image/webp"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("xml", "application/xml"),
    ("zip", "application/zip"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_speaks_of_a_kind() {
        for (name, expected) in [
            ("a/b.JSON", Some("application/json")),
            ("b.tar.gz", Some("application/gzip")),
            ("b.unknown", None),
            ("json", None),
            (".json", None),
        ] {
            assert_eq!(kind(Path::new(name)), expected, "{name}");
        }
        assert!(KINDS.is_sorted());
    }
}
