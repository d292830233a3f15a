//! Where an identity is read from, and read from again.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::{Identity, pem};
use crate::{Error, ErrorKind, Secret};

/// The files of an identity.
///
/// ```no_run
/// use opi_net::tls::{Identity, IdentityFiles};
///
/// let files = IdentityFiles::pem("server.pem", "server.key");
/// let identity = Identity::from_files(&files)?;
/// # Ok::<(), opi_net::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct IdentityFiles {
    form: Form,
    passphrase: Option<Secret>,
}

#[derive(Clone, Debug)]
enum Form {
    Pem {
        chain: PathBuf,
        key: PathBuf,
    },
    #[cfg(feature = "pkcs12")]
    Pkcs12(PathBuf),
}

impl IdentityFiles {
    /// A chain and a key in PEM; both paths may lead to one file.
    #[must_use]
    pub fn pem(chain: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        Self { form: Form::Pem { chain: chain.into(), key: key.into() }, passphrase: None }
    }

    /// A PKCS#12 store.
    #[cfg(feature = "pkcs12")]
    #[must_use]
    pub fn pkcs12(store: impl Into<PathBuf>) -> Self {
        Self { form: Form::Pkcs12(store.into()), passphrase: None }
    }

    /// What the key is encrypted with. Default: nothing.
    #[must_use]
    pub fn passphrase(self, passphrase: Secret) -> Self {
        Self { passphrase: Some(passphrase), ..self }
    }

    pub(super) fn read(&self) -> Result<Identity, Error> {
        match &self.form {
            Form::Pem { chain, key } => {
                let texts =
                    (read(chain, ErrorKind::BadCertificate)?, read(key, ErrorKind::BadKey)?);
                let chain = pem::chain(&texts.0).map_err(|error| error.about(chain))?;
                let secret = self.passphrase.as_ref();
                let read = pem::key(&texts.1, secret).map_err(|error| error.about(key))?;
                Identity::from_parts(chain, read).map_err(|error| error.about(key))
            }
            #[cfg(feature = "pkcs12")]
            Form::Pkcs12(store) => {
                let bytes = read(store, ErrorKind::BadCertificate)?;
                let secret = self.passphrase.clone().unwrap_or_else(|| Secret::new(""));
                Identity::from_pkcs12(&bytes, &secret).map_err(|error| error.about(store))
            }
        }
    }
}

/// The bytes of a small regular file: a pipe or a device could keep the caller waiting.
pub(in crate::tls) fn read(path: &Path, kind: ErrorKind) -> Result<Vec<u8>, Error> {
    let failed = |cause| Error::new(kind).detail("the file cannot be read").because(cause);
    let mut bytes = Vec::new();
    let read = std::fs::metadata(path).and_then(|facts| {
        if !facts.is_file() || facts.len() > LARGEST {
            return Err(std::io::Error::other("it is no file of 1 MiB at most"));
        }
        File::open(path)?.take(LARGEST).read_to_end(&mut bytes)
    });
    read.map(|_| bytes).map_err(|cause| failed(cause).about(path))
}

const LARGEST: u64 = 1024 * 1024;
