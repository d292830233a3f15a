//! What `opi tcp request` sends: an argument, or standard input.

use std::io::{self, IsTerminal};

use bytes::Bytes;
use opi::net::{Deadline, ErrorKind as NetErrorKind, Phase};
use tokio::io::AsyncReadExt;

use crate::args::TcpRequestArgs;
use crate::escapes;
use crate::failure::{ErrorKind, Failure};

/// The bytes to send; standard input is read to its end, within the deadline.
///
/// # Errors
///
/// An escape is wrong, or standard input cannot be read, does not end, or is too long.
pub(crate) async fn read(args: &TcpRequestArgs, deadline: &Deadline) -> Result<Bytes, Failure> {
    match args.data.as_deref() {
        Some("-") => stdin(deadline).await,
        Some(text) if args.escapes => escapes::parse(text)
            .map_err(|wrong| Failure::new(ErrorKind::Usage, format!("DATA: {wrong}"))),
        Some(text) => Ok(Bytes::copy_from_slice(text.as_bytes())),
        None if io::stdin().is_terminal() => Ok(Bytes::new()),
        None => stdin(deadline).await,
    }
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

/// The most bytes taken from standard input: 64 MiB.
const LIMIT: u64 = 64 * 1024 * 1024;
