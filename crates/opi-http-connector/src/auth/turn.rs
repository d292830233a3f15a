//! What one call shows to its origin and to a proxy that forwards, before each try and after each
//! answer.

use std::sync::{MutexGuard, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;
use http::header::{AUTHORIZATION, HeaderName, PROXY_AUTHENTICATE, WWW_AUTHENTICATE};
use http::response::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use opi_auth::{
    Asked, Challenge, Channel, Content, Credential, Memories, Memory, Scheme, Side, Surroundings,
};
use opi_net::Deadline;
use opi_proxy::Hop;

use super::aws::{self, Chunks};
use super::memories::{Server, Shared};
use super::{Auth, Kind, Wanted};
use crate::address::{self, Form, Scheme as UrlScheme};
use crate::{Body, Error, ErrorKind, Request, Session};

/// What one call has shown so far.
#[derive(Debug, Default)]
pub(crate) struct Turn {
    origin: Option<Box<Party>>,
    proxy: Option<Box<Party>>,
    /// How often the request was sent again.
    again: u32,
}

/// What to do about an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Next {
    /// The same request again, with what the server asked for.
    AskAgain,
    /// Whatever the answer means by itself.
    Go,
}

/// A scheme in front of one server.
#[derive(Debug)]
struct Party {
    server: Server,
    auth: Auth,
    shared: Shared,
    request: Memory,
    /// What the body of the next request adds up to, where that is shown.
    hash: Option<String>,
}

impl Turn {
    /// Adds to `headers` what `request` shows to its origin, and to `forwarder` when there is one.
    /// Where the login goes on in the body, it gives the body that is sent in place of the
    /// request's.
    pub(crate) fn authorize(
        &mut self,
        session: &Session,
        request: &Request,
        forwarder: Option<&Hop>,
        headers: &mut HeaderMap,
    ) -> Result<Option<Body>, Error> {
        let mut framed = None;
        if let Some(party) = self.origin(session, request)? {
            if matches!(party.auth.0, Kind::Login(_)) {
                // What the session shows by default is no answer to this server's question.
                headers.remove(AUTHORIZATION);
            }
            let chunks = party.authorize(&Sent::to_origin(request)?, headers)?;
            framed = chunks.map(|chunks| aws::frame(&request.body, chunks));
        }
        if let Some(hop) = forwarder
            && let Some(party) = self.proxy(session, hop)
        {
            // A proxy's login covers the head.
            let _no_chunks = party.authorize(&Sent::to_proxy(request, hop)?, headers)?;
        }
        Ok(framed)
    }

    /// Reads a body that is not in memory, where a login shows what it adds up to; one that can be
    /// read once is left for who sends it.
    pub(crate) async fn add_up(
        &mut self,
        session: &Session,
        request: &Request,
        forwarder: Option<&Hop>,
        deadline: &Deadline,
    ) -> Result<(), Error> {
        if !request.body.is_replayable() {
            return Ok(());
        }
        if let Some(party) = self.origin(session, request)? {
            party.add_up(&request.body, deadline).await?;
        }
        if let Some(hop) = forwarder
            && let Some(party) = self.proxy(session, hop)
        {
            party.add_up(&request.body, deadline).await?;
        }
        Ok(())
    }

    /// What to do about an answer to `request`.
    pub(crate) fn hear(
        &mut self,
        session: &Session,
        request: &Request,
        forwarder: Option<&Hop>,
        head: &Parts,
    ) -> Result<Next, Error> {
        let mut next = Next::Go;
        if let Some(hop) = forwarder {
            if let Some(party) = self.proxy(session, hop) {
                next = party.hear(&Sent::to_proxy(request, hop)?, head)?;
            }
            if next == Next::Go && head.status == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
                return Err(hop.login_refused().into());
            }
        }
        if let Some(party) = self.origin(session, request)?
            && next == Next::Go
        {
            next = party.hear(&Sent::to_origin(request)?, head)?;
            if next == Next::Go
                && aws::is_late(&party.auth, (&party.shared, &mut party.request), request, head)
            {
                next = Next::AskAgain;
            }
        }
        if next == Next::AskAgain && self.again >= MOST_AGAIN {
            return Ok(Next::Go);
        }
        self.again += u32::from(next == Next::AskAgain);
        if next == Next::AskAgain && !request.body.is_unspent() {
            let detail = "body: it can be read once, and the server wants it again with a login";
            return Err(Error::new(ErrorKind::BodyRead).detail(detail));
        }
        Ok(next)
    }

    /// The next request is another one, though it may be for the same servers.
    pub(crate) fn redirected(&mut self) {
        self.again = 0;
        for party in [&mut self.origin, &mut self.proxy].into_iter().flatten() {
            party.request = Memory::default();
        }
    }

    /// The scheme in front of the request's origin; another origin is another party.
    fn origin(
        &mut self,
        session: &Session,
        request: &Request,
    ) -> Result<Option<&mut Party>, Error> {
        let Wanted::This(auth) = &request.auth else { return Ok(None) };
        if auth.get().is_none() {
            return Ok(None);
        }
        let server = Server::Origin(address::origin(&request.url)?);
        Ok(Some(Party::of(&mut self.origin, session, server, || auth.clone())))
    }

    /// The login in front of a proxy that forwards; another proxy is another party.
    fn proxy(&mut self, session: &Session, hop: &Hop) -> Option<&mut Party> {
        let login = hop.scheme()?;
        let server = Server::Proxy(hop.clone());
        Some(Party::of(&mut self.proxy, session, server, || login.into()))
    }
}

impl Party {
    /// The party in `place`, which is replaced when it is in front of another server.
    fn of<'a>(
        place: &'a mut Option<Box<Self>>,
        session: &Session,
        server: Server,
        auth: impl FnOnce() -> Auth,
    ) -> &'a mut Self {
        if place.as_ref().is_some_and(|party| party.server != server) {
            *place = None;
        }
        place.get_or_insert_with(|| {
            let auth = auth();
            let shared = session.0.remembered.of(&server, &auth);
            Box::new(Self { server, auth, shared, request: Memory::default(), hash: None })
        })
    }

    async fn add_up(&mut self, body: &Body, deadline: &Deadline) -> Result<(), Error> {
        let hash = self.with(|scheme, memories| Ok(scheme.hash_of_body(memories)))?.flatten();
        self.hash = match hash {
            Some(hash) => Some(body.add_up(hash, deadline).await?),
            None => None,
        };
        Ok(())
    }

    fn authorize(&mut self, sent: &Sent, headers: &mut HeaderMap) -> Result<Option<Chunks>, Error> {
        let around = surroundings()?;
        let (credentials, chunks) = {
            let now: Vec<_> =
                headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
            let hash = self.hash.take();
            let asked = sent.asked(hash.as_deref()).with_headers(&now);
            match aws::sign(&self.auth, &self.shared, &asked, &around) {
                Some(signed) => signed?,
                None => {
                    let shown =
                        self.with(|scheme, memories| scheme.authorize(&asked, memories, &around));
                    (shown?.unwrap_or_default(), None)
                }
            }
        };
        for credential in credentials {
            let (name, value) = header(&credential)?;
            headers.try_insert(name, value).map_err(|cause| {
                let detail = "the scheme made more headers than a request can have";
                Error::new(ErrorKind::BadHeader).detail(detail).because(cause)
            })?;
        }
        Ok(chunks)
    }

    fn hear(&mut self, sent: &Sent, head: &Parts) -> Result<Next, Error> {
        let (status, asks, info) = match sent.side {
            Side::Proxy => {
                let info = HeaderName::from_static("proxy-authentication-info");
                (StatusCode::PROXY_AUTHENTICATION_REQUIRED, PROXY_AUTHENTICATE, info)
            }
            _ => {
                let info = HeaderName::from_static("authentication-info");
                (StatusCode::UNAUTHORIZED, WWW_AUTHENTICATE, info)
            }
        };
        if head.status == status {
            let lines = head.headers.get_all(asks).iter().map(HeaderValue::as_bytes);
            let challenges = Challenge::read(lines);
            let next =
                self.with(|scheme, memories| Ok(scheme.challenged(&challenges, memories)))?;
            let again = next == Some(opi_auth::Next::AskAgain);
            return Ok(if again { Next::AskAgain } else { Next::Go });
        }
        if let Some(info) = head.headers.get(info) {
            let asked = sent.asked(None);
            self.with(|scheme, memories| scheme.answered(&asked, info.as_bytes(), memories))?;
        }
        Ok(Next::Go)
    }

    fn with<R>(
        &mut self,
        work: impl FnOnce(&dyn Scheme, &mut Memories<'_>) -> Result<R, opi_auth::Error>,
    ) -> Result<Option<R>, Error> {
        let Some(scheme) = self.auth.get() else { return Ok(None) };
        let mut server: MutexGuard<'_, Memory> =
            self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let mut memories = Memories { server: &mut server, request: &mut self.request };
        work(scheme, &mut memories).map(Some).map_err(Error::from)
    }
}

/// A request as one server sees it.
struct Sent {
    method: http::Method,
    target: String,
    body: Option<Bytes>,
    length: Option<u64>,
    side: Side,
    channel: Channel,
}

impl Sent {
    fn to_origin(request: &Request) -> Result<Self, Error> {
        let encrypted = address::origin(&request.url)?.scheme == UrlScheme::Https;
        Self::new(request, Side::Origin, Form::Origin, encrypted)
    }

    fn to_proxy(request: &Request, hop: &Hop) -> Result<Self, Error> {
        Self::new(request, Side::Proxy, Form::Absolute, hop.is_encrypted())
    }

    fn new(request: &Request, side: Side, form: Form, encrypted: bool) -> Result<Self, Error> {
        let length = request.body.length();
        Ok(Self {
            method: request.method.clone(),
            target: address::wire(&request.url, form)?.to_string(),
            body: if length == Some(0) { Some(Bytes::new()) } else { request.body.in_memory() },
            length,
            side,
            channel: if encrypted { Channel::Encrypted } else { Channel::Plain },
        })
    }

    fn asked<'a>(&'a self, hash: Option<&'a str>) -> Asked<'a> {
        let content = match &self.body {
            Some(body) => Content::Bytes(body),
            None => Content::Stream { length: self.length, hash },
        };
        let asked = Asked::new(self.method.as_str(), &self.target).with_content(content);
        asked.by(self.side).over(self.channel)
    }
}

/// A credential as hyper sends it.
fn header(credential: &Credential) -> Result<(HeaderName, HeaderValue), Error> {
    let bad = || {
        let detail = format!("header {}: the scheme made what cannot be sent", credential.name());
        Error::new(ErrorKind::BadHeader).detail(detail)
    };
    let name = HeaderName::from_bytes(credential.name().as_bytes()).map_err(|_cause| bad())?;
    let value = HeaderValue::from_bytes(credential.value().expose().as_bytes());
    let mut value = value.map_err(|_cause| bad())?;
    value.set_sensitive(!SHOWN.contains(&name.as_str()));
    Ok((name, value))
}

/// How often one request is sent again for what its servers ask for.
const MOST_AGAIN: u32 = 16;

/// What schemes add that is no secret.
const SHOWN: &[&str] =
    &["content-encoding", "x-amz-content-sha256", "x-amz-date", "x-amz-decoded-content-length"];

fn surroundings() -> Result<Surroundings, Error> {
    let mut random = [0; 16];
    getrandom::getrandom(&mut random).map_err(|cause| {
        let detail = "the system gives no random numbers, which logins need";
        Error::new(ErrorKind::Unsupported).detail(detail).because(cause)
    })?;
    Ok(Surroundings { time: SystemTime::now(), random })
}
