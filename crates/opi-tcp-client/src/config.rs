//! How to open a connection.

#[cfg(feature = "journal")]
use opi_net::Journal;
#[cfg(feature = "tls")]
use opi_net::tls::Tls;
use opi_net::{Dialer, Target};
#[cfg(feature = "proxy")]
use opi_proxy::{Bypass, ProxySettings, Route, Routes, Traffic};

use crate::log::Log;

/// Everything needed to open a connection; one value serves many of them.
///
/// ```
/// # #[cfg(all(feature = "proxy", feature = "tls"))] {
/// use opi_net::tls::{Tls, Trust};
/// use opi_tcp_client::Config;
///
/// let config = Config::new("db.test:5432".parse()?)
///     .tls(Tls::new(Trust::System))
///     .route("socks5://proxy.test:1080".parse()?);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) target: Target,
    pub(crate) dialer: Dialer,
    #[cfg(feature = "journal")]
    journal: Option<Journal>,
    #[cfg(feature = "proxy")]
    routes: Routes,
    #[cfg(feature = "proxy")]
    bypass: Bypass,
    #[cfg(feature = "tls")]
    pub(crate) tls: Option<Tls>,
}

impl Config {
    /// Plain TCP straight to `target`.
    pub fn new(target: Target) -> Self {
        Self {
            target,
            dialer: Dialer::new(),
            #[cfg(feature = "journal")]
            journal: None,
            #[cfg(feature = "proxy")]
            routes: Routes::default(),
            #[cfg(feature = "proxy")]
            bypass: Bypass::default(),
            #[cfg(feature = "tls")]
            tls: None,
        }
    }

    /// How sockets are opened: given addresses, family, local address, options, unix sockets.
    /// Behind proxies it is the socket to the first of them. Default: [`Dialer::new`].
    pub fn dialer(self, dialer: Dialer) -> Self {
        Self { dialer, ..self }
    }

    /// Logs what happens: connects and closes, sizes sent and received and why reads ended,
    /// failures, the states of a [`Persistent`](crate::Persistent); never what was sent or received.
    /// Default: nothing is logged.
    #[cfg(feature = "journal")]
    pub fn journal(self, journal: Journal) -> Self {
        Self { journal: Some(journal), ..self }
    }

    /// The one way to the target. Default: direct.
    #[cfg(feature = "proxy")]
    pub fn route(self, route: Route) -> Self {
        self.routes(route.into())
    }

    /// The ways to the target, of which the first that works is taken; each connection begins with
    /// the first, and [`Connection::route`](crate::Connection::route) says which it was. Replaces
    /// [`Self::route`].
    #[cfg(feature = "proxy")]
    pub fn routes(self, routes: Routes) -> Self {
        Self { routes, ..self }
    }

    /// Goes straight to a target on this list, whatever the routes are. Default: an empty list.
    #[cfg(feature = "proxy")]
    pub fn bypass(self, bypass: Bypass) -> Self {
        Self { bypass, ..self }
    }

    /// The way that `settings` name for the target, such as those of the environment; replaces
    /// [`Self::route`] and [`Self::bypass`].
    ///
    /// ```
    /// use opi_proxy::ProxySettings;
    /// use opi_tcp_client::Config;
    ///
    /// let settings = ProxySettings::from_environment()?;
    /// let config = Config::new("db.test:5432".parse()?).proxies(&settings);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "proxy")]
    pub fn proxies(self, settings: &ProxySettings) -> Self {
        let route = settings.route(Traffic::Tcp, &self.target);
        self.bypass(settings.bypass().clone()).route(route)
    }

    /// Encrypts the connection; the name checked is the target's host. Default: not encrypted.
    #[cfg(feature = "tls")]
    pub fn tls(self, tls: Tls) -> Self {
        Self { tls: Some(tls), ..self }
    }

    /// The ways to try, the bypass considered.
    #[cfg(feature = "proxy")]
    pub(crate) fn ways(&self) -> Routes {
        if self.bypass.covers(&self.target) { Routes::default() } else { self.routes.clone() }
    }

    /// The log of one more connection.
    #[cfg(feature = "journal")]
    pub(crate) fn log(&self) -> Log {
        Log::to(self.journal.as_ref())
    }

    /// The log of one more connection.
    #[cfg(not(feature = "journal"))]
    pub(crate) fn log(&self) -> Log {
        Log::default()
    }
}
