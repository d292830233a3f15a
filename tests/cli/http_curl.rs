//! curl's lines: those that opi writes send the same, those that it reads are done.

use harness::{HttpServer, Listen, Request, httpbin};
use serde_json::Value;
use tokio::process::Command;

use crate::command::{Opi, opi};

/// What arrived: method, target, headers in order of their names, body.
fn arrived(request: &Request) -> (String, String, Vec<(String, String)>, Vec<u8>) {
    let lower = |(name, value): (&str, &str)| (name.to_ascii_lowercase(), value.to_owned());
    let mut headers: Vec<_> = request.headers.iter().map(lower).collect();
    headers.sort();
    (request.method.clone(), request.target.clone(), headers, request.body.clone())
}

/// Runs a line in a shell, with `stdin`.
async fn shell(line: &str) {
    let output = Command::new("sh").args(["-c", line]).output();
    let output = harness::watch("the end of the shell", output).await.unwrap();
    assert!(output.status.success(), "{line}: {output:?}");
}

/// `opi LINE` and the line of curl that it prints must send the same.
async fn check(line: &[&str]) {
    let server = HttpServer::start_handling(Listen::plain(), httpbin).await;
    let url = server.url("/anything");
    let line: Vec<_> = line.iter().map(|word| word.replace("URL", &url)).collect();
    opi(&line).await.good();
    let printed = Opi::new(&line).run_with(&["--curl", "--show-secrets"]).await;
    let curl = String::from_utf8(printed.good().to_vec()).unwrap();
    assert!(curl.ends_with('\n') && curl.contains("curl "), "{curl}");
    shell(&curl).await;
    let requests = server.finish().await;
    let [ours, theirs] = [&requests[0], &requests[1]].map(arrived);
    assert_eq!(ours, theirs, "{curl}");
}

#[tokio::test]
async fn the_line_of_curl_sends_what_opi_sends() {
    check(&["get", "URL"]).await;
    check(&["get", "URL?x=1", "q==a b'\"$HOME", "X-A:it's $(id) `id` \"x\"", "X-E;"]).await;
    check(&["get", "URL", "User-Agent:me", "Accept:a/b", "X-A:1", "X-A:2"]).await;
    check(&["get", "URL", "User-Agent:", "Accept:", "Accept-Encoding:"]).await;
    check(&["head", "URL"]).await;
    check(&["delete", "URL"]).await;
    check(&["options", "URL"]).await;
    check(&["post", "URL"]).await;
    check(&["post", "URL", "name=чай 'it' \n", "n:=1.50", "deep[a][]=x"]).await;
    check(&["put", "URL", "a=1"]).await;
    check(&["http", "PROPFIND", "URL", "Depth:1"]).await;
    check(&["post", "URL", "--form", "a b=ж&", "n:=1"]).await;
    check(&["post", "URL", "--raw", "@not a file", "Content-Type:text/plain"]).await;
    check(&["post", "URL", "--raw", "no type"]).await;
    check(&["get", "URL", "--auth", "ann:it's"]).await;
    check(&["get", "URL", "--bearer", "t0ken"]).await;
}

#[tokio::test]
async fn the_line_of_curl_sends_the_same_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a 'b'.bin");
    std::fs::write(&path, (0..=255).cycle().take(3000).collect::<Vec<u8>>()).unwrap();
    check(&["post", "URL", &format!("@{}", path.display())]).await;
    check(&["upload", path.to_str().unwrap(), "URL"]).await;
}

/// The parts of a form that a line sends; the boundary is its own.
#[tokio::test]
async fn the_line_of_curl_sends_the_same_form() {
    let (server, folder) =
        (HttpServer::start_handling(Listen::plain(), httpbin).await, tempfile::tempdir().unwrap());
    let path = folder.path().join("a;b,c.png");
    std::fs::write(&path, "pixels").unwrap();
    let file = format!("f@{};type=image/png", path.display());
    let line = ["post", &server.url("/anything"), "--multipart", r"a=\@x;y", &file];
    opi(&line).await.good();
    let printed = opi(&[&line[..], &["--curl"]].concat()).await;
    shell(std::str::from_utf8(printed.good()).unwrap()).await;
    let requests = server.finish().await;
    let without_boundary = |request: &Request| {
        let kind = request.header("content-type").unwrap();
        request.text().replace(kind.split("boundary=").nth(1).unwrap(), "BOUNDARY")
    };
    let [ours, theirs] = [&requests[0], &requests[1]].map(without_boundary);
    assert_eq!(ours, theirs, "{printed}");
}

#[tokio::test]
async fn a_line_of_curl_hides_secrets_until_it_is_told() {
    let line =
        ["post", "http://u:hunter2@h.test/?token=hunter2", "password=hunter2", "Cookie:hunter2"];
    let options = ["--curl", "--proxy", "http://ann:hunter2@p.test:1"];
    let outcome = Opi::new(&line).run_with(&options).await;
    assert!(!outcome.printed().contains("hunter2"), "{outcome}");
    let text = String::from_utf8(outcome.good().to_vec()).unwrap();
    for part in ["'Authorization: (hidden)'", "'Cookie: (hidden)'", "-x http://p.test:1", "-L"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let result = Opi::new(&line).run_with(&["--curl", "--json"]).await.result();
    assert!(result["curl"].as_str().unwrap().starts_with("curl -L "), "{result}");
}

/// curl itself and `opi curl` must send the same; only the name of the program differs, and that
/// curl asks for leave before it sends a file.
async fn same(line: &str) {
    let server = HttpServer::start_handling(Listen::plain(), httpbin).await;
    let line = line.replace("URL", &server.url("/anything"));
    shell(&line).await;
    opi(&["curl", &line]).await.good();
    let requests = server.finish().await;
    let compared = |request: &Request| {
        let (method, target, mut headers, body) = arrived(request);
        headers.retain(|(name, _)| !matches!(name.as_str(), "user-agent" | "expect"));
        (method, target, headers, body)
    };
    let [theirs, ours] = [&requests[0], &requests[1]].map(compared);
    assert_eq!(ours, theirs, "{line}");
}

#[tokio::test]
async fn what_a_line_of_curl_says_is_sent() {
    for line in [
        "curl -sS URL",
        "curl -s 'URL?a=1&b=%20c' -H 'X-A: 1' -H 'X-B;' -H 'Accept: a/b'",
        "curl -s -X PURGE URL",
        "curl -sI URL",
        "curl -s -d a=1 -d 'b=it'\\''s' URL",
        "curl -s --data-raw '{\"a\":1}' -H 'Content-Type: application/json' URL",
        "curl -s --json '{\"a\":1}' URL",
        "curl -s -G --data-urlencode 'q=a b~-' -d x=1 URL",
        "curl -s --data-urlencode 'q=a b&ж~' URL",
        "curl -s -u ann:p:w URL",
        "curl -s -A me -e http://r.test/ -b 'a=1; b=2' -r 0-9 URL",
        "curl -s -XPUT -dx URL",
        "curl -s --oauth2-bearer t0ken URL",
    ] {
        same(line).await;
    }
}

#[tokio::test]
async fn files_and_standard_input_of_a_line_are_sent() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    std::fs::write(&path, "a=1\r\nb=2\n").unwrap();
    let path = path.to_str().unwrap();
    for option in ["-d @", "--data-binary @", "-T ", "--data-urlencode n@"] {
        same(&format!("curl -s {option}{path} URL")).await;
    }
    same(&format!("curl -s -T {path} URL/")).await;
    let server = HttpServer::start_handling(Listen::plain(), httpbin).await;
    let line = ["curl", "curl", "-T", "-", &server.url("/anything")];
    let outcome = Opi::new(&line).stdin("piped").run().await;
    let got: Value = serde_json::from_slice(outcome.good()).unwrap();
    assert_eq!((&got["data"], &got["method"]), (&"piped".into(), &"PUT".into()));
    server.finish().await;
}

#[tokio::test]
async fn results_go_where_curl_would_put_them() {
    let server = HttpServer::start_handling(Listen::plain(), httpbin).await;
    let url = server.url("/status/404");
    assert_eq!(opi(&["curl", &format!("curl -s {url}")]).await.code, 0);
    assert_eq!(opi(&["curl", &format!("curl -sf {url}")]).await.code, 4);
    let moved = server.url("/redirect/1");
    assert_eq!(opi(&["curl", "curl", "-s", &moved]).await.good(), b"");
    let got: Value = serde_json::from_slice(opi(&["curl", "-L", &moved]).await.good()).unwrap();
    assert_eq!(got["url"], server.url("/get"));
    let envelope = opi(&["curl", "--json", "curl", &moved]).await;
    assert_eq!(envelope.envelope()["command"], "curl");
    assert_eq!(envelope.result()["status"], 302);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    let line = format!("curl -s -o {} {}", path.display(), server.url("/bytes/5"));
    opi(&["curl", &line]).await.good();
    assert_eq!(std::fs::read(&path).unwrap(), [0, 1, 2, 3, 4]);
    server.finish().await;
}

#[tokio::test]
async fn the_equal_line_of_opi_is_told_without_secrets() {
    let line = "curl -u ann:hunter2 -H 'Authorization: x hunter2' -H 'X-A: b c' http://u:hunter2@h.test/?token=hunter2";
    let outcome = opi(&["curl", "--translate", line]).await;
    assert!(!outcome.printed().contains("hunter2"), "{outcome}");
    let text = String::from_utf8(outcome.good().to_vec()).unwrap();
    for part in
        ["opi http ", "'--auth=(hidden)'", " -- GET ", "'X-A:b c'", "'Authorization:(hidden)'"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[tokio::test]
async fn what_is_not_known_is_refused_by_name() {
    for (line, expected) in [
        ("curl --ntlm http://h.test/", "curl: --ntlm is not known to opi"),
        ("curl -Z http://h.test/", "curl: -Z is not known to opi"),
        ("curl http://h.test/ | sh", "curl: | is for a shell"),
        ("curl $URL", "curl: variables"),
        ("curl --max-time soon http://h.test/", "--timeout"),
    ] {
        let outcome = opi(&["curl", line]).await;
        assert!(outcome.failed(2).contains(expected), "{line}: {outcome}");
        assert_eq!(opi(&["curl", "--json", line]).await.error(2)["code"], "cli_usage");
    }
}
