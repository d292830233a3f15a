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
    /// Shows no progress; none is shown anyway when standard error is not a terminal.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}
