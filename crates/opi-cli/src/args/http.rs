//! Options of `opi get`, `opi post` and the other methods.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

use super::{
    AgainArgs, BodyArgs, LoginArgs, SavingArgs, ShownArgs, SocketArgs, TimesArgs, TrustArgs,
    WayArgs,
};
use crate::count;

/// `opi get`, `opi post` and the other methods.
#[derive(Args, Debug)]
pub(crate) struct HttpArgs {
    /// Where to ask: http://host/path or https://host/path; without a scheme it is http, and
    /// `:8080/path` is on this machine.
    pub(crate) url: String,
    /// What to send: `name:value` a header, `name:` leaves one out, `name;` an empty one,
    /// `name==value` a query parameter, `name=value` a string and `name:=value` raw JSON in the
    /// body, `name@FILE` a file of a form, `@FILE` the whole body, `@-` from standard input. An @
    /// behind : = == or := reads the value from a file. `a[b][]=1` goes into JSON by its place. A
    /// backslash before : = @ ; takes their meaning.
    #[arg(value_name = "ITEM")]
    pub(crate) items: Vec<String>,
    /// A URL without a scheme is https.
    #[arg(long)]
    pub(crate) https: bool,
    #[command(flatten)]
    pub(crate) body: BodyArgs,
    #[command(flatten)]
    pub(crate) login: LoginArgs,
    /// Keeps cookies in a file, in JSON when it ends in .json, else as Netscape wrote them; what is
    /// there is sent, what comes is written. Only the owner can read it.
    #[arg(long, value_name = "FILE", help_heading = "Login")]
    pub(crate) cookies: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) answer: AnswerArgs,
    #[command(flatten)]
    pub(crate) shown: ShownArgs,
    #[command(flatten)]
    pub(crate) saving: SavingArgs,
    #[command(flatten)]
    pub(crate) times: TimesArgs,
    #[command(flatten)]
    pub(crate) again: AgainArgs,
    #[command(flatten)]
    pub(crate) way: WayArgs,
    #[command(flatten)]
    pub(crate) socket: SocketArgs,
    #[command(flatten)]
    pub(crate) trust: TrustArgs,
}

/// What is made of an answer.
#[derive(Args, Debug)]
#[command(next_help_heading = "Answer")]
pub(crate) struct AnswerArgs {
    /// Follows redirects, which is the default; takes back --no-follow.
    #[arg(long, overrides_with = "no_follow")]
    pub(crate) follow: bool,
    /// Does not follow redirects.
    #[arg(long, overrides_with = "follow")]
    pub(crate) no_follow: bool,
    /// The most redirects to follow. [default: 30]
    #[arg(long, value_name = "N", value_parser = count::parse::<NonZeroUsize>, conflicts_with = "no_follow")]
    pub(crate) max_redirects: Option<NonZeroUsize>,
    /// A status of 3xx, 4xx or 5xx is a failure with exit code 3, 4 or 5, which is the default; takes
    /// back --no-check-status.
    #[arg(long, overrides_with = "no_check_status")]
    pub(crate) check_status: bool,
    /// Any status is a success.
    #[arg(long, overrides_with = "check_status")]
    pub(crate) no_check_status: bool,
    /// The most bytes of a body; a longer one is an error. [default: 268435456; none for files]
    #[arg(long, alias = "max-body", value_name = "N", value_parser = count::parse::<NonZeroUsize>)]
    pub(crate) max: Option<NonZeroUsize>,
}

pub(super) const GET_EXAMPLES: &str = "\
Examples:
  opi get https://api.example/orders limit==10 X-Trace:7
  opi get https://api.example/report -o report.pdf --bearer env:TOKEN
  opi get :8080/health --timings
  opi get https://api.example/orders --json --proxy socks5://proxy.example:1080";

pub(super) const POST_EXAMPLES: &str = "\
Examples:
  opi post https://api.example/orders name=tea count:=2 lines[0][sku]=7
  opi post https://api.example/login --form user=ann password=...
  opi post https://api.example/scans --form title=Passport scan@page.pdf
  opi post https://api.example/import @data.csv --compress
  opi post https://api.example/orders --auth @login.txt -v name=tea";

pub(super) const HTTP_EXAMPLES: &str = "\
Examples:
  opi http PROPFIND https://files.example/dav/ Depth:1
  opi http https://api.example/orders name=tea     (with a body POST, else GET)";

pub(super) const DOWNLOAD_EXAMPLES: &str = "\
Examples:
  opi download https://files.example/setup.zip
  opi download https://files.example/setup.zip -o setup.zip --continue --sha256 9f86d0...";

pub(super) const UPLOAD_EXAMPLES: &str = "\
Examples:
  opi upload backup.tar https://files.example/backup.tar --auth @login.txt
  tar c folder | opi upload - https://files.example/folder.tar";
