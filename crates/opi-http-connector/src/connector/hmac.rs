//! HMAC (RFC 2104) over the hash functions that 1C names, each with its own block size.

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};

/// A hash function.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Hash {
    /// MD5, 16 bytes. Broken as a hash; services still ask for it.
    Md5,
    /// SHA-1, 20 bytes.
    Sha1,
    /// SHA-224, 28 bytes.
    Sha224,
    /// SHA-256, 32 bytes.
    Sha256,
    /// SHA-384, 48 bytes.
    Sha384,
    /// SHA-512, 64 bytes.
    Sha512,
}

impl Hash {
    /// Every hash function with its name.
    pub const ALL: [(&'static str, Self); 6] = [
        ("MD5", Self::Md5),
        ("SHA1", Self::Sha1),
        ("SHA224", Self::Sha224),
        ("SHA256", Self::Sha256),
        ("SHA384", Self::Sha384),
        ("SHA512", Self::Sha512),
    ];

    /// The function of this name, in any letter case, with or without hyphens.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let name = name.replace('-', "");
        let found = Self::ALL.into_iter().find(|(it, _)| it.eq_ignore_ascii_case(&name));
        found.map(|(_, hash)| hash)
    }
}

/// The code that proves that `data` comes from someone who knows `key`.
///
/// A key longer than a block of the hash (64 bytes; 128 for SHA-384 and SHA-512) is hashed first.
#[must_use]
pub fn hmac(hash: Hash, key: &[u8], data: &[u8]) -> Vec<u8> {
    match hash {
        Hash::Md5 => by::<Hmac<Md5>>(key, data),
        Hash::Sha1 => by::<Hmac<Sha1>>(key, data),
        Hash::Sha224 => by::<Hmac<Sha224>>(key, data),
        Hash::Sha256 => by::<Hmac<Sha256>>(key, data),
        Hash::Sha384 => by::<Hmac<Sha384>>(key, data),
        Hash::Sha512 => by::<Hmac<Sha512>>(key, data),
    }
}

/// HMAC takes keys of every length, so there is always a code.
fn by<M: Mac + KeyInit>(key: &[u8], data: &[u8]) -> Vec<u8> {
    let mac = <M as KeyInit>::new_from_slice(key);
    mac.map(|mac| mac.chain_update(data).finalize().into_bytes().to_vec()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(hash: Hash, key: &[u8], data: &[u8], expected: &str) {
        let code: String = hmac(hash, key, data).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(code, expected, "{hash:?}");
    }

    ///
    #[test]
    fn codes_of_the_acceptance_list() {
        let secret = "Секретный ключ".as_bytes();
        check(Hash::Md5, secret, b"", "1b1ec4166a11c03b3afefaea442e7709");
        check(Hash::Sha1, secret, b"", "355aa0587050d711f4ca9af6930c736363a88d34");
        check(
            Hash::Sha256,
            secret,
            b"",
            "70907d03476d72b7276897718590a49f6ce56991112fb5a0e9ed41652b2aab6c",
        );
        let (long, data) = ("1234567890".repeat(7), "Какие-то данные".as_bytes());
        let long = long.as_bytes();
        check(Hash::Md5, long, data, "ed5b2d6b9f573cd46e8f8d1d1e8b70e3");
        check(Hash::Sha1, long, data, "7e8f9d7ebbe81e508a39f410e157fc6e714b3371");
        check(
            Hash::Sha256,
            long,
            data,
            "80be8107de7879f028c8bfe97e10b859785530dd19dfc41a4d6962ce4c2fc130",
        );
    }

    /// RFC 4231, test case 6: a key of 131 bytes, longer than any block.
    #[test]
    fn sha_2_has_the_block_size_of_each() {
        let data = b"Test Using Larger Than Block-Size Key - Hash Key First";
        check(
            Hash::Sha224,
            &[0xAA; 131],
            data,
            "95e9a0db962095adaebe9b2d6f0dbce2d499f112f2d2b7273fa6870e",
        );
        check(
            Hash::Sha256,
            &[0xAA; 131],
            data,
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        );
        check(
            Hash::Sha384,
            &[0xAA; 131],
            data,
            "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952",
        );
        check(
            Hash::Sha512,
            &[0xAA; 131],
            data,
            "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
        );
    }

    /// A key of 100 bytes fits a block of SHA-512 and not one of 64 bytes.
    #[test]
    fn a_key_between_the_block_sizes_is_not_hashed_for_the_larger() {
        let (key, data) = ([0x0B; 100], b"Hi There");
        let mut padded = [0; 128];
        padded[..100].copy_from_slice(&key);
        assert_eq!(hmac(Hash::Sha512, &key, data), hmac(Hash::Sha512, &padded, data));
        assert_ne!(hmac(Hash::Sha256, &key, data), hmac(Hash::Sha256, &padded, data));
    }

    #[test]
    fn names_are_found_however_they_are_written() {
        for (name, hash) in Hash::ALL {
            assert_eq!(Hash::named(name), Some(hash));
            assert_eq!(Hash::named(&name.to_lowercase()), Some(hash));
        }
        assert_eq!(Hash::named("sha-256"), Some(Hash::Sha256));
        assert_eq!(Hash::named("CRC32"), None);
    }
}
