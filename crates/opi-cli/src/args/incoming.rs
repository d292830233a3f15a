//! Options for accepting connections.

use std::num::NonZeroUsize;
use std::time::Duration;

use clap::Args;

use super::ServingArgs;
use crate::seconds;

/// How connections are accepted.
#[derive(Args, Debug)]
#[command(next_help_heading = "Accepting")]
pub(crate) struct IncomingArgs {
    /// The most connections at a time; one more waits until another has ended.
    #[arg(long, value_name = "N", default_value = "100")]
    pub(crate) max_connections: NonZeroUsize,
    /// Seconds that open connections get to end by themselves after Ctrl-C or SIGTERM.
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds::parse)]
    pub(crate) drain: Duration,
    /// Seconds for what stands before the first byte of a connection, as the TLS handshake.
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds::parse)]
    pub(crate) handshake_timeout: Duration,
    #[command(flatten)]
    pub(crate) tls: ServingArgs,
}
