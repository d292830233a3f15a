//! How to open a connection.

use opi_net::Target;
#[cfg(feature = "tls")]
use opi_net::tls::Tls;
#[cfg(feature = "proxy")]
use opi_proxy::Route;

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
            #[cfg(feature = "proxy")]
            route: Route::direct(),
            #[cfg(feature = "tls")]
            tls: None,
        }
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
}
