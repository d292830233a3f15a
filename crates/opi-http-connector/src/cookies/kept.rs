//! A cookie that a jar keeps, and who may set it (RFC 6265bis section 5.7). Reads no clock.

use std::cell::Cell;
use std::time::SystemTime;

use cookie_store::{CookieDomain, CookiePath};
use url::{Host, Url};

use super::set_cookie::{Refused, SetCookie, no_later};

/// Where a cookie of a file belongs, and how long.
pub(super) struct Place<'a> {
    pub(super) domain: &'a str,
    pub(super) host_only: bool,
    pub(super) path: &'a str,
    pub(super) created: i64,
    pub(super) ends: Option<i64>,
}

/// A cookie that was let in.
#[derive(Clone)]
pub(super) struct Kept {
    /// Host and path: the rules of RFC 6265 sections 5.1.3 and 5.1.4 are `cookie_store`'s.
    pub(super) domain: CookieDomain,
    pub(super) path: CookiePath,
    /// `name=value` as it is sent; a cookie without a name is its value alone.
    pub(super) pair: Box<[u8]>,
    name_length: usize,
    /// Seconds since 1970; none ends with the session.
    pub(super) ends: Option<i64>,
    pub(super) secure: bool,
    pub(super) http_only: bool,
    /// Seconds since 1970.
    pub(super) created: i64,
    /// Counts up in the jar, so that cookies of one second have an order too.
    pub(super) born: u64,
    /// When it was sent last, counted as `born` is.
    pub(super) used: Cell<u64>,
}

impl Kept {
    /// The cookie that `read` asks the server of `url` to be remembered by.
    pub(super) fn admit(read: &SetCookie<'_>, url: &Url, now: SystemTime) -> Result<Self, Refused> {
        let domain = domain(read, url)?;
        let path = read.path.and_then(|path| CookiePath::parse(&lossy(path)));
        let path = path.unwrap_or_else(|| CookiePath::default_path(url));
        if read.secure && url.scheme() != "https" {
            return Err(Refused::SecureFromPlain);
        }
        let created = crate::dates::unix(now);
        let kept = Self::new(read, domain, path, created, read.ends(now));
        match kept.keeps_its_promise(read.path.is_some()) {
            true => Ok(kept),
            false => Err(Refused::Prefix),
        }
    }

    /// A cookie whose place is known already, as a file names it.
    pub(super) fn new(
        read: &SetCookie<'_>,
        domain: CookieDomain,
        path: CookiePath,
        created: i64,
        ends: Option<i64>,
    ) -> Self {
        let pair = match read.name {
            [] => read.value.into(),
            name => [name, b"=", read.value].concat(),
        };
        Self {
            domain,
            path,
            pair: pair.into_boxed_slice(),
            name_length: read.name.len(),
            ends,
            secure: read.secure,
            http_only: read.http_only,
            created,
            born: 0,
            used: Cell::new(0),
        }
    }

    /// A cookie from a file; none when no server could have set it.
    pub(super) fn restore(
        cookie: SetCookie<'_>,
        place: &Place<'_>,
        now: SystemTime,
    ) -> Option<Self> {
        let cookie = cookie.checked().ok()?;
        let host = Host::parse(place.domain).ok()?.to_string();
        let domain = match place.host_only {
            true => CookieDomain::HostOnly(host),
            false if is_public_suffix(&host, &host) => return None,
            false => CookieDomain::Suffix(host),
        };
        let controls = place.path.bytes().any(|byte| byte.is_ascii_control());
        let path = CookiePath::parse(place.path).filter(|_| !controls)?;
        let ends = place.ends.map(|ends| no_later(ends, now));
        let kept = Self::new(&cookie, domain, path, place.created, ends);
        kept.keeps_its_promise(true).then_some(kept)
    }

    pub(super) fn name(&self) -> &[u8] {
        self.pair.get(..self.name_length).unwrap_or_default()
    }

    pub(super) fn value(&self) -> &[u8] {
        let equals = usize::from(self.name_length > 0);
        self.pair.get(self.name_length + equals..).unwrap_or_default()
    }

    /// The host that the cookie is of, in lower-case ASCII.
    pub(super) fn host(&self) -> &str {
        match &self.domain {
            CookieDomain::HostOnly(host) | CookieDomain::Suffix(host) => host,
            CookieDomain::Empty | CookieDomain::NotPresent => "",
        }
    }

    pub(super) fn is_host_only(&self) -> bool {
        matches!(self.domain, CookieDomain::HostOnly(_))
    }

    pub(super) fn has_ended(&self, now: i64) -> bool {
        self.ends.is_some_and(|ends| ends <= now)
    }

    /// Whether `other` takes this one's place. Paths are one when they read the same: two values of
    /// `CookiePath` also differ when one was said and the other is that of the URL.
    pub(super) fn is_replaced_by(&self, other: &Self) -> bool {
        let same_path = *self.path == *other.path;
        self.name() == other.name() && self.domain == other.domain && same_path
    }

    /// Whether `other`, which is not secure, would hide this secure one.
    pub(super) fn would_be_hidden_by(&self, other: &Self) -> bool {
        self.secure
            && self.name() == other.name()
            && (within(self.host(), other.host()) || within(other.host(), self.host()))
            && path_within(&other.path, &self.path)
    }

    /// `__Secure-` and `__Host-` names, and values that would pass for them (section 5.7).
    pub(super) fn keeps_its_promise(&self, says_its_path: bool) -> bool {
        let begins = |prefix: &[u8]| {
            self.pair.get(..prefix.len()).is_some_and(|it| it.eq_ignore_ascii_case(prefix))
        };
        let named = !self.name().is_empty();
        if begins(b"__host-") {
            return named
                && self.secure
                && self.is_host_only()
                && says_its_path
                && &*self.path == "/";
        }
        !begins(b"__secure-") || (named && self.secure)
    }
}

/// The domain that a cookie of `url` gets, and whether it may have it.
fn domain(read: &SetCookie<'_>, url: &Url) -> Result<CookieDomain, Refused> {
    let host_only = || CookieDomain::host_only(url).map_err(|_| Refused::ForeignDomain);
    let Some(wanted) = read.domain.filter(|domain| !domain.is_empty()) else {
        return host_only();
    };
    let wanted = std::str::from_utf8(wanted).ok().filter(|domain| domain.is_ascii());
    let wanted = wanted.ok_or(Refused::ForeignDomain)?;
    let domain = match CookieDomain::try_from(wanted).map_err(|_| Refused::ForeignDomain)? {
        domain @ CookieDomain::Suffix(_) => domain,
        _ => return host_only(),
    };
    if !domain.matches(url) {
        return Err(Refused::ForeignDomain);
    }
    if !is_public_suffix(url.host_str().unwrap_or_default(), &domain.as_cow().unwrap_or_default()) {
        return Ok(domain);
    }
    match domain.host_is_identical(url) {
        true => host_only(),
        false => Err(Refused::PublicSuffix),
    }
}

/// Whether `domain`, in which `host` lies, belongs to a registry: a single label always does,
/// others by the list.
fn is_public_suffix(host: &str, domain: &str) -> bool {
    let [host, domain] = [host, domain].map(|name| name.strip_suffix('.').unwrap_or(name));
    !domain.contains('.') || is_listed(host, domain)
}

#[cfg(feature = "public-suffix")]
use super::public_suffix::is_listed;

/// Without the list only single labels are known.
#[cfg(not(feature = "public-suffix"))]
fn is_listed(_host: &str, _domain: &str) -> bool {
    false
}

fn within(host: &str, domain: &str) -> bool {
    let before = host.strip_suffix(domain);
    before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

fn path_within(path: &str, outer: &str) -> bool {
    let rest = path.strip_prefix(outer);
    rest.is_some_and(|rest| rest.is_empty() || outer.ends_with('/') || rest.starts_with('/'))
}

fn lossy(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}
