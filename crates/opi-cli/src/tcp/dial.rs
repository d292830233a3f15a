//! Opens the connection that the options describe.

use std::sync::Arc;
use std::time::Duration;

use opi::net::tls::Tls;
use opi::net::{Deadline, Dialer, Stream, Target, Timings, timed};
use opi::proxy::{Route, Routes};

use super::carry;
use super::tap::{Counts, tap};
use crate::answer::{self, Answer, Body};
use crate::args::DialArgs;
use crate::failure::{ErrorKind, Failure};
use crate::redact::Veil;
use crate::{network, output, way};

/// How connections are opened.
#[derive(Debug)]
pub(crate) struct Dial {
    target: Target,
    routes: Routes,
    dialer: Dialer,
    tls: Option<Tls>,
    timeout: Duration,
    verbose: bool,
    dump: bool,
}

/// A connection that was opened.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) stream: Stream,
    pub(crate) counts: Arc<Counts>,
    /// What is known about it.
    pub(crate) facts: Answer,
}

impl Dial {
    /// What `args` say about connections to `address`; secrets go behind the veil.
    ///
    /// # Errors
    ///
    /// The command line is wrong, or a file it names.
    pub(crate) fn new(address: &str, args: &DialArgs, veil: &mut Veil) -> Result<Self, Failure> {
        let target: Target = address.parse()?;
        let tls = match (args.tls, args.trust.given()) {
            (true, _) => Some(encryption(args, veil)?),
            (false, None) => None,
            (false, Some(option)) => {
                let message = format!("{option} needs --tls");
                return Err(Failure::new(ErrorKind::Usage, message));
            }
        };
        let routes = way::routes_to(&target, &args.way, &args.socket, veil)?;
        let dialer = network::dialer(&args.socket)?;
        let (timeout, verbose, dump) = (args.connect_timeout, args.verbose, args.dump);
        Ok(Self { target, routes, dialer, tls, timeout, verbose, dump })
    }

    /// Where connections go.
    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    /// Opens a connection.
    ///
    /// # Errors
    ///
    /// What the network or a proxy answered.
    pub(crate) async fn open(&self, deadline: &Deadline) -> Result<Opened, Failure> {
        self.open_with(b"", deadline).await
    }

    /// Opens a connection that begins with `preface`, before any TLS.
    ///
    /// # Errors
    ///
    /// As [`Self::open`].
    pub(crate) async fn open_with(
        &self,
        preface: &[u8],
        deadline: &Deadline,
    ) -> Result<Opened, Failure> {
        let deadline = deadline.within(self.timeout);
        let (mut timings, Self { dialer, target, .. }) = (Timings::default(), self);
        let opening = self.routes.connect_timed(dialer, target, &deadline, &mut timings);
        let (mut stream, route) = opening.await?;
        carry::write(&mut stream, preface, deadline.remaining()).await?;
        let stream = match &self.tls {
            None => stream,
            Some(tls) => {
                let shaking = tls.handshake(stream, target, &deadline);
                timed(&mut timings.tls, shaking).await?
            }
        };
        let facts = facts(&stream, route, &timings);
        if self.verbose {
            tell(&stream, route);
        }
        let (stream, counts) = tap(stream, self.dump);
        Ok(Opened { stream, counts, facts })
    }
}

fn encryption(args: &DialArgs, veil: &mut Veil) -> Result<Tls, Failure> {
    let tls = network::tls(&args.trust, veil)?;
    let Some(names) = &args.alpn else { return Ok(tls) };
    let names: Vec<_> = names.split(',').map(str::trim).collect();
    let fit = |name: &&str| (1..=255).contains(&name.len());
    if !names.iter().all(fit) || names.len() > MOST_PROTOCOLS {
        let message = format!("--alpn: expected {MOST_PROTOCOLS} names at most, of 1 to 255 bytes");
        return Err(Failure::new(ErrorKind::Usage, message));
    }
    Ok(tls.alpn(&names))
}

fn facts(stream: &Stream, route: &Route, timings: &Timings) -> Answer {
    Answer::new(Body::None)
        .fact("route", route.to_string())
        .fact("peer", answer::address(stream.peer()))
        .fact("local", answer::address(stream.local()))
        .fact("tls", answer::tls(stream.tls().as_ref()))
        .fact("resolve_ms", answer::millis(timings.resolve))
        .fact("connect_ms", answer::millis(timings.connect))
        .fact("proxy_ms", answer::millis(timings.proxy))
        .fact("tls_ms", answer::millis(timings.tls))
}

fn tell(stream: &Stream, route: &Route) {
    let peer = stream.peer().map(|peer| peer.to_string()).unwrap_or_default();
    let by = if route.is_direct() { String::new() } else { format!(" by {route}") };
    output::note(&format!("* connected to {peer}{by}"));
    if let Some(tls) = stream.tls() {
        output::note(&format!("* {} {}", tls.version, tls.cipher));
    }
}

/// As many as TLS takes of any length.
const MOST_PROTOCOLS: usize = 32;
