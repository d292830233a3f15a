//! Identities from files of every kind, made by openssl where it is installed.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use harness::Ca;
use opi_net::tls::{Identity, IdentityFiles, Tls, Trust};
use opi_net::{ErrorKind, Secret};
use tempfile::TempDir;

use crate::setting::{call, issuers};

/// A client's certificate and key in a folder, where openssl makes other forms of them.
struct Desk {
    ca: Ca,
    folder: TempDir,
}

impl Desk {
    /// None, said aloud, where there is no openssl.
    fn new() -> Option<Self> {
        let there = Command::new("openssl").arg("version").output().is_ok();
        if !there {
            let said: &[u8] = b"no openssl: forms of identities are NOT TESTED\n";
            std::io::Write::write_all(&mut std::io::stderr(), said).unwrap();
            assert!(std::env::var_os("CI").is_none(), "CI has openssl");
            return None;
        }
        let (ca, folder) = (Ca::new(), tempfile::tempdir().unwrap());
        let _files = ca.issue_client("till").write_to(&folder, "client");
        Some(Self { ca, folder })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs openssl in the folder; whether it could.
    fn openssl(&self, words: &str) -> bool {
        let mut openssl = Command::new("openssl");
        openssl.current_dir(self.folder.path()).args(words.split(' '));
        openssl.output().unwrap().status.success()
    }

    /// The identity logs in at a server that demands one.
    async fn logs_in(&self, identity: Identity) {
        let server = self.ca.issue(&["localhost"]).server_config_requiring(&self.ca);
        let tls = Tls::new(Trust::Only(issuers(&self.ca.pem()))).identity(identity);
        let accepted = call(&tls, "localhost", Arc::clone(&server)).await.1.unwrap();
        assert_eq!(accepted.get_ref().1.peer_certificates().unwrap().len(), 2);
    }
}

fn kind(files: &IdentityFiles) -> ErrorKind {
    Identity::from_files(files).unwrap_err().kind()
}

#[tokio::test]
async fn encrypted_keys_are_opened_by_their_passphrase() {
    let Some(desk) = Desk::new() else { return };
    let topk8 = "pkcs8 -topk8 -in client.key -out enc.key -passout pass:Пароль1";
    for cipher in ["-v2 aes-256-cbc", "-v2 aes-128-cbc -v2prf hmacWithSHA1", "-v2 des3", "-scrypt"]
    {
        assert!(desk.openssl(&format!("{topk8} {cipher}")), "{cipher}");
        let files = IdentityFiles::pem(desk.path("client.pem"), desk.path("enc.key"));
        desk.logs_in(Identity::from_files(&files.clone().passphrase("Пароль1".into())).unwrap())
            .await;
    }
    let files = IdentityFiles::pem(desk.path("client.pem"), desk.path("enc.key"));
    assert!(desk.openssl(topk8));
    assert_eq!(kind(&files), ErrorKind::BadPassphrase);
    assert_eq!(kind(&files.passphrase("wrong".into())), ErrorKind::BadPassphrase);
}

#[test]
fn old_encryptions_of_keys_are_named_with_their_cure() {
    let Some(desk) = Desk::new() else { return };
    for words in [
        "pkcs8 -topk8 -in client.key -out old.key -passout pass:1234 -v1 PBE-SHA1-3DES",
        "ec -in client.key -out old.key -passout pass:1234 -aes128",
    ] {
        assert!(desk.openssl(words), "{words}");
        let files = IdentityFiles::pem(desk.path("client.pem"), desk.path("old.key"));
        let error = Identity::from_files(&files.passphrase("1234".into())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadKey, "{error}");
        assert!(error.to_string().contains("openssl pkcs8 -topk8"), "{error}");
    }
}

#[tokio::test]
async fn pkcs12_stores_new_and_old_log_in() {
    let Some(desk) = Desk::new() else { return };
    let export = "pkcs12 -export -in client.pem -inkey client.key -out client.p12";
    for (options, passphrase) in [
        ("-passout pass:Пароль1", "Пароль1"),
        ("-passout pass:123 -legacy", "123"),
        ("-passout pass:123 -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1", "123"),
        ("-passout pass:", ""),
        ("-passout pass:123 -nomac", "123"),
        ("-passout pass:123 -keypbe NONE -certpbe NONE", "123"),
    ] {
        assert!(desk.openssl(&format!("{export} {options}")), "{options}");
        let files = IdentityFiles::pkcs12(desk.path("client.p12"));
        let identity = Identity::from_files(&files.passphrase(passphrase.into()));
        desk.logs_in(identity.unwrap_or_else(|error| panic!("{options}: {error}"))).await;
    }
}

#[test]
fn what_is_wrong_with_a_store_is_told_apart() {
    let Some(desk) = Desk::new() else { return };
    let _other = desk.ca.issue_client("other").write_to(&desk.folder, "other");
    for (words, passphrase, expected) in [
        ("-in client.pem -inkey client.key -passout pass:123", "124", ErrorKind::BadPassphrase),
        (
            "-in client.pem -inkey client.key -passout pass:123 -legacy",
            "",
            ErrorKind::BadPassphrase,
        ),
        ("-in client.pem -nokeys -passout pass:123", "123", ErrorKind::BadKey),
        ("-inkey client.key -nocerts -passout pass:123", "123", ErrorKind::BadCertificate),
    ] {
        assert!(desk.openssl(&format!("pkcs12 -export -out bad.p12 {words}")), "{words}");
        let files = IdentityFiles::pkcs12(desk.path("bad.p12")).passphrase(passphrase.into());
        let error = Identity::from_files(&files).unwrap_err();
        assert_eq!(error.kind(), expected, "{words}: {error}");
        assert!(error.to_string().contains("bad.p12"), "{error}");
    }
    for store in [&b""[..], b"no store", b"\x30\x03\x02\x01\x03"] {
        let error = Identity::from_pkcs12(store, &Secret::new("123")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadCertificate, "{error}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let big = folder.path().join("big.pem");
    std::fs::write(&big, vec![b' '; 1024 * 1024 + 1]).unwrap();
    let none = folder.path().join("none.pem");
    let paths: [&Path; 4] = [&big, &none, folder.path(), Path::new("/dev/zero")];
    for path in paths {
        let error = Identity::from_files(&IdentityFiles::pem(path, path)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadCertificate);
        assert!(error.to_string().contains(&path.display().to_string()), "{error}");
    }
}
