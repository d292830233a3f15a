//! A certificate with its key: a client's or a server's.

#[cfg(feature = "encrypted-keys")]
mod encrypted;
mod files;
mod pem;
#[cfg(feature = "pkcs12")]
mod pkcs12;

use std::fmt;
use std::sync::Arc;

use rustls::sign::CertifiedKey;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use super::certificate::{Certificate, Parts};
use super::provider::provider;
use crate::{Error, ErrorKind, Secret};

pub use files::IdentityFiles;
pub(super) use files::read;

/// A certificate with its chain and private key: who we are. Clones are cheap.
#[derive(Clone)]
pub struct Identity(Arc<CertifiedKey>);

impl Identity {
    /// Reads a chain (the identity's own certificate first) and an unencrypted key
    /// (PKCS#8, PKCS#1 or SEC 1), both in PEM; one text may hold both.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadCertificate`]: no certificate in `chain`, or one that cannot be read.
    /// [`ErrorKind::BadKey`]: no key in `key`, one that cannot be used, or that of another
    /// certificate. [`ErrorKind::BadPassphrase`]: the key is encrypted.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, Error> {
        Self::from_parts(pem::chain(chain)?, pem::key(key, None)?)
    }

    /// As [`from_pem`](Self::from_pem), with a key that may be encrypted (PKCS#8, RFC 5958).
    ///
    /// # Errors
    ///
    /// As [`from_pem`](Self::from_pem); [`ErrorKind::BadPassphrase`]: it is the wrong one.
    pub fn from_pem_with(chain: &[u8], key: &[u8], passphrase: &Secret) -> Result<Self, Error> {
        Self::from_parts(pem::chain(chain)?, pem::key(key, Some(passphrase))?)
    }

    /// Reads a PKCS#12 store (RFC 7292; `.p12`, `.pfx`): its first key, the certificate of that
    /// key, and the issuers that are in it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadPassphrase`]: it does not open the store. [`ErrorKind::BadKey`]: there is no
    /// key, or it cannot be used. [`ErrorKind::BadCertificate`]: the bytes are no such store, or
    /// it has no certificate of the key.
    #[cfg(feature = "pkcs12")]
    pub fn from_pkcs12(store: &[u8], passphrase: &Secret) -> Result<Self, Error> {
        pkcs12::read(store, passphrase)
    }

    /// Reads the files again at each call.
    ///
    /// # Errors
    ///
    /// As [`from_pem`](Self::from_pem), also when a file cannot be read or is larger than 1 MiB;
    /// the message names the file.
    pub fn from_files(files: &IdentityFiles) -> Result<Self, Error> {
        files.read()
    }

    /// What its own certificate says.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadCertificate`]: it cannot be read.
    pub fn certificate(&self) -> Result<Certificate, Error> {
        Certificate::from_der(self.0.cert.first().map_or(&[], |der| der.as_ref()))
    }

    /// The identity, once its key can be used and belongs to its certificate.
    fn from_parts(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
    ) -> Result<Self, Error> {
        let own = chain.first().and_then(|der| Parts::of(der)).ok_or_else(|| {
            Error::new(ErrorKind::BadCertificate).detail("the certificate cannot be read")
        })?;
        let key = provider().key_provider.load_private_key(key).map_err(|cause| {
            let error = Error::new(ErrorKind::BadKey);
            error.detail(format!("the private key cannot be used: {USABLE}")).because(cause)
        })?;
        if key.public_key().is_some_and(|info| info.as_ref() != own.key_info) {
            let error = Error::new(ErrorKind::BadKey);
            return Err(error.detail("the private key belongs to another certificate"));
        }
        Ok(Self(Arc::new(CertifiedKey::new(chain, key))))
    }

    pub(super) fn certified(&self) -> Arc<CertifiedKey> {
        self.0.clone()
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("chain", &self.0.cert.len()).finish_non_exhaustive()
    }
}

const USABLE: &str = "it must be RSA of 2048 to 8192 bits, ECDSA P-256 or P-384, or Ed25519";
