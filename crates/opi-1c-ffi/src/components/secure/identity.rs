//! Who we are, from the options: as a client or as a server.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
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
    pub(super) pkcs12: &'static OptionRow,
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
    /// What the options describe: texts, files, or a PKCS#12 store as text or as a file.
    pub(super) fn source(&self, options: &mut Options) -> Result<Option<Source>, Fault> {
        let password = secret(options, self.password)?;
        let texts = pair(options, self.certificate, self.key)?;
        let files = pair(options, self.certificate_file, self.key_file)?;
        let store = options.take::<String>(self.pkcs12)?;
        let store_file = options.take::<String>(self.pkcs12_file)?;
        let source = match (texts, files, store, store_file) {
            (None, None, None, None) if password.is_none() => return Ok(None),
            (None, None, None, None) => {
                return Err(wrong(self.password, "there is no key that it could open"));
            }
            (Some((chain, key)), None, None, None) => {
                Source::Texts(self.read(&chain, &key, password.as_ref())?)
            }
            (None, Some((chain, key)), None, None) => {
                let files = IdentityFiles::pem(chain, key);
                Source::Files(opened_by(files, password), self.certificate_file)
            }
            (None, None, Some(store), None) => {
                Source::Texts(self.opened(&store, &password.unwrap_or_else(|| Secret::new("")))?)
            }
            (None, None, None, Some(path)) => {
                let files = IdentityFiles::pkcs12(path);
                Source::Files(opened_by(files, password), self.pkcs12_file)
            }
            _ => {
                let one = "give texts, files, or a PKCS#12 store as text or as a file, one of them";
                return Err(wrong(self.certificate, one));
            }
        };
        Ok(Some(source))
    }

    /// A PKCS#12 store in Base64, which may have line breaks.
    fn opened(&self, store: &str, password: &Secret) -> Result<Identity, Fault> {
        let digits: String = store.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let store = STANDARD.decode(digits);
        let store = store.map_err(|_| wrong(self.pkcs12, "expected bytes in Base64"))?;
        let read = Identity::from_pkcs12(&store, password);
        read.map_err(|error| Fault::from(error).about(self.pkcs12))
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
