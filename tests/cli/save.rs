//! `-o FILE`: the file appears when it is whole, and what was there before stays otherwise.

use std::fs;
use std::path::PathBuf;

use harness::{Answer, HttpServer};
use tempfile::TempDir;

use crate::command::{Opi, opi};

/// A folder with a file `out` that holds `old`.
fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    fs::write(&path, "old").unwrap();
    (folder, path)
}

/// Asks with `-o` for an answer that fails with `exit`; the file must stay as it was.
async fn stays(answer: Answer, options: &[&str], exit: i32, stdout: &str) {
    let (folder, path) = folder();
    let server = HttpServer::start().await;
    server.answer(answer);
    let line = ["get", &server.url("/"), "-o", path.to_str().unwrap()];
    let outcome = opi(&[&line[..], options].concat()).await;
    assert_eq!((outcome.code, &outcome.stdout[..]), (exit, stdout.as_bytes()), "{outcome}");
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    server.finish().await;
}

#[tokio::test]
async fn a_whole_body_is_saved_and_standard_output_stays_empty() {
    for options in [&[][..], &["--json"]] {
        let (folder, path) = folder();
        let server = HttpServer::start().await;
        server.answer(Answer::ok().body(b"\x00\xffnew".to_vec()));
        let line = ["get", &server.url("/"), "-o", path.to_str().unwrap()];
        let outcome = opi(&[&line[..], options].concat()).await;
        assert_eq!(fs::read(&path).unwrap(), b"\x00\xffnew");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        if options.is_empty() {
            assert_eq!(outcome.good(), b"");
        } else {
            let result = outcome.result();
            assert_eq!((&result["file"], &result["bytes"]), (&path.to_str().into(), &5.into()));
            assert_eq!((result.get("text"), result.get("base64")), (None, None));
        }
        server.finish().await;
    }
}

#[tokio::test]
async fn a_failure_leaves_the_file_as_it_was() {
    stays(Answer::ok().text("0123456789").cut_after(5), &[], 16, "").await;
    stays(Answer::ok().text("0123456789").stall_after(5), &["--timeout", "0.2"], 14, "").await;
    stays(Answer::ok().text("0123456789"), &["--max", "5"], 16, "").await;
    stays(Answer::status(404).text("gone"), &[], 4, "gone").await;
    stays(Answer::redirect(302, "/x").text("there"), &["--no-follow"], 3, "there").await;
}

#[tokio::test]
async fn a_place_that_cannot_be_written_is_told_before_anything_is_sent() {
    let (folder, _) = folder();
    let server = HttpServer::start().await;
    for path in [folder.path().to_owned(), folder.path().join("none/out")] {
        let outcome = opi(&["post", &server.url("/"), "a=1", "-o", path.to_str().unwrap()]).await;
        assert!(outcome.failed(2).contains(path.to_str().unwrap()), "{outcome}");
    }
    assert_eq!(server.connections(), 0);
    server.finish().await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_device_is_written_to_and_not_replaced() {
    let server = HttpServer::start().await;
    server.answer(Answer::ok().text("through"));
    let (_folder, link) = link_to("/dev/stdout");
    let outcome = opi(&["get", &server.url("/"), "-o", &link]).await;
    assert_eq!(outcome.good(), b"through");
    server.finish().await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_standard_output_that_is_full_is_a_failure() {
    let server = HttpServer::start().await;
    server.answer(Answer::ok().text("too much"));
    let (_folder, link) = link_to("/dev/full");
    let outcome = opi(&["get", &server.url("/"), "-o", &link]).await;
    let expected = format!("{link}: the file cannot be written");
    assert!(outcome.failed(2).contains(&expected), "{outcome}");
    server.finish().await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_cannot_be_printed_is_a_failure_whatever_it_is() {
    for line in [&["--help"][..], &["get", "--help"], &["--version"], &["man"]] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let outcome = Opi::new(line).stdout(full).run().await;
        let told = outcome.failed(2);
        assert!(told.contains("standard output cannot be written to"), "{line:?}: {told}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_stays_a_link_and_a_private_file_stays_private() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, path) = folder();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let server = HttpServer::start().await;
    for place in [&path, &link] {
        server.answer(Answer::ok().text("new"));
        opi(&["get", &server.url("/"), "-o", place.to_str().unwrap()]).await.good();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(link.is_symlink());
    server.finish().await;
}

/// A link to a device: code that replaced what it should write to would replace the link only.
#[cfg(unix)]
fn link_to(device: &str) -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let link = folder.path().join("device");
    std::os::unix::fs::symlink(device, &link).unwrap();
    let link = link.to_str().unwrap().to_owned();
    (folder, link)
}
