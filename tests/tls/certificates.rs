//! Certificates that must be refused and some that must not, each for its own reason; made by
//! rcgen, which makes no SHA-1 signatures and no RSA keys: those are in the real suite.

use std::sync::Arc;

use opi_net::ErrorKind::{self, CertificateName, CertificateTime, CertificateUntrusted};
use opi_net::tls::{Tls, Trust};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, NameConstraints, SanType, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::CertificateDer;

use crate::setting::{call, issuers};

type Ca = CertifiedIssuer<'static, KeyPair>;

fn key() -> KeyPair {
    KeyPair::generate().unwrap()
}

fn params(name: &str, names: &[&str]) -> CertificateParams {
    let names: Vec<_> = names.iter().copied().map(str::to_owned).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params
}

fn authority(name: &str) -> CertificateParams {
    let mut params = params(name, &[]);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.extended_key_usages.clear();
    params
}

fn leaf(names: &[&str]) -> CertificateParams {
    params("localhost", names)
}

/// A server of `params` by `issuer`, that sends `more` besides its own certificate.
fn server(
    params: &CertificateParams,
    issuer: &Issuer<'_, KeyPair>,
    more: &[&Ca],
) -> Arc<ServerConfig> {
    let key = key();
    let own = params.signed_by(&key, issuer).unwrap();
    let chain = std::iter::once(own.der().clone()).chain(more.iter().map(|ca| ca.der().clone()));
    serving(chain.collect(), &key)
}

fn serving(chain: Vec<CertificateDer<'static>>, key: &KeyPair) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = rustls::pki_types::PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let key = provider.key_provider.load_private_key(key).unwrap();
    // Servers show what they have, so nothing is checked here.
    let shown = rustls::sign::CertifiedKey::new(chain, key);
    let builder = ServerConfig::builder_with_provider(provider);
    let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    Arc::new(builder.with_cert_resolver(Arc::new(rustls::sign::SingleCertAndKey::from(shown))))
}

/// A table of what is refused, and the words that say why.
struct Table {
    root: Ca,
    tls: Tls,
}

impl Table {
    fn new() -> Self {
        let root = CertifiedIssuer::self_signed(authority("root"), key()).unwrap();
        let tls = Tls::new(Trust::Only(issuers(&root.pem())));
        Self { root, tls }
    }

    async fn accepted(&self, host: &str, server: Arc<ServerConfig>) {
        let outcome = call(&self.tls, host, server).await.0;
        assert!(outcome.is_ok(), "{host}: {outcome:?}");
    }

    async fn refused(&self, host: &str, server: Arc<ServerConfig>, kind: ErrorKind, words: &str) {
        let (called, accepted) = call(&self.tls, host, server).await;
        let error = called.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(words), "{words}: {error}");
        assert!(accepted.is_err(), "the server noticed nothing: {words}");
    }

    fn by_root(&self, params: &CertificateParams) -> Arc<ServerConfig> {
        server(params, &self.root, &[])
    }

    fn below(&self, params: CertificateParams) -> Ca {
        CertifiedIssuer::signed_by(params, key(), &self.root).unwrap()
    }
}

#[tokio::test]
async fn names_and_addresses() {
    let table = Table::new();
    let all = ["localhost", "127.0.0.1", "::1", "a.test"];
    for host in all {
        table.accepted(host, table.by_root(&leaf(&all))).await;
    }
    let other = table.by_root(&leaf(&["other.test", "10.0.0.1"]));
    let words = "is for other.test, 10.0.0.1, not for localhost";
    table.refused("localhost", other, CertificateName, words).await;
    let common = table.by_root(&leaf(&[]));
    let words = "no alternative name, and its common name (localhost) does not count";
    table.refused("localhost", common, CertificateName, words).await;
    let named = || table.by_root(&leaf(&["localhost"]));
    table.accepted("localhost", named()).await;
    table.refused("127.0.0.1", named(), CertificateName, "for localhost, not for 127.0.0.1").await;
    let mut as_name = leaf(&[]);
    as_name.subject_alt_names = vec![SanType::DnsName("127.0.0.1".try_into().unwrap())];
    let words = "has 127.0.0.1 as a host name, not as an address";
    table.refused("127.0.0.1", table.by_root(&as_name), CertificateName, words).await;
}

#[tokio::test]
async fn wildcards() {
    let table = Table::new();
    let wildcard = || table.by_root(&leaf(&["*.a.test"]));
    table.accepted("x.a.test", wildcard()).await;
    for host in ["a.test", "x.y.a.test"] {
        table.refused(host, wildcard(), CertificateName, "is for *.a.test").await;
    }
    let partial = table.by_root(&leaf(&["w*.a.test"]));
    table.refused("www.a.test", partial, CertificateName, "is for w*.a.test").await;
}

#[tokio::test]
async fn many_names_are_cut_short() {
    let table = Table::new();
    let names: Vec<_> = (0..30).map(|number| format!("n{number}.test")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let server = table.by_root(&leaf(&names));
    table.refused("localhost", server, CertificateName, "n9.test and 20 more, not for").await;
}

#[tokio::test]
async fn times() {
    let table = Table::new();
    let mut expired = leaf(&["localhost"]);
    expired.not_after = date_time_ymd(2021, 1, 1);
    let words = "the certificate expired on 2021-01-01";
    table.refused("localhost", table.by_root(&expired), CertificateTime, words).await;
    let mut early = leaf(&["localhost"]);
    early.not_before = date_time_ymd(2090, 1, 1);
    let words = "the certificate is not valid before 2090-01-01";
    table.refused("localhost", table.by_root(&early), CertificateTime, words).await;
    let mut middle = authority("middle");
    middle.not_after = date_time_ymd(2022, 2, 2);
    let middle = table.below(middle);
    let server = server(&leaf(&["localhost"]), &middle, &[&middle]);
    let words = "the certificate of the issuer CN=middle expired on 2022-02-02";
    table.refused("localhost", server, CertificateTime, words).await;
}

#[tokio::test]
async fn issuers_that_are_missing_unknown_or_none() {
    let table = Table::new();
    let middle = table.below(authority("middle"));
    let good = leaf(&["localhost"]);
    table.accepted("localhost", server(&good, &middle, &[&middle])).await;
    let missing = server(&good, &middle, &[]);
    let words =
        "the issuer CN=middle is unknown: it is no trusted root, and the server did not send";
    table.refused("localhost", missing, CertificateUntrusted, words).await;

    let stranger = CertifiedIssuer::self_signed(authority("stranger"), key()).unwrap();
    let sent = server(&good, &stranger, &[&stranger]);
    let words = "the root CN=stranger that the server sent is not trusted";
    table.refused("localhost", sent, CertificateUntrusted, words).await;

    let twin = CertifiedIssuer::self_signed(authority("root"), key()).unwrap();
    let words = "the issuer of that name has another key";
    table.refused("localhost", server(&good, &twin, &[]), CertificateUntrusted, words).await;
}

#[tokio::test]
async fn certificates_that_sign_themselves() {
    let table = Table::new();
    let plain = leaf(&["localhost"]);
    let mut ca = authority("localhost");
    ca.subject_alt_names = plain.subject_alt_names.clone();
    for params in [plain, ca] {
        let key = key();
        let own = params.self_signed(&key).unwrap();
        let server = serving(vec![own.der().clone()], &key);
        let words = "the certificate CN=localhost is self-signed and not trusted (SHA-256 ";
        table.refused("localhost", server, CertificateUntrusted, words).await;
    }
}

#[tokio::test]
async fn certificates_for_something_else() {
    let table = Table::new();
    let mut client = leaf(&["localhost"]);
    client.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let words = "made for clients, not for servers";
    table.refused("localhost", table.by_root(&client), CertificateUntrusted, words).await;

    let mut none = params("no-ca", &["intermediate.test"]);
    none.is_ca = IsCa::ExplicitNoCa;
    let none = table.below(none);
    let server_of = |issuer: &Ca| server(&leaf(&["localhost"]), issuer, &[issuer]);
    let words = "signed by CN=no-ca, which is no CA";
    table.refused("localhost", server_of(&none), CertificateUntrusted, words).await;

    let mut narrow = authority("narrow");
    let permitted = vec![GeneralSubtree::DnsName("allowed.test".into())];
    narrow.name_constraints =
        Some(NameConstraints { permitted_subtrees: permitted, excluded_subtrees: Vec::new() });
    let narrow = table.below(narrow);
    let words = "the issuer CN=narrow may not issue for the certificate's names";
    table.refused("localhost", server_of(&narrow), CertificateUntrusted, words).await;
}
