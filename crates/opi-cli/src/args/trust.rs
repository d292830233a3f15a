//! Options for whom to trust and who we are, on the side that opens a connection.

use std::path::PathBuf;

use clap::Args;

/// Whom to trust and who we are.
#[derive(Args, Debug)]
#[command(next_help_heading = "TLS")]
pub(crate) struct TrustArgs {
    /// Trusts the CA certificates of a PEM file as well; may be given several times.
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Vec<PathBuf>,
    /// Dangerous: accepts any certificate, so that anyone in the middle can read along.
    #[arg(long, conflicts_with = "ca")]
    pub(crate) insecure: bool,
    /// Shows the certificates of a PEM file, our own first, to servers that ask.
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) cert: Option<PathBuf>,
    /// The private key of --cert, in PEM.
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(crate) key: Option<PathBuf>,
}

impl TrustArgs {
    /// The first option that was given; without TLS it means nothing.
    pub(crate) fn given(&self) -> Option<&'static str> {
        let given = [
            (!self.ca.is_empty(), "--ca"),
            (self.insecure, "--insecure"),
            (self.cert.is_some(), "--cert"),
        ];
        given.iter().find_map(|(given, name)| given.then_some(*name))
    }
}
