//! JSON for programs whose own reader and writer know no dates and no settings.

mod dates;
mod lexer;
mod marks;
mod writer;

pub use self::dates::{DateForm, DateZone};
pub use self::marks::{DateOptions, MAX_NESTING, ReadOptions, mark_json, unmark_json};
pub use self::writer::{Escape, LineBreak, Quotes, WriterSettings};
