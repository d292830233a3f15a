//! Options of `opi tcp listen`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{IncomingArgs, MessageArgs};
use crate::seconds;

/// `opi tcp listen`.
#[derive(Args, Debug)]
pub(crate) struct ListenArgs {
    /// Where to listen: IP address and port; port 0 takes a free one.
    #[arg(default_value = "127.0.0.1:0")]
    pub(crate) address: String,
    /// Goes on after the first connection, one after the other, and sends nothing.
    #[arg(long)]
    pub(crate) keep: bool,
    /// Sends nothing; otherwise standard input goes to the peer as it comes, with --codec each of
    /// its lines as a message, and its end is told to the peer.
    #[arg(long, short = 'n')]
    pub(crate) no_input: bool,
    /// Writes what comes to a file, which appears when the connection has ended well.
    #[arg(long, short, value_name = "FILE", conflicts_with = "keep")]
    pub(crate) output: Option<PathBuf>,
    /// Seconds in which nothing comes before the connection is given up.
    #[arg(long, value_name = "SECONDS", default_value = "86400", value_parser = seconds::parse)]
    pub(crate) idle_timeout: Duration,
    /// Shows the bytes that go and come on standard error, in hexadecimal and as text.
    #[arg(long)]
    pub(crate) dump: bool,
    #[command(flatten)]
    pub(crate) message: MessageArgs,
    #[command(flatten)]
    pub(crate) incoming: IncomingArgs,
}

pub(super) const EXAMPLES: &str = "\
Examples:
  opi tcp listen 0.0.0.0:7000 -o received.bin
  opi tcp listen 127.0.0.1:2575 --keep --codec mllp
  opi tcp listen 127.0.0.1:7000 --keep --hex --json

Who is not let in, or fails the TLS handshake, is told on standard error and does not count.
What comes is written as it comes; with --codec each message is a line. With --json each piece or
message is an envelope. As soon as it listens, `listening on ADDRESS` stands on standard error.";
