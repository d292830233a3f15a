//! The table of redirects.

use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, LOCATION};
use http::{HeaderMap, HeaderValue};

use super::*;

fn go(request: &Request, status: u16, location: &str) -> Result<Option<Request>, Error> {
    let mut headers = HeaderMap::new();
    headers.insert(LOCATION, HeaderValue::from_bytes(location.as_bytes()).unwrap());
    next(request, RedirectPolicy::new(), StatusCode::from_u16(status).unwrap(), &headers)
}

fn posted() -> Request {
    let request = Request::post("http://a.test/dir/page?q=1").unwrap();
    let request = request.header("Cookie", "by=hand").unwrap().header("X-Kept", "1").unwrap();
    request.authorize(&opi_auth::bearer("hunter2").unwrap()).form([("k", "v")])
}

#[track_caller]
fn method(status: u16, before: &str, after: &str, body: &str) {
    let request = Request { method: before.parse().unwrap(), ..posted() };
    let next = go(&request, status, "/x").unwrap().unwrap();
    assert_eq!(
        (next.method.as_str(), &next.body.in_memory().unwrap()[..]),
        (after, body.as_bytes()),
        "{status}"
    );
    assert_eq!(next.headers.contains_key(CONTENT_TYPE), !body.is_empty());
    assert_eq!(next.headers["x-kept"], *"1");
}

#[test]
fn methods_and_bodies_follow_the_status() {
    method(301, "POST", "GET", "");
    method(302, "POST", "GET", "");
    method(303, "POST", "GET", "");
    method(303, "PUT", "GET", "");
    method(303, "HEAD", "HEAD", "");
    method(303, "GET", "GET", "");
    method(302, "GET", "GET", "k=v");
    method(301, "PUT", "PUT", "k=v");
    method(307, "POST", "POST", "k=v");
    method(308, "DELETE", "DELETE", "k=v");
}

#[test]
fn other_answers_are_no_redirects() {
    for status in [200, 201, 300, 304, 305, 400] {
        assert!(go(&posted(), status, "/x").unwrap().is_none(), "{status}");
    }
    let policy = RedirectPolicy::new();
    let none = next(&posted(), policy, StatusCode::FOUND, &HeaderMap::new()).unwrap();
    assert!(none.is_none());
}

#[track_caller]
fn leads(location: &str, expected: &str) {
    let next = go(&posted(), 302, location).unwrap().unwrap();
    assert_eq!(next.url.as_str(), expected);
}

#[test]
fn a_location_is_resolved_by_the_url_standard() {
    leads("other", "http://a.test/dir/other");
    leads("../up?x=http%3A%2F%2Fz", "http://a.test/up?x=http%3A%2F%2Fz");
    leads("?only=query", "http://a.test/dir/page?only=query");
    leads("//b.test/x", "http://b.test/x");
    leads("https://u:p@b.test:8443/", "https://b.test:8443/");
    leads("", "http://a.test/dir/page?q=1");
}

#[test]
fn a_location_elsewhere_is_refused() {
    for location in ["file:///etc/passwd", "javascript:alert(1)", "http://", "ftp://h.test/"] {
        let error = go(&posted(), 302, location).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadRedirect, "{location}");
    }
}

#[track_caller]
fn credentials(location: &str, kept: bool) {
    let next = go(&posted(), 307, location).unwrap().unwrap();
    let found = [AUTHORIZATION, COOKIE].map(|name| next.headers.contains_key(name));
    assert_eq!(found, [kept; 2], "{location}");
    assert_eq!(next.headers["x-kept"], *"1");
}

#[test]
fn credentials_stay_with_their_origin() {
    credentials("/same", true);
    credentials("http://A.test:80/", true);
    credentials("http://b.test/", false);
    credentials("http://sub.a.test/", false);
    credentials("http://a.test:8080/", false);
    credentials("https://a.test/", false);
    credentials("http://a.test./", false);
}

#[test]
fn a_host_set_by_hand_is_for_its_origin_only() {
    let request = posted().header("Host", "virtual.test").unwrap();
    let hosts = ["/same", "http://b.test/"].map(|location| {
        let next = go(&request, 307, location).unwrap().unwrap();
        next.headers.contains_key(HOST)
    });
    assert_eq!(hosts, [true, false]);
}

#[test]
fn what_was_dropped_is_not_restored() {
    let away = go(&posted(), 307, "http://b.test/").unwrap().unwrap();
    let back = go(&away, 307, "http://a.test/").unwrap().unwrap();
    assert!(!back.headers.contains_key(AUTHORIZATION));
}

#[test]
fn a_header_marked_as_a_secret_stays_with_its_origin() {
    let mut request = posted();
    let mut key = HeaderValue::from_static("hunter2");
    key.set_sensitive(true);
    request.headers.insert("x-api-key", key);
    let next = go(&request, 307, "http://b.test/").unwrap().unwrap();
    assert!(!next.headers.contains_key("x-api-key"));
}

#[test]
fn odd_locations_keep_their_bytes() {
    leads("/a b?c d", "http://a.test/a%20b?c%20d");
    leads("/путь", "http://a.test/%D0%BF%D1%83%D1%82%D1%8C");
    leads("/%D0%BF?x=%2F%26%3D", "http://a.test/%D0%BF?x=%2F%26%3D");
    leads("/login?next=http://x/", "http://a.test/login?next=http://x/");
    leads("/login?next=http%3A%2F%2Fx", "http://a.test/login?next=http%3A%2F%2Fx");
    leads("login?next=//x", "http://a.test/dir/login?next=//x");
    leads("http:other", "http://a.test/dir/other");
    leads("HTTP://B.test", "http://b.test/");
    leads("http://сайт.рф/", "http://xn--80aswg.xn--p1ai/");
    leads("\\\\b.test\\x", "http://b.test/x");
    leads(" /x ", "http://a.test/x");
    leads(".././../y", "http://a.test/y");
    leads("a%", "http://a.test/dir/a%");
    leads("http:///b.test/x", "http://b.test/x");
}

#[test]
fn bytes_that_are_no_utf_8_are_kept() {
    let mut headers = HeaderMap::new();
    headers.insert(LOCATION, HeaderValue::from_bytes(b"/caf\xe9?\xff").unwrap());
    let next = next(&posted(), RedirectPolicy::new(), StatusCode::FOUND, &headers);
    assert_eq!(next.unwrap().unwrap().url.as_str(), "http://a.test/caf%E9?%FF");
}

#[test]
fn a_fragment_is_inherited_and_a_new_one_wins() {
    let request = Request::get("http://a.test/x#old").unwrap();
    for (location, expected) in [
        ("/y", "http://a.test/y#old"),
        ("/y#new", "http://a.test/y#new"),
        ("/y#", "http://a.test/y#"),
        ("http://b.test/", "http://b.test/#old"),
        ("#new", "http://a.test/x#new"),
    ] {
        assert_eq!(go(&request, 302, location).unwrap().unwrap().url.as_str(), expected);
    }
}

#[test]
fn two_locations_are_refused_unless_they_agree() {
    let locations = |values: [&'static str; 2]| {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(LOCATION, HeaderValue::from_static(value));
        }
        next(&posted(), RedirectPolicy::new(), StatusCode::FOUND, &headers)
    };
    assert_eq!(locations(["/x", "/x"]).unwrap().unwrap().url.path(), "/x");
    assert_eq!(locations(["/x", "/y"]).unwrap_err().kind(), ErrorKind::BadRedirect);
}

#[test]
fn an_error_does_not_repeat_the_location() {
    for location in ["ftp://u:hunter2@h.test/", "http://h.test:99999/?hunter2"] {
        let error = go(&posted(), 302, location).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
}

#[test]
fn leaving_https_is_refused_when_asked() {
    let careful = RedirectPolicy::new().downgrade(Downgrade::Refuse);
    let mut headers = HeaderMap::new();
    let mut to = |from: &str, location: &'static str| {
        headers.insert(LOCATION, HeaderValue::from_static(location));
        let request = Request::get(from).unwrap();
        next(&request, careful, StatusCode::FOUND, &headers)
    };
    let error = to("https://a.test/", "http://a.test/").unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::InsecureRedirect, "http_insecure_redirect")
    );
    assert!(to("https://a.test/", "https://b.test/").unwrap().is_some());
    assert!(to("http://a.test/", "https://a.test/").unwrap().is_some());
    assert!(to("http://a.test/", "http://b.test/").unwrap().is_some());
    let request = Request::get("https://a.test/").unwrap();
    assert!(go(&request, 302, "http://a.test/").unwrap().is_some(), "followed by default");
}

#[track_caller]
fn ruled(status: RedirectStatus, rule: RedirectRule, expected: Option<(&str, &str)>) {
    let policy = RedirectPolicy::new().rule(status, rule);
    let mut headers = HeaderMap::new();
    headers.insert(LOCATION, HeaderValue::from_static("/x"));
    let code = StatusCode::from_u16(status.code()).unwrap();
    let next = next(&posted(), policy, code, &headers).unwrap();
    let found = next.as_ref().map(|it| (it.method.as_str(), it.body.in_memory().unwrap()));
    assert_eq!(found, expected.map(|(method, body)| (method, bytes::Bytes::from(body.to_owned()))));
}

#[test]
fn each_status_has_the_rule_it_is_given() {
    use RedirectRule::{Get, Keep, Return, Standard};
    use RedirectStatus::*;
    let (get, post) = (Some(("GET", "")), Some(("POST", "k=v")));
    for status in [Found302, MovedPermanently301, SeeOther303] {
        ruled(status, Standard, get);
        ruled(status, Keep, post);
    }
    for status in [PermanentRedirect308, TemporaryRedirect307] {
        ruled(status, Standard, post);
        ruled(status, Get, get);
    }
    for status in RedirectStatus::ALL {
        ruled(status, Return, None);
        ruled(status, Keep, post);
        ruled(status, Get, get);
    }
}

#[test]
fn a_body_that_is_read_once_is_not_sent_again() {
    let once = || {
        let body = Body::reader(tokio::io::empty(), None);
        Request::post("http://a.test/").unwrap().body(body)
    };
    let error = go(&once(), 307, "/x").unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::BodyRead, "http_body_read"));
    assert!(error.to_string().contains("redirect"), "{error}");
    assert!(go(&once(), 303, "/x").unwrap().is_some(), "a GET needs no body");
}

#[test]
fn content_headers_go_with_the_body() {
    let mut request = posted();
    for name in ["content-type", "content-encoding", "content-language", "content-md5", "digest"] {
        request = request.header(name, "x").unwrap();
    }
    let next = go(&request, 303, "/x").unwrap().unwrap();
    assert_eq!(next.headers.keys().filter(|it| it.as_str().contains("content")).count(), 0);
    assert!(!next.headers.contains_key("digest"));
}
