//! The way to a server and the trust in it, of a session and of one request, from the options.

use std::sync::{Mutex, MutexGuard, PoisonError};

use opi::http::{Request, SessionConfig};
use opi::net::Target;
use opi::net::tls::Tls;
use opi::proxy::Traffic;

use crate::components::{dialing, routing, secure};
use crate::fault::Fault;
use crate::options::Options;

/// The configuration with what the options say about ways and trust.
pub(super) fn of_session(
    config: SessionConfig,
    options: &mut Options,
) -> Result<SessionConfig, Fault> {
    let (tls, _) = secure::tls(options)?;
    let config = config.tls(tls);
    let config = match routing::bypass(options)? {
        Some(bypass) => config.bypass(bypass),
        None => config,
    };
    match routing::given(options)? {
        routing::Given::Environment(settings) => Ok(config.proxies(settings)),
        routing::Given::Nothing => Ok(config),
        routing::Given::Routes(routes) => Ok(config.routes(routes)),
    }
}

/// The request with what the options say about its own way and trust.
pub(super) fn of_request(
    mut request: Request,
    options: &mut Options,
    known: &KnownTls,
) -> Result<Request, Fault> {
    if let Some(bypass) = routing::bypass(options)? {
        request = request.bypass(bypass);
    }
    request = match routing::given(options)? {
        routing::Given::Environment(settings) => {
            let url = request.url();
            let host = url.host_str().unwrap_or_default();
            let port = url.port_or_known_default().unwrap_or_default();
            let target = Target::new(host, port).map_err(Fault::from)?;
            let traffic = if url.scheme() == "https" { Traffic::Https } else { Traffic::Http };
            request.route(settings.route(traffic, &target))
        }
        routing::Given::Nothing => request,
        routing::Given::Routes(routes) => request.routes(routes),
    };
    if options.has_any(dialing::ROWS) {
        request = request.dialer(dialing::dialer(options)?);
    }
    match options.text_of(secure::ROWS) {
        Some(text) => Ok(request.tls(known.get(text, options)?)),
        None => Ok(request),
    }
}

/// The trusts that requests have asked for: the same options are one value, so that requests with
/// the same trust share connections.
#[derive(Debug, Default)]
pub(super) struct KnownTls(Mutex<Vec<(String, Tls)>>);

impl KnownTls {
    fn get(&self, text: String, options: &mut Options) -> Result<Tls, Fault> {
        let find = |known: &[(String, Tls)]| {
            known.iter().find(|(it, _)| *it == text).map(|(_, tls)| tls.clone())
        };
        if let Some(tls) = find(&self.list()) {
            return Ok(tls);
        }
        // Files are read without the lock: one that hangs holds nobody but who named it.
        let (tls, _) = secure::tls(options)?;
        let mut known = self.list();
        if let Some(tls) = find(&known) {
            return Ok(tls);
        }
        if known.len() == KEPT {
            drop(known.remove(0));
        }
        known.push((text, tls.clone()));
        Ok(tls)
    }

    /// Forgets all, as a new session begins.
    pub(super) fn clear(&self) {
        self.list().clear();
    }

    /// Locked for a few instructions only, never while waiting.
    fn list(&self) -> MutexGuard<'_, Vec<(String, Tls)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many different trusts an object remembers; the oldest goes first.
const KEPT: usize = 16;
