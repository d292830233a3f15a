//! Where a redirect leads, and with what. Pure; nothing is sent here.

use http::header::{
    AUTHORIZATION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_LOCATION,
    CONTENT_TYPE, COOKIE, HOST, HeaderName, LOCATION, PROXY_AUTHORIZATION, TRANSFER_ENCODING,
};
use http::{HeaderMap, Method, StatusCode};
use url::Url;

use crate::address::origin;
use crate::{Body, Error, ErrorKind, Request};

/// The request that a redirect asks for (RFC 9110 section 15.4); nothing when it is none.
///
/// 301 and 302 turn POST into GET and 303 turns all but HEAD into GET, as browsers do; 307 and 308
/// keep method and body. Credentials stay with their origin.
pub(crate) fn next(
    request: &Request,
    status: StatusCode,
    headers: &HeaderMap,
) -> Result<Option<Request>, Error> {
    let Some(location) = headers.get(LOCATION) else { return Ok(None) };
    let method = match status.as_u16() {
        301 | 302 if request.method == Method::POST => Method::GET,
        303 if request.method != Method::HEAD => Method::GET,
        301 | 302 | 303 | 307 | 308 => request.method.clone(),
        _ => return Ok(None),
    };
    let url = resolve(&request.url, location.as_bytes())?;
    let mut next = Request { method, url, ..request.clone() };
    if next.method != request.method {
        next.body = Body::empty();
        remove(&mut next.headers, OF_THE_BODY);
    }
    if origin(&next.url)? != origin(&request.url)? {
        remove(&mut next.headers, OF_THE_ORIGIN);
        drop_sensitive(&mut next.headers);
        next.detour = next.detour.of_a_stranger();
    }
    Ok(Some(next))
}

fn resolve(base: &Url, location: &[u8]) -> Result<Url, Error> {
    let bad =
        |detail: &str| Error::new(ErrorKind::BadRedirect).detail(format!("Location: {detail}"));
    let text = String::from_utf8_lossy(location);
    let url = base.join(text.trim()).map_err(|cause| bad("this is no URL").because(cause))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(bad("expected an http or https URL"));
    }
    // A login in a Location is the server's invention; it is shown to nobody.
    Ok(crate::address::public(&url))
}

fn remove(headers: &mut HeaderMap, names: &[HeaderName]) {
    for name in names {
        headers.remove(name);
    }
}

/// Drops what the caller marked as a secret, whatever its name.
fn drop_sensitive(headers: &mut HeaderMap) {
    let marked = |name: &HeaderName| headers.get_all(name).iter().any(|it| it.is_sensitive());
    let names: Vec<_> = headers.keys().filter(|name| marked(name)).cloned().collect();
    remove(headers, &names);
}

const OF_THE_BODY: &[HeaderName] = &[
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    CONTENT_LENGTH,
    CONTENT_LOCATION,
    CONTENT_TYPE,
    TRANSFER_ENCODING,
];

const OF_THE_ORIGIN: &[HeaderName] = &[AUTHORIZATION, COOKIE, HOST, PROXY_AUTHORIZATION];

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn go(request: &Request, status: u16, location: &str) -> Result<Option<Request>, Error> {
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, HeaderValue::from_bytes(location.as_bytes()).unwrap());
        next(request, StatusCode::from_u16(status).unwrap(), &headers)
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
        method(303, "HEAD", "HEAD", "k=v");
        method(301, "PUT", "PUT", "k=v");
        method(307, "POST", "POST", "k=v");
        method(308, "DELETE", "DELETE", "k=v");
    }

    #[test]
    fn other_answers_are_no_redirects() {
        for status in [200, 201, 300, 304, 305, 400] {
            assert!(go(&posted(), status, "/x").unwrap().is_none(), "{status}");
        }
        let none = next(&posted(), StatusCode::FOUND, &HeaderMap::new()).unwrap();
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
}
