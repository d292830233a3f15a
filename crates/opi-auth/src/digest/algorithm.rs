//! The hashes of Digest; the only place that knows the library behind them.

use digest_auth::AlgorithmType;

use super::{Algorithm, Hash};

/// The algorithm that a challenge names, MD5 when it names none; nothing when it is unknown.
pub(super) fn algorithm(name: Option<&[u8]>) -> Option<Algorithm> {
    let Some(name) = name else {
        return Some(Algorithm { hash: Hash::Md5, session: false, named: false });
    };
    let lower = name.to_ascii_lowercase();
    let (base, session) = match lower.strip_suffix(b"-sess") {
        Some(base) => (base, true),
        None => (lower.as_slice(), false),
    };
    let hash = match base {
        b"md5" => Hash::Md5,
        b"sha-256" => Hash::Sha256,
        b"sha-512-256" => Hash::Sha512Trunc256,
        _ => return None,
    };
    Some(Algorithm { hash, session, named: true })
}

impl Algorithm {
    pub(super) fn library(self) -> digest_auth::Algorithm {
        let hash = match self.hash {
            Hash::Md5 => AlgorithmType::MD5,
            Hash::Sha256 => AlgorithmType::SHA2_256,
            Hash::Sha512Trunc256 => AlgorithmType::SHA2_512_256,
        };
        digest_auth::Algorithm::new(hash, self.session)
    }

    /// Its name in a header.
    pub(super) fn name(self) -> &'static str {
        match (self.hash, self.session) {
            (Hash::Md5, false) => "MD5",
            (Hash::Md5, true) => "MD5-sess",
            (Hash::Sha256, false) => "SHA-256",
            (Hash::Sha256, true) => "SHA-256-sess",
            (Hash::Sha512Trunc256, false) => "SHA-512-256",
            (Hash::Sha512Trunc256, true) => "SHA-512-256-sess",
        }
    }
}
