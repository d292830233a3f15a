//! From options to the way and the trust of a connection.

use std::fs;

use opi::net::tls::{Certificates, Tls, Trust};
use opi::proxy::Route;

use crate::args::NetworkArgs;
use crate::failure::{ErrorKind, Failure};
use crate::redact::Veil;
use crate::{output, secret};

/// The way to the other side; passwords of proxies go behind the veil.
///
/// # Errors
///
/// The text is no route, or cannot be read from where it is said to be.
pub(crate) fn route(args: &NetworkArgs, veil: &mut Veil) -> Result<Route, Failure> {
    let Some(text) = &args.proxy else { return Ok(Route::direct()) };
    let route: Route = secret::read(text)?.expose().parse()?;
    for login in route.hops().iter().filter_map(opi::proxy::Hop::credentials) {
        veil.hide_login(&login.user, login.password.expose());
    }
    Ok(route)
}

/// Whose certificates are accepted.
///
/// # Errors
///
/// The file of CA certificates cannot be read.
pub(crate) fn tls(args: &NetworkArgs) -> Result<Tls, Failure> {
    if args.insecure {
        output::note(
            "opi: warning: --insecure: certificates are not checked, anyone can read along",
        );
        return Ok(Tls::new(Trust::DangerousAnyone));
    }
    let Some(path) = &args.ca else { return Ok(Tls::new(Trust::System)) };
    let pem = fs::read(path).map_err(|cause| {
        let message = format!("{}: the CA certificates cannot be read", path.display());
        Failure::new(ErrorKind::File, message).because(&cause)
    })?;
    let roots = Certificates::from_pem(&pem)
        .map_err(|error| Failure::from(error).detail(format!("in {}", path.display())))?;
    Ok(Tls::new(Trust::SystemAnd(roots)))
}
