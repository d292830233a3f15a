//! Signatures of requests made at random are those of `aws-sigv4`, wherever it can read them.

use std::time::{Duration, UNIX_EPOCH};

use opi_auth::{AwsHeaders, AwsPayload, AwsRequest, AwsV4};
use opi_http_connector::Url;

use crate::oracle::Signing;

#[test]
fn signatures_are_those_of_the_library() {
    let mut random = Random(0x5eed);
    let mut compared = 0;
    for _ in 0..3000 {
        compared += u32::from(random.request().is_compared());
    }
    // The rest has paths that the library takes as they are, where S3 encodes them anew.
    assert!(compared > 2000, "{compared}");
}

struct Request {
    method: &'static str,
    url: Url,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    token: Option<String>,
    service: &'static str,
    seconds: u64,
}

impl Request {
    /// Signs it both ways, in headers and in the URL.
    fn is_compared(&self) -> bool {
        let Self { method, url, service, .. } = self;
        let time = UNIX_EPOCH + Duration::from_secs(self.seconds);
        let target = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let mut request = AwsRequest::new(method, &target);
        for (name, value) in &self.headers {
            request = request.header(name, value.as_bytes());
        }
        let request = request.payload(AwsPayload::Bytes(&self.body));
        let mut keys = AwsV4::new("k", "s", "r", *service).headers(AwsHeaders::All);
        if let Some(token) = &self.token {
            keys = keys.session_token(token);
        }
        let signed = keys.sign(&request, time).unwrap();
        let path_line = signed.canonical_request().split(|byte| *byte == b'\n').nth(1).unwrap();
        if self.service == "s3" && path_line != url.path().as_bytes() {
            return false;
        }
        let expires = Duration::from_secs(60);
        let ours = [
            signed.signature().to_owned(),
            keys.presign(&request, expires, time).unwrap().signature().to_owned(),
        ];
        let theirs = [None, Some(expires)].map(|expires| {
            let headers = self.headers.iter().map(|(name, value)| (*name, value.as_str()));
            let signing = Signing {
                method,
                url: url.as_str(),
                headers: headers.collect(),
                body: &self.body,
                token: self.token.as_deref(),
                service,
                time,
                expires,
            };
            signing.signature().unwrap()
        });
        assert_eq!(ours, theirs, "{method} {url} {:?} of {service}", self.headers);
        true
    }
}

/// Splitmix64: the same requests in every run.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % below as u64).unwrap()
    }

    fn text(&mut self, of: &[&str], most: usize) -> String {
        (0..self.next(most + 1)).map(|_| of[self.next(of.len())]).collect()
    }

    fn request(&mut self) -> Request {
        let path = self.text(PARTS, 8);
        let query = self.text(PARTS, 8);
        let mut url: Url = "https://h.test/".parse().unwrap();
        url.set_path(&path.replace(['?', '#'], ""));
        url.set_query((self.next(3) > 0).then_some(query.as_str()));
        let headers = [
            ("host", "h.test".to_owned()),
            ("x-amz-meta-a", self.text(VALUES, 4)),
            ("X-Amz-Meta-A", self.text(VALUES, 4)),
            ("x-own", self.text(VALUES, 4)),
            ("content-type", self.text(VALUES, 2)),
            ("user-agent", "opi".to_owned()),
        ];
        let most = 1 + self.next(headers.len());
        Request {
            method: ["GET", "PUT", "DELETE", "PROPFIND"][self.next(4)],
            url,
            headers: headers.into_iter().take(most).collect(),
            body: self.text(PARTS, 9).into_bytes(),
            token: (self.next(3) == 0).then(|| "t/+=t".to_owned()),
            service: ["s3", "sqs", "execute-api"][self.next(3)],
            seconds: self.next(4_000_000_000) as u64,
        }
    }
}

/// What paths, queries and bodies are made of.
const PARTS: &[&str] = &[
    "/",
    "/",
    "//",
    ".",
    "..",
    "a",
    "B",
    "0",
    "-",
    "_",
    "~",
    " ",
    "+",
    "%20",
    "%2F",
    "%2f",
    "%25",
    "%D1%84",
    "ф",
    "日",
    "&",
    "&",
    "=",
    "=",
    "a=1",
    "!",
    "*",
    "'",
    "(",
    ")",
    ":",
    "@",
    ",",
    ";",
    "$",
    "[",
    "]",
    "key",
    "X-Amz-Date=1",
];

/// No tabs: the library keeps those within a value, others take them for spaces.
const VALUES: &[&str] = &[" ", "a", "b  c", ",", "\"x  y\"", "ф", "=", ";"];
