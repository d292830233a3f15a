//! URLs as the wire and the pool need them.

mod nearby;
mod query;
mod scheme;

use http::uri::PathAndQuery;
use http::{HeaderValue, Uri};
use opi_auth::Login;
use opi_net::Target;
use percent_encoding::percent_decode_str;
use url::{Position, Url};

use crate::{Error, ErrorKind};

pub use scheme::assume_http;

/// Scheme, host and port: whom a credential may be shown to.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Origin {
    pub(crate) scheme: Scheme,
    pub(crate) target: Target,
}

/// How a server is spoken to.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Scheme {
    Http,
    Https,
}

/// Reads a URL that a user wrote: absolute, `http` or `https`.
pub(crate) fn parse(text: &str) -> Result<Url, Error> {
    let bad = |detail: &str| Error::new(ErrorKind::BadUrl).detail(format!("URL: {detail}"));
    let url = match nearby::read(text) {
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase) => {
            let path = text.trim_start().starts_with(['/', '\\']);
            let missing = if path { "scheme and host are" } else { "the scheme is" };
            return Err(bad(&format!("expected http://host/path, {missing} missing")));
        }
        Err(url::ParseError::EmptyHost) => {
            return Err(bad("expected http://host/path, the host is missing"));
        }
        Err(cause) => return Err(bad("expected http://host/path").because(cause)),
    };
    scheme(&url)?;
    Ok(url)
}

/// Whom `url` is asked of.
pub(crate) fn origin(url: &Url) -> Result<Origin, Error> {
    let bad = |cause| Error::new(ErrorKind::BadUrl).detail("URL: bad host or port").because(cause);
    let port = url.port_or_known_default().unwrap_or_default();
    let target = Target::new(url.host_str().unwrap_or_default(), port).map_err(bad)?;
    Ok(Origin { scheme: scheme(url)?, target })
}

fn scheme(url: &Url) -> Result<Scheme, Error> {
    match url.scheme() {
        "http" => Ok(Scheme::Http),
        "https" => Ok(Scheme::Https),
        other => {
            let detail = format!("URL: scheme: expected http or https, got {other:?}");
            Err(Error::new(ErrorKind::BadUrl).detail(detail))
        }
    }
}

/// The request target: the path and query (RFC 9112 section 3.2.1), or for a proxy that forwards
/// the whole URL (section 3.2.2). Never a fragment, never a login.
pub(crate) fn wire(url: &Url, form: Form) -> Result<Uri, Error> {
    let bad = |cause| Error::new(ErrorKind::BadUrl).detail("URL: cannot be sent").because(cause);
    if form == Form::Absolute {
        return public(url.clone()).as_str().parse().map_err(bad);
    }
    let target = &url[Position::BeforePath..Position::AfterQuery];
    target.parse::<PathAndQuery>().map(Uri::from).map_err(bad)
}

/// How a request target is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Form {
    Absolute,
    Origin,
}

/// The `Host` header: the port stands there only when it is not the scheme's own.
pub(crate) fn host(url: &Url) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(&url[Position::BeforeHost..Position::AfterPort])
        .map_err(|cause| Error::new(ErrorKind::BadUrl).detail("URL: bad host").because(cause))
}

/// The URL as it may be shown: without login and fragment.
pub(crate) fn public(mut url: Url) -> Url {
    if url.fragment().is_some() {
        url.set_fragment(None);
    }
    without_login(url)
}

/// The URL without its login.
pub(crate) fn without_login(mut url: Url) -> Url {
    if !url.has_authority() || (url.username().is_empty() && url.password().is_none()) {
        return url;
    }
    // Only URLs without a host refuse these, and those were not let in.
    let _refused = url.set_username("").is_err() || url.set_password(None).is_err();
    url
}

/// The login written into a URL, as Basic authentication.
pub(crate) fn login(url: &Url) -> Result<Option<Login>, Error> {
    if url.username().is_empty() && url.password().is_none() {
        return Ok(None);
    }
    let decoded = |text| percent_decode_str(text).decode_utf8_lossy();
    let password = decoded(url.password().unwrap_or_default());
    let user = decoded(url.username());
    opi_auth::basic(&user, &password).map_err(|cause| {
        Error::new(ErrorKind::BadUrl).detail("URL: its login cannot be sent").because(cause)
    })?;
    Ok(Some(Login::basic(user, password)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str, expected: &str) {
        let error = parse(text).and_then(|url| origin(&url)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadUrl);
        assert!(error.to_string().contains(expected), "{text}: {error}");
    }

    #[test]
    fn a_wrong_url_says_what_is_wrong() {
        refused("db.test/path", "the scheme is missing");
        refused("", "the scheme is missing");
        refused("ftp://db.test/", "expected http or https, got \"ftp\"");
        for path in ["/x", "/", " /x?u=http://y", "///x", "\\x"] {
            refused(path, "expected http://host/path, scheme and host are missing");
            refused(&assume_http(path), "scheme and host are missing");
        }
        for nobody in ["http://", "http://?a", "http://:80/", "https://#f"] {
            refused(nobody, "expected http://host/path, the host is missing");
        }
        refused("http://db.test:99999/", "expected http://host/path");
    }

    #[track_caller]
    fn check(text: &str, target: &str, host_header: &str, absolute: &str) {
        let url = parse(text).unwrap();
        assert_eq!(wire(&url, Form::Origin).unwrap(), *target);
        assert_eq!(host(&url).unwrap(), *host_header);
        assert_eq!(wire(&url, Form::Absolute).unwrap().to_string(), absolute);
    }

    #[test]
    fn the_wire_sees_neither_login_nor_fragment() {
        check("http://h.test", "/", "h.test", "http://h.test/");
        check("HTTP://u:p@H.test:80/a b?x=1#f", "/a%20b?x=1", "h.test", "http://h.test/a%20b?x=1");
        check("http://[::1]:8080/?", "/?", "[::1]:8080", "http://[::1]:8080/?");
        check(
            "https://сайт.рф/путь",
            "/%D0%BF%D1%83%D1%82%D1%8C",
            "xn--80aswg.xn--p1ai",
            "https://xn--80aswg.xn--p1ai/%D0%BF%D1%83%D1%82%D1%8C",
        );
    }

    #[track_caller]
    fn logs_in(url: &str, expected: Option<(&str, &str)>) {
        let expected = expected.map(|(user, password)| Login::basic(user, password));
        assert_eq!(login(&parse(url).unwrap()).unwrap(), expected, "{url}");
    }

    /// CVE-2020-8169, CVE-2024-47081 and their kind: no part of a password is taken for a host.
    #[test]
    fn a_login_ends_at_the_last_at_sign() {
        logs_in("http://u:p@a@h.test/", Some(("u", "p@a")));
        logs_in("http://u@b:p@h.test/", Some(("u@b", "p")));
        logs_in("http://u:a:b:c@h.test/", Some(("u", "a:b:c")));
        logs_in("http://u:p%40x@h.test/", Some(("u", "p@x")));
        logs_in("http://u:%25%2F%3A@h.test/", Some(("u", "%/:")));
        logs_in("http://u@h.test/", Some(("u", "")));
        logs_in("http://u:@h.test/", Some(("u", "")));
        logs_in("http://:p@h.test/", Some(("", "p")));
        logs_in("http://:@h.test/", None);
        logs_in("http://@h.test/", None);
        logs_in("http://имя:слово@h.test/", Some(("имя", "слово")));
        logs_in("http://h.test/u:p@x", None);
        for url in ["http://u:p@a@h.test/", "http://u:a:b@h.test/", "http://u:p%40x@h.test:80/"] {
            assert_eq!(host(&parse(url).unwrap()).unwrap(), "h.test", "{url}");
        }
    }

    #[test]
    fn a_login_is_decoded_once() {
        let url = parse("http://us%40er:p%3Aa@h.test/").unwrap();
        assert_eq!(login(&url).unwrap().unwrap(), Login::basic("us@er", "p:a"));
        assert_eq!(login(&parse("http://h.test/").unwrap()).unwrap(), None);
    }
}
