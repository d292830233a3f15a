//! A jar that one server fills and another is asked from: nothing is a panic, no cookie crosses.
#![no_main]

use std::time::{Duration, SystemTime};

use libfuzzer_sys::fuzz_target;
use opi_http_connector::{CookieChoice, CookieFile, Cookies, HeaderMap, HeaderValue, Url};

// Two URLs and lines of Set-Cookie, with line ends between them.
fuzz_target!(|input: &[u8]| {
    let mut lines = input.split(|byte| *byte == b'\n');
    let mut url = || std::str::from_utf8(lines.next()?).ok()?.parse::<Url>().ok();
    let (Some(from), Some(to)) = (url(), url()) else { return };
    if ![&from, &to].into_iter().all(|url| matches!(url.scheme(), "http" | "https")) {
        return;
    }
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600);
    let (cookies, mut headers) = (Cookies::new(), HeaderMap::new());
    for line in lines {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append("set-cookie", value);
        } else if let Ok(line) = std::str::from_utf8(line) {
            // What a header cannot carry is refused from a program too.
            let _ = cookies.set(&from, line, now);
        }
    }
    cookies.keep(&from, &headers, now);
    let sent = cookies.header(&to, now);
    if let Some(sent) = &sent {
        assert!(sent.len() <= 8190 && sent.is_sensitive());
        assert!(!sent.as_bytes().iter().any(|byte| byte.is_ascii_control() && *byte != b'\t'));
        check(&from, &to);
    }
    assert!(cookies.iter(now).count() <= 180);
    for form in [CookieFile::Json, CookieFile::Netscape] {
        let read = Cookies::new();
        let file = cookies.write(form, CookieChoice::All, now);
        read.read(&file, form, now).expect("what is written is read");
        assert_eq!(read.header(&to, now), sent, "{form:?}");
    }
    let _ = Cookies::new().read(input, CookieFile::Json, now);
    let _ = Cookies::new().read(input, CookieFile::Netscape, now);
});

/// Two hosts share a cookie only when they are one, or end in a common domain of two labels.
fn check(from: &Url, to: &Url) {
    let (Some(one), Some(other)) = (from.host_str(), to.host_str()) else { return };
    if one == other {
        return;
    }
    assert!(from.domain().is_some() && to.domain().is_some(), "{one} {other}");
    let common = one.rsplit('.').zip(other.rsplit('.')).take_while(|(a, b)| a == b).count();
    assert!(common >= 2, "{one} {other}");
}
