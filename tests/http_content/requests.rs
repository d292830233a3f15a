//! Bodies of requests: in an encoding, in gzip, from memory and from files.

use std::io::Read;

use flate2::read::GzDecoder;
use harness::{Answer, HttpServer};
use opi_http_connector::text::Charset;
use opi_http_connector::{Body, ErrorKind, Multipart, Request, Session, SessionConfig};

use crate::setting::soon;

async fn sent(make: impl FnOnce(Request) -> Request) -> harness::Request {
    let server = HttpServer::start().await;
    server.answer(Answer::ok());
    let request = make(Request::post(&server.url("/")).unwrap());
    Session::new(SessionConfig::new()).send(request, &soon()).await.unwrap();
    server.finish().await.remove(0)
}

fn unpacked(body: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    GzDecoder::new(body).read_to_end(&mut plain).unwrap();
    plain
}

#[tokio::test]
async fn text_and_forms_go_in_any_encoding_with_its_name() {
    let charset = |label: &str| label.parse::<Charset>().unwrap();
    let text = sent(|it| it.text_in("Мир", charset("cp1251")).unwrap()).await;
    assert_eq!(text.body, [0xCC, 0xE8, 0xF0]);
    assert_eq!(text.header("content-type"), Some("text/plain; charset=windows-1251"));
    let text = sent(|it| it.text_in("ж", Charset::UTF_16LE).unwrap()).await;
    assert_eq!(text.body, [0x36, 0x04]);
    let form = sent(|it| it.form_in([("а б", "1&2"), ("c", "")], charset("koi8-r")).unwrap()).await;
    assert_eq!(form.text(), "%C1+%C2=1%262&c=");
    assert_eq!(
        form.header("content-type"),
        Some("application/x-www-form-urlencoded; charset=KOI8-R")
    );
    let form = sent(|it| it.form_in([("ж", "")], Charset::UTF_16BE).unwrap()).await;
    assert_eq!(form.text(), "%D0%B6=");
    let own = |it: Request| it.header("content-type", "text/csv").unwrap();
    let text = sent(|it| own(it).text_in("a", charset("ibm866")).unwrap()).await;
    assert_eq!(text.header("content-type"), Some("text/csv"));
    let error =
        Request::post("http://h.test/").unwrap().text_in("₽", charset("koi8-r")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotEncodable);
}

#[tokio::test]
async fn a_body_in_memory_is_packed_with_its_length() {
    for text in ["", "some text ".repeat(1000).as_str()] {
        let came = sent(|it| it.text(text).gzip_body()).await;
        assert_eq!(came.header("content-encoding"), Some("gzip"));
        assert_eq!(came.header("content-length"), Some(came.body.len().to_string().as_str()));
        assert_eq!(unpacked(&came.body), text.as_bytes());
    }
}

#[tokio::test]
async fn a_body_from_a_file_or_a_reader_is_packed_while_it_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    let data: Vec<u8> = (0..700_000_u32).map(|at| (at % 1021 * (at % 251) % 256) as u8).collect();
    std::fs::write(&path, &data).unwrap();
    let reader = Body::reader(std::io::Cursor::new(data.clone()), None);
    for (body, is_replayable) in [(Body::file(&path).unwrap(), true), (reader, false)] {
        let came = sent(|it| it.body(body.then("end".into())).gzip_body()).await;
        assert_eq!(came.header("transfer-encoding"), Some("chunked"));
        assert!(unpacked(&came.body) == [&data[..], b"end"].concat(), "{is_replayable}");
    }
}

#[tokio::test]
async fn a_form_of_several_parts_is_packed_and_keeps_its_boundary() {
    let form = Multipart::new().field("a", "b");
    let came = sent(|it| it.multipart(form).unwrap().gzip_body()).await;
    let boundary = came.header("content-type").unwrap().split_once("boundary=").unwrap().1;
    let plain = String::from_utf8(unpacked(&came.body)).unwrap();
    assert!(plain.starts_with(&format!("--{boundary}\r\n")), "{plain}");
}
