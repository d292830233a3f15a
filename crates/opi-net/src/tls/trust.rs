//! Whose certificates are accepted.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ClientConfig, WantsClientCert};
use rustls::crypto::CryptoProvider;
use rustls::{ConfigBuilder, DigitallySignedStruct, RootCertStore, SignatureScheme, WantsVerifier};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use super::roots;
use crate::{Error, ErrorKind};

/// Whose certificates are accepted.
#[non_exhaustive]
#[derive(Clone, Debug)]
pub enum Trust {
    /// Anyone's: the connection is encrypted and open to whoever sits in the middle.
    DangerousAnyone,
    /// Only those issued by these roots.
    Only(Certificates),
    /// Those issued by a root of the system's store; when the store is empty, by one of Mozilla's
    /// roots, which are built in.
    System,
    /// Those that [`Trust::System`] accepts, and those issued by these roots.
    SystemAnd(Certificates),
}

impl Trust {
    pub(super) fn apply(
        &self,
        builder: ConfigBuilder<ClientConfig, WantsVerifier>,
        provider: &Arc<CryptoProvider>,
    ) -> ConfigBuilder<ClientConfig, WantsClientCert> {
        match self {
            Self::DangerousAnyone => {
                tracing::warn!("certificates are not checked: anyone in the middle can read along");
                let anyone = Arc::new(Anyone(provider.clone()));
                builder.dangerous().with_custom_certificate_verifier(anyone)
            }
            Self::Only(roots) => builder.with_root_certificates(roots.store()),
            Self::System => builder.with_root_certificates(roots::system()),
            Self::SystemAnd(more) => {
                let mut store = RootCertStore::clone(&roots::system());
                store.extend(more.0.roots.iter().cloned());
                builder.with_root_certificates(store)
            }
        }
    }
}

/// Certificates of issuers to trust.
#[derive(Clone, Debug)]
pub struct Certificates(Arc<RootCertStore>);

impl Certificates {
    /// Reads every certificate of a PEM text.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadCertificate`]: there is none, or one cannot be read.
    pub fn from_pem(pem: &[u8]) -> Result<Self, Error> {
        let bad = |what: &str| Error::new(ErrorKind::BadCertificate).detail(what);
        let mut store = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let der =
                certificate.map_err(|cause| bad("the CA certificate is no PEM").because(cause))?;
            store
                .add(der)
                .map_err(|cause| bad("a CA certificate cannot be read").because(cause))?;
        }
        if store.is_empty() { Err(bad("no CA certificate in PEM")) } else { Ok(Self(store.into())) }
    }

    fn store(&self) -> Arc<RootCertStore> {
        self.0.clone()
    }
}

/// Accepts every certificate; the handshake's signatures are still checked.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
