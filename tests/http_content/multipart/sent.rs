//! Forms on their way: from memory, from files and from readers, with their length where it is known.

use std::fs;

use harness::{Answer, HttpServer};
use opi_http_connector::{ErrorKind, Multipart, Part, Request, Session, SessionConfig};
use tempfile::TempDir;

use super::oracle::{Seen, parse};
use crate::setting::soon;

/// Sends `form`; the parts that came, and the length that was announced.
async fn sent(form: Multipart) -> (Vec<Seen>, Option<String>) {
    let server = HttpServer::start().await;
    server.answer(Answer::ok());
    let request = Request::post(&server.url("/")).unwrap().multipart(form).unwrap();
    Session::new(SessionConfig::new()).send(request, &soon()).await.unwrap();
    let came = server.finish().await.remove(0);
    let content_type = came.header("content-type").unwrap();
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    let length = came.header("content-length").map(str::to_owned);
    if let Some(length) = &length {
        assert_eq!(*length, came.body.len().to_string());
    }
    (parse(&came.body, boundary).unwrap(), length)
}

/// A file of 600,001 bytes, more than is read at a time.
fn file() -> (TempDir, std::path::PathBuf, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("отчёт \"1\".txt");
    let data: Vec<u8> = (0..600_001_u32).map(|at| (at % 251) as u8).collect();
    fs::write(&path, &data).unwrap();
    (folder, path, data)
}

#[tokio::test]
async fn a_file_is_sent_twice_and_its_length_is_known() {
    let (_folder, path, data) = file();
    let part = Part::file("f", &path).unwrap();
    let form =
        Multipart::new().field("a", "b").part(part.clone()).part(part.content_type("x/y").unwrap());
    let (seen, length) = sent(form).await;
    assert!(length.is_some());
    let names: Vec<_> = seen.iter().map(|it| (it.name.as_str(), it.file_name.as_deref())).collect();
    let own = Some("отчёт %221%22.txt");
    assert_eq!(names, [("a", None), ("f", own), ("f", own)]);
    assert!(seen[1].data == data && seen[2].data == data);
    assert_eq!(seen[2].headers, [("content-type".to_owned(), b"x/y".to_vec())]);
}

#[tokio::test]
async fn a_reader_goes_in_chunks_unless_its_length_is_known() {
    let text = || std::io::Cursor::new(b"from a reader".to_vec());
    for length in [None, Some(13)] {
        let (seen, announced) =
            sent(Multipart::new().part(Part::reader("r", text(), length))).await;
        assert_eq!(seen[0].data, b"from a reader");
        assert_eq!(announced.is_some(), length.is_some());
    }
}

#[test]
fn a_file_that_is_not_there_is_told_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path().join("none"), folder.path().to_owned()] {
        let error = Multipart::new().file("f", &path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BodyRead);
    }
}
