//! What outlives a request: cookies and connections.

mod near;
mod prepared;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
#[cfg(not(feature = "cookies"))]
use std::time::SystemTime;

use opi_net::Deadline;

use crate::auth::Remembered;
use crate::connection::Connection;
use crate::cookies::Cookies;
use crate::dial::Way;
use crate::exchange::Bring;
use crate::pool::Pool;
use crate::retry::Purse;
use crate::{Error, Incoming, PoolStats, Request, Response, SessionConfig, exchange};

use near::Near;

pub(crate) use near::Known;

pub use prepared::Prepared;

/// A session: its cookies and its idle connections serve every request sent through it.
///
/// Methods take `&self`; several requests may be under way at the same time. Clones share
/// everything. So may several runtimes, and callers that block: an idle connection moves to the
/// runtime that asks next. An [`Incoming`] is read on the runtime that opened it, or while that is
/// run.
#[derive(Clone, Debug)]
pub struct Session(pub(crate) Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) config: SessionConfig,
    pub(crate) jar: Cookies,
    pub(crate) near: Near,
    pub(crate) pool: Pool<Way, Connection>,
    pub(crate) purse: Purse,
    pub(crate) remembered: Remembered,
    opened: AtomicU64,
}

impl Session {
    /// A session without cookies and connections.
    #[must_use]
    pub fn new(config: SessionConfig) -> Self {
        let pool = Pool::new(config.pool);
        let (purse, remembered) = (Purse::new(config.retry_budget), Remembered::default());
        let (jar, near, opened) = (Cookies::default(), Near::default(), AtomicU64::new(0));
        Self(Arc::new(Inner { config, jar, near, pool, purse, remembered, opened }))
    }

    /// Sends `request`, follows redirects, and brings the whole answer, whatever its status.
    ///
    /// One deadline covers everything. A request that is not idempotent is sent once: it is
    /// repeated only when a kept connection had died before anything was sent. Under a
    /// [`RetryPolicy`](crate::RetryPolicy) an answer that breaks off is asked for again, as one
    /// that never came.
    ///
    /// # Errors
    ///
    /// No answer came, or it was not whole; see [`Error::code`] and [`Error::phase`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future closes the connection in use; the server may have acted on the request.
    pub fn send(
        &self,
        request: Request,
        deadline: &Deadline,
    ) -> impl Future<Output = Result<Response, Error>> + Send {
        // In a box, it is not moved with every future around it.
        let request = Box::new(request);
        async move {
            let opening = exchange::open(self, request, deadline, Bring::Whole);
            opening.await?.collect().await
        }
    }

    /// As [`Self::send`], but the body is left to be read piece by piece, under the same deadline.
    /// Once the head is there, nothing is tried again.
    ///
    /// # Errors
    ///
    /// No answer came; see [`Error::code`] and [`Error::phase`].
    ///
    /// # Cancel safety
    ///
    /// As [`Self::send`].
    pub fn open(
        &self,
        request: Request,
        deadline: &Deadline,
    ) -> impl Future<Output = Result<Incoming, Error>> + Send {
        exchange::open(self, Box::new(request), deadline, Bring::Head)
    }

    /// What [`Self::send`] would send now, without sending it: the session's headers and cookies
    /// are in it, the answers to what a server asks for are not.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadUrl`](crate::ErrorKind::BadUrl): the URL cannot be sent.
    pub fn prepare(&self, request: &Request) -> Result<Prepared, Error> {
        exchange::prepare(self, request)
    }

    /// What the pool of connections holds, and what it has done.
    #[must_use]
    pub fn pool(&self) -> PoolStats {
        self.0.pool.stats()
    }

    /// Closes the connections that no request uses; those in use are not touched, and serve again.
    pub fn close_idle(&self) {
        self.0.pool.close_idle();
    }

    /// The cookies of the session.
    #[cfg(feature = "cookies")]
    #[must_use]
    pub fn cookies(&self) -> &Cookies {
        &self.0.jar
    }

    /// The number of a new connection.
    pub(crate) fn next_id(&self) -> u64 {
        self.0.opened.fetch_add(1, Relaxed) + 1
    }
}

/// The jar of a build without cookies: keeps none, sends none.
#[cfg(not(feature = "cookies"))]
#[derive(Debug, Default)]
pub(crate) struct NoJar {}

#[cfg(not(feature = "cookies"))]
impl NoJar {
    pub(crate) fn keep(&self, _url: &url::Url, _headers: &http::HeaderMap, _now: SystemTime) {}

    pub(crate) fn joined(
        &self,
        by_hand: Option<&http::HeaderValue>,
        _url: &url::Url,
    ) -> Option<http::HeaderValue> {
        by_hand.cloned()
    }
}
