//! From bytes to text by a label, a media type, or what the bytes begin with.

use std::borrow::Cow;

use opi::http::text::{Invalid, Reading, decode as read};

use crate::fault::Fault;

/// The text, and the name of the encoding it was in; bytes that are not of it become U+FFFD.
pub(super) fn decode<'data>(
    data: &'data [u8],
    content_type: Option<&str>,
    label: Option<&str>,
) -> Result<(Cow<'data, str>, &'static str), Fault> {
    let mut reading = Reading::new().invalid(Invalid::Replace);
    if let Some(label) = label.filter(|label| !label.is_empty()) {
        reading = reading.charset(label.parse()?);
    }
    let decoded = read(data, content_type, &reading)?;
    Ok((decoded.text, decoded.charset.name()))
}

/// The text; bytes that are not of its encoding are an error.
pub(super) fn strict(
    data: &[u8],
    content_type: Option<&str>,
    label: Option<&str>,
) -> Result<String, opi::http::Error> {
    let reading = match label {
        Some(label) => Reading::new().charset(label.parse()?),
        None => Reading::new(),
    };
    Ok(read(data, content_type, &reading)?.text.into_owned())
}
