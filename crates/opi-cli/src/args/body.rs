//! Options for the body of a request.

use std::time::Duration;

use clap::Args;

use crate::seconds;

/// How items become a body.
#[derive(Args, Debug)]
#[command(next_help_heading = "Body")]
pub(crate) struct BodyArgs {
    /// Sends the fields as an HTML form, not as JSON; with files among them as a multipart form.
    #[arg(long, short, conflicts_with_all = ["multipart", "raw"])]
    pub(crate) form: bool,
    /// Sends the fields as a multipart form.
    #[arg(long, conflicts_with = "raw")]
    pub(crate) multipart: bool,
    /// Sends this text as the body; its Content-Type is yours to set.
    #[arg(long, value_name = "TEXT")]
    pub(crate) raw: Option<String>,
    /// Compresses the body by gzip.
    #[arg(long, short = 'x')]
    pub(crate) compress: bool,
    /// Waits so many seconds for the server to ask for the body before it is sent all the same.
    #[arg(long, value_name = "SECONDS", value_parser = seconds::parse, num_args = 0..=1, default_missing_value = "1", require_equals = true)]
    pub(crate) expect_continue: Option<Duration>,
}
