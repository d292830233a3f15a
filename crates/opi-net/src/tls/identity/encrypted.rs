//! Private keys encrypted with a passphrase (PKCS#8, RFC 5958; PBES2 of RFC 8018).

use pkcs8::EncryptedPrivateKeyInfoRef;
use rustls_pki_types::PrivateKeyDer;

use super::pem::CONVERT;
use crate::tls::der::{Elements, OID, SEQUENCE};
use crate::{Error, ErrorKind, Secret};

/// Opens the key in `der`.
pub(super) fn open(der: &[u8], passphrase: &Secret) -> Result<PrivateKeyDer<'static>, Error> {
    let bad = |words: &str| Error::new(ErrorKind::BadKey).detail(words);
    let old = || bad(&format!("the private key has an old encryption: {CONVERT}"));
    if scheme(der).is_some_and(|scheme| scheme != PBES2) {
        return Err(old());
    }
    let info = EncryptedPrivateKeyInfoRef::try_from(der)
        .map_err(|cause| bad("the encrypted private key cannot be read").because(cause))?;
    let opened = info.decrypt(passphrase.expose()).map_err(|cause| match cause {
        pkcs8::Error::EncryptedPrivateKey(
            pkcs8::pkcs5::Error::NoPbes1CryptSupport
            | pkcs8::pkcs5::Error::UnsupportedAlgorithm { .. },
        ) => old(),
        // A wrong passphrase gives bytes that are padded wrongly or are no key.
        _ => Error::new(ErrorKind::BadPassphrase),
    })?;
    PrivateKeyDer::try_from(opened.as_bytes().to_vec())
        .map_err(|_| Error::new(ErrorKind::BadPassphrase))
}

/// The identifier of the way it is encrypted.
fn scheme(der: &[u8]) -> Option<&[u8]> {
    let mut key = Elements::of(Elements::of(der).read(SEQUENCE)?);
    Elements::of(key.read(SEQUENCE)?).read(OID)
}

/// 1.2.840.113549.1.5.13
const PBES2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];
