//! Digest against Apache, httpbin and squid; signatures against moto and botocore.

use opi_auth::{AwsChunks, AwsPayload, AwsRequest, AwsStreams, AwsV4, Login};
use opi_http_connector::{Body, Request, Response, Session, SessionConfig};
use std::time::{Duration, SystemTime};

use crate::moto;
use crate::servers::{port, soon, url};

fn session() -> Session {
    Session::new(SessionConfig::new())
}

async fn send(session: &Session, request: Request) -> Response {
    session.send(request, &soon()).await.unwrap()
}

async fn status(session: &Session, request: Request) -> u16 {
    send(session, request).await.status().as_u16()
}

fn get(url: &str) -> Request {
    Request::get(url).unwrap()
}

fn login() -> Login {
    Login::digest("user", "pass")
}

#[tokio::test]
async fn apache_is_answered_by_digest_and_nonces_are_used_again() {
    let session = Session::new(SessionConfig::new().auth(login()));
    let page = url("http", "apache-files", "/digest/page.txt?q=a%20b&c");
    for asked in [1, 0, 0] {
        let response = send(&session, get(&page)).await;
        assert_eq!((response.status().as_u16(), response.history().len()), (200, asked));
        // It proves that it knows the password, which a wrong proof would not pass.
        let info = response.headers().get("authentication-info").unwrap();
        assert!(info.to_str().unwrap().contains("rspauth="), "{info:?}");
    }
    let wrong = send(&session, get(&page).auth(Login::digest("user", "wrong"))).await;
    assert_eq!((wrong.status().as_u16(), wrong.history().len()), (401, 1));
}

#[tokio::test]
async fn httpbin_is_answered_by_digest() {
    // Its SHA-512 is none of RFC 7616, so the challenge is not answered.
    for (path, expected) in [
        ("auth/user/pass", 200),
        ("auth/user/pass/MD5", 200),
        ("auth/user/pass/SHA-256", 200),
        ("auth-int/user/pass/SHA-256", 200),
        ("auth/user/pass/SHA-512", 401),
        ("auth/user/other/SHA-256", 401),
    ] {
        let request = get(&url("http", "httpbin", &format!("/digest-auth/{path}")));
        assert_eq!(status(&session(), request.auth(login())).await, expected, "{path}");
    }
}

#[tokio::test]
async fn httpbin_is_answered_for_files_by_auth_int() {
    let file = file(200_000);
    for (algorithm, password, expected) in
        [("MD5", "pass", 200), ("SHA-256", "pass", 200), ("SHA-256", "other", 401)]
    {
        let path = format!("/digest-auth/auth-int/user/{password}/{algorithm}");
        let request = get(&url("http", "httpbin", &path)).body(Body::file(file.path()).unwrap());
        assert_eq!(status(&session(), request.auth(login())).await, expected, "{path}");
    }
}

fn through_squid(options: &str, password: &str) -> Session {
    let proxy = format!("http://user:{password}@127.0.0.1:{}{options}", port("squid-digest"));
    Session::new(SessionConfig::new().route(proxy.parse::<opi_proxy::Route>().unwrap()))
}

#[tokio::test]
async fn squid_forwards_after_digest() {
    for options in ["", "?auth=digest"] {
        let session = through_squid(options, "pass");
        // A nonce serves three requests here, and then another is asked for.
        for _ in 0..7 {
            assert_eq!(status(&session, get(&url("http", "httpbin", "/get?q=1"))).await, 200);
        }
    }
    let request = get(&url("http", "httpbin", "/get"));
    let error = through_squid("?auth=digest", "wrong").send(request, &soon()).await.unwrap_err();
    assert_eq!(error.code(), "proxy_auth");
}

#[tokio::test]
async fn squid_tunnels_after_digest() {
    let session = through_squid("?auth=digest", "pass");
    let tls = SessionConfig::new().tls(crate::servers::tls());
    let proxy = format!("http://user:pass@127.0.0.1:{}?auth=digest", port("squid-digest"));
    let tls = Session::new(tls.route(proxy.parse::<opi_proxy::Route>().unwrap()));
    assert_eq!(status(&tls, get(&url("https", "nginx-tls", "/connection"))).await, 200);
    // Digest of the origin behind Digest of the proxy.
    let page = url("http", "apache-files", "/digest/page.txt");
    assert_eq!(status(&session, get(&page).auth(login())).await, 200);
}

/// Paths and queries that make signatures of others fail.
const TARGETS: &[&str] = &[
    "/bucket",
    "/bucket/a b.txt",
    "/bucket/файл.txt",
    "/bucket/a+b(1)!'*;=:@&$,~.txt",
    "/bucket/a%2Fb%25%20",
    "/bucket/%d1%84",
    "/bucket//double//slash",
    "/bucket?list-type=2&prefix=a/b&delimiter=%2F",
    "/bucket?prefix=a+b%20c&x=ф",
    "/bucket?acl",
    "/bucket?b=2&a=1&b=1&a",
    "/bucket/key?t[]=1&k=a%3Db%26c",
];

fn keys(service: &str) -> AwsV4 {
    AwsV4::new("AKTEST", "SKTEST", "eu-north-1", service)
}

#[tokio::test]
async fn botocore_agrees_with_every_signature_in_headers() {
    let session = session();
    for service in ["s3", "sqs", "execute-api"] {
        for target in TARGETS {
            let request = get(&url("http", "botocore", target)).auth(keys(service));
            let request = request.header("X-Amz-Meta-A", "  a   \"b  c\"  ").unwrap();
            let response = send(&session, request).await;
            let said = String::from_utf8_lossy(response.body()).into_owned();
            assert_eq!(response.status(), 200, "{service} {target}: {said}");
        }
        let put = Request::new("PUT", &url("http", "botocore", "/bucket/key")).unwrap();
        let put = put.body("тело".to_owned()).auth(keys(service));
        assert_eq!(status(&session, put).await, 200, "{service}");
    }
}

#[tokio::test]
async fn botocore_agrees_with_signed_urls() {
    let host = format!("localhost:{}", port("botocore"));
    for service in ["s3", "sqs"] {
        for target in TARGETS {
            let sent = get(&url("http", "botocore", target));
            let path = &sent.url().as_str()[format!("http://{host}").len()..];
            let request = AwsRequest::new("GET", path).header("host", host.as_bytes());
            let minute = Duration::from_secs(60);
            let signed = keys(service).presign(&request, minute, SystemTime::now()).unwrap();
            let address = format!("http://{host}{}", signed.target());
            let response = send(&session(), get(&address)).await;
            let said = String::from_utf8_lossy(response.body()).into_owned();
            assert_eq!(response.status(), 200, "{service} {target}: {said}");
            let changed = address.replace("localhost", "127.0.0.1");
            assert_eq!(status(&session(), get(&changed)).await, 403);
            let late = SystemTime::now() - Duration::from_secs(3600);
            let signed = keys(service).presign(&request, minute, late).unwrap();
            let address = format!("http://{host}{}", signed.target());
            assert_eq!(status(&session(), get(&address)).await, 403);
        }
    }
}

#[tokio::test]
async fn botocore_refuses_what_is_not_right() {
    let address = url("http", "botocore", "/bucket/key");
    let put = || Request::new("PUT", &address).unwrap().body("body".to_owned());
    let wrong = AwsV4::new("AKTEST", "wrong", "eu-north-1", "s3");
    assert_eq!(status(&session(), put().auth(wrong)).await, 403);
    let old = put().header("x-amz-date", "20200426T122000Z").unwrap();
    assert_eq!(status(&session(), old.auth(keys("s3"))).await, 403);
    let other = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let other = put().header("x-amz-content-sha256", other).unwrap();
    assert_eq!(status(&session(), other.auth(keys("s3"))).await, 403);
    let unsigned = put().header("x-amz-content-sha256", "UNSIGNED-PAYLOAD").unwrap();
    assert_eq!(status(&session(), unsigned.auth(keys("s3"))).await, 200);
}

#[tokio::test]
async fn botocore_agrees_with_every_chunk() {
    let host = format!("localhost:{}", port("botocore"));
    for (length, chunk) in [(0, 8192), (1, 8192), (8192, 8192), (20_000, 8192)] {
        let payload = AwsPayload::Chunks(length);
        let request = AwsRequest::new("PUT", "/bucket/key").header("host", host.as_bytes());
        let signed = keys("s3").sign(&request.payload(payload), SystemTime::now()).unwrap();
        let mut chunks = signed.chunks().unwrap();
        let data = vec![b'x'; usize::try_from(length).unwrap()];
        let mut body = Vec::new();
        for piece in data.chunks(chunk).chain([&b""[..]]) {
            body.extend([chunks.line(piece).as_bytes(), piece, b"\r\n"].concat());
        }
        assert_eq!(AwsChunks::length(length, chunk as u64), body.len() as u64);
        let mut put = Request::new("PUT", &url("http", "botocore", "/bucket/key")).unwrap();
        for header in signed.headers() {
            put = put.header(header.name(), header.value().expose()).unwrap();
        }
        let broken = [&body[..body.len() - 3], b"x\r\n"].concat();
        let response = send(&session(), put.clone().body(Body::from(body))).await;
        let said = String::from_utf8_lossy(response.body()).into_owned();
        assert_eq!(response.status(), 200, "{length} by {chunk}: {said}");
        assert_eq!(status(&session(), put.body(Body::from(broken))).await, 403);
    }
}

/// A file of so many bytes.
fn file(length: usize) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), vec![b'x'; length]).unwrap();
    file
}

#[tokio::test]
async fn files_are_signed_in_chunks_as_botocore_and_moto_read_them() {
    let session = session();
    let user = moto::keys().await;
    let bucket = url("http", "moto", &format!("/chunks-{}", user.access.to_lowercase()));
    let make = Request::new("PUT", &bucket).unwrap().auth(user.of("s3"));
    assert_eq!(status(&session, make).await, 200);
    for length in [1, 65_536, 65_537, 1_000_000] {
        let file = file(length);
        let put = |url: &str, keys: AwsV4| {
            let request = Request::new("PUT", url).unwrap().body(Body::file(file.path()).unwrap());
            request.auth(keys.streams(AwsStreams::Signed))
        };
        let address = url("http", "botocore", "/bucket/a b?x=1&acl");
        let response = send(&session, put(&address, keys("s3"))).await;
        let said = String::from_utf8_lossy(response.body()).into_owned();
        assert_eq!(response.status(), 200, "{length}: {said}");
        let object = format!("{bucket}/{length}");
        assert_eq!(status(&session, put(&object, user.of("s3"))).await, 200, "{length}");
        let wrong = put(&object, user.with_secret("wrong", "s3"));
        assert_eq!(status(&session, wrong).await, 403, "{length}");
        let read = send(&session, get(&object).auth(user.of("s3"))).await;
        assert!(*read.body() == vec![b'x'; length], "{length}: {} came", read.body().len());
    }
}

/// One call of a query service of moto, and what is in the element `name` of its answer.
async fn query(session: &Session, keys: &AwsV4, fields: &[(&str, &str)], name: &str) -> String {
    let request = Request::post(&url("http", "moto", "/")).unwrap();
    let response = send(session, request.form(fields.iter().copied()).auth(keys.clone())).await;
    let text = response.text().unwrap().into_owned();
    assert_eq!(response.status(), 200, "{text}");
    moto::part(&text, name)
}

#[tokio::test]
async fn moto_lets_in_who_signs_right_and_nobody_else() {
    let session = session();
    let user = moto::keys().await;
    let keys = |service: &str| user.of(service);
    let wrong = |service: &str| user.with_secret("wrong", service);
    let bucket = format!("/{}", user.access.to_lowercase());
    let put = |path: &str| Request::new("PUT", &url("http", "moto", path)).unwrap();
    assert_eq!(status(&session, put(&bucket).auth(wrong("s3"))).await, 403);
    // moto has no better answer to a request without any signature.
    assert_eq!(status(&session, put(&bucket)).await, 500);
    assert_eq!(status(&session, put(&bucket).auth(keys("s3"))).await, 200);
    // moto takes paths as they come, so what S3 would encode anew is encoded here.
    for key in ["plain.txt", "a b.txt", "файл.txt", "a%2Bb.txt", "dir/a%25b.txt", "%281%29.txt"]
    {
        let path = format!("{bucket}/{key}");
        let object = put(&path).body(key.to_owned()).auth(keys("s3"));
        assert_eq!(status(&session, object).await, 200, "{key}");
        let read = get(&url("http", "moto", &path)).auth(keys("s3"));
        assert_eq!(send(&session, read).await.body(), key.as_bytes());
        let stranger = get(&url("http", "moto", &path)).auth(wrong("s3"));
        assert_eq!(status(&session, stranger).await, 403, "{key}");
    }
    let list = format!("{bucket}?list-type=2&prefix=dir%2F&delimiter=%2F");
    assert_eq!(status(&session, get(&url("http", "moto", &list)).auth(keys("s3"))).await, 200);

    let create = [("Action", "CreateQueue"), ("Version", "2012-11-05"), ("QueueName", "q")];
    let queue = query(&session, &keys("sqs"), &create, "QueueUrl").await;
    assert!(queue.ends_with("/q"), "{queue}");
    let refused = Request::post(&url("http", "moto", "/")).unwrap().form(create);
    assert_eq!(status(&session, refused.auth(wrong("sqs"))).await, 403);
}
