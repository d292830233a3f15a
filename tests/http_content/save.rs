//! Bodies to files: whole under their name, or nothing; gone on with when they broke off.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use harness::{Answer, Gate, HttpServer, told};
use opi_http_connector::{
    Broken, Download, Durability, Error, Existing, Request, Save, Saved, Session, SessionConfig,
};
use opi_net::Deadline;
use tempfile::TempDir;

use crate::setting::soon;

const ETAG: &str = "\"v1\"";

fn session() -> Session {
    Session::new(SessionConfig::new())
}

fn data() -> Vec<u8> {
    (0..1000_u32).map(|at| (at % 251) as u8).collect()
}

/// A folder with a file `out` that holds `old`.
fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    fs::write(&path, "old").unwrap();
    (folder, path)
}

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name());
    let mut names: Vec<_> = names.map(|it| it.into_string().unwrap()).collect();
    names.sort();
    names
}

async fn download(url: &str, save: &Save, deadline: &Deadline) -> Result<Saved, Error> {
    match session().download(Request::get(url).unwrap(), save, deadline).await? {
        Download::Saved(saved) => Ok(*saved),
        other => panic!("{other:?}"),
    }
}

/// Downloads one answer.
async fn one(answer: Answer, save: &Save) -> Result<Saved, Error> {
    let server = HttpServer::start().await;
    server.answer(answer);
    let outcome = download(&server.url("/dir/of%20url.txt"), save, &soon()).await;
    server.finish().await;
    outcome
}

#[tokio::test]
async fn a_body_is_saved_under_its_path_or_under_the_name_it_comes_with() {
    let (folder, path) = folder();
    let saved = one(Answer::ok().body(data()).gzip(), &Save::to(&path)).await.unwrap();
    assert_eq!((&saved.path, saved.length, saved.resumed), (&path, 1000, 0));
    assert_eq!((saved.response.status().as_u16(), saved.response.body().len()), (200, 0));
    assert_eq!(fs::read(&path).unwrap(), data());
    let named =
        || Answer::ok().header("Content-Disposition", "attachment; filename=\"../out\"").body("x");
    let into = Save::into_folder(folder.path()).durability(Durability::Cached);
    for expected in ["out (1)", "out (2)"] {
        let saved = one(named(), &into).await.unwrap();
        assert_eq!(saved.path, folder.path().join(expected));
    }
    one(Answer::ok().body("y"), &into).await.unwrap();
    assert_eq!(names(folder.path()), ["of url.txt", "out", "out (1)", "out (2)"]);
    let error = one(named(), &into.clone().existing(Existing::Refuse)).await.unwrap_err();
    assert_eq!(error.code(), "http_file_exists", "{}", told(&error));
    one(named(), &into.existing(Existing::Replace)).await.unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"x");
    assert_eq!(names(folder.path()).len(), 4);
}

#[tokio::test]
async fn whatever_breaks_off_leaves_what_was_there_and_nothing_else() {
    let whole = || Answer::ok().body(data());
    let wrong = "sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:";
    let plain: fn(Save) -> Save = |it| it;
    let limited: fn(Save) -> Save = |it| it.max(999);
    let summed: fn(Save) -> Save = |it| it.sha256(&"a".repeat(64)).unwrap();
    let mut failures = vec![
        (whole().reset_after(500), plain, "closed"),
        (whole(), limited, "http_body_too_long"),
        (whole(), summed, "http_digest_mismatch"),
        (whole().header("Content-Digest", wrong), plain, "http_digest_mismatch"),
        (whole().header("Repr-Digest", wrong).gzip(), plain, "http_digest_mismatch"),
        (whole().header("Content-Encoding", "gzip"), plain, "http_body_coding"),
    ];
    for at in [0, 1, 250, 500, 999] {
        failures.push((whole().cut_after(at), plain, "truncated"));
        failures.push((whole().chunked(100).cut_after(at), plain, "truncated"));
    }
    for (answer, with, code) in failures {
        let (folder, path) = folder();
        let error = one(answer, &with(Save::to(&path))).await.unwrap_err();
        assert_eq!(error.code(), code, "{}", told(&error));
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["out"], "{code}");
    }
}

#[tokio::test]
async fn a_status_that_is_no_success_saves_nothing() {
    let (folder, path) = folder();
    let server = HttpServer::start().await;
    server.answer(Answer::status(404).text("gone"));
    let request = Request::get(&server.url("/")).unwrap();
    let outcome = session().download(request, &Save::to(&path), &soon()).await.unwrap();
    let Download::Refused(incoming) = outcome else { panic!("{outcome:?}") };
    assert_eq!(incoming.collect().await.unwrap().text().unwrap(), "gone");
    assert_eq!(
        (fs::read(&path).unwrap(), names(folder.path())),
        (b"old".to_vec(), vec!["out".into()])
    );
    server.finish().await;
}

#[tokio::test]
async fn a_place_that_cannot_be_written_is_told_before_anything_is_sent() {
    let (folder, path) = folder();
    let server = HttpServer::start().await;
    for (save, code) in [
        (Save::to(folder.path()), "http_file"),
        (Save::to(folder.path().join("none/out")), "http_file"),
        (Save::to(&path).existing(Existing::Refuse), "http_file_exists"),
    ] {
        let error = download(&server.url("/"), &save, &soon()).await.unwrap_err();
        assert_eq!(error.code(), code, "{}", told(&error));
    }
    assert_eq!(server.connections(), 0);
    server.finish().await;
}

#[tokio::test]
async fn a_save_that_is_dropped_or_late_leaves_nothing() {
    for is_dropped in [true, false] {
        let (folder, path) = folder();
        let (server, gate) = (HttpServer::start().await, Gate::new("the rest"));
        server.answer(Answer::ok().body(data()).pause(500, &gate));
        let deadline =
            if is_dropped { soon() } else { Deadline::after(Duration::from_millis(200)) };
        let save = Save::to(&path);
        let url = server.url("/");
        let saving = download(&url, &save, &deadline);
        if is_dropped {
            tokio::select! {
                biased;
                outcome = saving => panic!("{outcome:?}"),
                () = server.wait_requests(1) => {}
            }
        } else {
            assert_eq!(saving.await.unwrap_err().code(), "timeout");
        }
        assert_eq!(
            (fs::read(&path).unwrap(), names(folder.path())),
            (b"old".to_vec(), vec!["out".into()])
        );
        gate.open();
        server.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn saves_at_the_same_time_do_not_meet() {
    let (folder, path) = folder();
    let server = HttpServer::start().await;
    let mut saves = tokio::task::JoinSet::new();
    for number in 0..12_u8 {
        let save = match number % 2 {
            0 => Save::to(&path),
            _ => Save::into_folder(folder.path()),
        };
        server.answer_at("/same", Answer::ok().body(vec![number; 5000]).chunked(100));
        let url = server.url("/same");
        saves.spawn(
            async move { download(&url, &save.durability(Durability::Cached), &soon()).await },
        );
    }
    while let Some(saved) = saves.join_next().await {
        saved.unwrap().unwrap();
    }
    let found = names(folder.path());
    assert_eq!(found.len(), 7, "{found:?}");
    for name in found {
        let content = fs::read(folder.path().join(&name)).unwrap();
        assert!(content.len() == 5000 && content.iter().all(|it| *it == content[0]), "{name}");
    }
    server.finish().await;
}

/// A first try that broke off after 400 bytes, and what is then there.
async fn broken_off(server: &HttpServer, save: &Save, answer: Answer) -> Error {
    server.answer(answer.body(data()).cut_after(400));
    download(&server.url("/f"), save, &soon()).await.unwrap_err()
}

fn rest(from: usize) -> Answer {
    let range = format!("bytes {from}-999/1000");
    Answer::status(206).header("ETag", ETAG).header("Content-Range", &range).body(&data()[from..])
}

#[tokio::test]
async fn a_file_that_broke_off_is_gone_on_with() {
    let (folder, path) = folder();
    let server = HttpServer::start().await;
    let save = Save::to(&path).broken(Broken::Keep);
    broken_off(&server, &save, Answer::ok().header("ETag", ETAG)).await;
    assert_eq!(names(folder.path()), ["out", "out.opi-part", "out.opi-part.json"]);
    #[cfg(unix)]
    {
        // The URL in it may be a signed one.
        let record = fs::metadata(folder.path().join("out.opi-part.json")).unwrap();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&record.permissions()) & 0o777, 0o600);
    }
    assert_eq!(fs::read(&path).unwrap(), b"old");
    // It breaks off again in the rest, and then comes to its end.
    server.answer(rest(400).cut_after(100));
    download(&server.url("/f"), &save, &soon()).await.unwrap_err();
    server.answer(rest(500));
    let saved = download(&server.url("/f"), &save, &soon()).await.unwrap();
    assert_eq!((saved.length, saved.resumed), (1000, 500));
    assert_eq!((fs::read(&path).unwrap(), names(folder.path())), (data(), vec!["out".into()]));
    let asked = server.finish().await;
    let heads: Vec<_> =
        asked.iter().map(|it| (it.header("range"), it.header("if-range"))).collect();
    assert_eq!(
        heads,
        [(None, None), (Some("bytes=400-"), Some(ETAG)), (Some("bytes=500-"), Some(ETAG))]
    );
    assert!(asked.iter().all(|it| it.header("accept-encoding") == Some("identity")));
}

#[tokio::test]
async fn a_rest_that_does_not_fit_is_not_appended() {
    let whole = || Answer::ok().header("ETag", "\"v2\"").body(data());
    let beside =
        |range: &str| Answer::status(206).header("Content-Range", range).body(vec![0; 600]);
    for answers in [
        vec![whole()],
        vec![Answer::status(416).header("Content-Range", "bytes */300"), whole()],
        vec![beside("bytes 300-899/1000"), whole()],
        vec![beside("bytes 400-999/1001"), whole()],
        vec![rest(400).header("ETag", "\"v2\"").header("Content-Encoding", "gzip"), whole()],
    ] {
        let (folder, path) = folder();
        let server = HttpServer::start().await;
        let save = Save::to(&path).broken(Broken::Keep);
        broken_off(&server, &save, Answer::ok().header("ETag", ETAG)).await;
        let count = answers.len();
        answers.into_iter().for_each(|it| server.answer(it));
        let saved = download(&server.url("/f"), &save, &soon()).await.unwrap();
        assert_eq!((saved.length, saved.resumed), (1000, 0));
        assert_eq!((fs::read(&path).unwrap(), names(folder.path())), (data(), vec!["out".into()]));
        assert_eq!(server.finish().await.len(), count + 1);
    }
}

#[tokio::test]
async fn a_part_that_was_whole_already_gets_its_name() {
    let (folder, path) = folder();
    let server = HttpServer::start().await;
    let save = Save::to(&path).broken(Broken::Keep);
    broken_off(&server, &save, Answer::ok().header("ETag", ETAG)).await;
    fs::write(folder.path().join("out.opi-part"), data()).unwrap();
    server.answer(Answer::status(416).header("Content-Range", "bytes */1000"));
    let saved = download(&server.url("/f"), &save, &soon()).await.unwrap();
    assert_eq!((saved.length, saved.resumed), (1000, 1000));
    assert_eq!((fs::read(&path).unwrap(), names(folder.path())), (data(), vec!["out".into()]));
    server.finish().await;
}

#[tokio::test]
async fn nothing_is_kept_of_a_file_that_cannot_be_known_again() {
    for answer in [
        Answer::ok(),
        Answer::ok().header("ETag", "W/\"v1\""),
        Answer::ok().header("ETag", ETAG).header("Content-Encoding", "gzip"),
    ] {
        let (folder, path) = folder();
        let server = HttpServer::start().await;
        broken_off(&server, &Save::to(&path).broken(Broken::Keep), answer).await;
        assert_eq!(names(folder.path()), ["out"]);
        server.finish().await;
    }
}

#[tokio::test]
async fn the_digest_of_the_whole_counts_what_was_there_before() {
    let sum = "4a0c2ca9be8e1ea5a94e2f2dbe22ab3ce9ad7e5b4b3f0d5c1b5f4a7fdf4f0f00";
    for (is_right, expected) in [(true, Ok(1000)), (false, Err("http_digest_mismatch"))] {
        let (folder, path) = folder();
        let server = HttpServer::start().await;
        let sum = if is_right { sha256(&data()) } else { sum.to_owned() };
        let save = Save::to(&path).broken(Broken::Keep).sha256(&sum).unwrap();
        broken_off(&server, &save, Answer::ok().header("ETag", ETAG)).await;
        server.answer(rest(400));
        let outcome = download(&server.url("/f"), &save, &soon()).await;
        assert_eq!(outcome.map(|it| it.length).map_err(|it| it.code()), expected);
        assert_eq!(names(folder.path()), ["out"]);
        server.finish().await;
    }
}

/// Of `data`, by another program than ours.
fn sha256(data: &[u8]) -> String {
    assert_eq!(data.len(), 1000);
    "4e4c294b331f7a2099a379bec34b9f9fc03dc46ab465d998f4d683da53487e6d".to_owned()
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_stays_a_link_and_a_private_file_stays_private() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let (folder, path) = folder();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let link = folder.path().join("link");
    symlink(&path, &link).unwrap();
    for place in [&path, &link] {
        one(Answer::ok().text("new"), &Save::to(place)).await.unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(&path, "old").unwrap();
    }
    assert!(link.is_symlink());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_is_told_and_a_device_is_not_replaced() {
    let error = one(Answer::ok().body(data()), &Save::to("/dev/full")).await.unwrap_err();
    assert_eq!(
        (error.code(), error.to_string()),
        ("http_file", "/dev/full: the disk is full".into())
    );
    one(Answer::ok().body(data()), &Save::to("/dev/null")).await.unwrap();
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
}
