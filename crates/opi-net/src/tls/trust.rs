//! Whose certificates are accepted.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ClientConfig, WantsClientCert};
use rustls::crypto::CryptoProvider;
use rustls::{ConfigBuilder, DigitallySignedStruct, RootCertStore, SignatureScheme, WantsVerifier};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use super::{Certificates, roots};
use crate::Error;

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
    ) -> Result<ConfigBuilder<ClientConfig, WantsClientCert>, Error> {
        Ok(match self {
            Self::DangerousAnyone => {
                tracing::warn!("certificates are not checked: anyone in the middle can read along");
                let anyone = Arc::new(Anyone(provider.clone()));
                builder.dangerous().with_custom_certificate_verifier(anyone)
            }
            Self::Only(roots) => builder.with_root_certificates(roots.store()?),
            Self::System => builder.with_root_certificates(roots::system()),
            Self::SystemAnd(more) => {
                let mut store = RootCertStore::clone(&roots::system());
                store.extend(more.store()?.roots);
                builder.with_root_certificates(store)
            }
        })
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
