//! Options of `opi tcp serve`.

use std::num::NonZeroUsize;

use clap::Args;

/// `opi tcp serve`.
#[derive(Args, Debug)]
pub(crate) struct ServeArgs {
    /// Where to listen: IP address and port; port 0 takes a free one.
    #[arg(default_value = "127.0.0.1:0")]
    pub(crate) address: String,
    /// The most clients at a time; one more is turned away.
    #[arg(long, value_name = "N", default_value = "100")]
    pub(crate) max_connections: NonZeroUsize,
    /// Ends after the first client has gone.
    #[arg(long)]
    pub(crate) once: bool,
}

pub(super) const EXAMPLES: &str = "\
Examples:
  opi tcp serve 127.0.0.1:7000
  opi tcp serve --json        prints {\"opi\":1,...,\"result\":{\"address\":\"127.0.0.1:40321\"}}

As soon as it listens, `listening on ADDRESS` stands on standard error; with --json the envelope
with the address stands on standard output instead. Ctrl-C and SIGTERM end it with exit code 0. A
client that takes nothing of its echo for 30 seconds is cut off.";
