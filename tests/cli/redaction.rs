//! A canary in every slot that takes a secret: it reaches the other side, and is printed nowhere.

use base64::{Engine, engine::general_purpose::STANDARD};
use harness::{Answer, HttpServer, Listen, RefusingPort, Request};

use crate::command::{Opi, Outcome, opi};

const CANARY: &str = "c4nary-Secret";

#[track_caller]
fn clean(outcome: &Outcome, what: &str) {
    let printed = outcome.printed();
    let pairs = [format!("ann:{CANARY}"), format!("{CANARY}:"), CANARY.to_owned()];
    let encoded = pairs.map(|pair| STANDARD.encode(pair));
    let forms = [CANARY, "c4nary%2DSecret"].into_iter().chain(encoded.iter().map(String::as_str));
    for form in forms {
        assert!(!printed.contains(form), "{what}: {printed}");
    }
}

/// A server that gives back every secret it was shown, in headers where nobody expects it.
fn telltale(request: &Request) -> Answer {
    let shown = request.header("authorization").unwrap_or("nothing").to_owned();
    Answer::ok()
        .text("no secret")
        .header("X-Echo", &format!("{shown} {}", request.target))
        .header("X-Plain", CANARY)
        .cookie(&format!("id={CANARY}; Path=/"))
}

/// Runs `opi get URL options` in every way of telling, against a server that answers, one that
/// refuses, and none.
async fn slot(user_info: &str, query: &str, options: &[&str]) {
    let server = HttpServer::start_handling(Listen::plain(), telltale).await;
    let nobody = RefusingPort::new();
    for address in [server.address(), nobody.address()] {
        let url = format!("http://{user_info}{address}/path{query}");
        for telling in [&[][..], &["-v"], &["--json"], &["--json", "-v"]] {
            let line = [&["get", &url], options, telling].concat();
            let outcome = Opi::new(&line).env("OPI_TEST_CANARY", CANARY).run().await;
            let expected = if address == nobody.address() { 11 } else { 0 };
            assert_eq!(outcome.code, expected, "{outcome}");
            clean(&outcome, &line.join(" "));
        }
    }
    for request in server.finish().await {
        let head = String::from_utf8(request.raw_head).unwrap();
        let encoded = STANDARD.encode(format!("ann:{CANARY}"));
        assert!(head.contains(CANARY) || head.contains(&encoded), "it is really sent: {head}");
    }
}

#[tokio::test]
async fn logins() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("login");
    std::fs::write(&path, format!("ann:{CANARY}\n")).unwrap();
    slot("", "", &["--auth", &format!("ann:{CANARY}")]).await;
    slot("", "", &["--auth", &format!("@{}", path.display())]).await;
    slot("", "", &["--bearer", CANARY]).await;
    slot("", "", &["--bearer", "env:OPI_TEST_CANARY"]).await;
    slot(&format!("ann:{CANARY}@"), "", &[]).await;
}

#[tokio::test]
async fn headers_and_parameters() {
    for name in ["Authorization", "Cookie", "X-Api-Key", "X-Auth-Token", "Proxy-Authorization"] {
        slot("", "", &[&format!("{name}:{CANARY}")]).await;
    }
    slot("", "", &[&format!("access_token=={CANARY}")]).await;
    slot("", &format!("?api_key={CANARY}&page=1"), &[]).await;
}

#[tokio::test]
async fn redirects() {
    for status in [302, 307] {
        for options in [&["-v"][..], &["--json", "-v"], &["--json", "-v", "--no-follow"]] {
            let server = HttpServer::start().await;
            let location = format!("/next?token={CANARY}#{CANARY}");
            server.answer(Answer::redirect(status, &location));
            if !options.contains(&"--no-follow") {
                server.answer(Answer::ok().text("done"));
            }
            let outcome = opi(&[&["get", &server.url("/")], options].concat()).await;
            clean(&outcome, &options.join(" "));
            server.finish().await;
        }
    }
}

#[tokio::test]
async fn proxies() {
    let nobody = RefusingPort::new();
    for proxy in ["socks5", "http"] {
        for login in [format!("ann:{CANARY}"), format!("{CANARY}:{CANARY}")] {
            let url = format!("{proxy}://{login}@{}", nobody.address());
            for options in [&["-v"][..], &["-v", "--json"]] {
                let tcp = [&["tcp", "request", "h.test:1", "x", "--proxy", &url], options].concat();
                let get = [&["get", "http://h.test/", "--proxy", &url], options].concat();
                for line in [tcp, get] {
                    let outcome = opi(&line).await;
                    assert_eq!(outcome.code, 11, "{outcome}");
                    clean(&outcome, &line.join(" "));
                }
            }
        }
    }
}

#[tokio::test]
async fn wrong_command_lines() {
    let pair = format!("ann:{CANARY}");
    let url = format!("http://{pair}@h.test:99999/");
    let (header, proxy) = (format!("X-Api-Key:{CANARY}\n"), format!("ftp://{pair}@p.test:1"));
    let (json, file) = (format!("password:={CANARY}"), format!("password=@{CANARY}"));
    let lines: &[&[&str]] = &[
        &[&url],
        &["get", &url],
        &["get", "http://h.test/", &header],
        &["get", "http://h.test/", CANARY],
        &["post", "http://h.test/", &json],
        &["post", "http://h.test/", &file],
        &["get", "http://h.test/", "--auth", CANARY],
        &["get", "http://h.test/", "--auth", &pair, "--bearer", CANARY],
        &["get", "http://h.test/", "--bearer", &header],
        &["get", "http://h.test/", "--proxy", &proxy],
        &["get", "http://h.test/", "--paswd", CANARY],
        &["tcp", "request", &url],
        &["tcp", "request", &format!("{pair}@h.test:1")],
        &["tcp", "listen", &format!("{pair}@127.0.0.1:0")],
        &["tcp", "request", "h.test:1", "x", "--proxy", &proxy],
    ];
    for line in lines {
        for options in [&[][..], &["--json"]] {
            let outcome = opi(&[*line, options].concat()).await;
            assert_eq!(outcome.code, 2, "{outcome}");
            clean(&outcome, &line.join(" "));
        }
    }
}

/// A request that is shown, before or in place of sending it, keeps the secrets of its body.
#[tokio::test]
async fn bodies() {
    let server = HttpServer::start_handling(Listen::plain(), |_| Answer::ok().text("fine")).await;
    let url = server.url("/");
    let raw = format!("{{\"deep\": [{{\"client_secret\": \"{CANARY}\"}}]}}");
    let form = format!("grant_type=password&client_secret={CANARY}");
    let deep = format!("creds:={{\"token\":\"{CANARY}\"}}");
    let [plain, nested] = ["password", "user[password]"].map(|name| format!("{name}={CANARY}"));
    for items in [
        &[plain.as_str()][..],
        &[&nested],
        &[&deep],
        &["--form", &plain],
        &["--form", &nested],
        &["--multipart", &nested],
        &["--raw", &raw],
        &["--raw", &form],
    ] {
        for telling in
            [&["--print", "HB"][..], &["--offline"], &["--offline", "--json"], &["--curl"]]
        {
            let line = [&["post", &url], items, telling].concat();
            let outcome = opi(&line).await;
            assert_eq!(outcome.code, 0, "{outcome}");
            clean(&outcome, &line.join(" "));
            assert!(outcome.printed().contains("hidden"), "{outcome}");
            let shown = opi(&[&line[..], &["--show-secrets"]].concat()).await;
            assert!(shown.printed().contains(CANARY), "{shown}");
        }
    }
    let sent = server.finish().await;
    assert_eq!(sent.len(), 16);
    for request in sent {
        let body = String::from_utf8(request.body).unwrap();
        assert!(body.contains(CANARY), "it is really sent: {body}");
    }
}
