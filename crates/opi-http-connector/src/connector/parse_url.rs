//! A URL taken apart as people write them: the scheme may be missing, letters need no encoding.

use std::borrow::Cow;

use opi_net::Secret;
use percent_encoding::percent_decode_str;

use super::Scheme;
use crate::{Error, ErrorKind};

/// The parts of a URL, decoded.
#[derive(Clone, Debug)]
pub struct ParsedUrl {
    scheme: Scheme,
    user: String,
    password: Secret,
    host: String,
    port: Option<u16>,
    path: String,
    query: Vec<(String, Option<String>)>,
    fragment: String,
}

impl ParsedUrl {
    /// How the server is spoken to; `http` when the URL does not say.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The user, percent-decoded; empty when there is none.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.user
    }

    /// Everything after the first colon of the login, percent-decoded; empty when there is none.
    #[must_use]
    pub fn password(&self) -> &Secret {
        &self.password
    }

    /// The host as it is written; an IPv6 address stands in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port that is written, even when it is the scheme's own.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// The path as it is written, `/` when there is none.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The parameters in their order, names and values percent-decoded; a name without `=` has no
    /// value. A `+` stays a `+`: only forms write spaces so.
    #[must_use]
    pub fn query(&self) -> &[(String, Option<String>)] {
        &self.query
    }

    /// What stands after `#`, as it is written.
    #[must_use]
    pub fn fragment(&self) -> &str {
        &self.fragment
    }
}

/// Takes a URL apart: `http`, `https` or no scheme at all.
///
/// # Errors
///
/// Fails for another scheme, for a host that is missing, and for a port that is none.
pub fn parse_url(url: &str) -> Result<ParsedUrl, Error> {
    let (scheme, rest) = scheme(url.trim())?;
    let (rest, fragment) = cut(rest, '#');
    let (rest, query) = cut(rest, '?');
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, "/"),
    };
    // A password may hold an @ that nobody encoded; a host cannot.
    let (login, place) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (user, password) = cut(login, ':');
    let (host, port) = place_of(place)?;
    Ok(ParsedUrl {
        scheme,
        user: decoded(user).into_owned(),
        password: Secret::new(decoded(password.unwrap_or_default()).into_owned()),
        host: host.to_owned(),
        port,
        path: path.to_owned(),
        query: parameters(query.unwrap_or_default()),
        fragment: fragment.unwrap_or_default().to_owned(),
    })
}

/// The scheme stands before the first `://`, which a query may hold too.
fn scheme(url: &str) -> Result<(Scheme, &str), Error> {
    let start = url.find(['/', '?', '#']).unwrap_or(url.len());
    let named = url.get(..start).and_then(|start| start.strip_suffix(':'));
    let rest = url.get(start..).and_then(|rest| rest.strip_prefix("//"));
    let (Some(name), Some(rest)) = (named, rest) else { return Ok((Scheme::Http, url)) };
    if name.eq_ignore_ascii_case("http") {
        return Ok((Scheme::Http, rest));
    }
    if name.eq_ignore_ascii_case("https") {
        return Ok((Scheme::Https, rest));
    }
    Err(bad(&format!("scheme: expected http or https, got {name:?}")))
}

fn place_of(place: &str) -> Result<(&str, Option<u16>), Error> {
    let end = match (place.starts_with('['), place.find(']')) {
        (true, Some(end)) => end + 1,
        (true, None) => return Err(bad("host: the bracket is not closed")),
        (false, _) => place.find(':').unwrap_or(place.len()),
    };
    let (host, port) = place.split_at(end);
    if host.is_empty() || host == "[]" {
        return Err(bad("host: it is missing"));
    }
    match port.strip_prefix(':') {
        None if port.is_empty() => Ok((host, None)),
        Some("") => Ok((host, None)),
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            let wrong = |_| bad(&format!("port: expected a number up to 65535, got {digits}"));
            digits.parse().map(|port| (host, Some(port))).map_err(wrong)
        }
        // What follows a colon may be a password whose @ was forgotten.
        _ => Err(bad("port: expected a number up to 65535")),
    }
}

fn parameters(query: &str) -> Vec<(String, Option<String>)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| cut(pair, '='));
    let text = |text| decoded(text).into_owned();
    pairs.map(|(name, value)| (text(name), value.map(text))).collect()
}

fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}

/// Bytes that are no UTF-8 become U+FFFD.
fn decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

fn bad(what: &str) -> Error {
    Error::new(ErrorKind::BadUrl).detail(format!("URL: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scheme|user|password|host|port|path|name=value...|fragment`.
    fn shown(url: &str) -> String {
        let it = parse_url(url).unwrap();
        let query = it.query().iter().map(|(name, value)| match value {
            Some(value) => format!("{name}={value}"),
            None => name.clone(),
        });
        let query: Vec<_> = query.collect();
        format!(
            "{}|{}|{}|{}|{}|{}|{}|{}",
            it.scheme(),
            it.user(),
            it.password().expose(),
            it.host(),
            it.port().map_or_else(String::new, |port| port.to_string()),
            it.path(),
            query.join(";"),
            it.fragment()
        )
    }

    #[track_caller]
    fn check(url: &str, expected: &str) {
        assert_eq!(shown(url), expected, "{url}");
    }

    #[test]
    fn urls_of_the_acceptance_list_are_taken_apart() {
        //
        check(
            "https://h/anything?jql=worklogDate >= 2017-04-01 AND worklogDate <= 2017-05-01&j&i=2",
            "https|||h||/anything|jql=worklogDate >= 2017-04-01 AND worklogDate <= 2017-05-01;j;i=2|",
        );
        //
        check("https://h/get?key", "https|||h||/get|key|");
        check("https://h:443/get?key", "https|||h|443|/get|key|");
        //
        check(
            "http://h/anything?i=v1&j=w1&j=w2&i=v2&i=v3",
            "http|||h||/anything|i=v1;j=w1;j=w2;i=v2;i=v3|",
        );
        //
        check("https://h/wiki/1C_Company#Products", "https|||h||/wiki/1C_Company||Products");
        //
        check(
            "http://[2001:0db8:11a3:09d7:1f34:8a2e:07a0:765d]:8080/test",
            "http|||[2001:0db8:11a3:09d7:1f34:8a2e:07a0:765d]|8080|/test||",
        );
        //
        check("http://1c.ru", "http|||1c.ru||/||");
        //
        check(
            "https://h?url=http%3A%2F%2Fwww.kuku.ru%2F%3Fs%3D1%26b%3D2&OTHER=1",
            "https|||h||/|url=http://www.kuku.ru/?s=1&b=2;OTHER=1|",
        );
        //
        check("http://user:pass@1c.ru", "http|user|pass|1c.ru||/||");
        check("http://user@1c.ru", "http|user||1c.ru||/||");
    }

    #[test]
    fn what_has_no_scheme_is_http_wherever_else_one_may_stand() {
        check("h/x?u=http://y", "http|||h||/x|u=http://y|");
        check("127.0.0.1:18080/get", "http|||127.0.0.1|18080|/get||");
        check("h?u=ftp://y", "http|||h||/|u=ftp://y|");
        check("HTTPS://h", "https|||h||/||");
        check("  hTTp://h/a b  ", "http|||h||/a b||");
    }

    #[test]
    fn a_name_and_its_value_are_decoded_apart_and_once() {
        check("h?a%26b=1%3D2&c%3Dd=e", "http|||h||/|a&b=1=2;c=d=e|");
        check("h?a=b=c&&x&x=1&=v&t[]=2", "http|||h||/|a=b=c;x;x=1;=v;t[]=2|");
        check("h?q=1+1&r=%2B&s=%2525", "http|||h||/|q=1+1;r=+;s=%25|");
        check("h/#?a=1", "http|||h||/||?a=1");
        check("h?a=%FF", "http|||h||/|a=\u{FFFD}|");
    }

    #[test]
    fn a_login_keeps_its_colons_and_is_decoded() {
        check("http://u:a:b:c@h", "http|u|a:b:c|h||/||");
        check("http://us%40er:p%3Aa%2F@h", "http|us@er|p:a/|h||/||");
        check("http://u:p@ss@h:8/", "http|u|p@ss|h|8|/||");
        assert!(!format!("{:?}", parse_url("http://u:hunter2@h").unwrap()).contains("hunter2"));
    }

    #[test]
    fn what_cannot_be_asked_is_refused_by_its_part() {
        for (url, expected) in [
            ("ftp://h/p", "URL: scheme: expected http or https, got \"ftp\""),
            ("://h", "URL: scheme: expected http or https, got \"\""),
            ("", "URL: host: it is missing"),
            ("http:///path", "URL: host: it is missing"),
            ("http://u@:80", "URL: host: it is missing"),
            ("http://[::1", "URL: host: the bracket is not closed"),
            ("http://[]", "URL: host: it is missing"),
            ("http://h:65536", "URL: port: expected a number up to 65535, got 65536"),
            ("http://h:hunter2", "URL: port: expected a number up to 65535"),
            ("http://h:+1", "URL: port: expected a number up to 65535"),
            ("http://[::1]x", "URL: port: expected a number up to 65535"),
        ] {
            let error = parse_url(url).unwrap_err();
            assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::BadUrl, expected));
        }
        check("http://h:/", "http|||h||/||");
        check("http://h:65535/", "http|||h|65535|/||");
    }
}
