//! Keys and certificates in PKCS#12 stores (RFC 7292), modern and old (RC2, 3DES).

use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error as StoreError;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use super::Identity;
use crate::tls::certificate::Parts;
use crate::tls::provider::provider;
use crate::{Error, ErrorKind, Secret};

/// The first key of the store with its certificate and the issuers that are in it.
pub(super) fn read(store: &[u8], passphrase: &Secret) -> Result<Identity, Error> {
    let store = Pkcs12Archive::from_pkcs12(store, passphrase.expose()).map_err(failed)?;
    let Some(bag) = store.keys.first() else {
        return Err(Error::new(ErrorKind::BadKey).detail("the PKCS#12 store has no private key"));
    };
    let key = PrivateKeyDer::try_from(bag.key.as_der().to_vec()).map_err(|cause| {
        Error::new(ErrorKind::BadKey).detail("the private key cannot be read").because(cause)
    })?;
    let found: Vec<_> = store.certs.iter().map(|bag| bag.cert.as_der()).collect();
    if found.is_empty() {
        let error = Error::new(ErrorKind::BadCertificate);
        return Err(error.detail("the PKCS#12 store has no certificate"));
    }
    let chain = chain(own(&key, &found), &found);
    Identity::from_parts(chain, key)
}

/// The certificate of `key`, or the first one, which is then found not to fit.
fn own<'a>(key: &PrivateKeyDer<'static>, found: &[&'a [u8]]) -> &'a [u8] {
    let usable = provider().key_provider.load_private_key(key.clone_key()).ok();
    let public = usable.as_ref().and_then(|key| key.public_key());
    let fits = |der: &&&[u8]| {
        Parts::of(der).is_some_and(|parts| public.as_deref() == Some(parts.key_info))
    };
    found.iter().find(fits).or_else(|| found.first()).copied().unwrap_or_default()
}

/// `own` and its issuers, as far as they were found; the root itself is left out.
fn chain(own: &[u8], found: &[&[u8]]) -> Vec<CertificateDer<'static>> {
    let mut chain = vec![own];
    while let Some(parts) = chain.last().and_then(|der| Parts::of(der)) {
        let issues = |der: &&&[u8]| {
            let issuer = Parts::of(der).filter(|issuer| issuer.subject != issuer.issuer);
            issuer.is_some_and(|issuer| issuer.subject == parts.issuer) && !chain.contains(*der)
        };
        let Some(issuer) = found.iter().find(issues) else { break };
        chain.push(issuer);
    }
    chain.into_iter().map(|der| CertificateDer::from(der.to_vec())).collect()
}

fn failed(cause: StoreError) -> Error {
    let (kind, words) = match cause {
        StoreError::MacError(_) | StoreError::UnpadError | StoreError::Pkcs5Error(_) => {
            return Error::new(ErrorKind::BadPassphrase).because(cause);
        }
        StoreError::UnsupportedEncryptionScheme | StoreError::UnsupportedMacAlgorithm => {
            (ErrorKind::BadCertificate, "the PKCS#12 store has an unknown encryption")
        }
        StoreError::InvalidPrivateKey => (ErrorKind::BadKey, "the private key cannot be read"),
        _ => (ErrorKind::BadCertificate, "the bytes are no PKCS#12 store"),
    };
    Error::new(kind).detail(words).because(cause)
}

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

    use super::*;

    #[test]
    fn the_certificate_of_the_key_comes_first_wherever_it_stands() {
        let keys = [KeyPair::generate().unwrap(), KeyPair::generate().unwrap()];
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, "issuer");
        let issuer = params.clone().self_signed(&keys[0]).unwrap();
        let by = Issuer::new(params, &keys[0]);
        let own_params = CertificateParams::new(vec!["own.test".to_owned()]).unwrap();
        let owned = own_params.signed_by(&keys[1], &by).unwrap();
        let key = PrivateKeyDer::try_from(keys[1].serialize_der()).unwrap();
        let found = [issuer.der().as_ref(), owned.der().as_ref()];
        assert!(own(&key, &found) == found[1]);
        // The root is left out.
        let chain = chain(found[1], &found);
        assert!(chain.len() == 1 && chain[0].as_ref() == found[1]);
    }
}
