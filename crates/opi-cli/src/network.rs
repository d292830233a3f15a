//! From options to the way and the trust of a connection.

use std::path::Path;

use opi::net::tls::{Certificates, Identity, Tls, Trust};
use opi::proxy::Route;

use crate::args::{TrustArgs, WayArgs};
use crate::failure::Failure;
use crate::redact::Veil;
use crate::{file, output, secret};

/// The way to the other side; passwords of proxies go behind the veil.
///
/// # Errors
///
/// The text is no route, or cannot be read from where it is said to be.
pub(crate) fn route(args: &WayArgs, veil: &mut Veil) -> Result<Route, Failure> {
    let mut hops = Vec::new();
    for text in &args.proxy {
        let route: Route = secret::read(text)?.expose().parse()?;
        for login in route.hops().iter().filter_map(opi::proxy::Hop::credentials) {
            veil.hide_login(&login.user, login.password.expose());
        }
        hops.extend_from_slice(route.hops());
    }
    Ok(hops.into_iter().collect())
}

/// Whose certificates are accepted, and which are shown.
///
/// # Errors
///
/// A file of certificates or the key cannot be read.
pub(crate) fn tls(args: &TrustArgs) -> Result<Tls, Failure> {
    let tls = Tls::new(trust(args)?);
    match (&args.cert, &args.key) {
        (Some(cert), Some(key)) => Ok(tls.identity(identity(cert, key)?)),
        _ => Ok(tls),
    }
}

fn trust(args: &TrustArgs) -> Result<Trust, Failure> {
    if args.insecure {
        output::note(
            "opi: warning: --insecure: certificates are not checked, anyone can read along",
        );
        return Ok(Trust::DangerousAnyone);
    }
    if args.ca.is_empty() {
        return Ok(Trust::System);
    }
    let mut all = Vec::new();
    for path in &args.ca {
        let pem = file::read(path, "the CA certificates", file::SETTINGS)?;
        Certificates::from_pem(&pem).map_err(|error| within(path, error))?;
        all.extend_from_slice(&pem);
        all.push(b'\n');
    }
    Ok(Trust::SystemAnd(Certificates::from_pem(&all)?))
}

fn identity(cert: &Path, key: &Path) -> Result<Identity, Failure> {
    let chain = file::read(cert, "the certificates", file::SETTINGS)?;
    let secret = file::read(key, "the private key", file::SETTINGS)?;
    Identity::from_pem(&chain, &secret)
        .map_err(|error| within(cert, error).detail(format!("with the key in {}", key.display())))
}

fn within(path: &Path, error: opi::net::Error) -> Failure {
    Failure::from(error).detail(format!("in {}", path.display()))
}
