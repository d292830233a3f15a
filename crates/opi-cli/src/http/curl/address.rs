//! The addresses of a curl line: its URL and its proxy. Pure.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// The proxy as opi writes it: curl takes one without a scheme or a port, and socks5 looks names up
/// here.
pub(super) fn proxy(text: &str, scheme: &str) -> String {
    let (scheme, rest) = text.split_once("://").unwrap_or((scheme, text));
    let rest = rest.trim_end_matches('/');
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| !port.contains(']'));
    let port = if has_port { "" } else { ":1080" };
    let names = if scheme == "socks5" { "?names=local" } else { "" };
    format!("{scheme}://{rest}{port}{names}")
}

/// The proxy with this login, `user:password`.
pub(super) fn with_login(proxy: &str, login: &str) -> String {
    let Some((scheme, rest)) = proxy.split_once("://") else { return proxy.to_owned() };
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let (user, password) = login.split_once(':').unwrap_or((login, ""));
    format!("{scheme}://{}:{}@{host}", encoded(user), encoded(password))
}

/// Whether curl would make several URLs of it: braces, or brackets that hold no address.
pub(super) fn globs(url: &str) -> bool {
    let without_address = match (url.find("//["), url.find(']')) {
        (Some(from), Some(to)) if from < to => url.get(to + 1..).unwrap_or_default(),
        _ => url,
    };
    without_address.contains(['{', '}', '[', ']'])
}

/// Adds to the query of the URL.
pub(super) fn append_query(url: &mut String, query: &str) {
    let fragment = url.find('#').map(|place| url.split_off(place)).unwrap_or_default();
    let between = match url.find('?') {
        None => "?",
        Some(_) if url.ends_with(['?', '&']) => "",
        Some(_) => "&",
    };
    url.extend([between, query, &fragment]);
}

/// The last part of the path, by which curl names a file.
pub(super) fn file_name(url: &str) -> Option<&str> {
    let path = url.find(['?', '#']).map_or(url, |end| url.get(..end).unwrap_or_default());
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    path.split('/').skip(1).last().filter(|name| !matches!(*name, "" | "." | ".."))
}

/// A name as a part of a path.
pub(super) fn encoded(name: &str) -> String {
    const KEPT: &percent_encoding::AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(name, KEPT).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_has_a_scheme_and_a_port() {
        for (text, expected) in [
            ("p.test:3128", "http://p.test:3128"),
            ("http://p.test/", "http://p.test:1080"),
            ("http://u:p@p.test", "http://u:p@p.test:1080"),
            ("socks5://[::1]", "socks5://[::1]:1080?names=local"),
            ("socks5h://p.test:1", "socks5h://p.test:1"),
        ] {
            assert_eq!(proxy(text, "http"), expected);
        }
        assert_eq!(proxy("p.test", "socks4a"), "socks4a://p.test:1080");
        let login = with_login("http://old@p.test:1", "a:b@c:d");
        assert_eq!(login, "http://a:b%40c%3Ad@p.test:1");
    }

    #[test]
    fn a_query_grows() {
        for (url, expected) in [
            ("http://h.test/", "http://h.test/?a=1"),
            ("http://h.test/?b=2", "http://h.test/?b=2&a=1"),
            ("http://h.test/?", "http://h.test/?a=1"),
            ("http://h.test/#top", "http://h.test/?a=1#top"),
        ] {
            let mut url = url.to_owned();
            append_query(&mut url, "a=1");
            assert_eq!(url, expected);
        }
    }

    #[test]
    fn a_file_is_named_by_the_path() {
        for (url, expected) in [
            ("http://h.test/a/b.zip?x=/y", Some("b.zip")),
            ("h.test/b", Some("b")),
            ("http://h.test/", None),
            ("http://h.test", None),
            ("http://h.test/a/..", None),
        ] {
            assert_eq!(file_name(url), expected, "{url}");
        }
    }

    #[test]
    fn braces_are_for_several_urls() {
        for (url, expected) in [
            ("http://h.test/{a,b}", true),
            ("http://h.test/[1-3]", true),
            ("http://[::1]:80/a", false),
            ("http://[::1]/[1-3]", true),
            ("http://h.test/a", false),
        ] {
            assert_eq!(globs(url), expected, "{url}");
        }
    }
}
