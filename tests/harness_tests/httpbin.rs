//! The httpbin handler answers in httpbin's shapes, here under TLS.

use std::io::Read;

use flate2::read::GzDecoder;
use harness::{Ca, HttpServer, Listen, httpbin};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use crate::client::{connect, read_all, shake_hands};

struct Bin {
    ca: Ca,
    server: HttpServer,
}

impl Bin {
    async fn start() -> Self {
        let ca = Ca::new();
        let listen = Listen::tls(ca.issue(&["bin.test"]).server_config());
        Self { ca, server: HttpServer::start_handling(listen, httpbin).await }
    }

    fn host(&self) -> String {
        format!("bin.test:{}", self.server.address().port())
    }

    /// The head and the body that answer a request of this line, with these last headers and body.
    async fn ask(&self, line: &str, rest: &str) -> (String, Vec<u8>) {
        let tcp = connect(self.server.address()).await;
        let client = shake_hands(self.ca.client_config(), "bin.test", tcp).await;
        let mut client = client.expect("the client trusts the authority");
        let host = self.host();
        let request = format!("{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{rest}");
        client.write_all(request.as_bytes()).await.expect("the server reads");
        let answer = read_all(&mut client).await;
        let at = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("there is a head");
        (String::from_utf8_lossy(&answer[..at]).into_owned(), answer[at + 4..].to_vec())
    }

    async fn json(&self, line: &str, rest: &str) -> Value {
        let (_, body) = self.ask(line, rest).await;
        serde_json::from_slice(&body).expect("the body is JSON")
    }
}

#[tokio::test]
async fn what_was_sent_comes_back_as_json() {
    let bin = Bin::start().await;
    let got = bin.json("GET /get?a=1&a=2&b=x", "x-one: 1\r\n\r\n").await;
    assert_eq!(got["args"], json!({"a": ["1", "2"], "b": "x"}));
    assert_eq!(got["headers"]["X-One"], "1");
    assert_eq!(got["url"], format!("https://{}/get?a=1&a=2&b=x", bin.host()));

    let form =
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\nk=v&l=%26";
    let posted = bin.json("POST /post", form).await;
    assert_eq!(posted["form"], json!({"k": "v", "l": "&"}));
    assert_eq!((&posted["data"], &posted["json"]), (&json!(""), &Value::Null));
    let posted = bin.json("POST /post", "Content-Length: 7\r\n\r\n{\"k\":1}").await;
    assert_eq!((&posted["data"], &posted["json"]), (&json!("{\"k\":1}"), &json!({"k": 1})));

    let cookies = bin.json("GET /cookies", "Cookie: k=v\r\n\r\n").await;
    assert_eq!(cookies, json!({"cookies": {"k": "v"}}));
    bin.server.finish().await;
}

#[tokio::test]
async fn statuses_redirects_and_challenges_are_httpbins() {
    let bin = Bin::start().await;
    for (line, rest, head) in [
        (
            "GET /cookies/set?k=v",
            "\r\n",
            "302 Found\r\nLocation: /cookies\r\nSet-Cookie: k=v; Path=/",
        ),
        ("GET /redirect/2", "\r\n", "302 Found\r\nLocation: /relative-redirect/1"),
        ("GET /redirect/1", "\r\n", "302 Found\r\nLocation: /get"),
        (
            "GET /redirect-to?url=%2Fx&status_code=308",
            "\r\n",
            "308 Permanent Redirect\r\nLocation: /x",
        ),
        ("GET /status/503", "\r\n", "503 Service Unavailable"),
        (
            "GET /basic-auth/u/p",
            "\r\n",
            "401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"Fake Realm\"",
        ),
        ("GET /basic-auth/u/p", "Authorization: Basic dTpw\r\n\r\n", "200 OK"),
        ("GET /bearer", "\r\n", "401 Unauthorized\r\nWWW-Authenticate: Bearer"),
        ("GET /bearer", "Authorization: Bearer t\r\n\r\n", "200 OK"),
        ("GET /nowhere", "\r\n", "404 Not Found"),
    ] {
        let (answer, _) = bin.ask(line, rest).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {head}\r\n")), "{line}: {answer}");
    }
    bin.server.finish().await;
}

#[tokio::test]
async fn bodies_are_counted_bytes_or_gzip() {
    let bin = Bin::start().await;
    assert_eq!(bin.ask("GET /bytes/3", "\r\n").await.1, [0, 1, 2]);
    let (head, packed) = bin.ask("GET /gzip", "\r\n").await;
    assert!(head.contains("\r\nContent-Encoding: gzip\r\n"));
    let mut unpacked = String::new();
    GzDecoder::new(packed.as_slice()).read_to_string(&mut unpacked).expect("it is gzip");
    let unpacked: Value = serde_json::from_str(&unpacked).expect("it is JSON");
    assert_eq!(unpacked["gzipped"], true);
    bin.server.finish().await;
}
