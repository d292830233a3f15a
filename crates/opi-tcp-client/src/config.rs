//! How to open a connection.

#[cfg(feature = "journal")]
use opi_net::Journal;
#[cfg(feature = "tls")]
use opi_net::tls::Tls;
use opi_net::{Dialer, Target};
#[cfg(feature = "proxy")]
use opi_proxy::Route;

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
    log: Log,
    #[cfg(feature = "proxy")]
    pub(crate) route: Route,
    #[cfg(feature = "tls")]
    pub(crate) tls: Option<Tls>,
}

impl Config {
    /// Plain TCP straight to `target`.
    pub fn new(target: Target) -> Self {
        Self {
            target,
            dialer: Dialer::new(),
            log: Log::default(),
            #[cfg(feature = "proxy")]
            route: Route::direct(),
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
    /// failures; never what was sent or received. Default: nothing is logged.
    #[cfg(feature = "journal")]
    pub fn journal(self, journal: Journal) -> Self {
        Self { log: Log::to(journal), ..self }
    }

    /// The way to the target. Default: direct.
    #[cfg(feature = "proxy")]
    pub fn route(self, route: Route) -> Self {
        Self { route, ..self }
    }

    /// Encrypts the connection; the name checked is the target's host. Default: not encrypted.
    #[cfg(feature = "tls")]
    pub fn tls(self, tls: Tls) -> Self {
        Self { tls: Some(tls), ..self }
    }

    pub(crate) fn log(&self) -> Log {
        self.log.clone()
    }
}
