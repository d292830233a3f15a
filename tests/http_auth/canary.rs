//! Secrets in every slot: nothing of them is in any log at TRACE, in any `Debug` and in any error.

use base64::{Engine, engine::general_purpose::STANDARD};
use harness::{Answer, HttpServer, Listen, LogCapture, Request as Seen};
use opi_auth::{AwsV4, Bearer, Login, LoginBy};
use opi_http_connector::{Request, Session, SessionConfig};
use opi_net::Secret;

use crate::setting::{asks, get, soon};

/// Not ASCII, so that its percent form differs from it.
const CANARY: &str = "canary-ж-7f3a";

/// A token that a header can carry.
const TOKEN: &str = "canary-7f3a";

/// The forms in which a secret may come out: as it is, percent-encoded and in base64, alone and
/// behind the user's name.
fn forms() -> Vec<String> {
    let mut forms = Vec::new();
    for secret in [CANARY, TOKEN] {
        let percent: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let url = secret.replace('ж', "%D0%B6");
        let encoded = [secret.to_owned(), format!("user:{secret}")].map(|it| STANDARD.encode(it));
        let escaped = format!("{secret:?}").trim_matches('"').to_owned();
        let bytes = format!("{:?}", secret.as_bytes());
        forms.extend([secret.to_owned(), percent, url.to_lowercase(), url, escaped, bytes]);
        // Padding differs with what follows.
        forms.extend(encoded.map(|it| it.trim_end_matches('=').to_owned()));
    }
    forms
}

#[track_caller]
fn clean(what: &str, text: &str) {
    for form in forms() {
        assert!(!text.contains(&form), "{what} shows {form}: {text}");
    }
}

/// Each request has the secret in another slot.
fn requests(url: &str) -> Vec<Request> {
    let request = || get(url);
    let login = |by| Login::new("user", CANARY, by);
    let keys = || AwsV4::new("key", CANARY, "region", "s3").session_token(TOKEN);
    vec![
        request().auth(login(LoginBy::Basic)),
        request().auth(login(LoginBy::Digest)),
        request().auth(login(LoginBy::Strongest)),
        request().auth(Bearer::new(TOKEN).unwrap()),
        request().auth(keys()),
        request().header("Authorization", TOKEN).unwrap(),
        request().header("Cookie", "k=canary-7f3a").unwrap(),
        request().header("Proxy-Authorization", TOKEN).unwrap(),
        request().secret_header("X-Key", &Secret::new(TOKEN)).unwrap(),
        get(&url.replace("http://", "http://user:canary-%D0%B6-7f3a@")),
    ]
}

/// Refuses once, so that logins are answered; then says what a test wants.
fn answer(request: &Seen) -> Answer {
    match (request.header("authorization"), request.path()) {
        (None, "/login") => asks("n", ""),
        (_, "/broken") => Answer::ok().text("0123456789").cut_after(4),
        (_, "/away") => Answer::redirect(302, "http://nobody.invalid:1/"),
        _ => Answer::ok(),
    }
}

#[tokio::test]
async fn no_secret_is_in_any_output() {
    let log = LogCapture::new();
    let _guard = log.on_this_thread();
    let server = HttpServer::start_handling(Listen::plain(), answer).await;
    let session = Session::new(SessionConfig::new().auth(Login::digest("user", CANARY)));
    clean("the session", &format!("{session:?}"));
    for path in ["/login", "/broken", "/away"] {
        for request in requests(&server.url(path)) {
            clean("a request", &format!("{request:?} {}", request.url()));
            clean("a prepared request", &format!("{:?}", session.prepare(&request)));
            match session.send(request, &soon()).await {
                Ok(response) => clean("an answer", &format!("{response:?}")),
                Err(error) => clean("an error", &told(&error)),
            }
        }
    }
    clean("the session, used", &format!("{session:?}"));
    drop(session);
    server.finish().await;
    assert!(log.text().contains("answered"), "nothing was logged");
    clean("the log", &log.text());
}

#[tokio::test]
async fn no_secret_of_a_proxy_is_in_any_output() {
    let log = LogCapture::new();
    let _guard = log.on_this_thread();
    let handler = |request: &Seen| match request.header("proxy-authorization") {
        Some(shown) if shown.starts_with("Digest") => Answer::ok(),
        _ => Answer::status(407)
            .header("Proxy-Authenticate", "Digest realm=\"p\", nonce=\"n\", qop=\"auth\""),
    };
    let proxy = HttpServer::start_forwarding(handler).await;
    for (options, url) in [("", "http://api.test/"), ("?auth=digest", "http://api.test/")] {
        let secret = "canary-%D0%B6-7f3a";
        let route = format!("http://user:{secret}@{}{options}", proxy.address());
        let route: opi_proxy::Route = route.parse().unwrap();
        clean("a route", &format!("{route:?} {route}"));
        let session = Session::new(SessionConfig::new().route(route));
        match session.send(get(url), &soon()).await {
            Ok(response) => clean("an answer", &format!("{response:?}")),
            Err(error) => clean("an error", &told(&error)),
        }
        clean("the session", &format!("{session:?}"));
    }
    proxy.finish().await;
    clean("the log", &log.text());
}

#[test]
fn what_cannot_be_sent_is_not_repeated() {
    for error in [
        get("http://h.test/").header("X-Key", "canary-7f3a\n").unwrap_err(),
        Request::get("http://us%3Aer:canary-7f3a@h.test/").unwrap_err(),
    ] {
        clean("an error", &told(&error));
    }
    let session = Session::new(SessionConfig::new());
    let control = Login::basic("user", "canary-7f3a\n");
    clean("an error", &told(&session.prepare(&get("http://h.test/").auth(control)).unwrap_err()));
    clean("an error", &told(&Bearer::new("canary-7f3a\n").unwrap_err()));
    let keys = AwsV4::new("canary-7f3a,", CANARY, "r", "s3");
    clean("an error", &told(&session.prepare(&get("http://h.test/").auth(keys)).unwrap_err()));
}

/// Everything that an error says, causes included.
fn told(error: &(dyn std::error::Error + 'static)) -> String {
    format!("{error:?} {}", harness::told(error))
}
