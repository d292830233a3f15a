//! Digest as a server sees it: what is shown when, and what is never shown.

use harness::{Answer, HttpServer};
use opi_auth::{Login, LoginBy};
use opi_http_connector::{Body, Reason, Request, Session, SessionConfig};

use crate::setting::{asks, digest_server, get, send, session, shown, soon, try_send};

fn login() -> Login {
    Login::digest("user", "hunter2")
}

/// What a server sees of one request that it gives these answers.
#[track_caller]
fn check(seen: &[harness::Request], expected: &[&str]) {
    assert_eq!(shown(seen, "authorization"), expected);
    for request in seen {
        let raw = String::from_utf8_lossy(&request.raw_head).to_lowercase();
        assert!(!raw.contains("hunter2") && !raw.contains("basic"), "{raw}");
    }
}

async fn served(login: Login, answers: Vec<Answer>) -> (Vec<harness::Request>, u16, usize) {
    let server = HttpServer::start().await;
    for answer in answers {
        server.answer(answer);
    }
    let response = send(&session(), get(&server.url("/a?b=c")).auth(login)).await;
    let tries = response.history();
    assert!(tries.iter().all(|hop| hop.reason == Reason::Authentication));
    let (status, tries) = (response.status().as_u16(), tries.len());
    (server.finish().await, status, tries)
}

#[tokio::test]
async fn the_password_is_never_sent_when_digest_was_asked_for() {
    let (seen, status, tries) = served(login(), vec![asks("n", ""), Answer::ok()]).await;
    assert_eq!((status, tries), (200, 1));
    check(&seen, &["nothing", "n 00000001"]);
    assert!(seen[1].header("authorization").unwrap().contains("uri=\"/a?b=c\""));
    assert_eq!(seen[0].connection, seen[1].connection);

    let basic = Answer::status(401).header("WWW-Authenticate", "Basic realm=\"r\"");
    let (seen, status, _) = served(login(), vec![basic]).await;
    assert_eq!(status, 401);
    check(&seen, &["nothing"]);
}

#[tokio::test]
async fn a_wrong_password_ends_after_one_answer() {
    let (seen, status, tries) = served(login(), vec![asks("n", ""), asks("m", "")]).await;
    assert_eq!((status, tries), (401, 1));
    check(&seen, &["nothing", "n 00000001"]);
}

#[tokio::test]
async fn an_old_nonce_is_renewed_once() {
    let stale = || asks("m", ", stale=true");
    let (seen, status, _) = served(login(), vec![asks("n", ""), stale(), Answer::ok()]).await;
    assert_eq!(status, 200);
    check(&seen, &["nothing", "n 00000001", "m 00000001"]);
    let (seen, status, _) = served(login(), vec![stale(), stale(), stale()]).await;
    assert_eq!(status, 401);
    check(&seen, &["nothing", "m 00000001", "m 00000001"]);
}

#[tokio::test]
async fn challenges_that_made_others_loop_end() {
    for value in ["Digest", "Digest realm=\"r\", ", "Digest nonce=\"n\", ", ", ,", "digest="] {
        let answer = Answer::status(401).header("WWW-Authenticate", value);
        let (seen, status, _) = served(login(), vec![answer]).await;
        assert_eq!(status, 401, "{value}");
        check(&seen, &["nothing"]);
    }
    let nonce = "AsESxNBgBgA=b49694\",qop=\"auth, auth-int";
    let (seen, status, _) = served(login(), vec![asks(nonce, "")]).await;
    assert_eq!((status, seen.len()), (401, 1), "a parameter stands there twice");
    let answer = Answer::status(401).header(
        "WWW-Authenticate",
        "Basic realm=\"b\", Digest realm=\"r\",nonce=\"A=b4==\",qop=\"auth,auth-int\",algorithm=MD5, \
         Digest realm=\"r\", nonce=\"strong\", algorithm=SHA-256, qop=\"auth\"",
    );
    let (seen, status, _) = served(login(), vec![answer, Answer::ok()]).await;
    assert_eq!(status, 200);
    check(&seen, &["nothing", "strong 00000001"]);
}

#[tokio::test]
async fn a_nonce_is_counted_over_the_requests_of_a_session() {
    let server = digest_server("n").await;
    let session = Session::new(SessionConfig::new().auth(login()));
    for _ in 0..3 {
        assert_eq!(send(&session, get(&server.url("/"))).await.status(), 200);
    }
    // Another user begins anew, and so does another session.
    send(&session, get(&server.url("/")).auth(Login::digest("other", "hunter2"))).await;
    check(
        &server.finish().await,
        &["nothing", "n 00000001", "n 00000002", "n 00000003", "nothing", "n 00000001"],
    );
}

#[tokio::test]
async fn digest_state_is_per_origin() {
    let (one, other) = (digest_server("n").await, digest_server("m").await);
    let session = Session::new(SessionConfig::new().auth(login()));
    for server in [&one, &other, &one, &other] {
        assert_eq!(send(&session, get(&server.url("/"))).await.status(), 200);
    }
    check(&one.finish().await, &["nothing", "n 00000001", "n 00000002"]);
    check(&other.finish().await, &["nothing", "m 00000001", "m 00000002"]);
}

#[tokio::test]
async fn the_servers_next_nonce_is_used_and_its_proof_checked() {
    let server = HttpServer::start().await;
    let next = |value: &str| Answer::ok().header("Authentication-Info", value);
    for answer in [asks("n", ""), next("nextnonce=\"x\""), Answer::ok(), next("rspauth=\"0\"")] {
        server.answer(answer);
    }
    let session = Session::new(SessionConfig::new().auth(login()));
    send(&session, get(&server.url("/"))).await;
    send(&session, get(&server.url("/"))).await;
    let error = try_send(&session, get(&server.url("/"))).await.unwrap_err();
    assert_eq!(error.code(), "auth_server_unproven");
    check(&server.finish().await, &["nothing", "n 00000001", "x 00000001", "x 00000002"]);
}

#[tokio::test]
async fn cookies_of_the_refusal_are_kept() {
    let (seen, _, _) = served(login(), vec![asks("n", "").cookie("k=v"), Answer::ok()]).await;
    assert_eq!(seen[1].header("cookie"), Some("k=v"));
}

#[tokio::test]
async fn a_body_is_sent_again_or_the_error_says_that_it_cannot_be() {
    let server = HttpServer::start().await;
    server.answer(asks("n", ""));
    server.answer(Answer::ok());
    let post = |body: Body| Request::post(&server.url("/")).unwrap().body(body).auth(login());
    send(&session(), post("whole".into())).await;
    server.answer(asks("n", ""));
    let once = Body::reader(&b"once"[..], Some(4));
    let error = try_send(&session(), post(once)).await.unwrap_err();
    assert_eq!(error.code(), "http_body_read");
    assert_eq!(error.history().len(), 0);
    let seen = server.finish().await;
    let bodies: Vec<_> = seen.iter().map(|request| request.text()).collect();
    assert_eq!(bodies, ["whole", "whole", "once"]);
}

#[tokio::test]
async fn the_strongest_that_is_offered_is_shown_and_basic_only_then() {
    let strongest = || Login::new("user", "hunter2", LoginBy::Strongest);
    let both = "Basic realm=\"r\", Digest realm=\"r\", nonce=\"n\", qop=\"auth\"";
    let both = Answer::status(401).header("WWW-Authenticate", both);
    let (seen, _, _) = served(strongest(), vec![both, Answer::ok()]).await;
    check(&seen, &["nothing", "n 00000001"]);
    let basic = || Answer::status(401).header("WWW-Authenticate", "Basic realm=\"r\"");
    let (seen, status, _) = served(strongest(), vec![basic(), basic()]).await;
    assert_eq!(
        (shown(&seen, "authorization"), status),
        (vec!["nothing".into(), "Basic".into()], 401)
    );
}

#[tokio::test]
async fn a_request_without_a_login_leaves_the_refusal_to_the_caller() {
    let server = HttpServer::start().await;
    server.answer(asks("n", ""));
    let response = session().send(get(&server.url("/")), &soon()).await.unwrap();
    assert_eq!(response.status(), 401);
    server.finish().await;
}

#[tokio::test]
async fn what_a_redirect_leads_to_may_ask_anew() {
    let server = HttpServer::start().await;
    server.answer(asks("n", ""));
    server.answer(Answer::redirect(302, "/next"));
    server.answer(asks("o", ""));
    server.answer(Answer::ok());
    let response = send(&session(), get(&server.url("/")).auth(login())).await;
    assert_eq!(response.status(), 200);
    check(&server.finish().await, &["nothing", "n 00000001", "n 00000002", "o 00000001"]);
}
