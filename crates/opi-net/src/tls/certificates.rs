//! Certificates of issuers, or of servers, to trust.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use rustls::RootCertStore;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use super::identity::read;
use crate::{Error, ErrorKind};

/// Certificates to trust. Clones are cheap.
#[derive(Clone)]
pub struct Certificates(Arc<[CertificateDer<'static>]>);

impl Certificates {
    /// Reads every certificate of a PEM text.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadCertificate`]: there is none, or one cannot be read.
    pub fn from_pem(pem: &[u8]) -> Result<Self, Error> {
        let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let read = read.map_err(|cause| bad("the CA certificate is no PEM").because(cause))?;
        if read.is_empty() { Err(bad("no CA certificate in PEM")) } else { Self::checked(read) }
    }

    /// Reads one certificate in DER.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadCertificate`]: it is none.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        Self::checked(vec![CertificateDer::from(der.to_vec())])
    }

    /// Reads what a file of certificates holds: one in DER, or any number in PEM.
    ///
    /// # Errors
    ///
    /// As [`from_pem`](Self::from_pem) and [`from_der`](Self::from_der).
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.first() == Some(&super::der::SEQUENCE) {
            Self::from_der(bytes)
        } else {
            Self::from_pem(bytes)
        }
    }

    /// As [`from_bytes`](Self::from_bytes), from a file of 1 MiB at most.
    ///
    /// # Errors
    ///
    /// As [`from_bytes`](Self::from_bytes), also when the file cannot be read; the message names it.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let bytes = read(path, ErrorKind::BadCertificate)?;
        Self::from_bytes(&bytes).map_err(|error| error.about(path))
    }

    pub(super) fn list(&self) -> &[CertificateDer<'static>] {
        &self.0
    }

    pub(super) fn store(&self) -> Result<RootCertStore, Error> {
        let mut store = RootCertStore::empty();
        for der in self.list() {
            let added = store.add(der.clone());
            added.map_err(|cause| bad("a CA certificate cannot be read").because(cause))?;
        }
        Ok(store)
    }

    fn checked(list: Vec<CertificateDer<'static>>) -> Result<Self, Error> {
        let read = Self(list.into());
        read.store().map(|_| read)
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Certificates").field(&self.0.len()).finish()
    }
}

fn bad(what: &str) -> Error {
    Error::new(ErrorKind::BadCertificate).detail(what)
}
