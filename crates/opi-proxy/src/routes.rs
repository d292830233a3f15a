//! Several routes, of which the first that works is used.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use opi_net::{Deadline, Dialer, Stream, Target, Timings};

use crate::connect::to_proxy_timed;
use crate::{Culprit, Error, ErrorKind, ParseRouteError, Route, connect_timed};

/// One to sixteen routes in the order in which they are tried.
///
/// The next route is tried when a proxy cannot be reached, breaks off, is no proxy, or takes
/// longer than its share: what is left of the deadline, divided by the routes left. It is not
/// tried when a working proxy could not reach the target, when its rules forbid the target or
/// when it refuses the login: another way would not help, or would go around a rule. Straight to
/// the target, every failure counts as that of the way. Nothing is remembered: each connection
/// begins with the first route, and each route is tried once.
///
/// Its text form is the routes' with ` | ` between them; it is printed without passwords.
///
/// ```
/// use opi_proxy::Routes;
///
/// let routes: Routes = "socks5://u:hunter2@one.test:1080 | http://two.test:3128 | direct".parse()?;
/// assert_eq!(routes.iter().count(), 3);
/// assert!(!routes.to_string().contains("hunter2"));
/// # Ok::<(), opi_proxy::ParseRouteError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Routes(Arc<[Route]>);

impl Routes {
    /// The most routes.
    pub const MOST: usize = 16;

    /// Routes in the order in which they are tried.
    ///
    /// # Errors
    ///
    /// There is none, or there are more than [`Self::MOST`].
    pub fn new(routes: impl IntoIterator<Item = Route>) -> Result<Self, ParseRouteError> {
        let routes: Arc<[Route]> = routes.into_iter().take(Self::MOST + 1).collect();
        if routes.is_empty() || routes.len() > Self::MOST {
            return Err(ParseRouteError::wrong_count());
        }
        Ok(Self(routes))
    }

    /// The routes in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Route> {
        self.0.iter()
    }

    /// Opens a connection to `target` along the first route that works, and says which that is.
    ///
    /// # Errors
    ///
    /// That of the route tried last; [`Error::earlier`] has those of the routes before it, and the
    /// error's text tells them all.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future closes what was opened.
    pub async fn connect_by(
        &self,
        dialer: &Dialer,
        target: &Target,
        deadline: &Deadline,
    ) -> Result<(Stream, &Route), Error> {
        self.connect_timed(dialer, target, deadline, &mut Timings::default()).await
    }

    /// As [`Self::connect_by`]; how long the phases took is added to `timings`, on the routes that
    /// failed too.
    ///
    /// # Errors
    ///
    /// As [`Self::connect_by`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future closes what was opened.
    pub async fn connect_timed(
        &self,
        dialer: &Dialer,
        target: &Target,
        deadline: &Deadline,
        timings: &mut Timings,
    ) -> Result<(Stream, &Route), Error> {
        self.first(Aim::Tunnel, dialer, target, deadline, timings).await
    }

    /// As [`Self::connect_timed`], for plain HTTP requests: a route whose last proxy takes them for
    /// others ([`Route::forwarding`]) is opened as far as that proxy, and no tunnel is asked for.
    ///
    /// # Errors
    ///
    /// As [`Self::connect_by`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future closes what was opened.
    pub async fn connect_to_forward_timed(
        &self,
        dialer: &Dialer,
        target: &Target,
        deadline: &Deadline,
        timings: &mut Timings,
    ) -> Result<(Stream, &Route), Error> {
        self.first(Aim::Requests, dialer, target, deadline, timings).await
    }

    async fn first(
        &self,
        aim: Aim,
        dialer: &Dialer,
        target: &Target,
        deadline: &Deadline,
        timings: &mut Timings,
    ) -> Result<(Stream, &Route), Error> {
        let mut earlier = Vec::new();
        for (index, route) in self.0.iter().enumerate() {
            let left = u32::try_from(self.0.len() - index).unwrap_or(u32::MAX);
            let share = match left {
                1 => deadline.clone(),
                _ => deadline.within(deadline.remaining() / left),
            };
            let opened = match (aim, route.forwarding()) {
                (Aim::Requests, Some((before, proxy))) => {
                    Box::pin(to_proxy_timed(dialer, &before, proxy, &share, timings)).await
                }
                _ => connect_timed(dialer, route, target, &share, timings).await,
            };
            let error = match opened {
                Ok(stream) => return Ok((stream, route)),
                Err(error) => error,
            };
            if left == 1 || after(route, &error) == Next::Stop || deadline.remaining().is_zero() {
                return Err(error.after(earlier));
            }
            tracing::debug!(%route, %error, "the next route is tried");
            earlier.push((route.clone(), error));
        }
        Err(Error::new(ErrorKind::BadRequest))
    }
}

/// What a route is opened for.
#[derive(Clone, Copy, Debug)]
enum Aim {
    Requests,
    Tunnel,
}

#[derive(Debug, Eq, PartialEq)]
enum Next {
    Stop,
    Try,
}

/// Straight to the target.
impl Default for Routes {
    fn default() -> Self {
        Route::direct().into()
    }
}

/// Whether another route may help after `error`.
fn after(route: &Route, error: &Error) -> Next {
    match (error.kind(), error.culprit()) {
        (_, Culprit::Caller) | (ErrorKind::Refused, _) => Next::Stop,
        (_, Culprit::Target) if !route.is_direct() => Next::Stop,
        _ => Next::Try,
    }
}

impl From<Route> for Routes {
    fn from(route: Route) -> Self {
        Self([route].into())
    }
}

impl FromStr for Routes {
    type Err = ParseRouteError;

    fn from_str(text: &str) -> Result<Self, ParseRouteError> {
        let words: Vec<_> = text.split_whitespace().collect();
        let routes = words.split(|word| *word == "|").map(|words| words.join(" ").parse());
        Self::new(routes.collect::<Result<Vec<_>, _>>()?)
    }
}

impl fmt::Display for Routes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, route) in self.0.iter().enumerate() {
            let between = if index == 0 { "" } else { " | " };
            write!(f, "{between}{route}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use opi_net::ErrorKind as NetKind;

    use super::*;

    #[track_caller]
    fn check(route: &str, kind: ErrorKind, expected: &Next) {
        let route: Route = route.parse().unwrap();
        let error = match kind {
            ErrorKind::Net(kind) => opi_net::Error::new(kind).into(),
            kind => Error::new(kind),
        };
        let error = match route.hops().first() {
            Some(hop) => error.at(hop),
            None => error,
        };
        assert_eq!(after(&route, &error), *expected, "{route} {kind:?}");
    }

    #[test]
    fn the_next_route_is_tried_when_a_way_fails_and_not_when_the_target_does() {
        use Next::{Stop, Try};
        let proxy = "http://p.test:1";
        for kind in [NetKind::Refused, NetKind::Timeout, NetKind::Resolve, NetKind::Closed] {
            check(proxy, ErrorKind::Net(kind), &Try);
            check("direct", ErrorKind::Net(kind), &Try);
        }
        check(proxy, ErrorKind::Protocol, &Try);
        for kind in [ErrorKind::Target, ErrorKind::Refused, ErrorKind::Auth, ErrorKind::BadRequest]
        {
            check(proxy, kind, &Stop);
        }
        check(proxy, ErrorKind::Net(NetKind::Cancelled), &Stop);
        check("direct", ErrorKind::Net(NetKind::BadHost), &Stop);
    }

    #[test]
    fn a_proxy_that_cannot_reach_the_next_proxy_is_a_way_that_fails() {
        let route: Route = "http://p.test:1 http://q.test:2".parse().unwrap();
        let error = Error::new(ErrorKind::Target).at(&route.hops()[0]).before_the_target();
        assert_eq!(after(&route, &error), Next::Try);
    }

    #[test]
    fn lists_are_read_and_printed() {
        let text = "http://a.test:1 socks5://b.test:2 | direct";
        assert_eq!(text.parse::<Routes>().unwrap().to_string(), text);
        assert_eq!("".parse::<Routes>().unwrap().to_string(), "direct");
        let many = |count| vec!["direct"; count].join(" | ").parse::<Routes>();
        assert!(many(Routes::MOST).is_ok());
        let error = many(Routes::MOST + 1).unwrap_err();
        assert!(error.to_string().contains("1 to 16 routes"), "{error}");
        assert!(Routes::new([]).is_err());
    }
}
