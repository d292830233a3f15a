//! Options of `opi tcp serve`.

use std::num::NonZeroUsize;
use std::time::Duration;

use clap::Args;

use super::{IncomingArgs, MessageArgs};
use crate::{count, seconds};

/// `opi tcp serve`.
#[derive(Args, Debug)]
pub(crate) struct ServeArgs {
    /// Where to listen: IP address and port; port 0 takes a free one.
    #[arg(default_value = "127.0.0.1:0")]
    pub(crate) address: String,
    /// Answers each message so instead of sending it back; also @FILE. Several answers are given
    /// in turn, and the last one again and again. Without --codec each line is a message.
    #[arg(long, value_name = "TEXT")]
    pub(crate) answer: Vec<String>,
    /// Ends after the first client has gone.
    #[arg(long)]
    pub(crate) once: bool,
    /// The most connections of one address. [default: no limit of its own]
    #[arg(long, value_name = "N", value_parser = count::parse::<NonZeroUsize>)]
    pub(crate) max_per_address: Option<NonZeroUsize>,
    /// Seconds in which not a byte comes or goes before a client is cut off. [default: no limit]
    #[arg(long, value_name = "SECONDS", value_parser = seconds::parse)]
    pub(crate) idle_timeout: Option<Duration>,
    /// Tells on standard error who comes and goes.
    #[arg(long, short)]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) message: MessageArgs,
    /// The most connections at a time.
    #[arg(long, value_name = "N", value_parser = count::parse::<NonZeroUsize>, default_value = "100", help_heading = "Accepting")]
    pub(crate) max_connections: NonZeroUsize,
    /// Seconds that answers which wait to be taken get to leave after Ctrl-C or SIGTERM; nothing
    /// more is answered then.
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds::parse, help_heading = "Accepting")]
    pub(crate) drain: Duration,
    #[command(flatten)]
    pub(crate) incoming: IncomingArgs,
}

pub(super) const EXAMPLES: &str = "\
Examples:
  opi tcp serve 127.0.0.1:7000
  opi tcp serve --answer 'OK' --answer 'BUSY' --log serve.log
  opi tcp serve --codec modbus-tcp --hex --answer '0001 0000 0000 01 03 02 002a'
  opi tcp serve --json        prints {\"opi\":1,...,\"result\":{\"event\":\"listening\",\"address\":...}}

As soon as it listens, `listening on ADDRESS` stands on standard error; with --json every event is
an envelope of its own on standard output. One client more than --max-connections is turned away.
Ctrl-C and SIGTERM end it with exit code 0. A client that takes nothing for 30 seconds is cut off.";
