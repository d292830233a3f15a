//! Options for opening a TCP connection.

use std::time::Duration;

use clap::Args;

use super::{SocketArgs, TrustArgs, WayArgs};
use crate::seconds;

/// How a TCP connection is opened.
#[derive(Args, Debug)]
pub(crate) struct DialArgs {
    /// Seconds for opening the connection: name, proxies, TLS; decimals allowed.
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds::parse)]
    pub(crate) connect_timeout: Duration,
    /// Tells on standard error how the connection was opened; secrets are hidden.
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// Shows the bytes that go and come on standard error, in hexadecimal and as text; secrets
    /// among them are not hidden.
    #[arg(long)]
    pub(crate) dump: bool,
    #[command(flatten)]
    pub(crate) way: WayArgs,
    #[command(flatten)]
    pub(crate) socket: SocketArgs,
    /// Encrypts the connection; the certificate must be for the host of the address.
    #[arg(long, help_heading = "TLS")]
    pub(crate) tls: bool,
    /// The application protocols offered, best first, separated by commas.
    #[arg(long, value_name = "NAMES", help_heading = "TLS", requires = "tls")]
    pub(crate) alpn: Option<String>,
    #[command(flatten)]
    pub(crate) trust: TrustArgs,
}
