//! Options of `opi tcp forward`.

use std::num::NonZeroUsize;
use std::time::Duration;

use clap::Args;

use super::{DialArgs, IncomingArgs};
use crate::{count, seconds};

/// `opi tcp forward`.
#[derive(Args, Debug)]
pub(crate) struct ForwardArgs {
    /// Where to listen: IP address and port; port 0 takes a free one.
    pub(crate) listen: String,
    /// Where to connect for each connection that comes: host:port.
    pub(crate) target: String,
    /// Ends after the first connection that is let in.
    #[arg(long)]
    pub(crate) once: bool,
    /// Seconds in which not a byte goes either way before a pair of connections is cut.
    #[arg(long, value_name = "SECONDS", default_value = "3600", value_parser = seconds::parse)]
    pub(crate) idle_timeout: Duration,
    /// Tells the target who the peer is, by a header of the PROXY protocol, version 1.
    #[arg(long)]
    pub(crate) send_proxy: bool,
    /// The most connections at a time.
    #[arg(long, value_name = "N", value_parser = count::parse::<NonZeroUsize>, default_value = "100", help_heading = "Accepting")]
    pub(crate) max_connections: NonZeroUsize,
    /// Seconds that open connections get to end by themselves after Ctrl-C or SIGTERM.
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds::parse, help_heading = "Accepting")]
    pub(crate) drain: Duration,
    #[command(flatten)]
    pub(crate) incoming: IncomingArgs,
    #[command(flatten)]
    pub(crate) dial: DialArgs,
}

pub(super) const EXAMPLES: &str = "\
Examples:
  opi tcp forward 127.0.0.1:5432 db.example:5432 --proxy socks5://proxy.example:1080
  opi tcp forward 127.0.0.1:8080 api.example:443 --tls --ca ca.pem
  opi tcp forward 0.0.0.0:443 127.0.0.1:8080 --listen-cert site.pem --listen-key site.key

As soon as it listens, `listening on ADDRESS` stands on standard error; with --json every event is
an envelope of its own on standard output. One connection more than --max-connections waits. An end is passed on as an end and a reset as a reset.
What fails for one connection is told and ends no other. Ctrl-C and SIGTERM end it with exit code 0.";
