//! Wrong input of every kind: exit code 2, a message that names what is wrong, nothing sent.

use crate::command::{Opi, opi};

/// Runs `line` (words, `'` around those with spaces) in both formats.
async fn check(line: &str, code: &str, message: &str) {
    let words: Vec<String> = split(line);
    let plain = opi(&words).await;
    assert!(plain.failed(2).contains(message), "{line}: {plain}");
    let json = opi(&[words.as_slice(), &["--json".to_owned()]].concat()).await;
    let error = json.error(2);
    assert_eq!(error["code"], code, "{line}: {json}");
    assert_eq!((&error["retryable"], json.stderr.as_str()), (&false.into(), ""), "{line}");
    let causes = error["causes"].as_array().unwrap();
    let mut told = causes.iter().chain([&error["message"]]).filter_map(|it| it.as_str());
    assert!(told.any(|line| line.contains(message)), "{line}: {json}");
}

fn split(line: &str) -> Vec<String> {
    let parts = line.split('\'').enumerate();
    let words = parts.flat_map(|(place, part)| match place % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect(),
        _ => vec![part.to_owned()],
    });
    words.collect()
}

#[tokio::test]
async fn addresses() {
    check("tcp request localhost", "bad_address", "the port is missing").await;
    check("tcp request localhost:0", "bad_address", "not a number from 1 to 65535").await;
    check("tcp request localhost:65536", "bad_address", "not a number from 1 to 65535").await;
    check("tcp request localhost:http", "bad_address", "not a number from 1 to 65535").await;
    check("tcp request :80", "bad_address", "the host is empty").await;
    check("tcp request ::1:80", "bad_address", "in brackets").await;
    check("tcp request http://h.test:80", "bad_address", "without the scheme \"http\"").await;
    check("tcp request ''", "bad_address", "the port is missing").await;
    check("tcp serve localhost:7000", "cli_usage", "expected IP:port").await;
    check("tcp serve 127.0.0.1", "cli_usage", "expected IP:port").await;
}

#[tokio::test]
async fn urls_and_methods() {
    check("get ''", "http_bad_url", "expected http://host/path").await;
    check("get 'h test/path'", "http_bad_url", "expected http://host/path").await;
    check("post ftp://h.test/", "http_bad_url", "expected http or https, got \"ftp\"").await;
    check("get http://h.test:99999/", "http_bad_url", "expected http://host/path").await;
    check("get http://", "http_bad_url", "expected http://host/path").await;
    check("http 'GE T' http://h.test/", "http_bad_method", "expected a token").await;
    check("http GET", "cli_usage", "a URL is missing behind the method GET").await;
}

#[tokio::test]
async fn proxies() {
    for command in ["tcp request h.test:1 x", "get http://h.test/"] {
        let check = async |proxy: &str, code: &str, message: &str| {
            check(&format!("{command} --proxy {proxy}"), code, message).await;
        };
        check(
            "ftp://p.test:1",
            "bad_route",
            "expected http, https, socks4, socks4a, socks5 or socks5h",
        )
        .await;
        check("p.test:1080", "bad_route", "the scheme is missing").await;
        check("socks5://p.test", "bad_route", "the port is missing").await;
        check("env:OPI_TEST_NOT_SET", "cli_usage", "no variable \"OPI_TEST_NOT_SET\"").await;
        check("@no/such/file", "cli_file", "no/such/file: the secret cannot be read").await;
    }
}

#[tokio::test]
async fn items() {
    let check = async |item: &str, code: &str, message: &str| {
        check(&format!("post http://h.test/ a=b {item}"), code, message).await;
    };
    check("nothing", "cli_usage", "item 2: expected name:value").await;
    check("n:=nothing", "cli_usage", "item 2: what stands after := is no JSON").await;
    check("file@photo.jpg", "cli_usage", "item 2: @ sends a file, which needs --form").await;
    check("name=@no/such", "cli_file", "item 2: its file cannot be read").await;
    check("name:=@no/such", "cli_file", "item 2: its file cannot be read").await;
    check("@no/such", "cli_usage", "a request has one body: fields, @FILE or --raw").await;
    check("a[b]=c", "cli_usage", "item 2: a key in brackets is for an object").await;
    check("a[b=c", "cli_usage", "item 2: a [ is not closed").await;
    check("Host:", "http_bad_header", "no request can be without it").await;
    check("=value", "cli_usage", "item 2: the name before = is missing").await;
    check("'X y:1'", "http_bad_header", "this is no name").await;
    check("'X-Y:1\n2'", "http_bad_header", "header X-Y: CR, LF or NUL stands in its value").await;
}

#[tokio::test]
async fn logins() {
    let check = async |login: &str, code: &str, message: &str| {
        check(&format!("get http://h.test/ {login}"), code, message).await;
    };
    check("--auth nobody", "cli_usage", "--auth: expected user:password").await;
    check("--auth 'u:p\n'", "auth_control_character", "a control character").await;
    check("--bearer 'a b'", "auth_bad_token", "visible ASCII").await;
    check("--bearer env:OPI_TEST_NOT_SET", "cli_usage", "no variable").await;
    check("--bearer @no/such/file", "cli_file", "the secret cannot be read").await;
    check("--auth u:p --bearer t", "cli_usage", "cannot be used with").await;
}

#[tokio::test]
async fn options() {
    check("", "cli_usage", "requires a subcommand").await;
    check("tcp", "cli_usage", "requires a subcommand").await;
    check("serve", "cli_usage", "unrecognized subcommand 'serve'").await;
    check("get", "cli_usage", "<URL>").await;
    check("get http://h.test/ --colour", "cli_usage", "unexpected argument '--colour'").await;
    check("get http://h.test/ --timeout soon", "cli_usage", "expected seconds").await;
    check("get http://h.test/ --timeout 0", "cli_usage", "more than 0 and at most 86400").await;
    check("get http://h.test/ --max-redirects 0", "cli_usage", "--max-redirects").await;
    check("get http://h.test/ --no-follow --max-redirects 1", "cli_usage", "cannot be used").await;
    check("tcp request h.test:1 x --until ''", "framing_empty_delimiter", "at least one").await;
    check("tcp request h.test:1 x --until '\\q'", "cli_usage", "\\q is no escape").await;
    check("tcp request h.test:1 -e '\\q'", "cli_usage", "DATA: \\q is no escape").await;
    check("tcp request h.test:1 x --size many", "cli_usage", "--size").await;
    check("tcp request h.test:1 x --size 1 --until a", "cli_usage", "cannot be used").await;
    check("tcp request h.test:1 x --max 0", "cli_usage", "--max").await;
    check("tcp request h.test:1 x --insecure", "cli_usage", "--insecure needs --tls").await;
    check("tcp serve --max-connections 0", "cli_usage", "--max-connections").await;
}

#[tokio::test]
async fn certificates() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    std::fs::write(&path, "no certificate").unwrap();
    let path = path.to_str().unwrap();
    check(&format!("get https://h.test/ --ca {path}"), "bad_certificate", path).await;
    check(&format!("tcp request h.test:1 x --tls --ca {path}"), "bad_certificate", path).await;
    let message = "none.pem: the CA certificates cannot be read";
    check("get https://h.test/ --ca none.pem", "cli_file", message).await;
    check("get https://h.test/ --ca a.pem --insecure", "cli_usage", "cannot be used").await;
}

#[tokio::test]
async fn a_json_option_behind_two_dashes_is_data() {
    let outcome = Opi::new(&["get", "http://h.test/", "--bogus", "--", "--json"]).run().await;
    assert!(outcome.failed(2).contains("'--bogus'"), "{outcome}");
}
