//! Options for many connections at a time.

use std::num::NonZeroUsize;
use std::time::Duration;

use clap::Args;

use crate::seconds;

/// How many connections there may be, and how they end with the command.
#[derive(Args, Debug)]
#[command(next_help_heading = "Accepting")]
pub(crate) struct PoolArgs {
    /// The most connections at a time.
    #[arg(long, value_name = "N", default_value = "100")]
    pub(crate) max_connections: NonZeroUsize,
    /// Seconds that open connections get to end by themselves after Ctrl-C or SIGTERM.
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds::parse)]
    pub(crate) drain: Duration,
}
