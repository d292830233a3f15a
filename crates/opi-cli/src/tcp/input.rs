//! What `opi tcp request` sends: an argument, a file, or standard input.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use bytes::Bytes;
use opi::net::{Deadline, ErrorKind as NetErrorKind, Phase};
use tokio::io::AsyncReadExt;

use super::message::Form;
use crate::args::RequestArgs;
use crate::failure::{ErrorKind, Failure};
use crate::{escapes, file};

/// The bytes to send, not framed; standard input is read to its end, within the deadline.
///
/// # Errors
///
/// An escape or a digit is wrong, or the input cannot be read, does not end, or is too long.
pub(crate) async fn read(
    args: &RequestArgs,
    form: &Form,
    deadline: &Deadline,
) -> Result<Bytes, Failure> {
    let (text, place) = match args.data.as_deref() {
        Some("-") => (stdin(deadline).await?, "standard input"),
        Some(text) if args.escapes => return expand(text),
        Some(text) => match text.strip_prefix('@') {
            Some(path) => (held(path, deadline).await?, path),
            None => (Bytes::copy_from_slice(text.as_bytes()), "DATA"),
        },
        None if io::stdin().is_terminal() => return Ok(Bytes::new()),
        None => (stdin(deadline).await?, "standard input"),
    };
    form.read(text, place)
}

/// The bytes of a file; one that is a pipe nobody writes to keeps nobody longer than the deadline.
async fn held(path: &str, deadline: &Deadline) -> Result<Bytes, Failure> {
    let owned = PathBuf::from(path);
    let reading = tokio::task::spawn_blocking(move || file::read(&owned, "the data", LIMIT));
    let read = deadline.run(Phase::Total, reading).await;
    let read = read.map_err(|error| match error.kind() {
        NetErrorKind::Timeout => error.detail(format!("{path} did not end")),
        _ => error,
    })?;
    let unread = |cause| {
        Failure::new(ErrorKind::File, format!("{path}: the data cannot be read")).because(&cause)
    };
    Ok(read.map_err(unread)??.into())
}

fn expand(text: &str) -> Result<Bytes, Failure> {
    escapes::parse(text).map_err(|wrong| Failure::new(ErrorKind::Usage, format!("DATA: {wrong}")))
}

async fn stdin(deadline: &Deadline) -> Result<Bytes, Failure> {
    let mut data = Vec::new();
    let mut limited = tokio::io::stdin().take(LIMIT + 1);
    let reading = deadline.run(Phase::Total, limited.read_to_end(&mut data)).await;
    let read = reading.map_err(|error| match error.kind() {
        NetErrorKind::Timeout => error.detail("standard input did not end"),
        _ => error,
    })?;
    let count = read.map_err(|cause| {
        Failure::new(ErrorKind::File, "standard input cannot be read").because(&cause)
    })?;
    if count as u64 > LIMIT {
        let message = format!("standard input: expected at most {LIMIT} bytes");
        return Err(Failure::new(ErrorKind::Usage, message));
    }
    Ok(data.into())
}

/// The most bytes of a request: 64 MiB.
const LIMIT: u64 = 64 * 1024 * 1024;
