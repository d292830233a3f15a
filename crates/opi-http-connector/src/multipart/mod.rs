//! Forms of several parts (`multipart/form-data`, RFC 7578), as browsers write them.

mod boundary;
mod content_type;
mod form;
mod part;

pub(crate) use content_type::content_type;
pub use form::Multipart;
pub use part::Part;
