//! Certificates and keys in PEM (RFC 7468).

use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use crate::tls::pem::sections;
use crate::{Error, ErrorKind, Secret};

/// Every certificate of `pem`, at least one.
pub(super) fn chain(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let bad = |what: &str| Error::new(ErrorKind::BadCertificate).detail(what);
    let chain: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|cause| bad("the certificate is no PEM").because(cause))?;
    if chain.is_empty() { Err(bad("no certificate in PEM")) } else { Ok(chain) }
}

/// The first private key of `pem`; `passphrase` opens it when it is encrypted.
pub(super) fn key(
    pem: &[u8],
    passphrase: Option<&Secret>,
) -> Result<PrivateKeyDer<'static>, Error> {
    if holds(pem, &format!("-----BEGIN {ENCRYPTED}-----")) {
        return decrypted(pem, passphrase);
    }
    if holds(pem, "Proc-Type: 4,ENCRYPTED") {
        let error = Error::new(ErrorKind::BadKey);
        return Err(
            error.detail(format!("the private key has OpenSSL's old encryption: {CONVERT}"))
        );
    }
    PrivateKeyDer::from_pem_slice(pem).map_err(|cause| {
        Error::new(ErrorKind::BadKey).detail("no private key in PEM").because(cause)
    })
}

fn decrypted(pem: &[u8], passphrase: Option<&Secret>) -> Result<PrivateKeyDer<'static>, Error> {
    let Some(passphrase) = passphrase else {
        let error = Error::new(ErrorKind::BadPassphrase);
        return Err(error.detail("the private key is encrypted and no passphrase was given"));
    };
    match sections(pem, ENCRYPTED).next().flatten() {
        Some(der) => open(&der, passphrase),
        None => Err(Error::new(ErrorKind::BadKey).detail("the encrypted private key is no PEM")),
    }
}

#[cfg(feature = "encrypted-keys")]
use super::encrypted::open;

#[cfg(not(feature = "encrypted-keys"))]
fn open(_der: &[u8], _passphrase: &Secret) -> Result<PrivateKeyDer<'static>, Error> {
    Err(Error::new(ErrorKind::BadKey).detail(format!(
        "this build cannot open encrypted private keys (feature encrypted-keys): {CONVERT}"
    )))
}

fn holds(pem: &[u8], mark: &str) -> bool {
    pem.windows(mark.len()).any(|window| window == mark.as_bytes())
}

const ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";
pub(super) const CONVERT: &str = "convert it by `openssl pkcs8 -topk8 -in old.key -out new.key`";
