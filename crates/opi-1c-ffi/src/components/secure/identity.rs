//! Who the client is, from the options.

use opi::net::Secret;
use opi::net::tls::{Identity, IdentityFiles};

use super::rows::{
    CLIENT_CERTIFICATE, CLIENT_CERTIFICATE_FILE, CLIENT_KEY, CLIENT_KEY_FILE, CLIENT_PASSWORD,
    CLIENT_PKCS12_FILE,
};
use super::{secret, wrong};
use crate::fault::Fault;
use crate::options::Options;
use crate::table::OptionRow;

/// The identity that the options describe: texts, files, or a PKCS#12 file.
pub(super) fn identity(options: &mut Options) -> Result<Option<Identity>, Fault> {
    let password = secret(options, &CLIENT_PASSWORD)?;
    let texts = pair(options, &CLIENT_CERTIFICATE, &CLIENT_KEY)?;
    let files = pair(options, &CLIENT_CERTIFICATE_FILE, &CLIENT_KEY_FILE)?;
    let store = options.take::<String>(&CLIENT_PKCS12_FILE)?;
    let identity = match (texts, files, store) {
        (None, None, None) if password.is_none() => return Ok(None),
        (None, None, None) => {
            return Err(wrong(&CLIENT_PASSWORD, "there is no key that it could open"));
        }
        (Some((chain, key)), None, None) => from_texts(&chain, &key, password.as_ref()),
        (None, Some((chain, key)), None) => {
            from_files(IdentityFiles::pem(chain, key), password, &CLIENT_CERTIFICATE_FILE)
        }
        (None, None, Some(store)) => {
            from_files(IdentityFiles::pkcs12(store), password, &CLIENT_PKCS12_FILE)
        }
        _ => Err(wrong(&CLIENT_CERTIFICATE, "give texts, files or a PKCS#12 file, one of them")),
    };
    identity.map(Some)
}

fn pair(
    options: &mut Options,
    certificate: &OptionRow,
    key: &OptionRow,
) -> Result<Option<(String, String)>, Fault> {
    match (options.take(certificate)?, options.take(key)?) {
        (None, None) => Ok(None),
        (Some(chain), Some(secret)) => Ok(Some((chain, secret))),
        (Some(_), None) => Err(wrong(certificate, format!("give it with {}", key.name.en))),
        (None, Some(_)) => Err(wrong(key, format!("give it with {}", certificate.name.en))),
    }
}

fn from_texts(chain: &str, key: &str, password: Option<&Secret>) -> Result<Identity, Fault> {
    let (chain, key) = (chain.as_bytes(), key.as_bytes());
    let read = match password {
        Some(password) => Identity::from_pem_with(chain, key, password),
        None => Identity::from_pem(chain, key),
    };
    read.map_err(|error| {
        let bad_key = error.kind() == opi::net::ErrorKind::BadKey;
        Fault::from(error).about(if bad_key { &CLIENT_KEY } else { &CLIENT_CERTIFICATE })
    })
}

fn from_files(
    files: IdentityFiles,
    password: Option<Secret>,
    row: &OptionRow,
) -> Result<Identity, Fault> {
    let files = password.into_iter().fold(files, IdentityFiles::passphrase);
    Identity::from_files(&files).map_err(|error| Fault::from(error).about(row))
}
