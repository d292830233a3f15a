//! Bodies and statuses of answers.

use std::time::Duration;

use md5::{Digest as _, Md5};
use opi_http_connector::{Download, Save};
use opi_net::Deadline;
use sha2::Sha256;

use super::setting::{encrypted, get, plain, sent, session, told};
use crate::servers::soon;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn a_027_data_comes_as_it_is() {
    let answer = sent(get(&plain("/image/png"))).await;
    assert_eq!(answer.headers()["content-type"], "image/png");
    assert_eq!(hex(&Md5::digest(answer.body())), "5cca6069f68fbf739fce37e0963f21e7");
}

#[tokio::test]
async fn a_028_text_is_read_in_its_encoding_and_may_be_empty() {
    let answer = sent(get(&plain("/encoding/utf8"))).await;
    let text = answer.text().unwrap();
    let expected = "Зарегистрируйтесь сейчас на Десятую Международную";
    let found: String = text.chars().skip(3930).take(expected.chars().count()).collect();
    assert_eq!(found, expected);
    assert_eq!(sent(get(&plain("/status/200"))).await.text().unwrap(), "");
}

#[tokio::test]
async fn a_033_a_late_answer_is_a_timeout() {
    let limit = Duration::from_millis(300);
    let request = get(&encrypted("/delay/10"));
    let error = session().send(request, &Deadline::after(limit)).await.unwrap_err();
    // The limit of the phase is what was left when it began.
    assert_eq!(error.code(), "timeout");
    assert!(error.limit().is_some_and(|told| told <= limit), "{error:?}");
}

#[tokio::test]
async fn a_034_gzip_is_undone() {
    let answer = told(get(&plain("/gzip"))).await;
    assert_eq!(answer["gzipped"], true);
}

#[tokio::test]
async fn a_054_a_status_is_no_error() {
    assert_eq!(sent(get(&plain("/status/404"))).await.status(), 404);
}

#[tokio::test]
async fn a_072_what_is_no_json_is_an_error_that_shows_its_beginning() {
    let answer = sent(get(&plain("/html"))).await;
    let error = answer.json().unwrap_err();
    assert_eq!(error.code(), "http_not_json");
    let beginning: String = answer.text().unwrap().chars().take(40).collect();
    assert!(beginning.starts_with("<!DOCTYPE html>"), "{beginning}");
    let (shown, words) = (format!("{beginning:?}"), error.to_string());
    assert!(words.contains(shown.trim_matches('"')), "{words}");
}

#[tokio::test]
async fn a_080_an_answer_is_saved_and_says_who_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("image.jpeg");
    let request = get(&plain("/image/jpeg"));
    let done = session().download(request, &Save::to(&path), &soon()).await.unwrap();
    assert!(matches!(done, Download::Saved(_)), "{done:?}");
    let expected = "c028d7aa15e851b0eefb31638a1856498a237faf1829050832d3b9b19f9ab75f";
    assert_eq!(hex(&Sha256::digest(std::fs::read(&path).unwrap())), expected);
    let agent = &told(get(&plain("/headers"))).await["headers"]["User-Agent"];
    assert!(agent.as_str().is_some_and(|agent| agent.starts_with("opi")), "{agent}");
}
