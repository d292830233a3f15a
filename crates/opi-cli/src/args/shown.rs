//! Options for what is printed of a request and its answer.

use clap::{Args, ValueEnum};

/// What is printed, and how.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Output")]
pub(crate) struct ShownArgs {
    /// What goes to standard output: H the head of the request, B its body, h the head of the
    /// answer, b its body, m times and connection. [default: hb on a terminal, else b]
    #[arg(long, short, value_name = "LETTERS", value_parser = parts, conflicts_with = "json")]
    pub(crate) print: Option<String>,
    /// Whether JSON stands in lines and in colours. [default: all on a terminal, else none]
    #[arg(long, value_name = "HOW", value_enum)]
    pub(crate) pretty: Option<Pretty>,
    /// Reads the body of the answer as text in this encoding, and prints it in UTF-8.
    #[arg(long, value_name = "NAME")]
    pub(crate) charset: Option<String>,
    /// Writes the body piece by piece as it comes, and has no limit on its length.
    #[arg(long, conflicts_with = "json")]
    pub(crate) stream: bool,
    /// Tells on standard error how long name, connection, TLS and the answer took.
    #[arg(long)]
    pub(crate) timings: bool,
    /// Tells on standard error what is sent, what comes and how; secrets are hidden.
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// Prints the request and sends nothing; secrets are hidden.
    #[arg(long, conflicts_with = "curl")]
    pub(crate) offline: bool,
    /// Prints the curl command that sends the same request, and sends nothing; secrets are hidden.
    #[arg(long)]
    pub(crate) curl: bool,
    /// Does not hide secrets in what --offline, --curl and --print print.
    #[arg(long)]
    pub(crate) show_secrets: bool,
}

/// How JSON is printed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Pretty {
    /// In lines and in colours.
    All,
    /// In colours.
    Colors,
    /// In lines.
    Format,
    /// As it came.
    None,
}

fn parts(text: &str) -> Result<String, String> {
    match text.chars().find(|c| !"HBhbm".contains(*c)) {
        None => Ok(text.to_owned()),
        Some(_) => Err("expected letters of HBhbm".to_owned()),
    }
}
