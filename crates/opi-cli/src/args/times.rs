//! Options for how long a request may take.

use std::time::Duration;

use clap::Args;

use crate::seconds;

/// How long a request may take: everything together, and each step.
#[derive(Args, Debug)]
#[command(next_help_heading = "Times")]
pub(crate) struct TimesArgs {
    /// Seconds for everything together, decimals allowed. [default: 30; 86400 for files]
    #[arg(long, value_name = "SECONDS", value_parser = seconds::parse)]
    pub(crate) timeout: Option<Duration>,
    /// Seconds for looking up the name.
    #[arg(long, value_name = "SECONDS", value_parser = seconds::parse)]
    pub(crate) resolve_timeout: Option<Duration>,
    /// Seconds for connecting to an address.
    #[arg(long, value_name = "SECONDS", value_parser = seconds::parse)]
    pub(crate) connect_timeout: Option<Duration>,
    /// Seconds for a proxy to open the way.
    #[arg(long, value_name = "SECONDS", value_parser = seconds::parse)]
    pub(crate) proxy_timeout: Option<Duration>,
    /// Seconds for the TLS handshake.
    #[arg(long, value_name = "SECONDS", value_parser = seconds::parse)]
    pub(crate) tls_timeout: Option<Duration>,
    /// Seconds in which the server takes nothing of what is sent.
    #[arg(long, value_name = "SECONDS", value_parser = seconds::parse)]
    pub(crate) send_timeout: Option<Duration>,
    /// Seconds from the last byte sent to the first of the answer.
    #[arg(long, value_name = "SECONDS", value_parser = seconds::parse)]
    pub(crate) first_byte_timeout: Option<Duration>,
    /// Seconds in which nothing of the answer comes. [default: none; 30 for files]
    #[arg(long, value_name = "SECONDS", value_parser = seconds::parse)]
    pub(crate) idle_timeout: Option<Duration>,
}
