//! Options for TLS on the side that accepts connections.

use std::path::PathBuf;

use clap::{Arg, Args};

/// Who a server is, and whose clients it lets in.
#[derive(Args, Debug)]
#[command(next_help_heading = "TLS for who connects")]
pub(crate) struct ServingArgs {
    /// Speaks TLS to who connects, with the certificates of a PEM file, its own first.
    #[arg(long, value_name = "FILE", requires = "listen_key", conflicts_with = "listen_p12")]
    pub(crate) listen_cert: Option<PathBuf>,
    /// The private key of the certificate, in PEM.
    #[arg(long, value_name = "FILE", requires = "listen_cert")]
    pub(crate) listen_key: Option<PathBuf>,
    /// Speaks TLS to who connects, with the certificates and the key of a PKCS#12 file.
    #[arg(long, value_name = "FILE")]
    pub(crate) listen_p12: Option<PathBuf>,
    /// What the key or the PKCS#12 file is encrypted with; also @FILE or env:NAME.
    #[arg(long, value_name = "PASSWORD")]
    pub(crate) listen_key_password: Option<String>,
    /// Lets in only who shows a certificate of these issuers, in PEM.
    #[arg(long, value_name = "FILE")]
    pub(crate) client_ca: Option<PathBuf>,
}

impl ServingArgs {
    /// The first option that was given beside the certificate, which it needs.
    pub(crate) fn given(&self) -> Option<&'static str> {
        let given = [
            (self.client_ca.is_some(), "--client-ca"),
            (self.listen_key_password.is_some(), "the password of a key"),
        ];
        given.iter().find_map(|(given, name)| given.then_some(*name))
    }
}

/// Commands that only accept have one side, and its options need no `listen-`.
pub(super) fn plain(arg: Arg) -> Arg {
    match arg.get_long() {
        Some("listen-cert") => arg.long("cert"),
        Some("listen-key") => arg.long("key"),
        Some("listen-p12") => arg.long("p12"),
        Some("listen-key-password") => arg.long("key-password"),
        _ => arg,
    }
}
