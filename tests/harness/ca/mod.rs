//! A throw-away certificate authority: its root, its intermediate and what it issues live in memory only.

mod identity;

use std::{fmt, fs, path::PathBuf, sync::Arc};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::{ClientConfig, RootCertStore};
use tempfile::TempDir;

pub use self::identity::{Identity, IdentityFiles};

/// A certificate authority with one intermediate; each one made is another, and nobody trusts it.
///
/// ```
/// let ca = harness::Ca::new();
/// let server = ca.issue(&["localhost", "127.0.0.1"]);
/// assert!(ca.pem().starts_with("-----BEGIN CERTIFICATE-----"));
/// let config = server.server_config();
/// ```
pub struct Ca {
    root: CertifiedIssuer<'static, KeyPair>,
    intermediate: CertifiedIssuer<'static, KeyPair>,
}

impl Ca {
    /// Makes a new root and a new intermediate.
    ///
    /// # Panics
    ///
    /// The system gives no random numbers.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "every authority differs: there is no default")]
    pub fn new() -> Self {
        let (root_key, intermediate_key) = (key(), key());
        let params = authority("root", &root_key);
        let root = CertifiedIssuer::self_signed(params, root_key).expect("a root can be made");
        let params = authority("intermediate", &intermediate_key);
        let intermediate = CertifiedIssuer::signed_by(params, intermediate_key, &root);
        Self { root, intermediate: intermediate.expect("an intermediate can be made") }
    }

    /// The root's certificate: what a client has to trust.
    #[must_use]
    pub fn pem(&self) -> String {
        self.root.pem()
    }

    /// Writes [`pem`](Self::pem) to `ca.pem` in `folder`, for clients that take a path.
    ///
    /// # Panics
    ///
    /// The file cannot be written.
    #[must_use]
    pub fn write_to(&self, folder: &TempDir) -> PathBuf {
        let path = folder.path().join("ca.pem");
        fs::write(&path, self.pem()).expect("a temporary folder can be written to");
        path
    }

    /// Issues a server certificate for `names`: host names and IP addresses.
    #[must_use]
    pub fn issue(&self, names: &[&str]) -> Identity {
        self.sign(&leaf(names, ExtendedKeyUsagePurpose::ServerAuth))
    }

    /// Issues a server certificate whose time was over in 2021.
    #[must_use]
    pub fn issue_expired(&self, names: &[&str]) -> Identity {
        let mut params = leaf(names, ExtendedKeyUsagePurpose::ServerAuth);
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
        self.sign(&params)
    }

    /// Issues a server certificate whose time begins in 2099.
    #[must_use]
    pub fn issue_not_yet_valid(&self, names: &[&str]) -> Identity {
        let mut params = leaf(names, ExtendedKeyUsagePurpose::ServerAuth);
        params.not_before = date_time_ymd(2099, 1, 1);
        self.sign(&params)
    }

    /// Issues a client certificate for `name`.
    #[must_use]
    pub fn issue_client(&self, name: &str) -> Identity {
        self.sign(&leaf(&[name], ExtendedKeyUsagePurpose::ClientAuth))
    }

    /// A rustls client that trusts this authority and no other.
    #[must_use]
    pub fn client_config(&self) -> Arc<ClientConfig> {
        let client = identity::client_builder().with_root_certificates(self.roots());
        Arc::new(client.with_no_client_auth())
    }

    /// A rustls client that trusts this authority and shows `identity` when asked.
    ///
    /// # Panics
    ///
    /// The identity's key cannot be used.
    #[must_use]
    pub fn client_config_with(&self, identity: &Identity) -> Arc<ClientConfig> {
        let client = identity::client_builder().with_root_certificates(self.roots());
        let client = client.with_client_auth_cert(identity.chain().to_vec(), identity.key());
        Arc::new(client.expect("the key fits the certificate"))
    }

    pub(crate) fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        roots.add(self.root.der().clone()).expect("the root is a certificate");
        roots
    }

    fn sign(&self, params: &CertificateParams) -> Identity {
        let key = key();
        let signed = params.signed_by(&key, &self.intermediate).expect("a certificate can be made");
        Identity::new(vec![signed.into(), self.intermediate.der().clone()], &key)
    }
}

impl fmt::Debug for Ca {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ca").finish_non_exhaustive()
    }
}

fn authority(role: &str, key: &KeyPair) -> CertificateParams {
    // The name holds a part of the key: two authorities of one name would fail by a bad signature
    // where a stranger's certificate fails by an unknown issuer.
    let mark: String =
        key.public_key_raw()[1..5].iter().map(|byte| format!("{byte:02x}")).collect();
    let mut params = dated(&format!("opi test {role} {mark}"), &[]);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn leaf(names: &[&str], usage: ExtendedKeyUsagePurpose) -> CertificateParams {
    let mut params = dated(names.first().copied().unwrap_or("nobody"), names);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![usage];
    params
}

fn dated(common_name: &str, names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().copied().map(str::to_owned).collect();
    let mut params = CertificateParams::new(names).expect("the names are host names or addresses");
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2120, 1, 1);
    params.use_authority_key_identifier_extension = true;
    params
}

fn key() -> KeyPair {
    KeyPair::generate().expect("the system gives random numbers")
}
