//! RFC 6265bis row by row: what a server sets, and what the next request sends.

use std::time::{Duration, SystemTime};

use opi_http_connector::{Cookies, HeaderMap, HeaderValue, Url};

/// One row: who sets what, who is asked then, and the `Cookie` it sends (`""`: none).
type Row = (&'static str, &'static [&'static str], &'static str, &'static str);

const A: &str = "http://a.test/";
const S: &str = "https://a.test/";

/// Sections 5.6 and 5.6.3 to 5.6.6: how a line is read.
const READING: &[Row] = &[
    (A, &["k=v"], A, "k=v"),
    (A, &["k=v;"], A, "k=v"),
    (A, &["k=v; "], A, "k=v"),
    (A, &["k=v;;;"], A, "k=v"),
    (A, &[" k = v "], A, "k=v"),
    (A, &["\tk\t=\tv\t"], A, "k=v"),
    (A, &["k=v w"], A, "k=v w"),
    (A, &["k=v=w"], A, "k=v=w"),
    (A, &["k==v"], A, "k==v"),
    (A, &["k="], A, "k="),
    (A, &["k"], A, "k"),
    (A, &["=v"], A, "v"),
    (A, &["= v=w"], A, "v=w"),
    (A, &["="], A, ""),
    (A, &[""], A, ""),
    (A, &[" "], A, ""),
    (A, &[";"], A, ""),
    (A, &["; Path=/"], A, ""),
    (A, &["=; Path=/"], A, ""),
    (A, &["k=\"v w\""], A, "k=\"v w\""),
    (A, &["k=\"v;w\""], A, "k=\"v"),
    (A, &["k='v'"], A, "k='v'"),
    (A, &["k=a,b"], A, "k=a,b"),
    (A, &["a=1, b=2"], A, "a=1, b=2"),
    (A, &["k=%0D%0A"], A, "k=%0D%0A"),
    (A, &["k=v\tw"], A, "k=v\tw"),
    (A, &["k y=v"], A, "k y=v"),
    (A, &["k=a?b/c:d@e[f]"], A, "k=a?b/c:d@e[f]"),
    (A, &["k=v; unknown; x=y"], A, "k=v"),
    (A, &["k=v; =x"], A, "k=v"),
    (A, &["k=v; Path"], A, "k=v"),
    (A, &["Path=/x"], A, "Path=/x"),
    (A, &["Secure"], A, "Secure"),
    (A, &["k=v; HttpOnly"], A, "k=v"),
    (A, &["k=v; httponly=no"], A, "k=v"),
    (A, &["k=v; SameSite=Strict"], A, "k=v"),
    (A, &["k=v; SameSite=None"], A, "k=v"),
    (A, &["K=1", "k=2"], A, "K=1; k=2"),
    (A, &["k=1", "k=2"], A, "k=2"),
    (A, &["k=1; Path=/", "k=2"], A, "k=2"),
    (A, &["k=1", "k=2; Path=/"], A, "k=2"),
    (A, &["k=1", "k=; Path=/; Max-Age=0"], A, ""),
    ("http://a.test/x/y", &["k=1", "k=2; Path=/x"], "http://a.test/x", "k=2"),
    (A, &["a=1", "b=2", "a=3"], A, "a=3; b=2"),
    (A, &["n", "=m"], A, "m"),
    (A, &["k=v\u{1}"], A, ""),
    (A, &["k\u{7f}=v"], A, ""),
    (A, &["k=v; Path=/\u{1}"], A, ""),
    (A, &["k=v", "a\tb=1"], A, "k=v"),
    (A, &["$Version=1; k=v"], A, "$Version=1"),
    (A, &["имя=значение"], A, "имя=значение"),
];

/// Sections 5.6.1 and 5.6.2: how long a cookie lives. The clock stands at 2026-01-01 00:00:00.
const LIVES: &[Row] = &[
    (A, &["k=1", "k=2; Max-Age=0"], A, ""),
    (A, &["k=1", "k=2; Max-Age=-1"], A, ""),
    (A, &["k=1; Max-Age=1"], A, "k=1"),
    (A, &["k=1; Max-Age=01"], A, "k=1"),
    (A, &["k=1", "k=2; max-age=0"], A, ""),
    (A, &["k=1", "k=2; Max-Age = 0 "], A, ""),
    (A, &["k=1; Max-Age="], A, "k=1"),
    (A, &["k=1; Max-Age=-"], A, "k=1"),
    (A, &["k=1; Max-Age=+1"], A, "k=1"),
    (A, &["k=1; Max-Age=1.5"], A, "k=1"),
    (A, &["k=1; Max-Age=\"0\""], A, "k=1"),
    (A, &["k=1; Max-Age=soon"], A, "k=1"),
    (A, &["k=1; Max-Age=9223372036854775807"], A, "k=1"),
    (A, &["k=1; Max-Age=9223372036854775808"], A, "k=1"),
    (A, &["k=1; Max-Age=99999999999999999999"], A, "k=1"),
    (A, &["k=1", "k=2; Max-Age=-9223372036854775808"], A, ""),
    (A, &["k=1", "k=2; Max-Age=-99999999999999999999"], A, ""),
    (A, &["k=1; Max-Age=60; Max-Age=0"], A, ""),
    (A, &["k=1; Max-Age=0; Max-Age=60"], A, "k=1"),
    (A, &["k=1; Max-Age=60; Max-Age=no"], A, "k=1"),
    (A, &["k=1", "k=2; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], A, ""),
    (A, &["k=1", "k=2; Expires=Thursday, 01-Jan-70 00:00:00 GMT"], A, ""),
    (A, &["k=1", "k=2; Expires=Thu Jan  1 00:00:00 1970"], A, ""),
    (A, &["k=1", "k=2; Expires=Thu, 01-Jan-1970 00:00:00 GMT"], A, ""),
    (A, &["k=1", "k=2; expires=thu, 01 jan 1970 00:00:00 gmt"], A, ""),
    (A, &["k=1; Expires=Fri, 01 Jan 2027 00:00:00 GMT"], A, "k=1"),
    (A, &["k=1; Expires=Fri, 01-Jan-27 00:00:00 GMT"], A, "k=1"),
    (A, &["k=1", "k=2; Expires=Thu, 01 Jan 2026 00:00:00 GMT"], A, ""),
    (A, &["k=1; Expires=Thu, 01 Jan 2026 00:00:01 GMT"], A, "k=1"),
    (A, &["k=1; Expires=0"], A, "k=1"),
    (A, &["k=1; Expires=-1"], A, "k=1"),
    (A, &["k=1; Expires="], A, "k=1"),
    (A, &["k=1; Expires"], A, "k=1"),
    (A, &["k=1; Expires=Thu, 31 Feb 1970 00:00:00 GMT"], A, "k=1"),
    (A, &["k=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60"], A, "k=1"),
    (A, &["k=1; Max-Age=0; Expires=Fri, 01 Jan 2027 00:00:00 GMT"], A, ""),
    (A, &["k=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Expires=x"], A, ""),
    (A, &["gone=; Max-Age=0"], A, ""),
    (A, &["k=1", "k=; Max-Age=0; Path=/x"], A, "k=1"),
    (A, &["k=1", "k=; Max-Age=0; Domain=a.test"], A, "k=1"),
    (A, &["k=1", "k=; Max-Age=0", "k=3"], A, "k=3"),
];

/// Sections 5.1.2, 5.1.3, 5.6.3 and the domain steps of 5.7.
const DOMAINS: &[Row] = &[
    (A, &["k=v"], "http://b.test/", ""),
    (A, &["k=v"], "http://sub.a.test/", ""),
    (A, &["k=v"], "http://test/", ""),
    (A, &["k=v"], "http://evila.test/", ""),
    (A, &["k=v"], "http://a.test.evil.test/", ""),
    (A, &["k=v"], "http://A.TEST/", "k=v"),
    (A, &["k=v"], "http://a.test:8080/", "k=v"),
    (A, &["k=v"], "http://a.test./", ""),
    ("http://a.test./", &["k=v"], A, ""),
    (A, &["k=v; Domain=a.test"], A, "k=v"),
    (A, &["k=v; Domain=a.test"], "http://sub.a.test/", "k=v"),
    (A, &["k=v; Domain=a.test"], "http://x.sub.a.test/", "k=v"),
    (A, &["k=v; Domain=a.test"], "http://evila.test/", ""),
    (A, &["k=v; Domain=.a.test"], "http://sub.a.test/", "k=v"),
    (A, &["k=v; Domain=..a.test"], A, ""),
    (A, &["k=v; Domain=A.TEST"], "http://sub.a.test/", "k=v"),
    (A, &["k=v; Domain= a.test "], "http://sub.a.test/", "k=v"),
    (A, &["k=v; Domain=\"a.test\""], A, ""),
    (A, &["k=v; Domain=a.test."], A, ""),
    (A, &["k=v; Domain="], A, "k=v"),
    (A, &["k=v; Domain="], "http://sub.a.test/", ""),
    (A, &["k=v; Domain"], A, "k=v"),
    (A, &["k=v; Domain=."], A, "k=v"),
    (A, &["k=v; Domain=b.test"], A, ""),
    (A, &["k=v; Domain=b.test"], "http://b.test/", ""),
    (A, &["k=v; Domain=sub.a.test"], A, ""),
    (A, &["k=v; Domain=sub.a.test"], "http://sub.a.test/", ""),
    (A, &["k=v; Domain=.test"], A, ""),
    (A, &["k=v; Domain=test"], A, ""),
    (A, &["k=v; Domain=evila.test"], A, ""),
    (A, &["k=v; Domain=a.test:80"], A, ""),
    (A, &["k=v; Domain=http://a.test"], A, ""),
    (A, &["k=v; Domain=а.test"], A, ""),
    (A, &["k=v; Domain=b.test; Domain=a.test"], "http://sub.a.test/", "k=v"),
    (A, &["k=v; Domain=a.test; Domain=b.test"], A, ""),
    (A, &["k=v; Domain=a.test; Domain="], "http://sub.a.test/", ""),
    ("http://x.y.a.test/", &["k=v; Domain=y.a.test"], "http://y.a.test/", "k=v"),
    ("http://x.y.a.test/", &["k=v; Domain=y.a.test"], "http://z.y.a.test/", "k=v"),
    ("http://x.y.a.test/", &["k=v; Domain=a.test"], A, "k=v"),
    ("http://x.y.a.test/", &["k=v; Domain=y.a.test"], A, ""),
    (A, &["k=1", "k=2; Domain=a.test"], A, "k=1; k=2"),
    (A, &["k=1", "k=2; Domain=a.test"], "http://sub.a.test/", "k=2"),
    ("http://localhost/", &["k=v"], "http://localhost/", "k=v"),
    ("http://localhost:8080/", &["k=v"], "http://localhost:9090/", "k=v"),
    ("http://localhost/", &["k=v; Domain=localhost"], "http://localhost/", "k=v"),
    ("http://localhost/", &["k=v; Domain=localhost"], "http://x.localhost/", ""),
    ("http://app.intranet/", &["k=v; Domain=intranet"], "http://intranet/", ""),
    ("http://127.0.0.1/", &["k=v"], "http://127.0.0.1:81/", "k=v"),
    ("http://127.0.0.1/", &["k=v; Domain=127.0.0.1"], "http://127.0.0.1/", "k=v"),
    ("http://127.0.0.1/", &["k=v; Domain=0.0.1"], "http://127.0.0.1/", ""),
    ("http://127.0.0.1/", &["k=v; Domain=1"], "http://127.0.0.1/", ""),
    ("http://1.2.3.4/", &["k=v; Domain=3.4"], "http://5.2.3.4/", ""),
    ("http://0x7f.1/", &["k=v"], "http://127.0.0.1/", "k=v"),
    ("http://[::1]/", &["k=v"], "http://[::1]:81/", "k=v"),
    ("http://[::1]/", &["k=v"], "http://[0:0:0:0:0:0:0:1]/", "k=v"),
    ("http://[::1]/", &["k=v; Domain=[::1]"], "http://[::2]/", ""),
    ("http://сайт.рф/", &["k=v"], "http://xn--80aswg.xn--p1ai/", "k=v"),
    ("http://www.сайт.рф/", &["k=v; Domain=xn--80aswg.xn--p1ai"], "http://сайт.рф/", "k=v"),
    ("http://сайт.рф/", &["k=v; Domain=xn--p1ai"], "http://другой.рф/", ""),
    ("http://a。test/", &["k=v"], A, "k=v"),
];

/// Sections 5.1.4 and 5.6.4.
const PATHS: &[Row] = &[
    ("http://a.test/x/y", &["k=v"], "http://a.test/x/y", "k=v"),
    ("http://a.test/x/y", &["k=v"], "http://a.test/x/", "k=v"),
    ("http://a.test/x/y", &["k=v"], "http://a.test/x", "k=v"),
    ("http://a.test/x/y", &["k=v"], "http://a.test/xz", ""),
    ("http://a.test/x/y", &["k=v"], "http://a.test/", ""),
    ("http://a.test/x/y/", &["k=v"], "http://a.test/x/y/z", "k=v"),
    ("http://a.test/x/y/", &["k=v"], "http://a.test/x/", ""),
    ("http://a.test/x", &["k=v"], A, "k=v"),
    ("http://a.test/x/y?q=/z/", &["k=v"], "http://a.test/x", "k=v"),
    ("http://a.test/x/y#/z/", &["k=v"], "http://a.test/x?q", "k=v"),
    (A, &["k=v; Path=/x"], "http://a.test/x", "k=v"),
    (A, &["k=v; Path=/x"], "http://a.test/x/", "k=v"),
    (A, &["k=v; Path=/x"], "http://a.test/x/y", "k=v"),
    (A, &["k=v; Path=/x"], "http://a.test/x?y", "k=v"),
    (A, &["k=v; Path=/x"], "http://a.test/xy", ""),
    (A, &["k=v; Path=/x"], "http://a.test/X", ""),
    (A, &["k=v; Path=/x"], A, ""),
    (A, &["k=v; Path=/x/"], "http://a.test/x", ""),
    (A, &["k=v; Path=/x/"], "http://a.test/x/y", "k=v"),
    (A, &["k=v; Path=/x"], "http://a.test//x", ""),
    (A, &["k=v; Path=/x"], "http://a.test/y/../x", "k=v"),
    (A, &["k=v; path=/x"], "http://a.test/x", "k=v"),
    (A, &["k=v; Path = /x "], "http://a.test/x", "k=v"),
    (A, &["k=v; Path=/x; Path=/"], A, "k=v"),
    (A, &["k=v; Path=/x; Path="], A, "k=v"),
    (A, &["k=v; Path=x"], A, "k=v"),
    (A, &["k=v; Path=\"/x\""], A, "k=v"),
    ("http://a.test/x/y", &["k=v; Path="], "http://a.test/x", "k=v"),
    ("http://a.test/x/y", &["k=v; Path=y"], A, ""),
    ("http://a.test/x/y", &["k=v; Path=/z"], "http://a.test/z", "k=v"),
    (A, &["k=v; Path=/a%20b"], "http://a.test/a b", "k=v"),
    (A, &["k=1", "k=2; Path=/x"], "http://a.test/x", "k=2; k=1"),
    (A, &["k=1", "k=2; Path=/x"], A, "k=1"),
];

/// Sections 5.6.5, 5.7 and 4.1.3: secure cookies and the prefixes.
const SECURE: &[Row] = &[
    (S, &["k=v; Secure"], S, "k=v"),
    (S, &["k=v; Secure"], A, ""),
    (S, &["k=v; secure=no"], A, ""),
    (S, &["k=v"], A, "k=v"),
    (S, &["k=v; Secure"], "https://a.test:8443/", "k=v"),
    (A, &["k=v; Secure"], S, ""),
    (A, &["k=v; Secure"], A, ""),
    ("http://localhost/", &["k=v; Secure"], "http://localhost/", ""),
    ("http://127.0.0.1/", &["k=v; Secure"], "https://127.0.0.1/", ""),
    (S, &["__Secure-k=v; Secure"], S, "__Secure-k=v"),
    (S, &["__Secure-k=v"], S, ""),
    (A, &["__Secure-k=v; Secure"], S, ""),
    (S, &["__sECURE-k=v"], S, ""),
    (S, &["__Secure-k=v; Secure; Domain=a.test"], "https://sub.a.test/", "__Secure-k=v"),
    (S, &["__SecureX=v"], S, "__SecureX=v"),
    (S, &["__Host-k=v; Secure; Path=/"], S, "__Host-k=v"),
    (S, &["__Host-k=v; Secure; Path=/"], "https://a.test/x", "__Host-k=v"),
    (S, &["__Host-k=v; Secure; Path=/"], "https://sub.a.test/", ""),
    (S, &["__Host-k=v; Secure"], S, ""),
    (S, &["__Host-k=v; Path=/"], S, ""),
    (S, &["__Host-k=v; Secure; Path=/x"], "https://a.test/x", ""),
    (S, &["__Host-k=v; Secure; Path=/; Domain=a.test"], S, ""),
    (S, &["__Host-k=v; Secure; Path=/; Domain="], S, "__Host-k=v"),
    (S, &["__host-k=v"], S, ""),
    (A, &["__Host-k=v; Secure; Path=/"], S, ""),
    (S, &["=__Host-k=v; Secure; Path=/"], S, ""),
    (S, &["=__Secure-k=v; Secure"], S, ""),
    (S, &["__Host-k; Secure; Path=/"], S, ""),
];

#[track_caller]
fn check(rows: &[Row], number: usize) {
    assert_eq!(rows.len(), number, "the table has lost rows");
    for (from, lines, to, expected) in rows {
        let cookies = Cookies::new();
        keep(&cookies, from, lines);
        assert_eq!(sent(&cookies, to), *expected, "{lines:?} of {from} sent to {to}");
    }
}

pub(crate) fn keep(cookies: &Cookies, url: &str, lines: &[&str]) {
    let mut headers = HeaderMap::new();
    for line in lines {
        // `http` lets no control character into a value, but a tab; a peer's are seen by the parser
        // of the connection, a program's by `set`.
        match HeaderValue::from_bytes(line.as_bytes()) {
            Ok(value) => drop(headers.append("set-cookie", value)),
            Err(_) => assert!(cookies.set(&url.parse().unwrap(), line, now()).is_err(), "{line:?}"),
        };
    }
    cookies.keep(&url.parse().unwrap(), &headers, now());
}

pub(crate) fn sent(cookies: &Cookies, url: &str) -> String {
    let header = cookies.header(&url.parse::<Url>().unwrap(), now());
    header.map_or_else(String::new, |value| {
        assert!(value.is_sensitive());
        String::from_utf8(value.as_bytes().to_vec()).unwrap()
    })
}

/// 2026-01-01 00:00:00.
pub(crate) fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600)
}

#[test]
fn lines_are_read_by_the_rfc() {
    check(READING, 51);
}

#[test]
fn cookies_live_as_long_as_the_rfc_says() {
    check(LIVES, 41);
}

#[test]
fn domains_match_by_the_rfc() {
    check(DOMAINS, 60);
}

#[test]
fn paths_match_by_the_rfc() {
    check(PATHS, 33);
}

#[test]
fn secure_cookies_and_prefixes_are_kept_to_the_rfc() {
    check(SECURE, 28);
}
