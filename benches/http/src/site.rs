//! What the clients are told: where to go, whom to trust, through which proxy.

use std::net::SocketAddr;
use std::path::PathBuf;

use opi_benches::Child;

/// The server under test, and the certificate it is trusted by.
pub(crate) struct Servers {
    pub(crate) plain: Child,
    pub(crate) tls: Child,
    pub(crate) socks: Child,
    pub(crate) authority: Authority,
}

/// A certificate for 127.0.0.1 that is its own authority, in files.
#[derive(Clone, Debug)]
pub(crate) struct Authority {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// What a client is made for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Setup {
    pub(crate) url: String,
    /// Trust this certificate alone, in PEM.
    pub(crate) trust: Option<PathBuf>,
    /// Go through this SOCKS5 proxy.
    pub(crate) socks: Option<SocketAddr>,
    /// Keep cookies, and be given those of this URL first.
    pub(crate) cookies: Option<String>,
    /// Send this file.
    pub(crate) file: PathBuf,
}

impl Servers {
    pub(crate) fn start() -> Self {
        let authority = Authority::make();
        let tls = format!("tls {} {}", authority.certificate.display(), authority.key.display());
        Self {
            plain: Child::start("plain"),
            tls: Child::start(&tls),
            socks: Child::start("socks"),
            authority,
        }
    }

    pub(crate) fn plain(&self, path: &str) -> Setup {
        Setup { url: format!("http://{}{path}", self.plain.address()), ..Setup::default() }
    }

    pub(crate) fn tls(&self, path: &str) -> Setup {
        let url = format!("https://{}{path}", self.tls.address());
        Setup { url, trust: Some(self.authority.certificate.clone()), ..Setup::default() }
    }

    /// Takes a file of `size` bytes, which is made here.
    pub(crate) fn upload(&self, size: usize) -> Setup {
        let file = self.authority.key.with_file_name("upload");
        std::fs::write(&file, vec![b'u'; size]).unwrap();
        Setup { file, ..self.plain("/upload") }
    }

    /// The system's store with the certificate of the server in it, in one file; none where the
    /// system has no such file.
    pub(crate) fn store(&self) -> Option<PathBuf> {
        let mut store = std::fs::read("/etc/ssl/certs/ca-certificates.crt").ok()?;
        store.extend(std::fs::read(&self.authority.certificate).unwrap());
        let file = self.authority.certificate.with_file_name("store.pem");
        std::fs::write(&file, store).unwrap();
        Some(file)
    }

    pub(crate) fn through_socks(&self, path: &str) -> Setup {
        Setup { socks: Some(self.socks.address()), ..self.plain(path) }
    }
}

impl Authority {
    fn make() -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
        let folder = std::env::temp_dir().join(format!("opi-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (certificate, key) = (folder.join("cert.pem"), folder.join("key.pem"));
        std::fs::write(&certificate, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        Self { certificate, key }
    }
}

impl Setup {
    pub(crate) fn pem(&self) -> Option<Vec<u8>> {
        Some(std::fs::read(self.trust.as_ref()?).unwrap())
    }

    /// The host with its port, as the header `Host` has it.
    pub(crate) fn authority(&self) -> &str {
        self.url.split('/').nth(2).unwrap()
    }

    pub(crate) fn path(&self) -> &str {
        let start = self.url.match_indices('/').nth(2).unwrap().0;
        &self.url[start..]
    }
}
