//! What a body adds up to, piece by piece, for `auth-int`.

use std::fmt::Write;

use md5::Md5;
use sha2::{Digest, Sha256, Sha512_256};

use super::Hash;
use crate::BodyHash;

/// What adds up a body by the hash of a challenge.
pub(super) fn hash(hash: Hash) -> Box<dyn BodyHash> {
    match hash {
        Hash::Md5 => Box::new(Of(Md5::new())),
        Hash::Sha256 => Box::new(Of(Sha256::new())),
        Hash::Sha512Trunc256 => Box::new(Of(Sha512_256::new())),
    }
}

struct Of<D>(D);

impl<D: Digest + Send> BodyHash for Of<D> {
    fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(self: Box<Self>) -> String {
        self.0.finalize().iter().fold(String::new(), |mut text, byte| {
            let _always_ok = write!(text, "{byte:02x}");
            text
        })
    }
}
