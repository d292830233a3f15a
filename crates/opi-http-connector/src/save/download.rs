//! Asking for a file, and for the rest of one that broke off.

use http::header::{ACCEPT_ENCODING, IF_RANGE, RANGE};
use http::{HeaderValue, Method};
use opi_net::Deadline;

use super::digest::Hashing;
use super::place::Place;
use super::plan::Plan;
use super::resume::{Found, Part};
use super::saving::{Job, begin};
use super::{Broken, Save, Saved};
use crate::{Error, Incoming, Request, Session};

/// What became of a download.
#[non_exhaustive]
#[derive(Debug)]
pub enum Download {
    /// The status was not 2xx: nothing was saved, and the body is still to come.
    Refused(Box<Incoming>),
    /// The file is there.
    Saved(Box<Saved>),
}

impl Session {
    /// Sends `request` and saves the body of its answer when the status is 2xx.
    ///
    /// A path that cannot be written is told before anything is sent. With [`Broken::Keep`] the body
    /// is asked for without content coding, and what an earlier try for the same URL left is gone on
    /// with: the server is asked for the rest under the condition that the file is the same
    /// (`Range` with `If-Range`, RFC 9110 section 14), and its answer must be exactly that rest. When
    /// the file has changed, or the server gives no rests, it begins anew.
    ///
    /// # Errors
    ///
    /// Those of [`Self::open`] and of [`Incoming::save`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future is a failure as any other.
    pub async fn download(
        &self,
        request: Request,
        save: &Save,
        deadline: &Deadline,
    ) -> Result<Download, Error> {
        let place = save.path().map(|path| Place::new(path, save.existing)).transpose()?;
        let url = request.url().clone();
        let mut request = request;
        if save.broken == Broken::Keep {
            let identity = HeaderValue::from_static("identity");
            request.headers.entry(ACCEPT_ENCODING).or_insert(identity);
            let resumable = request.method == Method::GET && !request.headers.contains_key(RANGE);
            if let Some(place) = place.as_ref().filter(|it| resumable && it.is_regular())
                && let Some(done) = self.go_on(&request, save, place, deadline).await?
            {
                return Ok(done);
            }
        }
        let incoming = self.open(request, deadline).await?;
        if !incoming.status().is_success() {
            return Ok(Download::Refused(Box::new(incoming)));
        }
        let place = place.map_or_else(|| save.place(incoming.headers(), incoming.url()), Ok)?;
        begin(incoming, save, place, &url).await.map(|it| Download::Saved(Box::new(it)))
    }

    /// Goes on with what an earlier try left; nothing when the whole file is to be asked for.
    async fn go_on(
        &self,
        request: &Request,
        save: &Save,
        place: &Place,
        deadline: &Deadline,
    ) -> Result<Option<Download>, Error> {
        let part = Part::of(place.path());
        let Some(found) = part.find(request.url().as_str())? else { return Ok(None) };
        let Some(asked) = for_rest(request, &found) else { return Ok(None) };
        let incoming = self.open(asked, deadline).await?;
        let (url, length) = (request.url(), found.length);
        let plan = found.known.judge(incoming.status(), incoming.headers(), length);
        match plan {
            Plan::Ask => return Ok(None),
            Plan::Anew if !incoming.status().is_success() => {
                return Ok(Some(Download::Refused(Box::new(incoming))));
            }
            Plan::Anew | Plan::Append | Plan::Whole => {}
        }
        let place = Place::new(place.path(), save.existing)?;
        let saved = if plan == Plan::Anew {
            // The lock goes with the file, and the part is begun anew.
            drop(found);
            begin(incoming, save, place, url).await?
        } else {
            let job = job(save, place, &part, found, &incoming)?;
            if plan == Plan::Append { job.run(incoming).await? } else { job.end(incoming).await? }
        };
        Ok(Some(Download::Saved(Box::new(saved))))
    }
}

/// The request for what is missing.
fn for_rest(request: &Request, found: &Found) -> Option<Request> {
    let range = HeaderValue::from_str(&format!("bytes={}-", found.length)).ok()?;
    let validator = HeaderValue::from_str(&found.known.validator).ok()?;
    let mut request = request.clone();
    request.headers.insert(RANGE, range);
    request.headers.insert(IF_RANGE, validator);
    (found.length > 0).then_some(request)
}

fn job<'a>(
    save: &'a Save,
    place: Place,
    part: &Part,
    mut found: Found,
    incoming: &Incoming,
) -> Result<Job<'a>, Error> {
    let mut given = Hashing::given(save.sha256);
    let mut file = Hashing::of_file(incoming.headers());
    found.add_to(place.path(), &mut [&mut given, &mut file])?;
    let Found { file: opened, length, .. } = found;
    let writing = place.go_on(part.names(), opened);
    Ok(Job { save, writing, given, file, resumed: length })
}
