//! Who we are, from the options: as a client or as a server.

use opi::net::Secret;
use opi::net::tls::{Identity, IdentityFiles};

use super::{secret, wrong};
use crate::fault::Fault;
use crate::options::Options;
use crate::table::OptionRow;

/// The rows that tell an identity.
#[derive(Debug)]
pub(super) struct IdentityRows {
    pub(super) certificate: &'static OptionRow,
    pub(super) key: &'static OptionRow,
    pub(super) certificate_file: &'static OptionRow,
    pub(super) key_file: &'static OptionRow,
    pub(super) pkcs12_file: &'static OptionRow,
    pub(super) password: &'static OptionRow,
}

/// Where an identity comes from.
#[derive(Debug)]
pub(super) enum Source {
    /// Files, and the row that names them.
    Files(IdentityFiles, &'static OptionRow),
    Texts(Identity),
}

impl IdentityRows {
    /// What the options describe: texts, files, or a PKCS#12 file.
    pub(super) fn source(&self, options: &mut Options) -> Result<Option<Source>, Fault> {
        let password = secret(options, self.password)?;
        let texts = pair(options, self.certificate, self.key)?;
        let files = pair(options, self.certificate_file, self.key_file)?;
        let store = options.take::<String>(self.pkcs12_file)?;
        let source = match (texts, files, store) {
            (None, None, None) if password.is_none() => return Ok(None),
            (None, None, None) => {
                return Err(wrong(self.password, "there is no key that it could open"));
            }
            (Some((chain, key)), None, None) => {
                Source::Texts(self.read(&chain, &key, password.as_ref())?)
            }
            (None, Some((chain, key)), None) => {
                let files = IdentityFiles::pem(chain, key);
                Source::Files(opened_by(files, password), self.certificate_file)
            }
            (None, None, Some(store)) => {
                let files = IdentityFiles::pkcs12(store);
                Source::Files(opened_by(files, password), self.pkcs12_file)
            }
            _ => {
                return Err(wrong(
                    self.certificate,
                    "give texts, files or a PKCS#12 file, one of them",
                ));
            }
        };
        Ok(Some(source))
    }

    fn read(&self, chain: &str, key: &str, password: Option<&Secret>) -> Result<Identity, Fault> {
        let (chain, key) = (chain.as_bytes(), key.as_bytes());
        let read = match password {
            Some(password) => Identity::from_pem_with(chain, key, password),
            None => Identity::from_pem(chain, key),
        };
        read.map_err(|error| {
            let bad_key = error.kind() == opi::net::ErrorKind::BadKey;
            Fault::from(error).about(if bad_key { self.key } else { self.certificate })
        })
    }
}

impl Source {
    /// The identity itself; files are read.
    pub(super) fn identity(self) -> Result<Identity, Fault> {
        match self {
            Self::Files(files, row) => {
                Identity::from_files(&files).map_err(|error| Fault::from(error).about(row))
            }
            Self::Texts(identity) => Ok(identity),
        }
    }
}

fn opened_by(files: IdentityFiles, password: Option<Secret>) -> IdentityFiles {
    password.into_iter().fold(files, IdentityFiles::passphrase)
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
