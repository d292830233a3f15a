//! What outlives a request: cookies and connections.

use opi_net::Deadline;

use crate::address::public;
use crate::cookies::Jar;
use crate::exchange::{Answer, exchange};
use crate::pool::Pool;
use crate::{Error, ErrorKind, Facts, Hop, Redirects, Request, Response, SessionConfig, redirect};

/// A session: its cookies and its idle connections serve every request sent through it.
///
/// Methods take `&self`; several requests may be under way at the same time.
#[derive(Debug)]
pub struct Session {
    pub(crate) config: SessionConfig,
    pub(crate) jar: Jar,
    pub(crate) pool: Pool,
}

impl Session {
    /// A session without cookies and connections.
    #[must_use]
    pub fn new(config: SessionConfig) -> Self {
        let config = prepared(config);
        let pool = Pool::new(config.max_idle);
        Self { config, jar: Jar::default(), pool }
    }

    /// Sends `request`, follows redirects, and brings the whole answer, whatever its status.
    ///
    /// One deadline covers everything. A request that is not idempotent is sent once: it is
    /// repeated only when a kept connection had died before anything was sent.
    ///
    /// # Errors
    ///
    /// No answer came, or it was not whole; see [`Error::code`] and [`Error::phase`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future closes the connection in use; the server may have acted on the request.
    pub async fn send(&self, request: Request, deadline: &Deadline) -> Result<Response, Error> {
        // The session's headers become the request's, so that a redirect drops their credentials too.
        let mut request = request.with_defaults(&self.config.headers);
        let mut history = Vec::new();
        loop {
            let url = request.url.clone();
            let step = self.step(&request, deadline, history.len()).await;
            let (answer, next) = step.map_err(|error| error.on(&url))?;
            tracing::debug!(
                method = %request.method,
                status = answer.head.status.as_u16(),
                elapsed_ms = deadline.elapsed().as_millis() as u64,
                reused = answer.reused,
                "answered"
            );
            let Some(next) = next else {
                return Ok(respond(&request, answer, history, deadline));
            };
            history.push(Hop { url: public(&url), status: answer.head.status });
            request = next;
        }
    }

    /// One exchange, and the request that its answer redirects to.
    async fn step(
        &self,
        request: &Request,
        deadline: &Deadline,
        followed: usize,
    ) -> Result<(Answer, Option<Request>), Error> {
        let answer = exchange(self, request, deadline).await?;
        self.jar.keep(&request.url, &answer.head.headers);
        let wanted = request.redirects.unwrap_or(self.config.redirects);
        let Redirects::Follow(most) = wanted else { return Ok((answer, None)) };
        let next = redirect::next(request, answer.head.status, &answer.head.headers)?;
        if next.is_some() && followed >= most.get() {
            let detail = format!("more than {most} redirects");
            return Err(Error::new(ErrorKind::TooManyRedirects).detail(detail));
        }
        Ok((answer, next))
    }
}

#[cfg(feature = "tls")]
fn prepared(config: SessionConfig) -> SessionConfig {
    let tls = config.tls.clone().alpn(&["http/1.1"]);
    config.tls(tls)
}

#[cfg(not(feature = "tls"))]
fn prepared(config: SessionConfig) -> SessionConfig {
    config
}

fn respond(request: &Request, answer: Answer, history: Vec<Hop>, deadline: &Deadline) -> Response {
    let Answer { head, body, reused, peer, tls } = answer;
    let elapsed = deadline.elapsed();
    let facts = Facts { reused, peer, tls, elapsed };
    let url = public(&request.url);
    Response { status: head.status, headers: head.headers, url, body, history, facts }
}

/// The jar of a build without cookies: keeps none, sends none.
#[cfg(not(feature = "cookies"))]
#[derive(Debug, Default)]
pub(crate) struct NoJar {}

#[cfg(not(feature = "cookies"))]
impl NoJar {
    pub(crate) fn keep(&self, _url: &url::Url, _headers: &http::HeaderMap) {}

    pub(crate) fn header(&self, _url: &url::Url) -> Option<http::HeaderValue> {
        None
    }
}
