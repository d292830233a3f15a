//! The host in ASCII, as name servers, certificates and proxies know it.

use std::borrow::Cow;

use super::Target;
use crate::{Error, ErrorKind};

impl Target {
    /// The host in ASCII: a name in other letters is turned by the URL standard's rules
    /// (UTS 46: case, width and full stops of other scripts are made one, letters become
    /// punycode), and a name that is punycode already is checked by them. Any other ASCII host is
    /// given as it was written. Never has a zone.
    ///
    /// Compare hosts in this form only: several spellings are one host.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadHost`]: the rules forbid the name, or it is too long for name servers; or
    /// it is not ASCII, and the feature `idn` is left out.
    pub fn ascii_host(&self) -> Result<Cow<'_, str>, Error> {
        if is_plain(&self.host) {
            return Ok(Cow::Borrowed(&self.host));
        }
        to_ascii(&self.host)
            .map_err(|detail| Error::new(ErrorKind::BadHost).on(self).detail(detail))
    }

    /// Host and port as other machines are to read them, for example in an HTTP request
    /// (RFC 9110 section 7.2): in ASCII, an IPv6 address in brackets, without a zone.
    ///
    /// # Errors
    ///
    /// As [`Self::ascii_host`].
    pub fn authority(&self) -> Result<String, Error> {
        let (host, port) = (self.ascii_host()?, self.port);
        Ok(if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") })
    }
}

/// Whether no rule of international names has a say.
fn is_plain(host: &str) -> bool {
    let is_punycode =
        |label: &str| label.get(..4).is_some_and(|at| at.eq_ignore_ascii_case("xn--"));
    host.is_ascii() && !host.split('.').any(is_punycode)
}

#[cfg(feature = "idn")]
fn to_ascii(host: &str) -> Result<Cow<'_, str>, &'static str> {
    use idna::AsciiDenyList;
    use idna::uts46::{DnsLength, Hyphens, Uts46};

    let length = DnsLength::VerifyAllowRootDot;
    let ascii = Uts46::new().to_ascii(host.as_bytes(), AsciiDenyList::URL, Hyphens::Allow, length);
    let ascii = ascii.map_err(|_| "the host is no valid international name")?;
    if ends_in_a_number(&ascii) && ascii.parse::<std::net::Ipv4Addr>().is_err() {
        return Err("the host ends in a number and is no IPv4 address");
    }
    Ok(ascii)
}

/// Such a host is an IPv4 address or none (URL standard, "ends in a number"); the short forms that
/// the standard knows are refused, because a host in full-width digits only ever hides one.
#[cfg(feature = "idn")]
fn ends_in_a_number(host: &str) -> bool {
    let last = host.strip_suffix('.').unwrap_or(host).rsplit('.').next().unwrap_or_default();
    let hexadecimal = last.strip_prefix("0x");
    let digits = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    digits || hexadecimal.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(not(feature = "idn"))]
fn to_ascii(host: &str) -> Result<Cow<'_, str>, &'static str> {
    if host.is_ascii() {
        return Ok(Cow::Borrowed(host));
    }
    Err("the host is not ASCII, and international names (feature idn) are left out of this build")
}

#[cfg(test)]
#[cfg(feature = "idn")]
mod tests {
    use super::*;

    #[track_caller]
    fn check(host: &str, expected: Option<&str>) {
        let target = Target::new(host, 80).unwrap();
        assert_eq!(target.host(), host);
        let found = target.ascii_host();
        let kind = found.as_ref().err().map(Error::kind);
        assert_eq!(found.as_deref().ok(), expected, "{host:?}");
        assert_eq!(kind.is_some(), expected.is_none());
        assert!(kind.is_none_or(|kind| kind == ErrorKind::BadHost));
    }

    #[test]
    fn a_name_in_other_letters_is_turned_into_ascii() {
        check("сервер.рф", Some("xn--b1afb6bcb.xn--p1ai"));
        check("СЕРВЕР.РФ", Some("xn--b1afb6bcb.xn--p1ai"));
        check("Сервер.рф.", Some("xn--b1afb6bcb.xn--p1ai."));
        check("сервер。рф", Some("xn--b1afb6bcb.xn--p1ai"));
        check("сервер．рф", Some("xn--b1afb6bcb.xn--p1ai"));
        check("сервер｡рф", Some("xn--b1afb6bcb.xn--p1ai"));
        check("db。test", Some("db.test"));
        check("ｄｂ.test", Some("db.test"));
        check("straße.de", Some("xn--strae-oqa.de"));
        check("STRAẞE.de", Some("xn--strae-oqa.de"));
        check("bu\u{308}cher.example", Some("xn--bcher-kva.example"));
        check("☃.net", Some("xn--n3h.net"));
        check("data_base.рф", Some("data_base.xn--p1ai"));
    }

    #[test]
    fn punycode_is_checked_and_made_lower_case() {
        check("xn--b1afb6bcb.xn--p1ai", Some("xn--b1afb6bcb.xn--p1ai"));
        check("XN--B1AFB6BCB.xn--P1AI", Some("xn--b1afb6bcb.xn--p1ai"));
        check("xn--.test", None);
        check("xn--a", None);
        check("xn--a.test", None);
        check("xn--0.test", None);
        // CVE-2024-12224: masks of plain names.
        check("xn--db-.test", None);
        check("xn--example-.org", None);
    }

    #[test]
    fn a_plain_host_stays_as_it_was_written() {
        check("DB.Test", Some("DB.Test"));
        check("a_b.-x-.test", Some("a_b.-x-.test"));
        check("axn--b.test", Some("axn--b.test"));
        check("::1", Some("::1"));
        check("127.0.0.1", Some("127.0.0.1"));
        let zoned: Target = "[fe80::1%eth0]:80".parse().unwrap();
        assert_eq!(zoned.ascii_host().unwrap(), "fe80::1");
    }

    #[test]
    fn what_hides_another_host_is_refused_or_shown() {
        check("a／b.test", None);
        check("a＠b.test", None);
        check("a％2e.test", None);
        check("a：80.test", None);
        check("a\u{200b}b.рф", Some("ab.xn--p1ai"));
        check("а..рф", None);
        check(&format!("{}.рф", "а".repeat(60)), None);
        check("１２７.０.０.１", Some("127.0.0.1"));
        check("１２７.１", None);
        check("０x7f", None);
        let wide = Target::new("１２７。０。０。１", 80).unwrap();
        assert_eq!(wide.address(), Some(([127, 0, 0, 1], 80).into()));
    }

    #[test]
    fn an_authority_is_what_others_can_read() {
        for (text, expected) in [
            ("сервер.рф:80", "xn--b1afb6bcb.xn--p1ai:80"),
            ("[fe80::1%eth0]:80", "[fe80::1]:80"),
            ("DB.test:1", "DB.test:1"),
        ] {
            assert_eq!(text.parse::<Target>().unwrap().authority().unwrap(), expected);
        }
    }
}

#[cfg(test)]
#[cfg(not(feature = "idn"))]
mod tests {
    use super::*;

    #[test]
    fn without_the_feature_a_name_in_other_letters_is_an_error_that_names_it() {
        let error = Target::new("сервер.рф", 80).unwrap();
        let error = error.ascii_host().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadHost);
        assert!(error.to_string().contains("feature idn"), "{error}");
        assert_eq!(Target::new("xn--a", 80).unwrap().ascii_host().unwrap(), "xn--a");
    }
}
