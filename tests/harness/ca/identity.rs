//! A certificate chain with its key, and the TLS configurations made from it.

use std::{fmt, fs, path::PathBuf, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use rcgen::{ExtendedKeyUsagePurpose, KeyPair};
use rustls::{
    ClientConfig, ConfigBuilder, ServerConfig, SupportedProtocolVersion, WantsVerifier,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    server::WebPkiClientVerifier,
    version::{TLS12, TLS13},
};
use tempfile::TempDir;

use super::Ca;

/// A certificate, the intermediates that lead to its root, and its private key.
pub struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivatePkcs8KeyDer<'static>,
    key_pem: String,
}

/// Where [`Identity::write_to`] put its two PEM files.
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct IdentityFiles {
    /// The certificate and its intermediates.
    pub chain: PathBuf,
    /// The private key, PKCS#8.
    pub key: PathBuf,
}

impl Identity {
    pub(super) fn new(chain: Vec<CertificateDer<'static>>, key: &KeyPair) -> Self {
        Self { chain, key: key.serialize_der().into(), key_pem: key.serialize_pem() }
    }

    /// Makes a server certificate for `names` that signs itself and has no authority.
    ///
    /// # Panics
    ///
    /// The system gives no random numbers.
    #[must_use]
    pub fn self_signed(names: &[&str]) -> Self {
        let key = super::key();
        let params = super::leaf(names, ExtendedKeyUsagePurpose::ServerAuth);
        let signed = params.self_signed(&key).expect("a certificate can be made");
        Self::new(vec![signed.into()], &key)
    }

    /// The same certificate, shown without the intermediate that signed it: a common server mistake.
    #[must_use]
    pub fn without_intermediate(mut self) -> Self {
        self.chain.truncate(1);
        self
    }

    /// The certificate and its intermediates, leaf first.
    #[must_use]
    pub fn chain(&self) -> &[CertificateDer<'static>] {
        &self.chain
    }

    /// The private key.
    #[must_use]
    pub fn key(&self) -> PrivateKeyDer<'static> {
        self.key.clone_key().into()
    }

    /// The certificate and its intermediates, leaf first, as PEM.
    #[must_use]
    pub fn chain_pem(&self) -> String {
        self.chain.iter().map(|certificate| pem("CERTIFICATE", certificate)).collect()
    }

    /// The private key as PEM, PKCS#8.
    #[must_use]
    pub fn key_pem(&self) -> &str {
        &self.key_pem
    }

    /// Writes `name.pem` and `name.key` to `folder`, for programs that take paths.
    ///
    /// # Panics
    ///
    /// The files cannot be written.
    #[must_use]
    pub fn write_to(&self, folder: &TempDir, name: &str) -> IdentityFiles {
        let chain = folder.path().join(format!("{name}.pem"));
        let key = folder.path().join(format!("{name}.key"));
        fs::write(&chain, self.chain_pem()).expect("a temporary folder can be written to");
        fs::write(&key, self.key_pem()).expect("a temporary folder can be written to");
        IdentityFiles { chain, key }
    }

    /// A rustls server that shows this identity and asks the client for none.
    ///
    /// # Panics
    ///
    /// The key cannot be used.
    #[must_use]
    pub fn server_config(&self) -> Arc<ServerConfig> {
        self.server_config_for(&[&TLS13, &TLS12])
    }

    /// A rustls server that speaks these versions of TLS only.
    ///
    /// # Panics
    ///
    /// The key cannot be used.
    #[must_use]
    pub fn server_config_for(
        &self,
        versions: &[&'static SupportedProtocolVersion],
    ) -> Arc<ServerConfig> {
        let builder = ServerConfig::builder_with_provider(provider());
        let builder = builder.with_protocol_versions(versions).expect("ring speaks the versions");
        let config = builder.with_no_client_auth().with_single_cert(self.chain.clone(), self.key());
        Arc::new(config.expect("the key fits the certificate"))
    }

    /// A rustls server that takes only clients with a certificate of `clients`.
    ///
    /// # Panics
    ///
    /// The key cannot be used.
    #[must_use]
    pub fn server_config_requiring(&self, clients: &Ca) -> Arc<ServerConfig> {
        let roots = Arc::new(clients.roots());
        let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider()).build();
        let builder = ServerConfig::builder_with_provider(provider());
        let builder = builder.with_protocol_versions(&[&TLS13, &TLS12]).expect("ring speaks both");
        let builder = builder.with_client_cert_verifier(verifier.expect("there is a root"));
        let config = builder.with_single_cert(self.chain.clone(), self.key());
        Arc::new(config.expect("the key fits the certificate"))
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("chain", &self.chain.len()).finish_non_exhaustive()
    }
}

pub(super) fn client_builder() -> ConfigBuilder<ClientConfig, WantsVerifier> {
    let builder = ClientConfig::builder_with_provider(provider());
    builder.with_protocol_versions(&[&TLS13, &TLS12]).expect("ring speaks both")
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut pem = format!("-----BEGIN {label}-----\n");
    for line in text.as_bytes().chunks(64) {
        pem.extend(line.iter().copied().map(char::from));
        pem.push('\n');
    }
    pem + &format!("-----END {label}-----\n")
}
