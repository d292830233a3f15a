//! Requests signed for AWS: none is a panic, and what the library behind it can read it signs alike.
#![no_main]

use std::time::{Duration, UNIX_EPOCH};

use libfuzzer_sys::fuzz_target;
use opi_auth::{AwsHeaders, AwsPayload, AwsRequest, AwsV4};
use oracle::Signing;
use url::Url;

#[path = "oracle/aws.rs"]
mod oracle;

// The service and the time, the path and query, a header's value and the body, a line each.
fuzz_target!(|input: &[u8]| {
    let [service, hours, rest @ ..] = input else { return };
    let Ok(text) = str::from_utf8(rest) else { return };
    let mut lines = text.splitn(3, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let (target, value, body) = (line(), line(), line());
    let service = ["s3", "sqs"][usize::from(*service) % 2];
    let time = UNIX_EPOCH + Duration::from_secs(u64::from(*hours) * 3_000_000);
    let keys = AwsV4::new("k", "s", "r", service).headers(AwsHeaders::All);

    let raw = AwsRequest::new("PUT", target).header("host", b"h.test");
    let _never_a_panic = keys.sign(&raw, time);
    let _never_a_panic = keys.presign(&raw, Duration::from_secs(60), time);

    let Ok(url) = Url::parse(&format!("https://h.test/{target}")) else { return };
    let sent = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let request = AwsRequest::new("PUT", &sent)
        .header("host", b"h.test")
        .header("x-amz-meta-a", value.as_bytes())
        .payload(AwsPayload::Bytes(body.as_bytes()));
    let signed = keys.sign(&request, time).expect("what the normalizer sends can be signed");
    let path = signed.canonical_request().split(|byte| *byte == b'\n').nth(1).unwrap_or_default();
    let decoded = |byte: u8| byte == b'%' || byte.is_ascii_control();
    let lossy = url.query().unwrap_or_default().contains('%') || value.bytes().any(decoded);
    if url.host_str() != Some("h.test") || lossy || (service == "s3" && path != url.path().as_bytes())
    {
        return;
    }
    let theirs = Signing {
        method: "PUT",
        url: &format!("https://h.test{sent}"),
        headers: vec![("host", "h.test"), ("x-amz-meta-a", value)],
        body: body.as_bytes(),
        token: None,
        service,
        time,
        expires: None,
    };
    if let Some(theirs) = theirs.signature() {
        assert_eq!(signed.signature(), theirs, "{sent} of {service}");
    }
});
