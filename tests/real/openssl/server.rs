//! The certificates of the fixture, and `openssl s_server` with one of them.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use opi_net::Target;
use opi_net::tls::{Certificates, Tls, Trust};
use tempfile::TempDir;

/// The folder of certificates that `mkcerts.sh` of the fixture makes, once for all tests.
pub(crate) struct Certs(TempDir);

impl Certs {
    /// None, said aloud, where the fixture is not there; then `CI` fails.
    pub(crate) fn get() -> Option<&'static Self> {
        static CERTS: OnceLock<Option<Certs>> = OnceLock::new();
        CERTS.get_or_init(Self::make).as_ref()
    }

    fn make() -> Option<Self> {
        let script = harness::fixture_text("tls-certs/mkcerts.sh")?;
        let folder = tempfile::tempdir().unwrap();
        let made = Command::new("sh").args(["-c", &script]).current_dir(&folder).status().unwrap();
        assert!(made.success(), "openssl makes the certificates");
        Some(Self(folder))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Trusts the fixture's good root and nothing else.
    pub(crate) fn tls(&self) -> Tls {
        Tls::new(Trust::Only(Certificates::from_file(self.path("ca-good.pem")).unwrap()))
    }
}

/// A running `openssl s_server`, which ends with the test.
pub(crate) struct Server {
    child: Child,
    port: u16,
}

impl Server {
    /// Shows `chain` with the key of `name`; `options` are more arguments.
    pub(crate) fn start(certs: &Certs, chain: &str, name: &str, options: &[&str]) -> Self {
        let mut openssl = Command::new("openssl");
        openssl.current_dir(certs.path("")).args(["s_server", "-accept", "127.0.0.1:0", "-www"]);
        // Only as SECLEVEL 0 does openssl show keys and signatures that are too weak.
        openssl.args(["-cipher", "DEFAULT@SECLEVEL=0"]).args(files(chain, name)).args(options);
        openssl.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = openssl.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let port = accepting(&mut lines);
        // What it writes must be read, or it would stop.
        std::thread::spawn(move || lines.read_to_end(&mut Vec::new()));
        Self { child, port }
    }

    pub(crate) fn target(&self, host: &str) -> Target {
        Target::new(host, self.port).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// `-cert_chain` sends the rest of a chain, which `-cert` alone does not.
fn files(chain: &str, name: &str) -> Vec<String> {
    let mut files = vec!["-cert".into(), chain.into(), "-key".into(), format!("{name}.key")];
    if Path::new(chain).file_stem().is_some_and(|stem| stem != name) {
        files.extend(["-cert_chain".into(), chain.into()]);
    }
    files
}

fn accepting(lines: &mut impl BufRead) -> u16 {
    let mut said = lines.lines().map(Result::unwrap);
    let address = said.find_map(|line| line.strip_prefix("ACCEPT ").map(str::to_owned));
    let address = address.unwrap();
    address.rsplit(':').next().unwrap().parse().unwrap()
}
