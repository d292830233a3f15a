//! TLS against `openssl s_server`: the certificates of the fixture table, by name and by address,
//! directly and through proxies; client certificates in every form.

mod client_certificates;
mod server;
mod table;

use opi_net::ErrorKind;

pub(crate) use server::{Certs, Server};

/// What a client is told: nothing but that it works, or a kind and words.
pub(crate) type Expected = Result<(), (ErrorKind, &'static str)>;
