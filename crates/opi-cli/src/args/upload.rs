//! Options of `opi upload`.

use clap::Args;

use super::HttpArgs;

/// `opi upload`.
#[derive(Args, Debug)]
pub(crate) struct UploadArgs {
    /// The file to send; `-` sends standard input, in chunks.
    pub(crate) file: String,
    #[command(flatten)]
    pub(crate) http: HttpArgs,
}
