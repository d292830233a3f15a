//! Certificates that are shown, with their keys.

use std::path::Path;

use opi::net::tls::{Identity, IdentityFiles};

use crate::failure::Failure;
use crate::redact::Veil;
use crate::secret;

/// Where certificates and keys are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) cert: Option<&'a Path>,
    pub(crate) key: Option<&'a Path>,
    pub(crate) p12: Option<&'a Path>,
    pub(crate) password: Option<&'a str>,
}

/// The identity there, if any; its password goes behind the veil.
///
/// # Errors
///
/// A file cannot be read, or its password is wrong.
pub(crate) fn read(place: Place<'_>, veil: &mut Veil) -> Result<Option<Identity>, Failure> {
    let files = match (place.cert, place.key, place.p12) {
        (Some(cert), Some(key), _) => IdentityFiles::pem(cert, key),
        (_, _, Some(store)) => IdentityFiles::pkcs12(store),
        _ => return Ok(None),
    };
    let files = match place.password {
        None => files,
        Some(text) => {
            let password = secret::read(text)?;
            veil.hide(password.expose());
            files.passphrase(password)
        }
    };
    Ok(Some(Identity::from_files(&files)?))
}
