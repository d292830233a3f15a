//! The way to the server that a session asked last, which is not worked out once more.

use std::sync::{Arc, Mutex, PoisonError};

use http::HeaderMap;
use url::{Position, Url};

use crate::dial::Way;
use crate::{Error, Request, SessionConfig, address, exchange};

/// The server that was asked last, by requests that go as the session does.
#[derive(Debug, Default)]
pub(crate) struct Near(Mutex<Option<Server>>);

#[derive(Debug)]
struct Server {
    scheme: Box<str>,
    /// The host, and the port where it is written.
    host: Box<str>,
    known: Known,
}

/// What is known of a server before it is asked; clones are one value.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) way: Way,
    /// The headers of every request there that says nothing else.
    pub(crate) base: Arc<HeaderMap>,
}

impl Near {
    /// What is known of the server of `request`.
    pub(crate) fn find(&self, config: &SessionConfig, request: &Request) -> Result<Known, Error> {
        let usual = request.detour.is_none();
        if usual && let Some(known) = self.known(&request.url) {
            return Ok(known);
        }
        let way = config.dialing.way(&request.detour, address::origin(&request.url)?);
        let known = Known { way, base: Arc::new(exchange::base(&request.url)?) };
        if usual {
            self.keep(&request.url, known.clone());
        }
        Ok(known)
    }

    fn known(&self, url: &Url) -> Option<Known> {
        let server = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let server = server.as_ref()?;
        let same = *server.host == *host(url) && *server.scheme == *url.scheme();
        same.then(|| server.known.clone())
    }

    fn keep(&self, url: &Url, known: Known) {
        let server = Server { scheme: url.scheme().into(), host: host(url).into(), known };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(server);
    }
}

fn host(url: &Url) -> &str {
    &url[Position::BeforeHost..Position::AfterPort]
}

#[cfg(test)]
mod tests {
    use opi_proxy::Route;

    use super::*;

    #[test]
    fn the_way_is_that_of_the_url() {
        let (near, config) = (Near::default(), SessionConfig::new());
        let urls = [
            "http://h.test/",
            "http://h.test/other",
            "http://h.test:81/",
            "https://h.test/",
            "http://u:p@h.test/",
            "http://h.test.other/",
            "http://[::1]:81/",
        ];
        for url in urls.into_iter().chain(urls.into_iter().rev()) {
            let request = Request::get(url).unwrap();
            let fresh = config.dialing.way(&request.detour, address::origin(&request.url).unwrap());
            let known = near.find(&config, &request).unwrap();
            assert_eq!(known.way, fresh, "{url}");
            assert_eq!(known.base["host"], host(&request.url), "{url}");
        }
    }

    #[test]
    fn a_way_of_a_requests_own_is_not_kept() {
        let (near, config) = (Near::default(), SessionConfig::new());
        let usual = Request::get("http://h.test/").unwrap();
        let through: Route = "http://p.test:1".parse().unwrap();
        let own = usual.clone().route(through);
        let ways = [&own, &usual, &own, &usual].map(|it| near.find(&config, it).unwrap().way);
        assert!(ways[0] == ways[2] && ways[1] == ways[3] && ways[0] != ways[1]);
    }
}
