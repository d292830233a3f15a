//! Options of `opi curl`.

use clap::Args;

/// `opi curl`.
#[derive(Args, Debug)]
pub(crate) struct CurlArgs {
    /// Prints the equal command of opi, and sends nothing; secrets are hidden.
    #[arg(long)]
    pub(crate) translate: bool,
    /// The command line of curl: as one text in quotes, or word by word. Nothing of it may change
    /// what is sent without opi knowing it; what is not known is refused by name.
    #[arg(
        required = true,
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "LINE"
    )]
    pub(crate) line: Vec<String>,
}

pub(super) const EXAMPLES: &str = "\
Examples:
  opi curl 'curl -sS -H \"Accept: text/csv\" https://api.example/orders'
  opi curl --json curl -d a=1 https://api.example/orders
  opi curl --translate 'curl -u ann:secret -T file https://files.example/'";
