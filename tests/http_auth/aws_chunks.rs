//! Bodies whose chunks are signed for S3: a verifier of our own checks each signature.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use harness::{Answer, Ca, HttpServer, Listen, Request as Seen};
use opi_auth::{AwsStreams, AwsV4};
use opi_http_connector::connector::{Hash, hmac};
use opi_http_connector::{
    Body, Redirects, Request, RetryPause, RetryPolicy, Session, SessionConfig,
};
use opi_net::tls::{Certificates, Tls, Trust};
use sha2::{Digest, Sha256};

use crate::setting::{send, session, try_send};

fn keys() -> AwsV4 {
    AwsV4::new("AK", "hunter2", "eu-north-1", "s3").streams(AwsStreams::Signed)
}

fn put(url: &str, body: Body) -> Request {
    Request::new("PUT", url).unwrap().auth(keys()).body(body)
}

/// A file of so many bytes, and the bytes.
fn file(length: usize) -> (tempfile::NamedTempFile, Vec<u8>) {
    let bytes: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &bytes).unwrap();
    (file, bytes)
}

/// The body that the chunks of a request bring, or what is wrong with a signature.
fn verified(request: &Seen) -> Result<Vec<u8>, String> {
    let header = |name: &str| request.header(name).ok_or_else(|| format!("no {name}"));
    let said = header("x-amz-content-sha256")?;
    if said != "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" {
        return Err(format!("not in chunks: {said}"));
    }
    let authorization = header("authorization")?;
    let after = |name: &str| {
        let rest = authorization.split_once(name).ok_or_else(|| format!("no {name}"))?.1;
        Ok::<_, String>(rest.split(',').next().unwrap().to_owned())
    };
    let (scope, signed) = (after("Credential=AK/")?, after("SignedHeaders=")?);
    let mut before = after("Signature=")?;
    let lines: String = signed
        .split(';')
        .map(|name| Ok(format!("{name}:{}\n", header(name)?)))
        .collect::<Result<_, String>>()?;
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let canonical = format!("{}\n{path}\n{query}\n{lines}\n{signed}\n{said}", request.method);
    let date = header("x-amz-date")?;
    let key = scope.split('/').fold(b"AWS4hunter2".to_vec(), |key, word| sign(&key, word));
    let of_head = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", sha256(canonical.as_bytes()));
    if hex(&sign(&key, &of_head)) != before {
        return Err("another head".to_owned());
    }
    let (mut rest, mut body) = (&*request.body, Vec::new());
    loop {
        let end = rest.windows(2).position(|it| it == b"\r\n").ok_or("no line")?;
        let line = str::from_utf8(&rest[..end]).map_err(|cause| cause.to_string())?;
        let (size, signature) = line.split_once(";chunk-signature=").ok_or("no signature")?;
        let size = usize::from_str_radix(size, 16).map_err(|cause| cause.to_string())?;
        let (chunk, behind) = rest[end + 2..].split_at_checked(size).ok_or("a short chunk")?;
        let text = [date, &scope, &before, &sha256(b""), &sha256(chunk)].join("\n");
        before = hex(&sign(&key, &format!("AWS4-HMAC-SHA256-PAYLOAD\n{text}")));
        if before != signature {
            return Err(format!("another chunk behind {} bytes", body.len()));
        }
        rest = behind.strip_prefix(b"\r\n").ok_or("no end of a chunk")?;
        body.extend_from_slice(chunk);
        if chunk.is_empty() {
            break;
        }
    }
    let length = header("x-amz-decoded-content-length")?;
    match rest.is_empty() && length == body.len().to_string() {
        true => Ok(body),
        false => Err(format!("{length} bytes are announced")),
    }
}

fn sign(key: &[u8], text: &str) -> Vec<u8> {
    hmac(Hash::Sha256, key, text.as_bytes())
}

fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn every_chunk_of_a_stream_is_signed() {
    let ca = Ca::new();
    let secure = Listen::tls(ca.issue(&["127.0.0.1"]).server_config());
    let trust = Trust::Only(Certificates::from_pem(ca.pem().as_bytes()).unwrap());
    let sessions = [session(), Session::new(SessionConfig::new().tls(Tls::new(trust)))];
    for (listen, session) in [Listen::plain(), secure].into_iter().zip(sessions) {
        let server = HttpServer::start_handling(listen, |_| Answer::ok()).await;
        let lengths = [0, 1, 65_535, 65_536, 65_537, 400_000];
        for length in lengths {
            let (file, bytes) = file(length);
            let url = server.url("/bucket/key?partNumber=1&uploadId=x");
            send(&session, put(&url, Body::file(file.path()).unwrap())).await;
            let reader = Body::reader(std::io::Cursor::new(bytes), Some(length as u64));
            send(&session, put(&url, reader)).await;
        }
        let seen = server.finish().await;
        for (request, length) in seen.iter().zip(lengths.into_iter().flat_map(|it| [it, it])) {
            if length == 0 {
                // What is empty is known whole.
                assert_eq!(request.header("x-amz-content-sha256"), Some(&*sha256(b"")));
                assert!(request.body.is_empty() && request.header("content-encoding").is_none());
                continue;
            }
            let body = verified(request).unwrap();
            let expected: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            assert!(body == expected, "{length}");
            assert_eq!(request.header("content-encoding"), Some("aws-chunked"));
            assert_eq!(request.header("transfer-encoding"), None);
        }
        assert_eq!(seen.len(), 12);
    }
}

#[tokio::test]
async fn the_verifier_sees_a_changed_byte() {
    let server = HttpServer::start().await;
    server.answer(Answer::ok());
    let (_file, bytes) = file(70_000);
    let reader = Body::reader(std::io::Cursor::new(bytes), Some(70_000));
    send(&session(), put(&server.url("/k"), reader)).await;
    let seen = server.finish().await.remove(0);
    assert!(verified(&seen).is_ok());
    for (at, expected) in [(100, "another chunk behind 0"), (66_000, "behind 65536")] {
        let mut changed = seen.clone();
        changed.body[at] ^= 1;
        let wrong = verified(&changed).unwrap_err();
        assert!(wrong.contains(expected), "{at}: {wrong}");
    }
    let mut changed = seen;
    changed.target = "/other".to_owned();
    assert_eq!(verified(&changed).unwrap_err(), "another head");
}

#[tokio::test]
async fn tries_and_redirects_are_signed_anew() {
    let asked = AtomicUsize::new(0);
    let handler = move |_: &Seen| match asked.fetch_add(1, Relaxed) {
        0 => Answer::status(503),
        1 => Answer::redirect(307, "/moved"),
        _ => Answer::ok(),
    };
    let server = HttpServer::start_handling(Listen::plain(), handler).await;
    let pause = RetryPause::Exact { first: Duration::ZERO };
    let session =
        Session::new(SessionConfig::new().retries(RetryPolicy::new().retries(1).pause(pause)));
    let (file, bytes) = file(100_000);
    let request = put(&server.url("/bucket/key"), Body::file(file.path()).unwrap());
    let request = request.header("Content-Encoding", "gzip").unwrap();
    assert_eq!(send(&session, request).await.status(), 200);
    let seen = server.finish().await;
    let targets: Vec<_> = seen.iter().map(|it| it.target.as_str()).collect();
    assert_eq!(targets, ["/bucket/key", "/bucket/key", "/moved"]);
    for request in &seen {
        assert!(verified(request).unwrap() == bytes, "{}", request.target);
        assert_eq!(request.header("content-encoding"), Some("aws-chunked,gzip"));
    }
}

#[tokio::test]
async fn another_origin_gets_the_body_as_it_is() {
    let other = HttpServer::start_handling(Listen::plain(), |_| Answer::ok()).await;
    let server = HttpServer::start().await;
    server.answer(Answer::redirect(308, &other.url("/there")));
    let (file, bytes) = file(1000);
    send(&session(), put(&server.url("/k"), Body::file(file.path()).unwrap())).await;
    assert!(verified(&server.finish().await[0]).is_ok());
    let seen = other.finish().await.remove(0);
    assert!(seen.body == bytes && seen.headers.iter().all(|(name, _)| !name.starts_with("X-Amz")));
    assert_eq!((seen.header("content-encoding"), seen.header("authorization")), (None, None));
}

#[tokio::test]
async fn what_has_no_length_is_refused_before_it_is_sent() {
    let server = HttpServer::start().await;
    let endless = Body::reader(std::io::Cursor::new(b"body"), None);
    let (file, _) = file(100);
    let packed = put(&server.url("/"), Body::file(file.path()).unwrap()).gzip_body();
    for request in [put(&server.url("/"), endless), packed] {
        let error = try_send(&session(), request).await.unwrap_err();
        assert_eq!(error.code(), "auth_body_unknown");
        assert!(error.to_string().contains("its length must be known"), "{error}");
    }
    assert!(server.finish().await.is_empty());
}

#[tokio::test]
async fn a_request_that_says_what_is_signed_goes_as_it_is() {
    let server = HttpServer::start().await;
    server.answer(Answer::ok());
    let (file, bytes) = file(1000);
    let request = put(&server.url("/k"), Body::file(file.path()).unwrap());
    let request = request.header("x-amz-content-sha256", "UNSIGNED-PAYLOAD").unwrap();
    send(&session(), request.redirects(Redirects::Return)).await;
    let seen = server.finish().await.remove(0);
    assert!(seen.body == bytes && seen.header("content-encoding").is_none());
}

#[test]
fn what_is_prepared_is_in_chunks() {
    let (file, _) = file(5);
    let request = put("http://h.test/k", Body::file(file.path()).unwrap());
    let prepared = session().prepare(&request).unwrap();
    let length = prepared.body.length().unwrap();
    assert_eq!(length, 86 + 5 + 86);
    assert_eq!(prepared.headers["content-length"], length.to_string());
    assert_eq!(prepared.headers["x-amz-decoded-content-length"], "5");
}
