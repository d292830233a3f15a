//! Options for the way to the other side.

use clap::Args;

/// The way to the other side; the same for every command that opens connections.
#[derive(Args, Debug)]
#[command(next_help_heading = "The way there")]
pub(crate) struct WayArgs {
    /// Goes through a proxy: socks5://host:port or http://user:password@host:port; several,
    /// given one after the other or separated by spaces, in a row. Of a list of such routes,
    /// 'ROUTE | ROUTE | direct', the first that works is used. Also @FILE or env:NAME,
    /// to keep a password out of the process list.
    #[arg(long, value_name = "URL")]
    pub(crate) proxy: Vec<String>,
}
