//! Signatures that others published, and what cannot be signed.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::*;
use crate::{
    Asked, Channel, Content, Credential, Error, ErrorKind, Memories, Scheme, Surroundings,
};

const TIME: SystemTime = UNIX_EPOCH;

fn moment(seconds: u64) -> SystemTime {
    TIME + Duration::from_secs(seconds)
}

fn header<'a>(signed: &'a AwsSigned, name: &str) -> Option<&'a str> {
    let found = signed.headers().iter().find(|header| header.name() == name);
    found.map(|header| header.value().expose())
}

/// The vectors of Connector: a queue asked for at the given host.
#[track_caller]
fn queue(host: &str, signature: &str) {
    let keys = AwsV4::new("ACCESS_KEY", "SECRET_KEY", "eu-north-1", "sqs");
    let request = AwsRequest::new("GET", "/123456789101/test")
        .header("Host", host.as_bytes())
        .header("x-amz-date", b"20200426T122000Z")
        .header("User-Agent", b"opi");
    let signed = keys.sign(&request, TIME).unwrap();
    assert_eq!(
        header(&signed, "authorization").unwrap(),
        format!(
            "AWS4-HMAC-SHA256 Credential=ACCESS_KEY/20200426/eu-north-1/sqs/aws4_request, \
             SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature={signature}"
        )
    );
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(header(&signed, "x-amz-content-sha256"), Some(empty));
    assert_eq!(header(&signed, "x-amz-date"), None);
}

#[test]
fn signatures_are_those_of_connector() {
    let bare = "ad98a02ef5df6b5337128ccdac1e5a279846c0d1c4b409e713a75dae0c9e4cb3";
    let port = "96df4fab493e08b8a72965acf7a6d2fd651a883a2766a2b0e4c0cd113dea7d8c";
    queue("sqs.eu-north-1.amazonaws.com", bare);
    queue("sqs.eu-north-1.amazonaws.com:444", port);
}

/// The upload by chunks in Amazon's description of S3.
#[test]
fn chunks_are_signed_as_amazon_shows() {
    let keys = AwsV4::new(
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "us-east-1",
        "s3",
    );
    let request = AwsRequest::new("PUT", "/examplebucket/chunkObject.txt")
        .header("Host", b"s3.amazonaws.com")
        .header("x-amz-storage-class", b"REDUCED_REDUNDANCY")
        .header("Content-Length", b"66824")
        .payload(AwsPayload::Chunks(66_560));
    let signed = keys.headers(AwsHeaders::All).sign(&request, moment(1_369_353_600)).unwrap();
    assert_eq!(
        signed.signature(),
        "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
    );
    assert_eq!(header(&signed, "content-encoding"), Some("aws-chunked"));
    assert_eq!(header(&signed, "x-amz-decoded-content-length"), Some("66560"));
    let mut chunks = signed.chunks().unwrap();
    let lines = [65_536, 1024, 0].map(|length| chunks.line(&vec![b'a'; length]));
    assert_eq!(
        lines,
        [
            "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n",
            "400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n",
            "0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n",
        ]
    );
    assert_eq!(AwsChunks::length(66_560, 65_536), 66_824);
}

#[test]
fn the_length_of_chunks_is_that_of_their_bytes() {
    for (length, chunk) in [(0, 10), (1, 10), (9, 10), (10, 10), (11, 10), (4096, 16), (17, 0)] {
        let keys = AwsV4::new("k", "s", "r", "s3");
        let request = AwsRequest::new("PUT", "/k").header("host", b"h");
        let signed = keys.sign(&request.payload(AwsPayload::Chunks(length)), TIME).unwrap();
        let mut chunks = signed.chunks().unwrap();
        let body = vec![b'x'; usize::try_from(length).unwrap()];
        let step = usize::try_from(chunk.max(1)).unwrap();
        let pieces = body.chunks(step).chain([&b""[..]]);
        let sent: usize = pieces.map(|data| chunks.line(data).len() + data.len() + 2).sum();
        assert_eq!(AwsChunks::length(length, chunk), sent as u64, "{length} by {chunk}");
    }
    assert_eq!(AwsChunks::length(u64::MAX, 1), u64::MAX);
    assert_eq!(AwsChunks::length(1, u64::MAX), 86 + 1 + 86);
}

#[track_caller]
fn refused(keys: &AwsV4, request: &AwsRequest<'_>, expected: ErrorKind) {
    assert_eq!(keys.sign(request, TIME).unwrap_err().kind(), expected);
    let presigned = keys.presign(request, Duration::from_secs(60), TIME);
    assert_eq!(presigned.unwrap_err().kind(), expected);
}

#[test]
fn what_cannot_be_signed_is_refused() {
    let keys = || AwsV4::new("k", "s", "r", "sqs");
    let request = || AwsRequest::new("GET", "/").header("host", b"h");
    for bad in ["", "a b", "a,b", "a\n", "ф"] {
        refused(&AwsV4::new(bad, "s", "r", "sqs"), &request(), ErrorKind::BadKeys);
        refused(&AwsV4::new("k", "s", bad, "sqs"), &request(), ErrorKind::BadKeys);
        refused(&AwsV4::new("k", "s", "r", bad), &request(), ErrorKind::BadKeys);
        refused(&keys().session_token(bad), &request(), ErrorKind::BadKeys);
    }
    refused(&keys(), &AwsRequest::new("GET", "/"), ErrorKind::BadRequest);
    for bad in ["", "a", "*", "http://h/", "/a\nb", "/a#b", "/a\0"] {
        refused(&keys(), &AwsRequest::new("GET", bad).header("host", b"h"), ErrorKind::BadRequest);
    }
    refused(&keys(), &request().header("X-Amz-Date", b"today"), ErrorKind::BadDate);
    let late = UNIX_EPOCH + Duration::from_secs(300_000_000_000);
    assert_eq!(keys().sign(&request(), late).unwrap_err().kind(), ErrorKind::BadDate);
}

#[test]
fn signed_urls_live_a_second_to_a_week() {
    let request = AwsRequest::new("GET", "/").header("host", b"h");
    let of = |expires: Duration| {
        let presigned = AwsV4::new("k", "s", "r", "s3").presign(&request, expires, TIME);
        presigned.map(|it| it.target().contains("X-Amz-Expires")).map_err(|error| error.kind())
    };
    assert_eq!(of(Duration::from_millis(999)), Err(ErrorKind::BadExpiry));
    assert_eq!(of(Duration::from_secs(1)), Ok(true));
    assert_eq!(of(AwsV4::LONGEST), Ok(true));
    assert_eq!(of(AwsV4::LONGEST + Duration::from_millis(1)), Err(ErrorKind::BadExpiry));
}

#[test]
fn a_signed_url_keeps_what_was_there() {
    let keys = AwsV4::new("k", "s", "r", "s3").session_token("t/t");
    let request = AwsRequest::new("GET", "/b/%D1%84?versionId=1&acl").header("host", b"h");
    let presigned = keys.presign(&request, Duration::from_secs(60), TIME).unwrap();
    assert_eq!(
        presigned.target(),
        format!(
            "/b/%D1%84?versionId=1&acl&X-Amz-Algorithm=AWS4-HMAC-SHA256&\
             X-Amz-Credential=k%2F19700101%2Fr%2Fs3%2Faws4_request&X-Amz-Date=19700101T000000Z&\
             X-Amz-SignedHeaders=host&X-Amz-Expires=60&X-Amz-Security-Token=t%2Ft&\
             X-Amz-Signature={}",
            presigned.signature()
        )
    );
    assert!(presigned.canonical_request().ends_with(b"\nUNSIGNED-PAYLOAD"));
}

#[test]
fn headers_that_change_on_the_way_are_not_signed() {
    let names = |headers: AwsHeaders| {
        let request = AwsRequest::new("GET", "/")
            .header("Host", b"h")
            .header("User-Agent", b"u")
            .header("Proxy-Authorization", b"p")
            .header("Authorization", b"a")
            .header("X-Amz-Client-Context", b"c")
            .header("X-Amz-Acl", b"private")
            .header("X-Own", b"o")
            .header("Content-Type", b"t/t");
        let keys = AwsV4::new("k", "s", "r", "sqs").headers(headers).hash(AwsHash::Hidden);
        let signed = keys.sign(&request, TIME).unwrap();
        let value = header(&signed, "authorization").unwrap();
        let (_, rest) = value.split_once("SignedHeaders=").unwrap();
        rest.split_once(',').unwrap().0.to_owned()
    };
    assert_eq!(names(AwsHeaders::Usual), "content-type;host;x-amz-acl;x-amz-date");
    assert_eq!(
        names(AwsHeaders::All),
        "content-type;host;x-amz-acl;x-amz-client-context;x-amz-date;x-own"
    );
}

fn authorize(keys: &AwsV4, asked: &Asked<'_>) -> Result<Vec<Credential>, Error> {
    let (mut server, mut request) = Default::default();
    let mut memories = Memories { server: &mut server, request: &mut request };
    keys.authorize(asked, &mut memories, &Surroundings { time: TIME, random: [0; 16] })
}

#[test]
fn a_stream_is_unsigned_under_tls_only() {
    let hash = |asked: &Asked<'_>| {
        let keys = AwsV4::new("k", "s", "r", "s3");
        let headers = authorize(&keys, asked).map_err(|error| error.kind())?;
        let found = headers.iter().find(|it| it.name() == "x-amz-content-sha256");
        Ok(found.map(|it| it.value().expose().to_owned()))
    };
    let host = [("host", &b"h"[..])];
    let stream = Asked::new("PUT", "/k")
        .with_headers(&host)
        .with_content(Content::Stream { length: Some(9), hash: None });
    assert_eq!(hash(&stream), Err(ErrorKind::BodyUnknown));
    let encrypted = stream.over(Channel::Encrypted);
    assert_eq!(hash(&encrypted), Ok(Some("UNSIGNED-PAYLOAD".to_owned())));
    let chosen = [("host", &b"h"[..]), ("x-amz-content-sha256", b"UNSIGNED-PAYLOAD")];
    assert_eq!(hash(&stream.with_headers(&chosen)), Ok(None));
}

#[test]
fn a_stream_is_signed_in_chunks_by_who_writes_them() {
    let keys = AwsV4::new("k", "s", "r", "s3").streams(AwsStreams::Signed);
    let host = [("host", &b"h"[..])];
    let put = Asked::new("PUT", "/k").with_headers(&host);
    for channel in [Channel::Plain, Channel::Encrypted] {
        let stream =
            put.with_content(Content::Stream { length: Some(9), hash: None }).over(channel);
        let signed = keys.sign_asked(&stream, TIME).unwrap();
        assert_eq!(header(&signed, "x-amz-content-sha256"), Some(STREAMING));
        assert_eq!(header(&signed, "x-amz-decoded-content-length"), Some("9"));
        assert!(signed.chunks().is_some());
        // A scheme has no way to write them.
        let error = authorize(&keys, &stream).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BodyUnknown);
        let unknown = put.with_content(Content::Stream { length: None, hash: None }).over(channel);
        let error = keys.sign_asked(&unknown, TIME).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BodyUnknown);
        assert!(error.to_string().contains("length must be known"), "{error}");
    }
    let whole = keys.sign_asked(&put.with_content(Content::Bytes(b"body")), TIME).unwrap();
    assert!(whole.chunks().is_none() && authorize(&keys, &put).is_ok());
    let chosen = [("host", &b"h"[..]), ("x-amz-content-sha256", b"UNSIGNED-PAYLOAD")];
    let stream =
        put.with_content(Content::Stream { length: None, hash: None }).with_headers(&chosen);
    assert!(keys.sign_asked(&stream, TIME).unwrap().chunks().is_none());
}

const STREAMING: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";

#[test]
fn keys_and_signatures_are_not_shown() {
    let keys = AwsV4::new("canary", "canary", "r", "s3").session_token("canary");
    let request = AwsRequest::new("GET", "/?canary").header("host", b"canary");
    let signed = keys.sign(&request, TIME).unwrap();
    let presigned = keys.presign(&request, Duration::from_secs(1), TIME).unwrap();
    let chunked = keys.sign(&request.clone().payload(AwsPayload::Chunks(1)), TIME).unwrap();
    let chunks = chunked.chunks().unwrap();
    let shown = format!("{keys:?} {request:?} {signed:?} {presigned:?} {chunked:?} {chunks:?}");
    assert!(!shown.contains("canary") && !shown.contains(signed.signature()), "{shown}");
}
