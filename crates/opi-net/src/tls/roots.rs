//! The system's roots, loaded once and only when asked for.

use std::sync::{Arc, OnceLock};

use rustls::RootCertStore;

/// The roots of the system's store, or the built-in ones when it has none.
pub(super) fn system() -> Arc<RootCertStore> {
    static ROOTS: OnceLock<Arc<RootCertStore>> = OnceLock::new();
    ROOTS.get_or_init(load).clone()
}

fn load() -> Arc<RootCertStore> {
    let mut store = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    let (added, ignored) = store.add_parsable_certificates(found.certs);
    tracing::debug!(added, ignored, errors = found.errors.len(), "system roots loaded");
    or_built_in(store).into()
}

/// A slim container has no store; Mozilla's list stands in for it.
fn or_built_in(store: RootCertStore) -> RootCertStore {
    if store.is_empty() {
        RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }
    } else {
        store
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_store_is_replaced_by_the_built_in_one() {
        assert!(or_built_in(RootCertStore::empty()).len() > 50);
    }

    #[test]
    fn the_system_is_asked_once() {
        assert!(Arc::ptr_eq(&system(), &system()));
        assert!(!system().is_empty());
    }
}
