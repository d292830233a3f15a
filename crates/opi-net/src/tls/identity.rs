//! A client certificate and its key.

use std::fmt;

use rustls::client::{ClientConfig, WantsClientCert};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use crate::{Error, ErrorKind};

/// A client certificate with its chain and private key, for servers that ask who we are.
pub struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    /// Reads a chain (the client's certificate first) and an unencrypted key
    /// (PKCS#8, PKCS#1 or SEC 1), both in PEM.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadCertificate`]: no certificate, or no key, in what was given.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, Error> {
        let bad = |what: &str| Error::new(ErrorKind::BadCertificate).detail(what);
        let chain: Vec<_> = CertificateDer::pem_slice_iter(chain)
            .collect::<Result<_, _>>()
            .map_err(|cause| bad("the client certificate is no PEM").because(cause))?;
        let key = PrivateKeyDer::from_pem_slice(key)
            .map_err(|cause| bad("no unencrypted private key in PEM").because(cause))?;
        if chain.is_empty() {
            Err(bad("no client certificate in PEM"))
        } else {
            Ok(Self { chain, key })
        }
    }

    pub(super) fn apply(
        &self,
        builder: rustls::ConfigBuilder<ClientConfig, WantsClientCert>,
    ) -> Result<ClientConfig, Error> {
        builder.with_client_auth_cert(self.chain.clone(), self.key.clone_key()).map_err(|cause| {
            let error = Error::new(ErrorKind::BadCertificate);
            error.detail("the client certificate and its key do not fit").because(cause)
        })
    }
}

impl Clone for Identity {
    fn clone(&self) -> Self {
        Self { chain: self.chain.clone(), key: self.key.clone_key() }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("chain", &self.chain.len()).finish_non_exhaustive()
    }
}
