//! The index of the cookies: by host, each host's in the order in which they are sent.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::SystemTime;

use bytes::Bytes;
use http::HeaderValue;
use url::{Host, Url};

use super::kept::Kept;
use super::set_cookie::{Refused, SetCookie};
use crate::dates::unix;

/// The cookies that were let in, found by host without a walk over all of them.
#[derive(Default)]
pub(super) struct Jar {
    hosts: HashMap<Box<str>, Vec<Kept>>,
    count: usize,
    /// The last number given to a cookie when it was made or sent.
    tick: u64,
}

impl Jar {
    /// The most cookies of all hosts together.
    pub(super) const MOST: usize = 3000;
    /// The most cookies of one host.
    pub(super) const MOST_OF_A_HOST: usize = 180;
    /// The most cookies of one request.
    pub(super) const MOST_SENT: usize = 150;
    /// The most bytes of the `Cookie` value of one request.
    pub(super) const LONGEST_SENT: usize = 8190;

    /// Whether there is no cookie.
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Keeps the cookie that the server of `url` sets by `line`, or removes the one it ends.
    pub(super) fn set(&mut self, url: &Url, line: &[u8], now: SystemTime) -> Result<(), Refused> {
        let kept = Kept::admit(&SetCookie::read(line)?, url, now)?;
        let plain = url.scheme() != "https";
        if plain && self.all().any(|it| it.would_be_hidden_by(&kept)) {
            return Err(Refused::InsecureOverSecure);
        }
        self.insert(kept, unix(now));
        Ok(())
    }

    /// Puts `kept` in the place of the one it replaces; an ended one only takes that away.
    pub(super) fn insert(&mut self, mut kept: Kept, now: i64) {
        self.tick += 1;
        (kept.born, kept.used) = (self.tick, self.tick.into());
        let replaced = self.take(|it| it.is_replaced_by(&kept), kept.host());
        if let Some(replaced) = replaced {
            // Its place in the order is that of the first of its name.
            (kept.born, kept.created) = (replaced.born, replaced.created);
        }
        if kept.has_ended(now) {
            return;
        }
        let host: Box<str> = kept.host().into();
        let row = self.hosts.entry(host.clone()).or_default();
        let at = row.partition_point(|it| order(it) < order(&kept));
        row.insert(at, kept);
        self.count += 1;
        self.make_room(&host, now);
    }

    /// The value of `Cookie` for a request to `url`: longer paths first, older cookies first.
    pub(super) fn header(&mut self, url: &Url, now: SystemTime) -> Option<HeaderValue> {
        if self.is_empty() {
            return None;
        }
        self.tick += 1;
        let mut found = self.found(url, now);
        found.sort_by_key(|it| order(it));
        joined(&found, self.tick)
    }

    /// The cookies that a request to `url` sends, in no order.
    pub(super) fn found(&self, url: &Url, now: SystemTime) -> Vec<&Kept> {
        let mut found = Vec::new();
        let (now, secure) = (unix(now), url.scheme() == "https");
        let own = url.host_str().unwrap_or_default();
        for host in hosts(url) {
            let Some(row) = self.hosts.get(host) else { continue };
            found.reserve(row.len());
            found.extend(row.iter().filter(|it| {
                (host.len() == own.len() || !it.is_host_only())
                    && (secure || !it.secure)
                    && !it.has_ended(now)
                    && it.path.matches(url)
            }));
        }
        found
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Kept> {
        self.hosts.values().flatten()
    }

    /// Removes what `goes` says, and tells how many those were.
    pub(super) fn remove(&mut self, goes: impl Fn(&Kept) -> bool) -> usize {
        let before = self.count;
        self.hosts.retain(|_, row| {
            row.retain(|it| !goes(it));
            !row.is_empty()
        });
        self.count = self.all().count();
        before - self.count
    }

    fn take(&mut self, is_it: impl Fn(&Kept) -> bool, host: &str) -> Option<Kept> {
        let row = self.hosts.get_mut(host)?;
        let at = row.iter().position(is_it)?;
        let taken = row.remove(at);
        if row.is_empty() {
            self.hosts.remove(host);
        }
        self.count -= 1;
        Some(taken)
    }

    /// Past a limit go the ended ones, then of a host the insecure, then the least used
    /// (RFC 6265bis section 5.7).
    fn make_room(&mut self, host: &str, now: i64) {
        let crowded = |jar: &Self| jar.hosts.get(host).map_or(0, Vec::len) > Self::MOST_OF_A_HOST;
        if crowded(self) || self.count > Self::MOST {
            self.remove(|it| it.has_ended(now));
        }
        let goes = if crowded(self) {
            let row = self.hosts.get(host).into_iter().flatten();
            row.min_by_key(|it| (it.secure, it.used.get()))
        } else if self.count > Self::MOST {
            self.all().min_by_key(|it| it.used.get())
        } else {
            None
        };
        if let Some((host, born)) = goes.map(|it| (it.host().to_owned(), it.born)) {
            drop(self.take(|it| it.born == born, &host));
        }
    }
}

/// The pairs of `found` up to the limits of a request; what is sent is marked as used.
fn joined(found: &[&Kept], tick: u64) -> Option<HeaderValue> {
    let length = found.iter().map(|it| it.pair.len() + 2).sum::<usize>().min(Jar::LONGEST_SENT);
    let mut line = Vec::with_capacity(length);
    let mut sent = 0;
    for it in found {
        let separator: &[u8] = if sent > 0 { b"; " } else { b"" };
        let fits = line.len() + separator.len() + it.pair.len() <= Jar::LONGEST_SENT;
        if !fits || sent == Jar::MOST_SENT {
            continue;
        }
        line.extend_from_slice(separator);
        line.extend_from_slice(&it.pair);
        it.used.set(tick);
        sent += 1;
    }
    if sent < found.len() {
        tracing::debug!(left = found.len() - sent, "cookies past the limit of a request stay");
    }
    if sent == 0 {
        return None;
    }
    let mut value = HeaderValue::from_maybe_shared(Bytes::from(line)).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The host of `url` and, when it is a name, the domains that it lies in.
fn hosts(url: &Url) -> impl Iterator<Item = &str> {
    let is_name = matches!(url.host(), Some(Host::Domain(_)));
    std::iter::successors(url.host_str(), move |host| {
        host.split_once('.').filter(|_| is_name).map(|(_, parent)| parent)
    })
}

/// Longer paths first, then the older cookie (RFC 6265bis section 5.8.3).
pub(super) fn order(kept: &Kept) -> (Reverse<usize>, u64) {
    (Reverse(kept.path.len()), kept.born)
}
