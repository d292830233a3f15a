//! The proxies that an environment names, and the hosts that go around them.

use std::env;

use opi_net::Target;

use crate::{Bypass, Hop, ParseRouteError, Protocol, Route};

/// The routes that an environment names, by what is spoken; nothing is read unless asked.
///
/// | variable | for |
/// |---|---|
/// | `http_proxy`, `HTTP_PROXY` | `http` URLs |
/// | `https_proxy`, `HTTPS_PROXY` | `https` URLs |
/// | `all_proxy`, `ALL_PROXY` | what has no variable of its own, and everything that is not HTTP |
/// | `no_proxy`, `NO_PROXY` | hosts without a proxy, see [`Bypass`] |
///
/// The lower case goes first, as in curl; an empty one counts as not set. Where `REQUEST_METHOD`
/// is set we may serve a CGI request whose header `Proxy` made `HTTP_PROXY`, so both of its cases
/// are passed over. A proxy without a scheme is an HTTP proxy; without a port it is at 80, 443
/// (`https`) or 1080 (SOCKS).
///
/// ```
/// use opi_proxy::{ProxySettings, Traffic};
///
/// let variables = [("ALL_PROXY", "socks5://proxy.test"), ("NO_PROXY", "localhost")];
/// let lookup = |name: &str| variables.iter().find(|it| it.0 == name).map(|it| it.1.to_owned());
/// let settings = ProxySettings::from_variables(lookup)?;
/// let route = |target: &str| settings.route(Traffic::Tcp, &target.parse().unwrap()).to_string();
/// assert_eq!(route("db.test:5432"), "socks5://proxy.test:1080");
/// assert_eq!(route("localhost:5432"), "direct");
/// # Ok::<(), opi_proxy::ParseRouteError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ProxySettings {
    all: Option<Route>,
    bypass: Bypass,
    http: Option<Route>,
    https: Option<Route>,
}

/// What is spoken with a target.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Traffic {
    /// Requests to `http` URLs.
    Http,
    /// Requests to `https` URLs.
    Https,
    /// Anything else.
    Tcp,
}

impl ProxySettings {
    /// Reads the environment of this process, once.
    ///
    /// # Errors
    ///
    /// A variable holds no proxy; the error names it, and never its password.
    pub fn from_environment() -> Result<Self, ParseRouteError> {
        Self::from_variables(|name| env::var(name).ok())
    }

    /// Reads variables by `lookup`.
    ///
    /// # Errors
    ///
    /// A variable holds no proxy; the error names it, and never its password.
    pub fn from_variables(
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ParseRouteError> {
        let value = |name: &str| lookup(name).filter(|value| !value.trim().is_empty());
        let either = |lower: &'static str, upper: &'static str| {
            value(lower).map(|it| (lower, it)).or_else(|| value(upper).map(|it| (upper, it)))
        };
        let route = |found: Option<(&'static str, String)>| {
            let read = |(name, text): (_, String)| {
                read(text.trim()).map(Route::through).map_err(|error| error.in_variable(name))
            };
            found.map(read).transpose()
        };
        let in_cgi = lookup("REQUEST_METHOD").is_some();
        let http = if in_cgi { None } else { either("http_proxy", "HTTP_PROXY") };
        Ok(Self {
            all: route(either("all_proxy", "ALL_PROXY"))?,
            bypass: either("no_proxy", "NO_PROXY").map(|it| Bypass::new(&it.1)).unwrap_or_default(),
            http: route(http)?,
            https: route(either("https_proxy", "HTTPS_PROXY"))?,
        })
    }

    /// The way to `target`.
    #[must_use]
    pub fn route(&self, traffic: Traffic, target: &Target) -> Route {
        let own = match traffic {
            Traffic::Http => &self.http,
            Traffic::Https => &self.https,
            Traffic::Tcp => &None,
        };
        let named = own.as_ref().or(self.all.as_ref());
        named.filter(|_| !self.bypass.covers(target)).cloned().unwrap_or_default()
    }

    /// The hosts that go around the proxies.
    #[must_use]
    pub fn bypass(&self) -> &Bypass {
        &self.bypass
    }
}

/// A proxy whose scheme and port may be missing.
fn read(text: &str) -> Result<Hop, ParseRouteError> {
    let (scheme, rest) = text.split_once("://").unwrap_or((Protocol::Http.scheme(), text));
    let host = rest.rfind('@').map_or(0, |at| at + 1);
    let end = rest[host..].find(['/', '?']).map_or(rest.len(), |at| host + at);
    let after_address = rest[host..end].rfind(']').unwrap_or(0);
    let port = match scheme.to_ascii_lowercase().as_str() {
        _ if rest[host + after_address..end].contains(':') => String::new(),
        "http" => ":80".to_owned(),
        "https" => ":443".to_owned(),
        _ => ":1080".to_owned(),
    };
    format!("{scheme}://{}{port}{}", &rest[..end], &rest[end..]).parse()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(variables: &[(&str, &str)]) -> Result<ProxySettings, ParseRouteError> {
        ProxySettings::from_variables(|name| {
            variables.iter().find(|it| it.0 == name).map(|it| it.1.to_owned())
        })
    }

    #[track_caller]
    fn check(variables: &[(&str, &str)], expected: [&str; 3]) {
        let settings = settings(variables).unwrap();
        let target = "db.test:80".parse().unwrap();
        let found = [Traffic::Http, Traffic::Https, Traffic::Tcp]
            .map(|traffic| settings.route(traffic, &target).to_string());
        assert_eq!(found, expected, "{variables:?}");
    }

    #[test]
    fn each_kind_of_traffic_has_its_variable() {
        check(&[], ["direct", "direct", "direct"]);
        check(&[("HTTP_PROXY", "http://a.test:1")], ["http://a.test:1", "direct", "direct"]);
        check(&[("https_proxy", "http://a.test:1")], ["direct", "http://a.test:1", "direct"]);
        let (all, one) = (("ALL_PROXY", "socks5://s.test:1"), ("http_proxy", "http://a.test:1"));
        check(&[all, one], ["http://a.test:1", "socks5://s.test:1", "socks5://s.test:1"]);
        check(&[all, ("no_proxy", ".test")], ["direct", "direct", "direct"]);
    }

    #[test]
    fn the_lower_case_goes_first_and_empty_is_not_set() {
        let upper = ("HTTP_PROXY", "http://upper.test:1");
        check(&[upper, ("http_proxy", "http://a.test:1")], ["http://a.test:1", "direct", "direct"]);
        check(&[upper, ("http_proxy", " ")], ["http://upper.test:1", "direct", "direct"]);
    }

    #[test]
    fn a_header_of_a_cgi_request_is_no_proxy() {
        let evil = [("HTTP_PROXY", "http://evil.test:1"), ("http_proxy", "http://evil.test:1")];
        let cgi = ("REQUEST_METHOD", "GET");
        check(&[evil[0], cgi], ["direct", "direct", "direct"]);
        check(&[evil[1], cgi], ["direct", "direct", "direct"]);
        let all = ("ALL_PROXY", "http://a.test:1");
        check(&[evil[0], cgi, all], ["http://a.test:1", "http://a.test:1", "http://a.test:1"]);
    }

    #[test]
    fn scheme_and_port_may_be_missing() {
        for (text, expected) in [
            ("p.test:3128", "http://p.test:3128"),
            ("p.test", "http://p.test:80"),
            ("u:p@p.test/", "http://u@p.test:80"),
            ("http://p.test", "http://p.test:80"),
            ("https://p.test?auth=digest", "https://p.test:443?auth=digest"),
            ("socks5h://u:p:w@p.test", "socks5://u@p.test:1080"),
            ("http://[::1]", "http://[::1]:80"),
            ("[::1]:3128", "http://[::1]:3128"),
        ] {
            check(&[("ALL_PROXY", text)], [expected; 3]);
        }
    }

    #[test]
    fn a_wrong_variable_is_named_without_its_password() {
        for value in ["ftp://u:hunter2@p.test", "http://u:hunter2@:80", "u:hunter2@p test"] {
            let error = settings(&[("https_proxy", value)]).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(shown.starts_with("https_proxy: proxy: "), "{shown}");
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }
}
