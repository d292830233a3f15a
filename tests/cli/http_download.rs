//! Downloads: names that servers give are harmless, what is broken is told, what broke off goes on.

use std::fs;

use harness::{Answer, HttpServer};
use tempfile::TempDir;

use crate::command::{Opi, Outcome, opi};

/// Runs `opi LINE` in a folder of its own.
async fn downloaded(server: &HttpServer, path: &str, options: &[&str]) -> (TempDir, Outcome) {
    let folder = tempfile::tempdir().unwrap();
    let outcome = inside(&folder, &[&["download", &server.url(path)], options].concat()).await;
    (folder, outcome)
}

async fn inside(folder: &TempDir, line: &[&str]) -> Outcome {
    Opi::new(line).folder(folder.path()).run().await
}

fn names(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<_> =
        entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_file_gets_the_name_of_the_server_or_of_the_address() {
    let server = HttpServer::start().await;
    for (disposition, path, expected) in [
        (None, "/files/report%20one.pdf?x=1", "report one.pdf"),
        (None, "/", "download"),
        (Some("attachment; filename=\"a.txt\""), "/x", "a.txt"),
        (Some("attachment; filename*=UTF-8''%D0%B6.txt"), "/x", "ж.txt"),
        (Some("attachment; filename=\"../../etc/passwd\""), "/x", "passwd"),
        (Some("attachment; filename=\"..\""), "/x.bin", "x.bin"),
    ] {
        let answer = Answer::ok().text("data");
        server.answer(match disposition {
            Some(value) => answer.header("Content-Disposition", value),
            None => answer,
        });
        let (folder, outcome) = downloaded(&server, path, &[]).await;
        assert_eq!(outcome.good(), b"", "{outcome}");
        assert_eq!(names(&folder), [expected]);
        assert!(outcome.stderr.contains(&format!("{expected}, 4 bytes")), "{outcome}");
        assert_eq!(fs::read(folder.path().join(expected)).unwrap(), b"data");
    }
    server.finish().await;
}

#[tokio::test]
async fn a_file_that_is_there_stays() {
    let server = HttpServer::start().await;
    server.answer(Answer::ok().text("new"));
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "old").unwrap();
    let outcome = inside(&folder, &["download", &server.url("/a.txt"), "--json"]).await;
    let file = outcome.result()["file"].as_str().unwrap().to_owned();
    assert_eq!(fs::read(folder.path().join("a.txt")).unwrap(), b"old");
    assert_eq!(fs::read(folder.path().join(file)).unwrap(), b"new");
    assert_eq!(names(&folder).len(), 2);
    server.finish().await;
}

#[tokio::test]
async fn a_status_that_is_no_success_saves_nothing() {
    let server = HttpServer::start().await;
    server.answer(Answer::status(404).text("gone"));
    let (folder, outcome) = downloaded(&server, "/a", &[]).await;
    assert_eq!((outcome.code, &outcome.stdout[..]), (4, &b"gone"[..]));
    assert_eq!(names(&folder).len(), 0);
    server.finish().await;
}

#[tokio::test]
async fn a_file_must_have_the_digest_that_is_asked_for() {
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let server = HttpServer::start().await;
    server.answer(Answer::ok().text("abc"));
    let (folder, outcome) = downloaded(&server, "/a", &["--sha256", abc]).await;
    outcome.good();
    assert_eq!(names(&folder), ["a"]);
    server.answer(Answer::ok().text("abd"));
    let (folder, outcome) = downloaded(&server, "/a", &["--sha256", abc]).await;
    outcome.failed(16);
    assert_eq!(names(&folder).len(), 0);
    let (_folder, outcome) = downloaded(&server, "/a", &["--sha256", "abc"]).await;
    assert!(outcome.failed(2).contains("64 hexadecimal digits"), "{outcome}");
    server.finish().await;
}

#[tokio::test]
async fn a_download_that_broke_off_goes_on() {
    let server = HttpServer::start().await;
    let folder = tempfile::tempdir().unwrap();
    let url = server.url("/big");
    let line = ["download", &url, "-o", "big", "--continue", "--json"];
    let tagged = |answer: Answer| answer.header("ETag", "\"v1\"");
    server.answer(tagged(Answer::ok().body("0123456789")).cut_after(4));
    inside(&folder, &line).await.error(16);
    assert!(!names(&folder).contains(&"big".to_owned()), "{:?}", names(&folder));
    let rest = Answer::status(206).header("Content-Range", "bytes 4-9/10").body("456789");
    server.answer(tagged(rest));
    let outcome = inside(&folder, &line).await;
    assert_eq!((&outcome.result()["bytes"], &outcome.result()["resumed"]), (&10.into(), &4.into()));
    assert_eq!(names(&folder), ["big"]);
    assert_eq!(fs::read(folder.path().join("big")).unwrap(), b"0123456789");
    let requests = server.finish().await;
    assert_eq!(requests[1].header("range"), Some("bytes=4-"));
    assert_eq!(requests[1].header("if-range"), Some("\"v1\""));
}

#[tokio::test]
async fn nothing_stays_of_a_download_that_broke_off_unless_it_is_to_go_on() {
    let server = HttpServer::start().await;
    server.answer(Answer::ok().text("0123456789").cut_after(4));
    let (folder, outcome) = downloaded(&server, "/a", &[]).await;
    outcome.failed(16);
    assert_eq!(names(&folder).len(), 0);
    server.finish().await;
}

#[tokio::test]
async fn options_that_do_not_belong_together_are_told() {
    opi(&["download", "http://h.test/", "--stream"]).await.failed(2);
    for verb in ["get", "download"] {
        let outcome = opi(&[verb, "http://127.0.0.1:1/", "--continue"]).await;
        assert!(outcome.failed(2).contains("add --output FILE"), "{outcome}");
    }
}
