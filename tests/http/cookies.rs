//! Cookies beyond the table: order, who may replace whom, limits, and bytes that are no text.

use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

use opi_http_connector::{Cookies, ErrorKind, HeaderMap, HeaderValue, Url};

use crate::cookie_table::{keep, now, sent};

const A: &str = "http://a.test/";
const S: &str = "https://a.test/";

fn jar(url: &str, lines: &[&str]) -> Cookies {
    let cookies = Cookies::new();
    keep(&cookies, url, lines);
    cookies
}

#[test]
fn longer_paths_come_first_then_older_cookies() {
    let jar = jar("http://a.test/x/y/z", &["c=1; Path=/", "b=2; Path=/x", "a=3; Path=/x/y"]);
    keep(&jar, "http://a.test/x/y/z", &["d=4; Path=/x", "e=5; Path=/; Domain=a.test"]);
    assert_eq!(sent(&jar, "http://a.test/x/y/"), "a=3; b=2; d=4; c=1; e=5");
    keep(&jar, A, &["b=6; Path=/x"]);
    let replaced = "a=3; b=6; d=4; c=1; e=5";
    assert_eq!(sent(&jar, "http://a.test/x/y/"), replaced, "a replaced cookie keeps its place");
}

#[track_caller]
fn secure_stays(secure: (&str, &str), line: (&str, &str), asked: &str, expected: &str) {
    let jar = jar(secure.0, &[secure.1]);
    keep(&jar, line.0, &[line.1]);
    assert_eq!(sent(&jar, asked), expected, "{secure:?} {line:?}");
}

/// RFC 6265bis section 5.7, "leave secure cookies alone".
#[test]
fn an_insecure_answer_leaves_secure_cookies_alone() {
    secure_stays((S, "k=1; Secure"), (A, "k=2"), S, "k=1");
    secure_stays((S, "k=1; Secure"), (A, "k=; Max-Age=0"), S, "k=1");
    secure_stays((S, "k=1; Secure"), (A, "k=2; Domain=a.test"), S, "k=1");
    secure_stays((S, "k=1; Secure; Domain=a.test"), ("http://x.a.test/", "k=2"), S, "k=1");
    let wide = (S, "k=1; Secure; Domain=a.test");
    secure_stays(wide, ("http://x.a.test/", "k=2"), "https://x.a.test/", "k=1");
    secure_stays((S, "k=1; Secure; Path=/x"), (A, "k=2; Path=/x/y"), "https://a.test/x/y", "k=1");
    // What hides nothing is kept: another name, a path above, a server beside, or https itself.
    secure_stays((S, "k=1; Secure"), (A, "K=2"), S, "k=1; K=2");
    secure_stays((S, "k=1; Secure; Path=/x"), (A, "k=2"), "https://a.test/x", "k=1; k=2");
    secure_stays((S, "k=1; Secure"), ("http://b.test/", "k=2"), "https://b.test/", "k=2");
    secure_stays((S, "k=1; Secure"), (S, "k=2"), A, "k=2");
    secure_stays((S, "k=1"), (A, "k=2"), S, "k=2");
}

#[test]
fn a_cookie_ends_when_its_time_has_come() {
    let jar = jar(A, &["k=1; Max-Age=60", "s=2"]);
    let header = |later: u64| {
        let then = now() + Duration::from_secs(later);
        jar.header(&A.parse().unwrap(), then).unwrap().to_str().unwrap().to_owned()
    };
    assert_eq!(header(59), "k=1; s=2");
    assert_eq!(header(60), "s=2");
    assert_eq!(jar.iter(now() + Duration::from_secs(60)).count(), 1);
}

#[test]
fn no_cookie_lives_longer_than_400_days() {
    let day = Duration::from_secs(24 * 60 * 60);
    for line in ["k=1; Max-Age=99999999999999999999", "k=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT"]
    {
        let jar = jar(A, &[line]);
        assert_eq!(jar.iter(now()).next().unwrap().expires, Some(now() + 400 * day));
        assert!(jar.header(&A.parse().unwrap(), now() + 400 * day).is_none());
    }
}

#[test]
fn values_are_sent_back_byte_for_byte() {
    let url: Url = A.parse().unwrap();
    for value in [&b"k=\xc0\xff\x80"[..], b"k=\xd0\xb6", b"\xff=%00", b"k=\"\xe9 \xe9\""] {
        let (jar, mut headers) = (Cookies::new(), HeaderMap::new());
        headers.append("set-cookie", HeaderValue::from_bytes(value).unwrap());
        jar.keep(&url, &headers, now());
        assert_eq!(jar.header(&url, now()).unwrap().as_bytes(), value);
    }
}

#[test]
fn clocks_at_their_ends_are_no_panic() {
    let url: Url = A.parse().unwrap();
    for now in [SystemTime::UNIX_EPOCH, SystemTime::UNIX_EPOCH - Duration::from_secs(1 << 40)] {
        let jar = Cookies::new();
        jar.set(&url, "k=1; Max-Age=9223372036854775807", now).unwrap();
        jar.set(&url, "l=1; Max-Age=-9223372036854775808", now).unwrap();
        assert_eq!(jar.header(&url, now).unwrap(), "k=1");
        assert_eq!(jar.iter(now).count(), 1);
    }
}

/// The number of cookies kept of `count`, set by `line`.
fn kept(count: usize, line: impl Fn(usize) -> (String, String)) -> usize {
    let jar = Cookies::new();
    for number in 0..count {
        let (url, line) = line(number);
        jar.set(&url.parse().unwrap(), &line, now()).unwrap();
    }
    jar.iter(now()).count()
}

#[test]
fn an_answer_sets_50_cookies_at_most() {
    for (lines, expected) in [(50, 50), (51, 50)] {
        let lines: Vec<String> = (0..lines).map(|number| format!("k{number}=v")).collect();
        let jar = jar(A, &lines.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(jar.iter(now()).count(), expected);
        assert_eq!(jar.get(&A.parse().unwrap(), "k50", now()).is_some(), expected > 50);
    }
}

#[test]
fn name_and_value_are_4096_bytes_at_most() {
    let url = A.parse().unwrap();
    let line = |length| format!("name={}; Path=/", "v".repeat(length));
    Cookies::new().set(&url, &line(4092), now()).unwrap();
    let error = Cookies::new().set(&url, &line(4093), now()).unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::BadCookie, "http_bad_cookie"));
    assert!(!error.to_string().contains("vvv"), "{error}");
}

#[test]
fn an_attribute_of_more_than_1024_bytes_is_as_if_it_were_not_there() {
    for (length, there) in [(1024, false), (1025, true)] {
        let path = format!("/{}", "p".repeat(length - 1));
        let jar = jar(A, &[&format!("k=v; Path={path}")]);
        assert_eq!(!sent(&jar, A).is_empty(), there, "{length}");
    }
}

#[test]
fn a_host_has_180_cookies_and_a_jar_3000() {
    let of_one = |number| (A.to_owned(), format!("k{number}=v"));
    assert_eq!((kept(180, of_one), kept(181, of_one)), (180, 180));
    let of_many = |number| (format!("http://h{}.test/", number / 100), format!("k{number}=v"));
    assert_eq!((kept(3000, of_many), kept(3001, of_many)), (3000, 3000));
}

#[test]
fn the_ended_go_first_then_the_insecure_then_the_least_used() {
    let jar = Cookies::new();
    let url: Url = S.parse().unwrap();
    let set = |line: &str, later| jar.set(&url, line, now() + Duration::from_secs(later)).unwrap();
    set("secure=1; Secure; Path=/x", 0);
    set("plain=1; Path=/x", 0);
    (0..100).for_each(|number| set(&format!("k{number}=v"), 0));
    (0..77).for_each(|number| set(&format!("y{number}=v; Path=/y"), 0));
    set("ended=1; Max-Age=10", 0);
    let there = |name: &str| jar.iter(now() + Duration::from_secs(20)).any(|it| it.name == name);
    set("one=more", 20);
    assert!(there("secure") && there("plain") && there("y0"), "the ended one made room");
    // A request uses all but those of other paths.
    assert!(jar.header(&url, now()).is_some());
    set("two=more", 20);
    assert!(!there("plain"), "the least used of the insecure made room");
    set("three=more", 20);
    assert!(there("secure") && there("k0") && there("two") && !there("y0") && there("y1"));
}

#[test]
fn a_request_sends_150_cookies_and_8190_bytes_at_most() {
    let jar = Cookies::new();
    let url = A.parse().unwrap();
    (0..151).for_each(|number| jar.set(&url, &format!("k{number}=v"), now()).unwrap());
    let line = sent(&jar, A);
    assert_eq!(line.split("; ").count(), 150);
    assert!(line.ends_with("; k149=v"), "the youngest stays behind");
    for (second, expected) in [(4094, 8190), (4095, 4092)] {
        let jar = Cookies::new();
        for (name, length) in [("a", 4090), ("b", second)] {
            let mut line = String::new();
            write!(line, "{name}={}", "v".repeat(length)).unwrap();
            jar.set(&url, &line, now()).unwrap();
        }
        assert_eq!(sent(&jar, A).len(), expected);
    }
}

#[test]
fn cookies_are_found_removed_and_forgotten() {
    let jar = jar(A, &["k=1", "k=2; Path=/x", "d=3; Domain=a.test"]);
    let get = |url: &str| jar.get(&url.parse().unwrap(), "k", now()).map(|it| it.value);
    assert_eq!(get("http://a.test/x").unwrap().expose(), "2");
    assert_eq!(get(A).unwrap().expose(), "1");
    assert!(get("http://b.test/").is_none());
    let domain = jar.iter(now()).last().unwrap();
    assert_eq!((domain.name.as_str(), domain.domain.as_str()), ("d", "a.test"));
    assert_eq!((domain.host_only, domain.created), (false, Some(now())));
    assert_eq!((jar.remove("A.test", "/x", "k"), jar.remove("a.test", "/x", "k")), (1, 0));
    assert_eq!(jar.remove(".a.test", "/", "d"), 1);
    jar.clear();
    assert_eq!(sent(&jar, A), "");
}

#[test]
fn a_refused_cookie_says_why() {
    let refused = |url: &str, line: &str, why: &str| {
        let error = Cookies::new().set(&url.parse().unwrap(), line, now()).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
    };
    refused(A, "k=\0", "control character");
    refused(A, "", "neither name nor value");
    refused(A, "k=v; Domain=b.test", "not the server's");
    refused(A, "k=v; Domain=test", "registry");
    refused(A, "k=v; Secure", "came over http");
    refused(S, "__Host-k=v", "promises");
}

#[test]
fn nothing_of_a_cookie_is_shown() {
    let jar = jar(A, &["k=hunter2"]);
    let shown = format!("{jar:?} {:?}", jar.iter(now()).next().unwrap());
    assert!(!shown.contains("hunter2"), "{shown}");
}
