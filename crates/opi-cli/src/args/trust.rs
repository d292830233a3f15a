//! Options for whom to trust and who we are, on the side that opens a connection.

use std::path::PathBuf;

use clap::Args;
use opi::net::tls::Version;

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
    /// Dangerous: accepts a certificate for any name, as long as its issuer is trusted.
    #[arg(long, conflicts_with_all = ["insecure", "server_name"])]
    pub(crate) any_name: bool,
    /// The certificate must be for this name or address, which is sent too; by default the host
    /// that is connected to.
    #[arg(long, value_name = "NAME")]
    pub(crate) server_name: Option<String>,
    /// The server's key must have this pin, sha256//BASE64; several allow any of them. With
    /// --insecure nothing else is checked.
    #[arg(long, value_name = "PIN")]
    pub(crate) pin: Vec<String>,
    /// Shows the certificates of a PEM file, our own first, to servers that ask.
    #[arg(long, value_name = "FILE", requires = "key", conflicts_with = "p12")]
    pub(crate) cert: Option<PathBuf>,
    /// The private key of --cert, in PEM.
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(crate) key: Option<PathBuf>,
    /// Shows the certificates of a PKCS#12 file (.p12, .pfx), which holds the key too.
    #[arg(long, value_name = "FILE")]
    pub(crate) p12: Option<PathBuf>,
    /// What the key or the PKCS#12 file is encrypted with; also @FILE or env:NAME.
    #[arg(long, value_name = "PASSWORD")]
    pub(crate) key_password: Option<String>,
    /// The lowest version of TLS that is spoken: 1.2 or 1.3. [default: 1.2]
    #[arg(long, value_name = "VERSION", value_parser = version)]
    pub(crate) tls_min: Option<Version>,
    /// The highest version of TLS that is spoken: 1.2 or 1.3. [default: 1.3]
    #[arg(long, value_name = "VERSION", value_parser = version)]
    pub(crate) tls_max: Option<Version>,
}

impl TrustArgs {
    /// The first option that was given; without TLS it means nothing.
    pub(crate) fn given(&self) -> Option<&'static str> {
        let given = [
            (!self.ca.is_empty(), "--ca"),
            (self.insecure, "--insecure"),
            (self.any_name, "--any-name"),
            (self.server_name.is_some(), "--server-name"),
            (!self.pin.is_empty(), "--pin"),
            (self.cert.is_some(), "--cert"),
            (self.p12.is_some(), "--p12"),
            (self.key_password.is_some(), "--key-password"),
            (self.tls_min.is_some(), "--tls-min"),
            (self.tls_max.is_some(), "--tls-max"),
        ];
        given.iter().find_map(|(given, name)| given.then_some(*name))
    }
}

fn version(text: &str) -> Result<Version, String> {
    match text {
        "1.2" => Ok(Version::Tls12),
        "1.3" => Ok(Version::Tls13),
        _ => Err("expected 1.2 or 1.3".to_owned()),
    }
}
