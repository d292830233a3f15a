//! Proxies that really relay, write down what they were asked, and misbehave when told to.

mod http;
mod routes;
mod session;
mod socks;
mod socks4;
mod socks5;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use crate::{
    handshakes::Handshakes,
    http::Wire,
    listen::Listen,
    service::{Incoming, Service},
    watch::within,
};

pub use self::{
    http::HttpProxy,
    session::{Manners, Misdeed, ProxyKind, ProxyStep},
    socks::{Address, SocksRequest},
    socks4::Socks4,
    socks5::Socks5,
};
use self::{
    routes::Routes,
    session::{Negotiate, Next, Session},
};

/// A running proxy of one kind: [`Socks5`], [`Socks4`] or [`HttpProxy`].
///
/// It asks no DNS: a name is known when it was given to [`map`](Self::map), or is `localhost`.
/// A client that breaks the protocol fails the test; one that goes away does not.
///
/// ```
/// use harness::{EchoServer, Proxy, Socks5};
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let echo = EchoServer::start().await;
/// let proxy = Proxy::start(Socks5::new().password("user", "secret")).await;
/// proxy.map("db.test:5432", echo.address());
/// // ... a client goes through proxy.address() to db.test:5432 ...
/// for request in proxy.requests() {
///     assert_eq!(request.asked(), "name db.test:5432");
/// }
/// proxy.finish().await;
/// # });
/// ```
#[derive(Debug)]
pub struct Proxy<K: ProxyKind> {
    service: Service,
    routes: Routes,
    handshakes: Handshakes,
    requests: Arc<Mutex<Vec<K::Request>>>,
}

#[expect(private_bounds, reason = "the kinds of proxies are those of this module")]
impl<K: Negotiate> Proxy<K> {
    /// Starts a proxy on 127.0.0.1, without TLS.
    pub async fn start(kind: K) -> Self {
        Self::start_on(Listen::plain(), kind).await
    }

    /// Starts a proxy that listens as told; under TLS, an HTTP proxy becomes an HTTPS proxy.
    pub async fn start_on(listen: Listen, kind: K) -> Self {
        let (routes, handshakes, requests) =
            (Routes::default(), Handshakes::default(), Arc::default());
        let shared = Shared {
            kind: Arc::new(kind),
            routes: routes.clone(),
            handshakes: handshakes.clone(),
            requests: Arc::clone(&requests),
        };
        let serve = move |incoming| serve(incoming, shared.clone());
        Self { service: Service::start(K::NOUN, &listen, serve), routes, handshakes, requests }
    }
}

impl<K: ProxyKind> Proxy<K> {
    /// Leads those who ask for `target` (`host:port`, as they ask) to `address`.
    pub fn map(&self, target: &str, address: SocketAddr) {
        self.routes.map(target, address);
    }

    /// Where the proxy listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.service.address()
    }

    /// How many connections have been accepted.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.service.accepted()
    }

    /// What the proxy was asked so far.
    ///
    /// # Panics
    ///
    /// A task of the proxy panicked.
    #[must_use]
    pub fn requests(&self) -> Vec<K::Request> {
        self.requests.lock().expect("no holder panics").clone()
    }

    /// The TLS handshakes with the proxy that did not come to pass.
    #[must_use]
    pub fn handshake_failures(&self) -> Vec<String> {
        self.handshakes.failures()
    }

    /// Waits for the first TLS handshake that does not come to pass, and says why.
    ///
    /// # Panics
    ///
    /// All of them succeed.
    pub async fn handshake_failure(&self) -> String {
        self.handshakes.first_failure().await
    }

    /// The server names that the clients of an HTTPS proxy sent, in the order of their handshakes.
    #[must_use]
    pub fn server_names(&self) -> Vec<Option<String>> {
        self.handshakes.server_names()
    }

    /// Ends the tunnels and the proxy, and returns what it was asked.
    ///
    /// # Panics
    ///
    /// A client broke the protocol.
    pub async fn finish(self) -> Vec<K::Request> {
        self.service.finish().await;
        self.requests.lock().expect("no holder panics").clone()
    }
}

struct Shared<K: ProxyKind> {
    kind: Arc<K>,
    routes: Routes,
    handshakes: Handshakes,
    requests: Arc<Mutex<Vec<K::Request>>>,
}

impl<K: ProxyKind> Clone for Shared<K> {
    fn clone(&self) -> Self {
        Self {
            kind: Arc::clone(&self.kind),
            routes: self.routes.clone(),
            handshakes: self.handshakes.clone(),
            requests: Arc::clone(&self.requests),
        }
    }
}

async fn serve<K: Negotiate>(incoming: Incoming, shared: Shared<K>) -> Result<(), String> {
    let (stop, watchdog) = (incoming.stop.clone(), incoming.watchdog);
    let Some(connection) = shared.handshakes.open(incoming).await? else { return Ok(()) };
    let mut ended = stop.clone();
    let mut session = Session::new(Wire::new(connection), shared.routes, shared.requests, stop);
    let negotiation = within(watchdog, "the client's request", shared.kind.negotiate(&mut session));
    let negotiated = tokio::select! {
        negotiated = negotiation => negotiated?,
        () = ended.wait() => Ok(Next::End),
    };
    match negotiated {
        Ok(next) => {
            session.carry_out(next).await;
            Ok(())
        }
        Err(broken) => broken.verdict(),
    }
}
