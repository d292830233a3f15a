//! The table of Amazon's `aws-c-auth`: canonical requests, strings to sign and signatures, byte by byte.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use harness::{fixture, fixture_text};
use opi_auth::{AwsHash, AwsHeaders, AwsPayload, AwsRequest, AwsRules, AwsToken, AwsV4};
use serde_json::Value;

#[test]
fn signatures_are_those_of_the_table() {
    if fixture_text("aws-sigv4/SOURCE.md").is_none() {
        return;
    }
    assert_eq!(CASES.len() + 2, 40);
    for case in CASES {
        Case::read(case).check();
    }
}

/// These two have no context: what they show is the path.
#[test]
fn paths_are_encoded_once_more() {
    for case in ["double-encode-path", "double-url-encode"] {
        let Some(text) = fixture_text(&format!("aws-sigv4/v4/{case}/request.txt")) else { return };
        let request = Request::read(&text);
        let keys = AwsV4::new("k", "s", "r", "execute-api").hash(AwsHash::Hidden);
        // The time of one request is not that of its table.
        let mut request = request;
        request.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("x-amz-date"));
        let time = UNIX_EPOCH + Duration::from_secs(1_620_747_645);
        let signed = keys.sign(&request.to_sign(), time).unwrap();
        let expected = file(case, "header-canonical-request.txt");
        assert_eq!(text_of(signed.canonical_request()), expected, "{case}");
    }
}

struct Case {
    name: &'static str,
    request: Request,
    context: Value,
}

impl Case {
    fn read(name: &'static str) -> Self {
        let request = Request::read(&fixture_text(&path(name, "request.txt")).unwrap());
        let context = fixture(&path(name, "context.json")).unwrap();
        Self { name, request, context }
    }

    fn check(&self) {
        let Self { name, request, .. } = self;
        let signed = self.keys().sign(&request.to_sign(), time()).unwrap();
        let expect = |what: &str, found: &str| assert_eq!(found, file(name, what), "{name}");
        expect("header-canonical-request.txt", &text_of(signed.canonical_request()));
        expect("header-string-to-sign.txt", signed.string_to_sign());
        expect("header-signature.txt", signed.signature());
        let whole = file(name, "header-signed-request.txt").to_ascii_lowercase();
        for header in signed.headers() {
            let line =
                format!("{}:{}", header.name(), header.value().expose()).to_ascii_lowercase();
            assert!(whole.lines().any(|it| it == line), "{name}: {line}");
        }
        let expires = Duration::from_secs(self.context["expiration_in_seconds"].as_u64().unwrap());
        let to_sign = request.to_sign();
        // For S3 we would leave the body out of the signature, which this table does not.
        let to_sign = match self.rules() {
            AwsRules::S3 => to_sign.payload(AwsPayload::Hash(EMPTY)),
            _ => to_sign,
        };
        let presigned = self.keys().presign(&to_sign, expires, time()).unwrap();
        expect("query-canonical-request.txt", &text_of(presigned.canonical_request()));
        expect("query-string-to-sign.txt", presigned.string_to_sign());
        expect("query-signature.txt", presigned.signature());
        let target = Request::read(&file(name, "query-signed-request.txt")).target;
        assert_eq!(presigned.target(), target, "{name}");
    }

    fn rules(&self) -> AwsRules {
        let normalized = self.context["normalize"].as_bool().unwrap();
        if normalized { AwsRules::General } else { AwsRules::S3 }
    }

    fn keys(&self) -> AwsV4 {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let credentials = &self.context["credentials"];
        let body_is_signed = self.context["sign_body"].as_bool().unwrap();
        let token_is_added = self.context["omit_session_token"].as_bool().unwrap_or_default();
        let keys = AwsV4::new(
            text(&credentials["access_key_id"]),
            text(&credentials["secret_access_key"]),
            text(&self.context["region"]),
            text(&self.context["service"]),
        );
        let keys = keys.rules(self.rules()).headers(AwsHeaders::All);
        let keys = keys.hash(if body_is_signed { AwsHash::Sent } else { AwsHash::Hidden });
        let keys = keys.token_is(if token_is_added { AwsToken::Added } else { AwsToken::Signed });
        match credentials["token"].as_str() {
            Some(token) => keys.session_token(token),
            None => keys,
        }
    }
}

/// A request as the table writes it.
struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Request {
    fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut lines = head.lines();
        let first = lines.next().unwrap();
        let (method, rest) = first.split_once(' ').unwrap();
        let target = rest.strip_suffix(" HTTP/1.1").unwrap_or(rest);
        let mut headers: Vec<(String, String)> = Vec::new();
        for line in lines {
            match (line.starts_with(' '), headers.last_mut()) {
                (true, Some((_, value))) => *value += &format!("\n{line}"),
                _ => {
                    let (name, value) = line.split_once(':').unwrap();
                    headers.push((name.to_owned(), value.to_owned()));
                }
            }
        }
        Self { method: method.into(), target: target.into(), headers, body: body.into() }
    }

    fn to_sign(&self) -> AwsRequest<'_> {
        let request = AwsRequest::new(&self.method, &self.target);
        let request = self
            .headers
            .iter()
            .fold(request, |request, (name, value)| request.header(name, value.as_bytes()));
        request.payload(AwsPayload::Bytes(self.body.as_bytes()))
    }
}

fn path(case: &str, file: &str) -> String {
    format!("aws-sigv4/v4/{case}/{file}")
}

fn file(case: &str, file: &str) -> String {
    fixture_text(&path(case, file)).unwrap().trim_end().to_owned()
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// 2015-08-30T12:36:00Z, the time of the whole table.
fn time() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_440_938_160)
}

/// The SHA-256 of nothing.
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const CASES: &[&str] = &[
    "get-header-key-duplicate",
    "get-header-value-multiline",
    "get-header-value-order",
    "get-header-value-trim",
    "get-relative-normalized",
    "get-relative-relative-normalized",
    "get-relative-relative-unnormalized",
    "get-relative-unnormalized",
    "get-slash-dot-slash-normalized",
    "get-slash-dot-slash-unnormalized",
    "get-slash-normalized",
    "get-slash-pointless-dot-normalized",
    "get-slash-pointless-dot-unnormalized",
    "get-slash-unnormalized",
    "get-slashes-normalized",
    "get-slashes-unnormalized",
    "get-space-normalized",
    "get-space-unnormalized",
    "get-unreserved",
    "get-utf8",
    "get-vanilla",
    "get-vanilla-empty-query-key",
    "get-vanilla-query",
    "get-vanilla-query-order-encoded",
    "get-vanilla-query-order-key-case",
    "get-vanilla-query-unreserved",
    "get-vanilla-utf8-query",
    "get-vanilla-with-session-token",
    "post-header-key-case",
    "post-header-key-sort",
    "post-header-value-case",
    "post-sts-header-after",
    "post-sts-header-before",
    "post-vanilla",
    "post-vanilla-empty-query-value",
    "post-vanilla-query",
    "post-x-www-form-urlencoded",
    "post-x-www-form-urlencoded-parameters",
];
