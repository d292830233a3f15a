//! Options of `opi tcp send`.

use std::time::Duration;

use clap::Args;

use super::{DialArgs, MessageArgs};
use crate::seconds;

/// `opi tcp send`.
#[derive(Args, Debug)]
pub(crate) struct SendArgs {
    /// Where to connect: host:port.
    pub(crate) address: String,
    /// What to send: `@FILE`, or `-` for standard input; it is sent as it comes, whatever its
    /// length. With --codec each of its lines is a message.
    #[arg(default_value = "-")]
    pub(crate) data: String,
    /// Writes what comes back to standard output; otherwise it is counted and dropped.
    #[arg(long)]
    pub(crate) receive: bool,
    /// Ends when everything is sent; otherwise waits until the other side has closed too, which
    /// says that it has read everything.
    #[arg(long, conflicts_with = "receive")]
    pub(crate) no_wait: bool,
    /// Seconds in which not a byte goes or comes, decimals allowed; waiting for standard input
    /// does not count.
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds::parse)]
    pub(crate) idle_timeout: Duration,
    /// Shows no progress; none is shown anyway when standard error is not a terminal.
    #[arg(long, short)]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) message: MessageArgs,
    #[command(flatten)]
    pub(crate) dial: DialArgs,
}

pub(super) const EXAMPLES: &str = "\
Examples:
  opi tcp send printer.example:9100 @label.zpl
  tar c folder | opi tcp send backup.example:7000 --tls --ca ca.pem
  opi tcp send log.example:6514 --tls --codec syslog < messages.txt
  opi tcp send echo.example:7 @file --receive > same

When it fails, it tells how many bytes had gone.";
