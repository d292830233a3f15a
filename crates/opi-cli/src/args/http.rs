//! Options of `opi get`, `opi post` and the other methods.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{TrustArgs, WayArgs};
use crate::seconds;

/// `opi get`, `opi post` and the other methods.
#[derive(Args, Debug)]
pub(crate) struct HttpArgs {
    /// Where to ask: http://host/path or https://host/path.
    pub(crate) url: String,
    /// What to send: `name:value` a header, `name==value` a query parameter, `name=value` a string
    /// and `name:=value` raw JSON in the body. A backslash before : = @ ; takes their meaning.
    pub(crate) items: Vec<String>,
    /// Sends the fields as an HTML form, not as JSON.
    #[arg(long)]
    pub(crate) form: bool,
    /// Logs in by Basic; also @FILE or env:NAME, which hold user:password.
    #[arg(long, value_name = "USER:PASSWORD")]
    pub(crate) auth: Option<String>,
    /// Logs in by a token; also @FILE or env:NAME, which hold the token.
    #[arg(long, value_name = "TOKEN", conflicts_with = "auth")]
    pub(crate) bearer: Option<String>,
    /// Does not follow redirects.
    #[arg(long)]
    pub(crate) no_follow: bool,
    /// The most redirects to follow. [default: 30]
    #[arg(long, value_name = "N", conflicts_with = "no_follow")]
    pub(crate) max_redirects: Option<NonZeroUsize>,
    /// The most bytes of a body; a longer one is an error. [default: 268435456]
    #[arg(long, value_name = "N")]
    pub(crate) max: Option<NonZeroUsize>,
    /// Writes the body to a file, which appears when it is whole; after an error status the file
    /// stays as it was, and the body goes to standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Seconds for everything together, decimals allowed.
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds::parse)]
    pub(crate) timeout: Duration,
    /// Tells on standard error what is sent, what comes and how; secrets are hidden.
    #[arg(long, short)]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) way: WayArgs,
    #[command(flatten)]
    pub(crate) trust: TrustArgs,
}

pub(super) const GET_EXAMPLES: &str = "\
Examples:
  opi get https://api.example/orders limit==10 X-Trace:7
  opi get https://api.example/report -o report.pdf --bearer env:TOKEN
  opi get https://api.example/orders --json --proxy socks5://proxy.example:1080";

pub(super) const POST_EXAMPLES: &str = "\
Examples:
  opi post https://api.example/orders name=tea count:=2
  opi post https://api.example/login --form user=ann password=...
  opi post https://api.example/orders --auth @login.txt -v name=tea";
