//! Private keys encrypted with a passphrase (PKCS#8, RFC 5958; PBES2 of RFC 8018).

use pkcs8::EncryptedPrivateKeyInfoRef;
use rustls_pki_types::PrivateKeyDer;

use super::pem::CONVERT;
use crate::{Error, ErrorKind, Secret};

/// Opens the key in `der`.
pub(super) fn open(der: &[u8], passphrase: &Secret) -> Result<PrivateKeyDer<'static>, Error> {
    let bad = |words: &str| Error::new(ErrorKind::BadKey).detail(words);
    let info = EncryptedPrivateKeyInfoRef::try_from(der)
        .map_err(|cause| bad("the encrypted private key cannot be read").because(cause))?;
    let opened = info.decrypt(passphrase.expose()).map_err(|cause| match cause {
        pkcs8::Error::EncryptedPrivateKey(
            pkcs8::pkcs5::Error::NoPbes1CryptSupport
            | pkcs8::pkcs5::Error::UnsupportedAlgorithm { .. },
        ) => bad(&format!("the private key has an old encryption: {CONVERT}")),
        // A wrong passphrase gives bytes that are padded wrongly or are no key.
        _ => Error::new(ErrorKind::BadPassphrase),
    })?;
    PrivateKeyDer::try_from(opened.as_bytes().to_vec())
        .map_err(|_| Error::new(ErrorKind::BadPassphrase))
}
