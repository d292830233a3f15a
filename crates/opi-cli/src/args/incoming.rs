//! Options for accepting connections.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::ServingArgs;
use crate::seconds;

/// How connections are accepted.
#[derive(Args, Debug)]
#[command(next_help_heading = "Accepting")]
pub(crate) struct IncomingArgs {
    /// Lets in only peers of this network, 10.0.0.0/8 or one address; may be given several times.
    #[arg(long, value_name = "NETWORK")]
    pub(crate) allow: Vec<String>,
    /// Connections come from proxies in this network, and begin with a header of the PROXY
    /// protocol that names the real peer; others are turned away. May be given several times.
    #[arg(long, value_name = "NETWORK")]
    pub(crate) proxy_protocol: Vec<String>,
    /// Keeps a log of events in a file, one a line, with rotation.
    #[arg(long, value_name = "FILE")]
    pub(crate) log: Option<PathBuf>,
    /// Seconds for what stands before the first byte of a connection, as the TLS handshake.
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds::parse)]
    pub(crate) handshake_timeout: Duration,
    #[command(flatten)]
    pub(crate) tls: ServingArgs,
}
