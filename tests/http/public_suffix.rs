//! The tests of the public suffix list: no server sets a cookie for the domain of a registry.

use harness::fixture_text;
use opi_http_connector::{Cookies, Url};

use crate::cookie_table::now;

/// Every host of the list's tests, as it is, with a dot behind it, in capitals, and in punycode.
#[test]
fn a_cookie_never_spans_a_registry() {
    let Some(table) = fixture_text("publicsuffix/tests.txt") else { return };
    let rows = table.lines().filter(|line| !line.is_empty() && !line.starts_with("//"));
    let rows: Vec<_> = rows.map(|row| row.split_once(' ').unwrap()).collect();
    assert_eq!(rows.len(), 78);
    let mut checked = 0;
    for (host, site) in rows {
        // A host that begins with a dot is no host, and `null` is none.
        if host.starts_with('.') || host == "null" {
            continue;
        }
        for form in [str::to_owned, dotted, str::to_uppercase, ascii] {
            check(&form(host), (site != "null").then(|| form(site)).as_deref());
            checked += 1;
        }
    }
    assert_eq!(checked, 4 * 73);
}

fn dotted(host: &str) -> String {
    format!("{host}.")
}

fn ascii(host: &str) -> String {
    url(host).host_str().unwrap().to_owned()
}

fn url(host: &str) -> Url {
    format!("http://{host}/").parse().unwrap()
}

/// The host may share cookies within `site`, and never with what lies above it.
#[track_caller]
fn check(host: &str, site: Option<&str>) {
    match site {
        Some(site) => {
            assert!(sets(host, site), "{host} within {site}");
            let (_, above) = site.split_once('.').unwrap();
            assert!(!sets(host, above), "{host} within {above}");
        }
        None => {
            assert!(!sets(&format!("site.{host}"), host), "a site of {host}");
            assert!(stays(host), "{host} by itself");
        }
    }
}

/// Whether `host` may set a cookie for `domain` that a neighbour gets.
fn sets(host: &str, domain: &str) -> bool {
    let cookies = Cookies::new();
    // The attribute is ASCII: other letters are refused before the list is asked.
    let line = format!("k=v; Domain={}", ascii(domain));
    let kept = cookies.set(&url(host), &line, now()).is_ok();
    let neighbour = url(&format!("neighbour.{domain}"));
    assert_eq!(kept, cookies.header(&neighbour, now()).is_some(), "{host} {domain}");
    kept
}

/// Whether a cookie that a registry's own host sets for itself stays with it.
fn stays(host: &str) -> bool {
    let cookies = Cookies::new();
    cookies.set(&url(host), &format!("k=v; Domain={}", ascii(host)), now()).unwrap();
    let below = url(&format!("below.{host}"));
    cookies.header(&url(host), now()).is_some() && cookies.header(&below, now()).is_none()
}
