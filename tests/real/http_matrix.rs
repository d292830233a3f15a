//! Sessions through every proxy of the matrix: plain requests and tunnels, with right and wrong logins.

use opi_http_connector::{Request, Session, SessionConfig};

use crate::cells::{FAILS, To};
use crate::proxies::{PROXIES, Proxy};
use crate::servers::{soon, tls, url};

/// Two requests of one session: the status, or the code of the error.
async fn asked(proxy: &Proxy, login: &str, url: &str) -> String {
    let session = Session::new(SessionConfig::new().tls(tls()).route(proxy.route(login)));
    let mut outcome = String::new();
    for _ in 0..2 {
        let answer = session.send(Request::get(url).unwrap(), &soon()).await;
        outcome = match answer {
            Ok(answer) => {
                let text = answer.text().unwrap_or_default();
                assert!(!text.contains("Proxy-Authorization"), "the origin got the login: {text}");
                let encrypted = answer.facts().tls.is_some();
                assert_eq!(
                    encrypted,
                    url.starts_with("https:"),
                    "TLS to a proxy is not TLS to {url}"
                );
                answer.status().as_str().to_owned()
            }
            Err(error) => error.code().to_owned(),
        };
    }
    outcome
}

fn check(proxy: &Proxy, login: &str, url: &str, outcome: &str, expected: &str) {
    let Proxy { scheme, endpoint, options, .. } = proxy;
    let right = if expected == FAILS { outcome != "200" } else { outcome == expected };
    assert!(
        right,
        "{scheme} {endpoint}{options}, login {login:?}, {url}: {outcome} instead of {expected}"
    );
}

/// What the proxy makes of a name; the outcomes of the matrix as those of a session.
fn expected(proxy: &Proxy, to: To) -> &'static str {
    let odd = proxy.odd.iter().find(|(odd, ..)| *odd == to);
    odd.map_or("200", |(_, expected, _)| expected)
}

/// The outcome of a plain request where it is not that of a tunnel.
fn when_plain(proxy: &Proxy, login: &str, url: &str) -> Option<&'static str> {
    match (proxy.endpoint, login) {
        _ if url.starts_with("https:") => None,
        // It opens tunnels only.
        ("tiny-http", _) => Some("400"),
        // 401 where the standard says 407.
        ("tinyproxy", "user:wrong" | "nobody:pass") => Some("401"),
        _ => None,
    }
}

#[tokio::test]
async fn the_right_login_leads_to_plain_and_to_tls_servers() {
    for proxy in PROXIES {
        for (url, to) in [
            (url("http", "httpbin", "/get?through=it"), To::Name),
            (url("https", "nginx-tls", "/connection"), To::TlsByName),
        ] {
            let outcome = asked(proxy, proxy.login, &url).await;
            let expected = expected(proxy, to);
            let expected = when_plain(proxy, proxy.login, &url).unwrap_or(expected);
            check(proxy, proxy.login, &url, &outcome, expected);
        }
    }
}

#[tokio::test]
async fn a_wrong_or_missing_login_leads_nowhere() {
    for proxy in PROXIES {
        for (login, code) in proxy.refused {
            for url in [url("http", "httpbin", "/get"), url("https", "nginx-tls", "/connection")] {
                let outcome = asked(proxy, login, &url).await;
                let expected = when_plain(proxy, login, &url).unwrap_or(code);
                check(proxy, login, &url, &outcome, expected);
            }
        }
    }
}
