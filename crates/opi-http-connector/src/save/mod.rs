//! Bodies to files: whole under their name, or not there.
//!
//! A file is written under a name of its own in the folder where it will stand, and gets its name
//! when it is whole, checked and, unless told otherwise, flushed to the disk. Whatever fails before
//! leaves what was there. Files are written on the thread that awaits.

mod digest;
mod download;
mod name;
mod place;
mod plan;
mod resume;
mod saving;

use std::path::{Path, PathBuf};

use crate::{Error, ErrorKind, Response};

pub(crate) use digest::Hashing;
use place::Place;

pub use download::Download;

/// Where a body is saved, and how carefully.
///
/// ```
/// use opi_http_connector::{Existing, Save};
///
/// // `report.pdf`, in place of one that is there.
/// let exact = Save::to("report.pdf");
/// // Under the server's name; one that is there already stays, and the new one gets a number.
/// let named = Save::into_folder("downloads").max(1 << 30);
/// # let _ = exact.existing(Existing::Refuse);
/// # let _ = named;
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct Save {
    place: Where,
    existing: Existing,
    durability: Durability,
    broken: Broken,
    max: u64,
    sha256: Option<[u8; 32]>,
}

#[derive(Clone, Debug)]
enum Where {
    Folder(PathBuf),
    Path(PathBuf),
}

/// What is done when a file of that name is there already.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Existing {
    /// The new file gets a number: `name (1).txt`.
    Number,
    /// Nothing is saved; that is an error.
    Refuse,
    /// The new file takes its place, with its rights.
    Replace,
}

/// When a file counts as saved.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Durability {
    /// When the system has taken it; a failure of power may still lose it.
    Cached,
    /// When it is on the disk.
    Synced,
}

/// What is done with a file that broke off.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Broken {
    /// It is removed.
    Discard,
    /// It stays as `NAME.opi-part`, with what is known of it in `NAME.opi-part.json`, and
    /// [`Session::download`](crate::Session::download) goes on from there.
    Keep,
}

/// A file that was saved.
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct Saved {
    /// Where it is.
    pub path: PathBuf,
    /// How long it is, in bytes.
    pub length: u64,
    /// How many of them were there from an earlier try.
    pub resumed: u64,
    /// The answer, its body left out.
    pub response: Response,
}

impl Save {
    /// Saves to `path`, in place of a file that is there.
    ///
    /// A link is followed and stays. A device is written to as it is; a pipe is refused.
    pub fn to(path: impl Into<PathBuf>) -> Self {
        Self::new(Where::Path(path.into()), Existing::Replace)
    }

    /// Saves into `folder`, under the name in `Content-Disposition` (RFC 6266), else the last part of
    /// the URL, else `download`; one that is there gets company with a number.
    ///
    /// Of the name only what stands behind the last `/` or `\` counts, without control characters,
    /// leading dots and what Windows reserves, cut to 200 bytes.
    pub fn into_folder(folder: impl Into<PathBuf>) -> Self {
        Self::new(Where::Folder(folder.into()), Existing::Number)
    }

    fn new(place: Where, existing: Existing) -> Self {
        let (durability, broken) = (Durability::Synced, Broken::Discard);
        Self { place, existing, durability, broken, max: u64::MAX, sha256: None }
    }

    /// What is done when the file is there. Default: it is replaced, in a folder a number is added.
    pub fn existing(self, existing: Existing) -> Self {
        Self { existing, ..self }
    }

    /// When the file counts as saved. Default: when it is on the disk.
    pub fn durability(self, durability: Durability) -> Self {
        Self { durability, ..self }
    }

    /// What is done with a file that broke off. Default: it is removed.
    ///
    /// It is kept only when its path was given, and when the server named a strong `ETag`, or a
    /// `Last-Modified` at least a second before its `Date` (RFC 9110 section 8.8), by which it can be
    /// known again.
    pub fn broken(self, broken: Broken) -> Self {
        Self { broken, ..self }
    }

    /// The most bytes of the file. Default: what the disk holds.
    pub fn max(self, max: u64) -> Self {
        Self { max, ..self }
    }

    /// The SHA-256 that the file must have, in hexadecimal. Default: none.
    ///
    /// `Content-Digest`, `Repr-Digest` (RFC 9530, sha-256 and sha-512) and `Content-MD5` of the
    /// answer are checked whenever they are there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadDigest`]: these are not 64 hexadecimal digits.
    pub fn sha256(self, hex: &str) -> Result<Self, Error> {
        let digest = digest::from_hex(hex).ok_or_else(|| {
            Error::new(ErrorKind::BadDigest).detail("expected a SHA-256 of 64 hexadecimal digits")
        })?;
        Ok(Self { sha256: Some(digest), ..self })
    }

    /// The place of an answer with these headers from this URL.
    fn place(&self, headers: &http::HeaderMap, url: &url::Url) -> Result<Place, Error> {
        let path = match &self.place {
            Where::Folder(folder) => folder.join(name::choose(headers, url)),
            Where::Path(path) => path.clone(),
        };
        Place::new(&path, self.existing)
    }

    /// The path, when it is known before anything is asked.
    fn path(&self) -> Option<&Path> {
        match &self.place {
            Where::Folder(_) => None,
            Where::Path(path) => Some(path),
        }
    }
}
