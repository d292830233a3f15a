//! Which redirects are followed, and how.

use http::StatusCode;
use url::Url;

use crate::Redirects;

/// Which redirects are followed, and how; a [`Redirects`] is one with the rules of the standards.
///
/// Whatever the rules are: `Authorization`, `Cookie` and `Host` set by hand, headers marked as
/// secrets and client certificates are not shown to another origin (scheme, host and port), and do
/// not come back when a later redirect returns. Only `http` and `https` are followed. A body that
/// can be read once only is an error where it would be needed again.
///
/// ```
/// use opi_http_connector::{Downgrade, RedirectPolicy, RedirectRule, RedirectStatus, Redirects};
/// use std::num::NonZeroUsize;
///
/// let policy = RedirectPolicy::new()
///     .limit(Redirects::Follow(NonZeroUsize::MIN))
///     .downgrade(Downgrade::Refuse)
///     .rule(RedirectStatus::MovedPermanently301, RedirectRule::Keep);
/// ```
#[must_use]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RedirectPolicy {
    pub(crate) limit: Redirects,
    downgrade: Downgrade,
    rules: [RedirectRule; RedirectStatus::ALL.len()],
}

/// What is done with a redirect from `https` to `http`.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Downgrade {
    /// It is followed, without any credential, as to every other origin.
    Follow,
    /// It is an error, [`ErrorKind::InsecureRedirect`](crate::ErrorKind::InsecureRedirect).
    Refuse,
}

/// What is done with the answers of one status.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RedirectRule {
    /// It is followed by a GET without a body; by a HEAD where a HEAD was sent.
    Get,
    /// It is followed with the same method and body.
    Keep,
    /// The answer is the caller's.
    Return,
    /// As RFC 9110 and browsers do: 301 and 302 turn POST into GET, 303 everything but HEAD, both
    /// without a body; everything else keeps method and body.
    Standard,
}

/// The statuses that redirect.
#[expect(clippy::exhaustive_enums, reason = "RFC 9110 has no others that name one place")]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RedirectStatus {
    /// 301.
    MovedPermanently301,
    /// 302.
    Found302,
    /// 303.
    SeeOther303,
    /// 307.
    TemporaryRedirect307,
    /// 308.
    PermanentRedirect308,
}

impl RedirectPolicy {
    /// 30 redirects by the standards, also from `https` to `http`.
    pub fn new() -> Self {
        Self {
            limit: Redirects::DEFAULT,
            downgrade: Downgrade::Follow,
            rules: [RedirectRule::Standard; RedirectStatus::ALL.len()],
        }
    }

    /// How many are followed. Default: 30.
    pub fn limit(self, limit: Redirects) -> Self {
        Self { limit, ..self }
    }

    /// What is done with a redirect from `https` to `http`. Default: it is followed.
    pub fn downgrade(self, downgrade: Downgrade) -> Self {
        Self { downgrade, ..self }
    }

    /// What is done with answers of `status`. Default: [`RedirectRule::Standard`].
    pub fn rule(mut self, status: RedirectStatus, rule: RedirectRule) -> Self {
        for (at, one) in RedirectStatus::ALL.iter().zip(&mut self.rules) {
            if *at == status {
                *one = rule;
            }
        }
        self
    }

    pub(super) fn rule_of(&self, status: RedirectStatus) -> RedirectRule {
        let mut rules = RedirectStatus::ALL.iter().zip(&self.rules);
        rules.find(|(at, _)| **at == status).map_or(RedirectRule::Standard, |(_, rule)| *rule)
    }

    pub(super) fn refuses(&self, from: &Url, to: &Url) -> bool {
        self.downgrade == Downgrade::Refuse && from.scheme() == "https" && to.scheme() == "http"
    }
}

impl Default for RedirectPolicy {
    fn default() -> Self {
        Self::new()
    }
}

impl From<Redirects> for RedirectPolicy {
    fn from(limit: Redirects) -> Self {
        Self::new().limit(limit)
    }
}

impl RedirectStatus {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::MovedPermanently301,
        Self::Found302,
        Self::SeeOther303,
        Self::TemporaryRedirect307,
        Self::PermanentRedirect308,
    ];

    /// The number on the wire.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::MovedPermanently301 => 301,
            Self::Found302 => 302,
            Self::SeeOther303 => 303,
            Self::TemporaryRedirect307 => 307,
            Self::PermanentRedirect308 => 308,
        }
    }

    pub(super) fn of(status: StatusCode) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == status.as_u16())
    }
}
