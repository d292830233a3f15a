//! HTTPConnector run: what it has and Connector has not, in both languages, with the real add-in.

use std::process::Command;

use harness::{Answer, Background, Ca, HttpServer, Listen, httpbin};

use crate::connector::{in_both_languages, n, same, server, t};
use crate::run::value::Value;

#[test]
fn bodies_go_in_the_encoding_of_their_parameters() {
    let server = Background::start(HttpServer::start);
    in_both_languages(|it| {
        let post = |data: Value, more: Value| {
            server.answer(Answer::ok());
            it.call("Post", &[t(&server.url("/")), data, more]);
            let sent = server.requests().pop().unwrap();
            (sent.header("content-type").unwrap_or_default().to_owned(), sent.body)
        };
        let encoding = it.structure(vec![("BodyEncoding", t("windows-1251"))]);
        let (kind, body) = post(t("Да"), encoding.clone());
        assert_eq!(kind, "application/x-www-form-urlencoded; charset=windows-1251");
        assert_eq!(body, [0xC4, 0xE0]);
        let (kind, body) = post(Value::structure(vec![("a", t("Да"))]), encoding);
        assert_eq!(kind, "application/x-www-form-urlencoded; charset=windows-1251");
        assert_eq!(body, b"a=%C4%E0");
        let own = Value::map(vec![("body_encoding", t("koi8-r"))]);
        let (kind, body) = post(t("Да"), it.structure(vec![("AddInOptions", own)]));
        assert_eq!(kind, "application/x-www-form-urlencoded; charset=koi8-r");
        assert_eq!(body, [0xE4, 0xC1]);
        let json = it.structure(vec![
            ("BodyEncoding", t("koi8-r")),
            ("Json", Value::structure(vec![("a", n(1))])),
        ]);
        let why = it.fails("Post", &[t(&server.url("/")), Value::Undefined, json]);
        assert!(why.contains(&it.key("BodyEncoding")), "{why}");
    });
}

#[test]
fn any_option_of_the_add_in_can_be_given() {
    let server = server();
    in_both_languages(|it| {
        let url = t(&server.url("/headers"));
        let own = Value::map(vec![
            ("secret_headers", Value::map(vec![("X-Api-Key", t("k"))])),
            ("ОжидаемыйКод", t("success")),
        ]);
        let more = it.structure(vec![("AddInOptions", own)]);
        let json = it.call("GetJson", &[url, Value::Undefined, more.clone()]);
        same(&json.get("headers").get("X-Api-Key"), &t("k"));
        let why = it.fails("Get", &[t(&server.url("/status/500")), Value::Undefined, more]);
        assert!(why.contains("http_status"), "{why}");
        for wrong in [t("x"), Value::map(vec![("expct_status", t("success"))])] {
            let more = it.structure(vec![("AddInOptions", wrong)]);
            let why = it.fails("Get", &[t(&server.url("/get")), Value::Undefined, more]);
            assert!(why.contains(&it.key("AddInOptions")) || why.contains("expct_status"), "{why}");
        }
    });
}

#[test]
fn a_session_keeps_a_log() {
    let server = server();
    in_both_languages(|it| {
        let session = it.call("NewSession", &[]);
        let own = Value::map(vec![("log", Value::map(vec![("memory", n(5))]))]);
        session.insert(Value::Text(it.key("AddInOptions")), own);
        let none = Value::Undefined;
        for path in ["/get?token=hunter2", "/status/404"] {
            it.call("Get", &[t(&server.url(path)), none.clone(), none.clone(), session.clone()]);
        }
        let log = it.call("GetLog", &[session.clone(), Value::Bool(true)]).shown();
        let lines: Vec<_> = log.lines().collect();
        assert_eq!(lines.len(), 2, "{log}");
        assert!(lines[0].contains("/get: 200 from ") && lines[1].contains("/status/404: 404"));
        assert!(!log.contains("hunter2"), "{log}");
        let newest = it.call("GetLog", &[session.clone(), Value::Bool(false), n(1)]);
        assert!(matches!(&newest, Value::Array(_)) && format!("{newest:?}").contains("404"));
        assert_eq!(format!("{:?}", it.call("GetProgress", &[session])), "[]");
        let why = it.fails("GetLog", &[it.call("NewSession", &[])]);
        assert!(why.contains("log"), "{why}");
    });
}

#[test]
fn a_certificate_of_the_client_comes_as_binary_data() {
    let folder = tempfile::tempdir().unwrap();
    let (ca, clients) = (Ca::new(), Ca::new());
    let listen = Listen::tls(ca.issue(&["127.0.0.1"]).server_config_requiring(&clients));
    let server = Background::start(|| HttpServer::start_handling(listen, httpbin));
    let client = clients.issue_client("ann");
    std::fs::write(folder.path().join("chain.pem"), client.chain_pem()).unwrap();
    std::fs::write(folder.path().join("key.pem"), client.key_pem()).unwrap();
    let words = "pkcs12 -export -in chain.pem -inkey key.pem -out ann.p12 -passout pass:hunter2";
    let mut openssl = Command::new("openssl");
    let Ok(made) = openssl.args(words.split(' ')).current_dir(folder.path()).output() else {
        let said: &[u8] = b"no openssl: a certificate as binary data is NOT TESTED\n";
        std::io::Write::write_all(&mut std::io::stderr(), said).unwrap();
        assert!(std::env::var_os("CI").is_none(), "CI has openssl");
        return;
    };
    assert!(made.status.success(), "{made:?}");
    let store = std::fs::read(folder.path().join("ann.p12")).unwrap();
    in_both_languages(|it| {
        let given = |password: &str| {
            let certificate =
                it.structure(vec![("Data", Value::bytes(&*store)), ("Password", t(password))]);
            let trust = Value::bytes(ca.pem().as_bytes());
            it.structure(vec![("ClientSSLCertificate", certificate), ("VerifySSL", trust)])
        };
        let ask = |more| [t(&server.url("/get")), Value::Undefined, more];
        let response = it.call("Get", &ask(given("hunter2")));
        same(&it.field(&response, "StatusCode"), &n(200));
        let why = it.fails("Get", &ask(given("hunter3")));
        assert!(why.contains("bad_passphrase"), "{why}");
        let typo = it.structure(vec![("Dta", Value::bytes(*b"x"))]);
        let why = it.fails("Get", &ask(it.structure(vec![("ClientSSLCertificate", typo)])));
        assert!(why.contains("Dta"), "{why}");
    });
}

#[test]
fn a_file_that_broke_off_goes_on() {
    let server = Background::start(|| {
        HttpServer::start_handling(Listen::plain(), |request| {
            let whole = vec![b'x'; 10_000];
            match request.header("range") {
                Some("bytes=5000-") => {
                    let answer = Answer::status(206).header("ETag", "\"v\"");
                    answer.header("Content-Range", "bytes 5000-9999/10000").body(&whole[5000..])
                }
                _ => Answer::ok().header("ETag", "\"v\"").body(whole).cut_after(5000),
            }
        })
    });
    let folder = tempfile::tempdir().unwrap();
    in_both_languages(|it| {
        let path = folder.path().join(it.key("ResumeDownload"));
        let given = || {
            let more = it.structure(vec![
                ("OutputFileName", t(path.to_str().unwrap())),
                ("ResumeDownload", Value::Bool(true)),
            ]);
            [t(&server.url("/")), Value::Undefined, more]
        };
        assert!(it.fails("Get", &given()).contains("truncated"));
        let response = it.call("Get", &given());
        same(&it.field(&response, "StatusCode"), &n(206));
        assert_eq!(std::fs::read(&path).unwrap().len(), 10_000);
    });
}
