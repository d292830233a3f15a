//! Options for how sockets are opened.

use clap::Args;

/// How sockets are opened; behind proxies, the one to the first proxy.
#[derive(Args, Debug)]
#[command(next_help_heading = "The way there")]
pub(crate) struct SocketArgs {
    /// Reaches these hosts without the proxies: names, .suffixes, addresses, networks, with a port
    /// if need be, separated by commas.
    #[arg(long, value_name = "LIST", requires = "proxy")]
    pub(crate) no_proxy: Option<String>,
    /// Takes the proxy that the environment names: ALL_PROXY, for requests before it HTTP_PROXY or
    /// HTTPS_PROXY, unless NO_PROXY has the host. Nothing reads them unasked.
    #[arg(long, conflicts_with_all = ["proxy", "no_proxy"])]
    pub(crate) proxy_from_environment: bool,
    /// Reaches HOST at this port by these addresses, whatever the name servers say; may be given
    /// several times.
    #[arg(long, value_name = "HOST:PORT:ADDRESS[,ADDRESS]")]
    pub(crate) resolve: Vec<String>,
    /// Connects to the second place when the first is asked for; certificates are still checked
    /// for the first. May be given several times.
    #[arg(long, value_name = "HOST:PORT=HOST:PORT")]
    pub(crate) connect_to: Vec<String>,
    /// The address to connect from: IP, or IP:port.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) local_address: Option<String>,
    /// Uses IPv4 alone.
    #[arg(long, short = '4', conflicts_with = "ipv6")]
    pub(crate) ipv4: bool,
    /// Uses IPv6 alone.
    #[arg(long, short = '6')]
    pub(crate) ipv6: bool,
}
