//! From options to the ways to the other side.

use opi::http::SessionConfig;
use opi::net::Target;
use opi::proxy::{Bypass, Hop, ProxySettings, Route, Routes, Traffic};

use crate::args::{SocketArgs, WayArgs};
use crate::failure::{ErrorKind, Failure};
use crate::network::wrong;
use crate::redact::Veil;
use crate::secret;

/// The ways that every request takes, and the hosts that are reached without them; passwords of
/// proxies go behind the veil.
///
/// # Errors
///
/// As [`routes_to`].
pub(crate) fn of_session(
    config: SessionConfig,
    args: &WayArgs,
    socket: &SocketArgs,
    veil: &mut Veil,
) -> Result<SessionConfig, Failure> {
    if socket.proxy_from_environment {
        let settings = ProxySettings::from_environment()?;
        // A host that no list names shows the logins of all.
        let anyone: Target = "opi.invalid:80".parse()?;
        for traffic in [Traffic::Http, Traffic::Https] {
            hide(&settings.route(traffic, &anyone), veil);
        }
        return Ok(config.proxies(settings));
    }
    let config = config.routes(routes(args, veil)?);
    Ok(match bypass(socket)? {
        Some(bypass) => config.bypass(bypass),
        None => config,
    })
}

/// The ways to `target` in the order in which they are tried; passwords of proxies go behind the
/// veil.
///
/// # Errors
///
/// As [`routes`], an entry of a list is none, or the environment names no proxy where it should.
pub(crate) fn routes_to(
    target: &Target,
    args: &WayArgs,
    socket: &SocketArgs,
    veil: &mut Veil,
) -> Result<Routes, Failure> {
    if socket.proxy_from_environment {
        let route = ProxySettings::from_environment()?.route(Traffic::Tcp, target);
        hide(&route, veil);
        return Ok(route.into());
    }
    let routes = routes(args, veil)?;
    let around = bypass(socket)?.is_some_and(|bypass| bypass.covers(target));
    Ok(if around { Routes::default() } else { routes })
}

/// The hosts that go around the proxies.
fn bypass(socket: &SocketArgs) -> Result<Option<Bypass>, Failure> {
    let Some(list) = &socket.no_proxy else { return Ok(None) };
    let bypass = Bypass::new(list);
    match bypass.unknown().first() {
        Some(unknown) => Err(wrong("--no-proxy", unknown, "a host, an address or a network")),
        None => Ok(Some(bypass)),
    }
}

/// The ways that `args` name: options of one route each stand in a row, one option may be a list.
///
/// # Errors
///
/// The text is no route, or cannot be read from where it is said to be, or a list stands in a row.
fn routes(args: &WayArgs, veil: &mut Veil) -> Result<Routes, Failure> {
    let mut hops: Vec<Hop> = Vec::new();
    for text in &args.proxy {
        let routes: Routes = secret::read(text)?.expose().parse()?;
        routes.iter().for_each(|route| hide(route, veil));
        match (routes.iter().count(), args.proxy.len()) {
            (1, _) => hops.extend(routes.iter().flat_map(Route::hops).cloned()),
            (_, 1) => return Ok(routes),
            _ => return Err(usage("--proxy: a list of routes stands in one option, alone")),
        }
    }
    Ok(hops.into_iter().collect::<Route>().into())
}

fn hide(route: &Route, veil: &mut Veil) {
    for login in route.hops().iter().filter_map(Hop::credentials) {
        veil.hide_login(&login.user, login.password.expose());
    }
}

fn usage(message: &str) -> Failure {
    Failure::new(ErrorKind::Usage, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(options: &[&str], expected: Result<&str, i32>) {
        let args = WayArgs { proxy: options.iter().map(|&it| it.to_owned()).collect() };
        let found = routes(&args, &mut Veil::default());
        let found = found.map(|it| it.to_string()).map_err(|it| i32::from(it.exit().code()));
        assert_eq!(found, expected.map(str::to_owned), "{options:?}");
    }

    #[test]
    fn options_are_rows_or_one_list() {
        check(&[], Ok("direct"));
        check(&["http://a.test:1", "http://b.test:2"], Ok("http://a.test:1 http://b.test:2"));
        check(&["http://a.test:1 | direct"], Ok("http://a.test:1 | direct"));
        check(&["http://a.test:1 | direct", "http://b.test:2"], Err(2));
        check(&["http://b.test:2", "http://a.test:1 | direct"], Err(2));
        check(&["http://a.test:1 |"], Ok("http://a.test:1 | direct"));
        check(&["nonsense"], Err(2));
    }
}
