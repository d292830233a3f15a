//! What a caller writes as a URL: nothing is a panic, no login and no line end reaches the wire.
#![no_main]

use libfuzzer_sys::fuzz_target;
use opi_http_connector::{Request, Session, SessionConfig, assume_http};

fuzz_target!(|input: &str| {
    let (url, more) = input.split_once('\0').unwrap_or((input, ""));
    for url in [url, &assume_http(url)] {
        let Ok(request) = Request::get(url) else { continue };
        check(&request);
        let wider = request.query(more, url).query_key(more).query_raw(more);
        check(&wider);
    }
});

fn check(request: &Request) {
    let url = request.url();
    assert!(matches!(url.scheme(), "http" | "https"), "{url}");
    assert!(url.username().is_empty() && url.password().is_none(), "{url}");
    assert!(url.as_str().is_ascii() && !url.as_str().contains(|it: char| it <= ' '), "{url}");
    // The URL that is sent is read back as itself: a signer and the server see the same.
    assert_eq!(Request::get(url.as_str()).expect("it was read").url(), url);
    let session = Session::new(SessionConfig::new());
    let Ok(prepared) = session.prepare(request) else { return };
    let host = prepared.headers["host"].as_bytes();
    assert!(!host.contains(&b'@') && !host.is_empty(), "{url}");
}
