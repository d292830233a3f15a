//! Forms of several parts: what is written is read by a parser that is not ours to please.

mod fixtures;
mod oracle;
mod sent;
