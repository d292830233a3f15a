//! The system's roots: read when the first certificate is to be verified, and only as far as needed.

use std::sync::OnceLock;

use rustls::RootCertStore;
use rustls_pki_types::{CertificateDer, TrustAnchor};

use super::certificate::Parts;

/// Roots that can be searched by name.
#[derive(Debug)]
pub(super) enum Roots {
    BuiltIn,
    Read(Vec<CertificateDer<'static>>),
}

impl Roots {
    /// The roots called as one of `issuers`, which are names as [`Parts`] has them.
    pub(super) fn called(&self, issuers: &[&[u8]]) -> Vec<TrustAnchor<'static>> {
        match self {
            Self::BuiltIn => {
                let all = webpki_roots::TLS_SERVER_ROOTS.iter();
                all.filter(|root| issuers.contains(&root.subject.as_ref())).cloned().collect()
            }
            Self::Read(all) => pick(all, issuers),
        }
    }
}

/// Those of `all` whose subject is one of `issuers`.
pub(super) fn pick(
    all: &[CertificateDer<'static>],
    issuers: &[&[u8]],
) -> Vec<TrustAnchor<'static>> {
    let called = |der: &&CertificateDer<'_>| {
        Parts::of(der).is_some_and(|parts| issuers.contains(&parts.subject))
    };
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(all.iter().filter(called).cloned());
    store.roots
}

/// What is read at once: the store's one file, where it has one. [`all`] holds these and more.
pub(super) fn bundle() -> &'static Roots {
    static BUNDLE: OnceLock<Roots> = OnceLock::new();
    BUNDLE.get_or_init(|| Roots::Read(bundle::read()))
}

/// Every root of the store, or the built-in ones when it has none.
pub(super) fn all() -> &'static Roots {
    ALL.get_or_init(|| {
        let found = rustls_native_certs::load_native_certs();
        let (count, errors) = (found.certs.len(), found.errors.len());
        tracing::debug!(count, errors, "all system roots loaded");
        or_built_in(found.certs)
    })
}

/// Why the built-in roots were asked in place of a store that a variable names; nothing as long as
/// they were not.
pub(super) fn why_built_in() -> Option<String> {
    matches!(ALL.get(), Some(Roots::BuiltIn)).then(named_in_vain).flatten()
}

static ALL: OnceLock<Roots> = OnceLock::new();

/// The variables that turn the system's own places off, in words, when there are any.
fn named_in_vain() -> Option<String> {
    let named = ["SSL_CERT_FILE", "SSL_CERT_DIR"].into_iter().filter_map(|name| {
        let place = std::env::var_os(name).filter(|place| !place.is_empty())?;
        Some(format!("{name} names {}", place.display()))
    });
    let named: Vec<_> = named.collect();
    let words = "which gives no certificates, so the built-in roots were asked";
    (!named.is_empty()).then(|| format!("{}, {words}", named.join(" and ")))
}

/// A slim container has no store; Mozilla's list stands in for it.
fn or_built_in(found: Vec<CertificateDer<'static>>) -> Roots {
    if !found.is_empty() {
        return Roots::Read(found);
    }
    if let Some(why) = named_in_vain() {
        tracing::warn!("{why}");
    }
    Roots::BuiltIn
}

/// The file that `SSL_CERT_FILE` names, or else the one that the distribution keeps.
#[cfg(all(unix, not(target_os = "macos")))]
mod bundle {
    use std::env::var_os;
    use std::fs;
    use std::path::PathBuf;

    use rustls_pki_types::CertificateDer;

    use crate::tls::pem::sections;

    pub(super) fn read() -> Vec<CertificateDer<'static>> {
        let text = path().and_then(|path| fs::read(path).ok()).unwrap_or_default();
        let read: Vec<_> = sections(&text, "CERTIFICATE").flatten().map(Into::into).collect();
        tracing::debug!(count = read.len(), "system roots read");
        if let (true, Some(file)) = (read.is_empty(), var_os("SSL_CERT_FILE")) {
            tracing::warn!(file = %file.display(), "SSL_CERT_FILE gives no certificates");
        }
        read
    }

    /// As rustls-native-certs looks: either variable turns the system's own places off.
    fn path() -> Option<PathBuf> {
        let (file, folder) = (var_os("SSL_CERT_FILE"), var_os("SSL_CERT_DIR"));
        match (file, folder.filter(|folder| !folder.is_empty())) {
            (Some(file), _) => Some(file.into()),
            (None, Some(_)) => None,
            (None, None) => openssl_probe::probe().cert_file,
        }
    }
}

/// Windows and macOS have no such file: there is only the whole store.
#[cfg(not(all(unix, not(target_os = "macos"))))]
mod bundle {
    use rustls_pki_types::CertificateDer;

    pub(super) fn read() -> Vec<CertificateDer<'static>> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_store_is_replaced_by_the_built_in_one() {
        assert!(matches!(or_built_in(Vec::new()), Roots::BuiltIn));
        let name = webpki_roots::TLS_SERVER_ROOTS[7].subject.as_ref();
        assert!(!Roots::BuiltIn.called(&[name]).is_empty());
        assert!(Roots::BuiltIn.called(&[b"nobody"]).is_empty());
    }

    /// In a child process, where variables lead to an empty store.
    #[test]
    fn a_system_without_a_store_has_the_built_in_roots() {
        if std::env::var_os("OPI_NO_STORE").is_some() {
            assert_eq!(why_built_in(), None);
            assert!(matches!(all(), Roots::BuiltIn));
            assert!(matches!(bundle(), Roots::Read(none) if none.is_empty()));
            let why = why_built_in().unwrap();
            assert!(why.starts_with("SSL_CERT_FILE names /none/there, which gives no"), "{why}");
            return;
        }
        let name = "tls::roots::tests::a_system_without_a_store_has_the_built_in_roots";
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", name]).env("OPI_NO_STORE", "1");
        child.env("SSL_CERT_FILE", "/none/there").env_remove("SSL_CERT_DIR");
        let output = child.output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains("1 passed"), "{text}");
    }

    #[test]
    fn only_the_roots_of_that_name_are_picked() {
        let Roots::Read(every) = all() else { return };
        let parts = Parts::of(&every[0]).unwrap();
        let picked = pick(every, &[parts.subject]);
        assert!(!picked.is_empty() && picked.len() < 5, "{}", picked.len());
        assert!(picked.iter().all(|root| root.subject.as_ref() == parts.subject));
    }
}
