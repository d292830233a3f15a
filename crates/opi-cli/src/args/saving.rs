//! Options for where the body of an answer goes.

use std::path::PathBuf;

use clap::Args;

/// Where the body goes.
#[derive(Args, Debug)]
#[command(next_help_heading = "Output")]
pub(crate) struct SavingArgs {
    /// Writes the body to a file, which appears when it is whole; after an error status the file
    /// stays as it was, and the body goes to standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Saves the body under the name that the server gives or the URL has, in this folder; a file that
    /// is there stays, and the new one gets a number. With --output that is the name.
    #[arg(long, short)]
    pub(crate) download: bool,
    /// Keeps what came of a download that breaks off, beside the file as FILE.opi-part, and goes on
    /// with it the next time, if the file is still the same on the server. The file is named by
    /// --output.
    #[arg(long = "continue", short = 'c')]
    pub(crate) resume: bool,
    /// The body must have this SHA-256, in hexadecimal digits; otherwise no file appears.
    #[arg(long, value_name = "DIGEST", conflicts_with = "stream")]
    pub(crate) sha256: Option<String>,
    /// Shows no progress; none is shown anyway when standard error is not a terminal.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}
