//! Schemes in the connector: of one's own, bearer, and signatures made anew for each request.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use harness::{Answer, HttpServer};
use opi_auth::{
    Asked, Authorization, AwsV4, Bearer, Challenge, Content, Credential, Error, Login, Memories,
    Next, Scheme, Surroundings,
};
use opi_http_connector::{Auth, Body, Request, Session, SessionConfig};

use crate::setting::{get, send, session, try_send};

/// Shows a ticket that the server gives in its refusal, and counts what it is asked.
#[derive(Debug, Default)]
struct Ticket {
    asked: AtomicU32,
}

impl Scheme for Ticket {
    fn authorize(
        &self,
        asked: &Asked<'_>,
        memories: &mut Memories<'_>,
        _around: &Surroundings,
    ) -> Result<Vec<Credential>, Error> {
        self.asked.fetch_add(1, Relaxed);
        let host = asked.headers().iter().find(|(name, _)| *name == "host");
        assert!(host.is_some() && asked.content() == Content::Bytes(b"body"));
        if asked.target() == "/broken" {
            return Err(Error::of_scheme("the ticket is torn"));
        }
        let ticket = memories.server.with(|ticket: &mut String| ticket.clone());
        if ticket.is_empty() {
            return Ok(Vec::new());
        }
        let value = Authorization::from_text(format!("{ticket} {}", asked.target()))?;
        Ok(vec![Credential::new("X-Ticket", value)?])
    }

    fn challenged(&self, challenges: &[Challenge], memories: &mut Memories<'_>) -> Next {
        let offered = challenges.iter().find(|challenge| challenge.is("ticket"));
        let Some(ticket) = offered.and_then(Challenge::token) else { return Next::GiveUp };
        memories.server.with(|kept: &mut String| *kept = ticket.to_owned());
        Next::AskAgain
    }
}

#[tokio::test]
async fn a_scheme_of_ones_own_asks_answers_and_remembers() {
    let server = HttpServer::start().await;
    server.answer(Answer::status(401).header("WWW-Authenticate", "Ticket abc"));
    server.answer(Answer::ok());
    server.answer(Answer::ok());
    let scheme = Arc::new(Ticket::default());
    let session = Session::new(SessionConfig::new().auth(Auth::scheme(scheme.clone())));
    let put = |path: &str| Request::new("PUT", &server.url(path)).unwrap().body("body");
    send(&session, put("/one?x")).await;
    send(&session, put("/two")).await;
    let error = try_send(&session, put("/broken")).await.unwrap_err();
    assert_eq!((error.code(), scheme.asked.load(Relaxed)), ("auth_scheme", 4));
    assert!(error.to_string().ends_with("/broken: the ticket is torn"), "{error}");
    let seen = server.finish().await;
    let tickets: Vec<_> = seen.iter().map(|it| it.header("x-ticket")).collect();
    assert_eq!(tickets, [None, Some("abc /one?x"), Some("abc /two")]);
}

#[tokio::test]
async fn a_request_goes_before_the_session_and_none_is_none() {
    let server = HttpServer::start().await;
    let session = Session::new(SessionConfig::new().auth(Bearer::new("of-session").unwrap()));
    let request = || get(&server.url("/"));
    for request in [
        request(),
        request().auth(Bearer::new("own").unwrap()),
        request().auth(Auth::none()),
        request().header("authorization", "by hand").unwrap(),
        request().header("authorization", "by hand").unwrap().auth(Login::basic("u", "p")),
    ] {
        server.answer(Answer::ok());
        send(&session, request).await;
    }
    let seen = server.finish().await;
    let shown: Vec<_> = seen.iter().map(|it| it.header("authorization")).collect();
    let expected =
        [Some("Bearer of-session"), Some("Bearer own"), None, Some("by hand"), Some("Basic dTpw")];
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn each_redirect_within_the_origin_is_signed_anew() {
    let server = HttpServer::start().await;
    server.answer(Answer::redirect(307, "/next%20place/ф?b=2&a=1+1&k"));
    server.answer(Answer::ok());
    let keys = AwsV4::new("AK", "SK", "eu", "s3").session_token("token");
    let request = Request::new("PUT", &server.url("/first?x=%2F")).unwrap().body("body");
    send(&session(), request.auth(keys.clone())).await;
    let seen = server.finish().await;
    let mut signatures = Vec::new();
    for request in &seen {
        // What was sent, signed again at the time that it names.
        let mut again = opi_auth::AwsRequest::new(&request.method, &request.target)
            .payload(opi_auth::AwsPayload::Bytes(b"body"));
        let kept = ["host", "x-amz-date"];
        for name in kept {
            again = again.header(name, request.header(name).unwrap().as_bytes());
        }
        let signed = keys.sign(&again, std::time::UNIX_EPOCH).unwrap();
        let shown = request.header("authorization").unwrap();
        assert!(shown.ends_with(&format!("Signature={}", signed.signature())), "{shown}");
        assert_eq!(request.header("x-amz-security-token"), Some("token"));
        signatures.push(signed.signature().to_owned());
    }
    assert_eq!(seen[1].target, "/next%20place/%D1%84?b=2&a=1+1&k");
    assert_ne!(signatures[0], signatures[1]);
}

#[tokio::test]
async fn a_stream_is_not_signed_in_the_clear() {
    let keys = AwsV4::new("AK", "SK", "eu", "s3");
    let request = Request::new("PUT", "http://127.0.0.1:9/").unwrap();
    let request = request.body(Body::reader(&b"x"[..], Some(1))).auth(keys);
    let error = session().prepare(&request).unwrap_err();
    assert_eq!(error.code(), "auth_body_unknown");
}

#[tokio::test]
async fn a_prepared_request_shows_what_would_be_sent_first() {
    let session = Session::new(SessionConfig::new().auth(Login::digest("u", "hunter2")));
    let header = |request: &Request| {
        let prepared = session.prepare(request).unwrap();
        prepared.headers.get("authorization").map(|it| it.to_str().unwrap().to_owned())
    };
    assert_eq!(header(&get("http://h.test/")), None);
    assert_eq!(header(&get("http://u:p@h.test/")).as_deref(), Some("Basic dTpw"));
    let keys = AwsV4::new("AK", "SK", "eu", "sqs");
    assert!(header(&get("http://h.test/").auth(keys)).unwrap().starts_with("AWS4-HMAC-SHA256"));
}
