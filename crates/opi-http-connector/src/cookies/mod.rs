//! The cookies of a session (RFC 6265bis): what is kept, and what a request sends.
//!
//! `cookie_store` carries the rules of domains and paths. Its store has no time of creation, no
//! limits and no prefixes, and walks all cookies for each request, so the keeping is done here.

mod cookie;
mod date;
mod file;
mod jar;
mod json;
mod kept;
mod merge;
mod netscape;
#[cfg(feature = "public-suffix")]
mod public_suffix;
mod set_cookie;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;
use std::{fmt, vec};

use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue};
use url::Url;

pub use cookie::{Cookie, CookieChoice, CookieFile, CookiesRead};
use jar::Jar;

use crate::{Error, ErrorKind};

/// The cookies of a session: what servers set is kept here, and sent back to where it came from.
///
/// Limits: 50 cookies of one answer, 4,096 bytes of name and value, 180 cookies of one host, 3,000
/// of all, and 150 or 8,190 bytes in one request. Past a limit of the jar the ended go first, then
/// the least used; past that of a request those of the shortest paths stay behind.
///
/// Refused, as RFC 6265bis demands: control characters, domains of others, of registries (feature
/// `public-suffix`) and of a single label, a secure cookie over `http` or one that would hide it,
/// and `__Host-` and `__Secure-` names without what they promise. `SameSite` has no meaning outside
/// a browser and is passed over. No cookie lives longer than 400 days.
///
/// ```
/// use opi_http_connector::Cookies;
/// use std::time::SystemTime;
///
/// let (cookies, now) = (Cookies::new(), SystemTime::now());
/// let url = "https://shop.test/basket/".parse()?;
/// cookies.set(&url, "id=7; Path=/basket", now)?;
/// assert_eq!(cookies.header(&url, now).unwrap(), "id=7");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct Cookies(Mutex<Jar>);

impl Cookies {
    /// No cookies.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps what the server of `url` set by `headers`; what may not be kept is left out.
    pub fn keep(&self, url: &Url, headers: &HeaderMap, now: SystemTime) {
        let lines = headers.get_all(SET_COOKIE);
        if lines.iter().next().is_none() {
            return;
        }
        let mut jar = self.lock();
        for line in lines.iter().take(MOST_OF_AN_ANSWER) {
            if let Err(refused) = jar.set(url, line.as_bytes(), now) {
                tracing::debug!(why = refused.words(), "a cookie is left out");
            }
        }
    }

    /// The value of the `Cookie` header of a request to `url`: longer paths first, older cookies
    /// first; none when no cookie goes there.
    #[must_use]
    pub fn header(&self, url: &Url, now: SystemTime) -> Option<HeaderValue> {
        self.lock().header(url, now)
    }

    /// What a request to `url` sends whose caller set cookies by hand: those first and as they are,
    /// then the jar's whose names the caller did not use.
    pub(crate) fn joined(&self, by_hand: Option<&HeaderValue>, url: &Url) -> Option<HeaderValue> {
        let mut jar = self.lock();
        // Most sessions have none, and need no clock for that.
        let kept = if jar.is_empty() { None } else { jar.header(url, SystemTime::now()) };
        merge::merged(by_hand, kept)
    }

    /// Keeps a cookie written as a server writes it: `name=value; Path=/; Secure`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadCookie`], saying why the server of `url` could not set it either.
    pub fn set(&self, url: &Url, cookie: &str, now: SystemTime) -> Result<(), Error> {
        self.lock().set(url, cookie.as_bytes(), now).map_err(|refused| {
            Error::new(ErrorKind::BadCookie).detail(format!("cookie: {}", refused.words()))
        })
    }

    /// The cookie of this name that a request to `url` would send; the first, if there are several.
    #[must_use]
    pub fn get(&self, url: &Url, name: &str, now: SystemTime) -> Option<Cookie> {
        let jar = self.lock();
        let found = jar.found(url, now);
        let named = found.into_iter().filter(|it| it.name() == name.as_bytes());
        named.min_by_key(|it| jar::order(it)).map(Cookie::of)
    }

    /// All cookies that have not ended, the oldest first, as they are now.
    pub fn iter(&self, now: SystemTime) -> vec::IntoIter<Cookie> {
        let jar = self.lock();
        let now = crate::dates::unix(now);
        let mut all: Vec<_> = jar.all().filter(|it| !it.has_ended(now)).collect();
        all.sort_by_key(|it| it.born);
        all.into_iter().map(Cookie::of).collect::<Vec<_>>().into_iter()
    }

    /// Forgets the cookies of this domain, path and name; says how many there were.
    pub fn remove(&self, domain: &str, path: &str, name: &str) -> usize {
        let domain = domain.strip_prefix('.').unwrap_or(domain).to_ascii_lowercase();
        self.lock()
            .remove(|it| it.host() == domain && &*it.path == path && it.name() == name.as_bytes())
    }

    /// Forgets all cookies.
    pub fn clear(&self) {
        *self.lock() = Jar::default();
    }

    /// The cookies as a file of `form` has them; they are secrets.
    #[must_use]
    pub fn write(&self, form: CookieFile, choice: CookieChoice, now: SystemTime) -> Vec<u8> {
        let jar = self.lock();
        let unix = crate::dates::unix(now);
        let chosen = |it: &&kept::Kept| {
            !it.has_ended(unix) && (choice == CookieChoice::All || it.ends.is_some())
        };
        let mut all: Vec<_> = jar.all().filter(chosen).collect();
        all.sort_by_key(|it| it.born);
        match form {
            CookieFile::Json => json::write(&all),
            CookieFile::Netscape => netscape::write(&all),
        }
    }

    /// Adds the cookies of a file of `form`; those that no server could set are left out.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CookieFile`]: this is no such file. Then nothing was added.
    pub fn read(
        &self,
        file: &[u8],
        form: CookieFile,
        now: SystemTime,
    ) -> Result<CookiesRead, Error> {
        let rows = match form {
            CookieFile::Json => json::read(file, now)?,
            CookieFile::Netscape => netscape::read(file, now)?,
        };
        let mut told = CookiesRead { kept: 0, left_out: 0 };
        let mut jar = self.lock();
        let unix = crate::dates::unix(now);
        for row in rows {
            match row.filter(|it| !it.has_ended(unix)) {
                Some(kept) => {
                    jar.insert(kept, unix);
                    told.kept += 1;
                }
                None => told.left_out += 1,
            }
        }
        Ok(told)
    }

    /// Writes the cookies to the file at `path`, readable by its owner alone.
    ///
    /// The file is written under another name beside `path` and renamed when it is whole: whoever
    /// reads `path` finds the cookies of before or those of now. Blocks while the disk is written.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CookieFile`], naming the file.
    pub fn save(
        &self,
        path: impl AsRef<Path>,
        form: CookieFile,
        choice: CookieChoice,
        now: SystemTime,
    ) -> Result<(), Error> {
        file::replace(path.as_ref(), &self.write(form, choice, now))
    }

    /// Adds the cookies of the file at `path`, of at most 64 MiB. Blocks while the disk is read.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CookieFile`], naming the file. Then nothing was added.
    pub fn load(
        &self,
        path: impl AsRef<Path>,
        form: CookieFile,
        now: SystemTime,
    ) -> Result<CookiesRead, Error> {
        let path = path.as_ref();
        let text = file::read(path)?;
        self.read(&text, form, now).map_err(|error| file::named(path, error))
    }

    fn lock(&self) -> MutexGuard<'_, Jar> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Cookies are credentials: nothing of them is shown.
impl fmt::Debug for Cookies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cookies(..)")
    }
}

/// The most `Set-Cookie` lines of one answer that are looked at.
const MOST_OF_AN_ANSWER: usize = 50;
