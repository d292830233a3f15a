//! Items: what each kind puts into a request; addresses as people type them; where bodies come from.

use std::path::PathBuf;

use harness::{Answer, HttpServer, Listen, Request, httpbin};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::command::Opi;

/// The one request that `opi LINE` sends; `URL` in the line is where the server is.
async fn sent(line: &[&str], stdin: &str) -> Request {
    let server = HttpServer::start_handling(Listen::plain(), httpbin).await;
    let line = line.iter().map(|word| word.replace("URL", &server.url("/anything")));
    let line: Vec<_> =
        line.map(|word| word.replace("PORT", &server.address().port().to_string())).collect();
    Opi::new(&line).stdin(stdin).run().await.good();
    let mut requests = server.finish().await;
    assert_eq!(requests.len(), 1);
    requests.remove(0)
}

/// A folder, and a function's worth of files in it.
fn files(files: &[(&str, &[u8])]) -> (TempDir, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let write = |(name, data): &(&str, &[u8])| {
        let path: PathBuf = folder.path().join(name);
        std::fs::write(&path, data).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let paths = files.iter().map(write).collect();
    (folder, paths)
}

#[tokio::test]
async fn an_address_needs_no_scheme_and_no_host_of_its_own() {
    for address in ["127.0.0.1:PORT/anything", "localhost:PORT/anything", ":PORT/anything"] {
        assert_eq!(sent(&["get", address], "").await.target, "/anything", "{address}");
    }
}

#[tokio::test]
async fn the_method_may_be_left_out() {
    assert_eq!(sent(&["http", "URL"], "").await.method, "GET");
    assert_eq!(sent(&["http", "URL", "a=1"], "").await.method, "POST");
    assert_eq!(sent(&["http", "URL", "q==1"], "").await.method, "GET");
    assert_eq!(sent(&["http", "purge", "URL", "a=1"], "").await.method, "PURGE");
    assert_eq!(sent(&["http", "URL", "--raw", "x"], "").await.method, "POST");
}

#[tokio::test]
async fn a_header_is_repeated_empty_or_left_out() {
    let line = ["get", "URL", "X-A:1", "X-A:2", "X-E;", "User-Agent:", "Accept:a/b"];
    let request = sent(&line, "").await;
    assert_eq!(request.headers.values("x-a").collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!((request.header("x-e"), request.header("user-agent")), (Some(""), None));
    assert_eq!(request.header("accept"), Some("a/b"));
}

#[tokio::test]
async fn values_go_to_their_places_in_json() {
    let items = ["a[b][]:=1", "a[b][]=x", "a[c]=y", "n:=12345678901234567890.10", "[z\\]=w"];
    let request = sent(&[&["post", "URL"], &items[..4]].concat(), "").await;
    assert_eq!(request.text(), r#"{"a":{"b":[1,"x"],"c":"y"},"n":12345678901234567890.10}"#);
    assert_eq!(request.header("content-type"), Some("application/json"));
    let request = sent(&["post", "URL", "[]=a", "[1][k]:=null"], "").await;
    assert_eq!(request.json(), json!(["a", {"k": null}]));
}

#[tokio::test]
async fn values_are_read_from_files() {
    let (_folder, paths) = files(&[("text", "a b\n".as_bytes()), ("json", b"[1, 2]")]);
    let [text, json_file] = [&paths[0], &paths[1]];
    let items = [
        format!("t=@{text}"),
        format!("j:=@{json_file}"),
        format!("q==@{text}"),
        format!("X-H:@{text}"),
    ];
    let items: Vec<_> = items.iter().map(String::as_str).collect();
    let request = sent(&[&["post", "URL"], &items[..]].concat(), "").await;
    assert_eq!(request.json(), json!({"t": "a b\n", "j": [1, 2]}));
    assert_eq!(request.query(), [("q".to_owned(), "a b".to_owned())]);
    assert_eq!(request.header("x-h"), Some("a b"));
}

#[tokio::test]
async fn the_body_is_text_a_file_or_standard_input() {
    let request = sent(&["post", "URL", "--raw", "a=1&b", "Content-Type:x/y"], "").await;
    assert_eq!((request.text(), request.header("content-type")), ("a=1&b".to_owned(), Some("x/y")));
    let data: Vec<u8> = (0..=255).cycle().take(1_000_000).collect();
    let (_folder, paths) = files(&[("data.csv", &data)]);
    let file = format!("@{}", paths[0]);
    let request = sent(&["put", "URL", &file], "").await;
    assert!(request.body == data);
    assert_eq!(request.header("content-type"), Some("text/csv"));
    assert_eq!(request.header("content-length"), Some("1000000"));
    let request = sent(&["post", "URL", "@-"], "from afar").await;
    assert_eq!((request.text(), request.method), ("from afar".to_owned(), "POST".to_owned()));
    let request = sent(&["upload", &paths[0], "URL"], "").await;
    assert!(request.body == data && request.method == "PUT");
    let request = sent(&["upload", "-", "URL", "X-A:1"], "piped").await;
    assert_eq!(
        (request.text(), request.header("transfer-encoding")),
        ("piped".to_owned(), Some("chunked"))
    );
}

#[tokio::test]
async fn a_file_that_is_not_there_is_told_before_anything_is_sent() {
    let server = HttpServer::start().await;
    for line in [["post", &server.url("/"), "@no/such"], ["upload", "no/such", &server.url("/")]] {
        let outcome = Opi::new(&line).run().await;
        assert!(
            outcome.failed(2).contains("no/such: the file to send cannot be read"),
            "{outcome}"
        );
    }
    assert_eq!(server.connections(), 0);
    server.finish().await;
}

#[tokio::test]
async fn a_login_in_the_address_counts_until_another_is_given() {
    let server = HttpServer::start_handling(Listen::plain(), httpbin).await;
    server.answer(Answer::ok());
    let url = server.url("/basic-auth/ann/pw").replace("http://", "http://ann:pw@");
    Opi::new(&["get", &url]).run().await.good();
    Opi::new(&["get", &url, "--auth", "bob:other"]).run().await;
    let requests = server.finish().await;
    let logins: Vec<Value> = requests.iter().map(|it| it.header("authorization").into()).collect();
    assert_eq!(logins, ["Basic YW5uOnB3", "Basic Ym9iOm90aGVy"]);
}
