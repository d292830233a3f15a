//! Saving the body of an answer.

use http::StatusCode;
use url::Url;

use super::digest::Hashing;
use super::place::{Place, Writing};
use super::plan::Known;
use super::resume::Part;
use super::{Broken, Save, Saved};
use crate::coding::too_long;
use crate::{Error, Incoming};

impl Incoming {
    /// Saves the body, whatever the status.
    ///
    /// The limit of the session or the request on bodies holds besides that of `save`, when one was
    /// set. [`Session::download`](crate::Session::download) looks at the status, and goes on with a
    /// file that broke off.
    ///
    /// # Errors
    ///
    /// Those of [`Self::chunk`]; [`ErrorKind::File`](crate::ErrorKind::File): it cannot be written;
    /// [`ErrorKind::FileExists`](crate::ErrorKind::FileExists): it is there and was not to be
    /// replaced; [`ErrorKind::DigestMismatch`](crate::ErrorKind::DigestMismatch): it is not what it
    /// should be; [`ErrorKind::BodyTooLong`](crate::ErrorKind::BodyTooLong). What was there stays.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future is a failure as any other.
    pub async fn save(self, save: &Save) -> Result<Saved, Error> {
        let url = self.url().clone();
        let place = save.place(self.headers(), &url)?;
        begin(self, save, place, &url).await
    }
}

/// Saves a whole answer to a request for `url`.
pub(super) async fn begin(
    incoming: Incoming,
    save: &Save,
    place: Place,
    url: &Url,
) -> Result<Saved, Error> {
    let is_kept = save.broken == Broken::Keep && save.path().is_some() && place.is_regular();
    let is_whole = incoming.status() == StatusCode::OK && incoming.is_plain();
    let known = Known::of(url, incoming.headers()).filter(|_| is_kept && is_whole);
    let writing = match known {
        Some(known) => {
            let part = Part::of(place.path());
            let file = part.create(&known)?;
            place.go_on(part.names(), file)
        }
        None => place.begin()?,
    };
    let (given, file) = (Hashing::given(save.sha256), of_file(&incoming));
    Job { save, writing, given, file, resumed: 0 }.run(incoming).await
}

/// The sums of the whole file, when this answer is all of it.
fn of_file(incoming: &Incoming) -> Hashing {
    if incoming.status() == StatusCode::PARTIAL_CONTENT {
        return Hashing::default();
    }
    Hashing::of_file(incoming.headers())
}

/// A file being written from an answer.
pub(super) struct Job<'a> {
    pub(super) save: &'a Save,
    pub(super) writing: Writing,
    /// The sum that the caller gives.
    pub(super) given: Hashing,
    /// The sums that the server gives of the whole file.
    pub(super) file: Hashing,
    pub(super) resumed: u64,
}

impl Job<'_> {
    /// Writes what comes; then checks it and gives the file its name.
    pub(super) async fn run(mut self, mut incoming: Incoming) -> Result<Saved, Error> {
        let mut length = self.resumed;
        incoming.hash(Hashing::of_message(incoming.headers()).and(self.file));
        while let Some(data) = incoming.chunk().await? {
            length = length.saturating_add(data.len() as u64);
            if length > self.save.max {
                self.writing.keeps = false;
                return Err(too_long(self.save.max).on(incoming.url()));
            }
            self.given.update(&data);
            self.writing.write(&data)?;
        }
        let sums = incoming.hashed().and(self.given);
        if let Err(wrong) = sums.check() {
            self.writing.keeps = false;
            return Err(wrong.on(incoming.url()));
        }
        let path = self.writing.commit(self.save.durability)?;
        let response = incoming.collect().await?;
        Ok(Saved { path, length, resumed: self.resumed, response })
    }

    /// Ends a file that was whole already.
    pub(super) async fn end(mut self, incoming: Incoming) -> Result<Saved, Error> {
        if let Err(wrong) = self.given.and(self.file).check() {
            self.writing.keeps = false;
            return Err(wrong.on(incoming.url()));
        }
        let path = self.writing.commit(self.save.durability)?;
        let response = incoming.collect().await?;
        Ok(Saved { path, length: self.resumed, resumed: self.resumed, response })
    }
}
