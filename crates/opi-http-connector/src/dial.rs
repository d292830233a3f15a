//! How an origin is reached: which way is taken for it, and how that way is opened.

use std::hash::{BuildHasher as _, Hash, Hasher, RandomState};
use std::sync::{Arc, LazyLock};

#[cfg(feature = "tls")]
use opi_net::tls::{Tls, Trust};
use opi_net::{Deadline, Dialer, Stream, Timings};
use opi_proxy::{Bypass, Hop, ProxySettings, Route, Routes, Traffic};

use crate::address::{Form, Origin, Scheme};
use crate::{Error, Request, SessionConfig};

/// How a session reaches servers, where a request does not say otherwise.
#[derive(Clone, Debug)]
pub(crate) struct Dialing {
    bypass: Bypass,
    dialer: Dialer,
    proxies: Proxies,
    #[cfg(feature = "tls")]
    tls: Tls,
    /// The same without a client certificate: one value, so that connections are shared.
    #[cfg(feature = "tls")]
    tls_of_strangers: Tls,
}

#[derive(Clone, Debug)]
enum Proxies {
    Routes(Routes),
    Settings(Box<ProxySettings>),
}

/// What one request wants otherwise than its session.
#[derive(Clone, Debug, Default)]
pub(crate) struct Detour {
    bypass: Option<Box<Bypass>>,
    dialer: Option<Box<Dialer>>,
    routes: Option<Routes>,
    #[cfg(feature = "tls")]
    tls: Option<Tls>,
    #[cfg(feature = "tls")]
    stranger: bool,
}

/// The way to an origin, with everything that decides whom one meets there and for whom one is
/// taken. Requests whose ways are equal may share a connection, and no others. Clones are one value.
#[derive(Clone, Debug)]
pub(crate) struct Way(Arc<Course>);

#[derive(Debug)]
struct Course {
    origin: Origin,
    /// The hash of the origin, by a key that nobody outside knows: names come from strangers.
    mark: u64,
    routes: Routes,
    dialer: Dialer,
    #[cfg(feature = "tls")]
    tls: Option<Tls>,
}

/// A way that was opened.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) stream: Stream,
    /// The proxy at its end that forwards requests, where none is tunnelled to the origin.
    pub(crate) forwarder: Option<Hop>,
}

impl Default for Dialing {
    fn default() -> Self {
        #[cfg(feature = "tls")]
        let tls = Tls::new(Trust::System);
        Self {
            bypass: Bypass::default(),
            dialer: Dialer::new(),
            proxies: Proxies::Routes(Routes::default()),
            #[cfg(feature = "tls")]
            tls_of_strangers: tls.clone(),
            #[cfg(feature = "tls")]
            tls,
        }
    }
}

static MARKS: LazyLock<RandomState> = LazyLock::new(RandomState::new);

impl Dialing {
    /// The way to `origin` for a request that wants `detour`.
    pub(crate) fn way(&self, detour: &Detour, origin: Origin) -> Way {
        Way(Arc::new(Course {
            routes: self.routes(detour, &origin),
            dialer: detour.dialer.as_deref().unwrap_or(&self.dialer).clone(),
            #[cfg(feature = "tls")]
            tls: (origin.scheme == Scheme::Https).then(|| self.tls(detour)),
            mark: MARKS.hash_one(&origin),
            origin,
        }))
    }

    fn routes(&self, detour: &Detour, origin: &Origin) -> Routes {
        match (&detour.bypass, &detour.routes) {
            (Some(own), _) if own.covers(&origin.target) => return Routes::default(),
            (_, Some(routes)) => return routes.clone(),
            (None, None) if self.bypass.covers(&origin.target) => return Routes::default(),
            _ => {}
        }
        match &self.proxies {
            Proxies::Routes(routes) => routes.clone(),
            Proxies::Settings(settings) => {
                let traffic = match origin.scheme {
                    Scheme::Http => Traffic::Http,
                    Scheme::Https => Traffic::Https,
                };
                settings.route(traffic, &origin.target).into()
            }
        }
    }

    #[cfg(feature = "tls")]
    fn tls(&self, detour: &Detour) -> Tls {
        match &detour.tls {
            Some(tls) => tls.clone(),
            None if detour.stranger => self.tls_of_strangers.clone(),
            None => self.tls.clone(),
        }
    }
}

impl Detour {
    /// Whether the request goes as its session does.
    pub(crate) fn is_none(&self) -> bool {
        #[cfg(feature = "tls")]
        if self.tls.is_some() || self.stranger {
            return false;
        }
        self.routes.is_none() && self.bypass.is_none() && self.dialer.is_none()
    }

    /// For another origin, which a redirect named: no client certificate is shown to it, nor to
    /// any that follows.
    pub(crate) fn of_a_stranger(self) -> Self {
        Self {
            #[cfg(feature = "tls")]
            tls: self.tls.map(Tls::without_identity),
            #[cfg(feature = "tls")]
            stranger: true,
            ..self
        }
    }
}

impl Way {
    /// Opens it; how long the phases took is added to `timings`.
    pub(crate) async fn open(
        &self,
        deadline: &Deadline,
        timings: &mut Timings,
    ) -> Result<Opened, Error> {
        let Course { origin, routes, dialer, .. } = &*self.0;
        let target = &origin.target;
        if origin.scheme == Scheme::Http {
            // Plain requests are forwarded where the last proxy speaks HTTP.
            let opening = routes.connect_to_forward_timed(dialer, target, deadline, timings);
            let (stream, route) = opening.await?;
            let forwarder = route.forwarding().map(|(_, hop)| hop.clone());
            return Ok(Opened { stream: stream.into_tunnel(), forwarder });
        }
        let (stream, _) = routes.connect_timed(dialer, target, deadline, timings).await?;
        let shaking = Box::pin(self.encrypt(stream, deadline));
        let stream = opi_net::timed(&mut timings.tls, shaking).await?;
        Ok(Opened { stream, forwarder: None })
    }

    #[cfg(feature = "tls")]
    async fn encrypt(&self, stream: Stream, deadline: &Deadline) -> Result<Stream, Error> {
        let Some(tls) = &self.0.tls else { return Ok(stream) };
        let target = &self.0.origin.target;
        Ok(tls.handshake_offering(stream, target, PROTOCOLS, deadline).await?)
    }

    #[cfg(not(feature = "tls"))]
    async fn encrypt(&self, _stream: Stream, _deadline: &Deadline) -> Result<Stream, Error> {
        let detail = "https needs the feature tls, which is left out of this build";
        Err(Error::new(crate::ErrorKind::Unsupported).detail(detail))
    }
}

impl Course {
    fn leads_as(&self, other: &Self) -> bool {
        self.origin == other.origin
            && self.same_tls(other)
            && self.routes == other.routes
            && self.dialer == other.dialer
    }

    #[cfg(feature = "tls")]
    fn same_tls(&self, other: &Self) -> bool {
        match (&self.tls, &other.tls) {
            (Some(one), Some(other)) => one.same_as(other),
            (one, other) => one.is_none() && other.is_none(),
        }
    }

    #[cfg(not(feature = "tls"))]
    fn same_tls(&self, _other: &Self) -> bool {
        true
    }
}

/// What is offered by ALPN, whatever the caller's TLS offers elsewhere.
#[cfg(feature = "tls")]
const PROTOCOLS: &[&str] = &["http/1.1"];

impl Eq for Way {}

impl PartialEq for Way {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.leads_as(&other.0)
    }
}

impl Hash for Way {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.mark.hash(state);
    }
}

/// How a request's target is written on a connection that ends at `forwarder`.
pub(crate) fn form(forwarder: Option<&Hop>) -> Form {
    if forwarder.is_some() { Form::Absolute } else { Form::Origin }
}

/// How servers are reached.
impl SessionConfig {
    /// The way to every server. Default: direct.
    pub fn route(self, route: Route) -> Self {
        self.routes(route)
    }

    /// Several ways to every server, of which the first that works is taken, anew for each
    /// connection. It takes the place of [`Self::route`] and [`Self::proxies`].
    pub fn routes(mut self, routes: impl Into<Routes>) -> Self {
        self.dialing.proxies = Proxies::Routes(routes.into());
        self
    }

    /// The proxies of an environment, each for its scheme and with its list of hosts that are
    /// reached without; the environment itself is read by [`ProxySettings::from_environment`] and
    /// by nothing here. It takes the place of [`Self::route`]. Default: none.
    pub fn proxies(mut self, settings: ProxySettings) -> Self {
        self.dialing.proxies = Proxies::Settings(Box::new(settings));
        self
    }

    /// The hosts that are reached directly, whatever the routes are, unless a request has its own.
    /// Default: none.
    pub fn bypass(mut self, bypass: Bypass) -> Self {
        self.dialing.bypass = bypass;
        self
    }

    /// How sockets are opened: addresses of hosts, the local address, keepalive. Default:
    /// [`Dialer::new`].
    pub fn dialer(mut self, dialer: Dialer) -> Self {
        self.dialing.dialer = dialer;
        self
    }

    /// Trust and identity of `https`; of it, only `http/1.1` is offered by ALPN. TLS to a proxy
    /// has its own: see [`Hop::tls`]. A client certificate is not shown where a redirect leads to
    /// another origin. Default: the system's roots, no client certificate.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.dialing.tls_of_strangers = tls.clone().without_identity();
        self.dialing.tls = tls;
        self
    }
}

/// How the server is reached.
impl Request {
    /// The way to the server, and to those that redirects lead to; hosts that the session reaches
    /// directly are no exception. Default: the session's.
    pub fn route(self, route: Route) -> Self {
        self.routes(route)
    }

    /// As [`Self::route`], with several ways of which the first that works is taken.
    pub fn routes(mut self, routes: impl Into<Routes>) -> Self {
        self.detour.routes = Some(routes.into());
        self
    }

    /// The hosts that this request, and what redirects make of it, reaches directly, whether the
    /// way is its own or the session's. It takes the place of the session's list. Default: the
    /// session's, which says nothing about ways of the request's own.
    pub fn bypass(mut self, bypass: Bypass) -> Self {
        self.detour.bypass = Some(Box::new(bypass));
        self
    }

    /// How sockets are opened for this request. Requests with equal dialers share connections; no
    /// others do. Default: the session's.
    pub fn dialer(mut self, dialer: Dialer) -> Self {
        self.detour.dialer = Some(Box::new(dialer));
        self
    }

    /// Trust and identity of `https` for this request. Requests that are given clones of one value
    /// share connections; no others do. Default: the session's.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.detour.tls = Some(tls);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address;

    fn way(config: &SessionConfig, request: &Request) -> Way {
        config.dialing.way(&request.detour, address::origin(&request.url).unwrap())
    }

    fn get(url: &str) -> Request {
        Request::get(url).unwrap()
    }

    #[test]
    fn ways_differ_by_whom_one_meets() {
        let plain = SessionConfig::new();
        let same = |url: &str| way(&plain, &get(url)) == way(&plain, &get("http://h.test/"));
        assert!(same("http://H.TEST:80/other?x"));
        assert!(same("http://u:hunter2@h.test/"));
        assert!(!same("http://h.test:81/"));
        assert!(!same("http://other.test/"));
        #[cfg(feature = "tls")]
        assert!(!same("https://h.test:80/"));
        let here = way(&plain, &get("http://h.test/"));
        for route in ["http://p.test:1", "http://u:p@p.test:1", "http://u:q@p.test:1"] {
            let through = way(&plain, &get("http://h.test/").route(route.parse().unwrap()));
            assert!(through != here && through == through.clone(), "{route}");
        }
        let from = Dialer::new().local_address(([127, 0, 0, 2], 0));
        assert!(way(&plain.clone().dialer(from), &get("http://h.test/")) != here);
    }

    #[test]
    fn a_request_goes_before_the_session_and_lists_of_hosts() {
        let through = |text: &str| text.parse::<Route>().unwrap();
        let config = SessionConfig::new().route(through("http://p.test:1")).bypass("h.test".into());
        let routes = |request: Request| way(&config, &request).0.routes.to_string();
        assert_eq!(routes(get("http://other.test/")), "http://p.test:1");
        assert_eq!(routes(get("http://h.test/")), "direct");
        let own = get("http://h.test/").route(through("socks5://s.test:2"));
        assert_eq!(routes(own), "socks5://s.test:2");
    }

    #[test]
    fn a_request_has_a_bypass_of_its_own() {
        let through = |text: &str| text.parse::<Route>().unwrap();
        let config = SessionConfig::new().route(through("http://p.test:1")).bypass("h.test".into());
        let routes = |request: Request| way(&config, &request).0.routes.to_string();
        let own = |url: &str| get(url).bypass("o.test".into());
        assert_eq!(routes(own("http://h.test/")), "http://p.test:1");
        assert_eq!(routes(own("http://o.test/")), "direct");
        let routed = |url: &str| own(url).route(through("socks5://s.test:2"));
        assert_eq!(routes(routed("http://o.test/")), "direct");
        assert_eq!(routes(routed("http://h.test/")), "socks5://s.test:2");
        assert!(way(&config, &own("http://o.test/")) != way(&config, &get("http://o.test/")));
        assert!(way(&config, &own("http://h.test/")) != way(&config, &get("http://h.test/")));
        let variables = |name: &str| (name == "http_proxy").then(|| "http://e.test:1".into());
        let settings = ProxySettings::from_variables(variables).unwrap();
        let config = SessionConfig::new().proxies(settings);
        let routes = |request: Request| way(&config, &request).0.routes.to_string();
        assert_eq!(routes(own("http://o.test/")), "direct");
        assert_eq!(routes(own("http://h.test/")), "http://e.test:1");
    }

    #[test]
    fn a_request_has_a_dialer_of_its_own() {
        let config = SessionConfig::new();
        let from = |last| Dialer::new().local_address(([127, 0, 0, last], 0));
        let own = |last| way(&config, &get("http://h.test/").dialer(from(last)));
        assert!(own(2) == own(2) && own(2) != own(3));
        assert!(own(2) != way(&config, &get("http://h.test/")));
        let session = config.clone().dialer(from(2));
        assert!(own(2) == way(&session, &get("http://h.test/")));
    }

    #[test]
    fn zones_of_an_address_are_other_ways() {
        let config = SessionConfig::new();
        let of = |zone: &str| {
            let target = opi_net::Target::new(&format!("fe80::1{zone}"), 80).unwrap();
            config.dialing.way(&Detour::default(), Origin { scheme: Scheme::Http, target })
        };
        assert!(of("%1") == of("%1"));
        for other in ["%2", "%eth0", ""] {
            assert!(of("%1") != of(other), "{other}");
        }
    }

    #[test]
    fn an_environments_proxies_are_by_scheme_and_host() {
        let variables = [("https_proxy", "http://p.test:1"), ("no_proxy", "near.test")];
        let lookup = |name: &str| variables.iter().find(|it| it.0 == name).map(|it| it.1.into());
        let settings = ProxySettings::from_variables(lookup).unwrap();
        let config = SessionConfig::new().proxies(settings).bypass("by.test".into());
        let routes = |url| way(&config, &get(url)).0.routes.to_string();
        assert_eq!(routes("http://h.test/"), "direct");
        assert_eq!(routes("https://h.test/"), "http://p.test:1");
        assert_eq!(routes("https://near.test/"), "direct");
        assert_eq!(routes("https://by.test/"), "direct");
    }

    #[cfg(feature = "tls")]
    #[test]
    fn other_tls_is_another_way_for_https_alone() {
        let config = SessionConfig::new();
        let other = Tls::new(Trust::System);
        for (url, same) in [("http://h.test/", true), ("https://h.test/", false)] {
            let (one, own) = (way(&config, &get(url)), way(&config, &get(url).tls(other.clone())));
            assert_eq!(one == own, same, "{url}");
            assert!(own == way(&config, &get(url).tls(other.clone())));
            assert!(one == way(&config.clone(), &get(url)));
        }
    }
}
