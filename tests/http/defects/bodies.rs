//! Bodies: their encoding, their packing, the parts of a form.

use std::io::Write as _;

use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use harness::{Answer, HttpServer};
use opi_http_connector::text::{Charset, Reading};
use opi_http_connector::{Multipart, Part, Request, Response, Session, SessionConfig};

use crate::setting::{get, session, soon, try_get};

async fn answered(answer: Answer) -> Response {
    let server = HttpServer::start().await;
    server.answer(answer);
    let response = get(&session(), &server.url("/")).await;
    server.finish().await;
    response
}

/// Text without a named encoding was read as ISO-8859-1.
#[tokio::test]
async fn b21_text_without_a_charset_is_utf_8() {
    for (content_type, text) in [
        ("text/html", "<p>Привет</p>"),
        ("text/xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?><а/>"),
        ("text/plain", "Привет"),
        ("text/csv; header=present", "имя;сумма"),
        ("application/octet-stream", "Привет"),
    ] {
        let answer = Answer::ok().header("Content-Type", content_type).body(text);
        assert_eq!(answered(answer).await.text().unwrap(), text, "{content_type}");
    }
    let answer = Answer::ok().header("Content-Type", "text/plain; charset=\"windows-1251\"");
    let response = answered(answer.body(&b"\xCF\xF0\xE8\xE2\xE5\xF2"[..])).await;
    assert_eq!(response.text().unwrap(), "Привет");
}

fn packed(data: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(data).unwrap();
    packer.finish().unwrap()
}

/// The header of gzip was taken for ten bytes, and what has no body was unpacked.
#[tokio::test]
async fn b22_gzip_is_read_whole_and_within_a_limit() {
    let gzip = || Answer::ok().header("Content-Encoding", "gzip");
    let builder = GzBuilder::new().filename("name.txt").comment("why").extra(vec![1, 2, 3]);
    let mut packer = builder.write(Vec::new(), Compression::best());
    packer.write_all("Привет".as_bytes()).unwrap();
    let named = packer.finish().unwrap();
    assert_eq!(answered(gzip().body(named)).await.text().unwrap(), "Привет");
    let two = [packed(b"one, "), packed(b"two")].concat();
    assert_eq!(answered(gzip().body(two)).await.text().unwrap(), "one, two");
    for status in [204, 304] {
        let empty = Answer::status(status).header("Content-Encoding", "gzip");
        assert!(answered(empty).await.body().is_empty(), "{status}");
    }
    let server = HttpServer::start().await;
    server.answer(gzip());
    let head = Request::new("HEAD", &server.url("/")).unwrap();
    assert!(session().send(head, &soon()).await.unwrap().body().is_empty());
    server.answer(gzip().body(packed(&vec![0; 100_001])));
    let limited = Session::new(SessionConfig::new().max_body(100_000));
    let error = try_get(&limited, &server.url("/")).await.unwrap_err();
    assert_eq!(error.code(), "http_body_too_long");
    server.finish().await;
}

/// A file's own headers were changed by sending it, and a second time had them twice. Here a form
/// is moved into its request, and a clone of it knows nothing of what was sent before.
#[tokio::test]
async fn b23_a_file_that_is_sent_twice_is_sent_the_same() {
    let part = Part::bytes("f", "1").file_name("x").header("X-ID", "7").unwrap();
    let form = Multipart::new().part(part);
    let server = HttpServer::start().await;
    for _ in 0..2 {
        server.answer(Answer::ok());
        let request = Request::post(&server.url("/")).unwrap().multipart(form.clone()).unwrap();
        session().send(request, &soon()).await.unwrap();
    }
    let sent = server.finish().await;
    let [first, second] = [&sent[0], &sent[1]].map(|request| {
        let boundary = request.text().lines().next().unwrap().to_owned();
        request.text().replace(&boundary, "--B")
    });
    assert_eq!(first, second);
    assert_eq!(first.matches("name=\"f\"; filename=\"x\"").count(), 1, "{first}");
    assert_eq!(first.to_ascii_lowercase().matches("x-id: 7").count(), 1, "{first}");
}

/// Names went between their quotes as they were: one could end the header and begin another.
#[tokio::test]
async fn b24_a_name_cannot_leave_its_quotes() {
    let evil = "a\"; name=\"b\r\nX-Evil: 1\r\n\r\nbody";
    let part = Part::bytes(evil, "1").file_name(evil);
    let server = HttpServer::start().await;
    server.answer(Answer::ok());
    let request = Request::post(&server.url("/")).unwrap();
    let request = request.multipart(Multipart::new().part(part).field(evil, "2")).unwrap();
    session().send(request, &soon()).await.unwrap();
    let text = server.finish().await[0].text();
    let quoted = "\"a%22; name=%22b%0D%0AX-Evil: 1%0D%0A%0D%0Abody\"";
    let expected = [
        format!("Content-Disposition: form-data; name={quoted}; filename={quoted}"),
        format!("Content-Disposition: form-data; name={quoted}"),
    ];
    let found = text.lines().filter(|line| line.to_ascii_lowercase().starts_with("content-disp"));
    let found: Vec<_> = found.map(|line| line.split_once(": ").unwrap().1).collect();
    let expected: Vec<_> = expected.iter().map(|it| it.split_once(": ").unwrap().1).collect();
    assert_eq!(found, expected);
}

/// A page that tells of a failure was an error of JSON, and nothing told of the failure.
#[tokio::test]
async fn b27_json_of_a_failure_tells_the_failure() {
    let page = "<html>Internal Server Error</html>";
    let broken = || Answer::status(500).header("Content-Type", "text/html").body(page);
    let error = answered(broken()).await.json().unwrap_err();
    for part in ["500", "text/html", page] {
        assert!(error.to_string().contains(part), "{error}");
    }
    let server = HttpServer::start().await;
    server.answer(broken());
    let request = Request::get(&server.url("/")).unwrap().expect_success();
    let error = session().send(request, &soon()).await.unwrap_err();
    assert_eq!(error.code(), "http_status");
    assert_eq!(error.answer().unwrap().text().unwrap(), page);
    server.finish().await;
}

/// Reading a text changed the caller's own variable. Here the way of reading is borrowed, and a
/// borrowed value cannot be changed: the same one reads each answer by what that answer tells.
#[tokio::test]
async fn b29_reading_leaves_the_way_of_reading_as_it_was() {
    let reading = Reading::new();
    let before = reading;
    let cyrillic = Answer::ok().header("Content-Type", "text/plain; charset=windows-1251");
    let cyrillic = answered(cyrillic.body(&b"\xCF\xF0\xE8"[..])).await;
    let plain = answered(Answer::ok().body("При")).await;
    for _ in 0..2 {
        let [one, other] = [&cyrillic, &plain].map(|it| it.text_as(&reading).unwrap());
        assert_eq!((&*one.text, &*other.text), ("При", "При"));
        assert_eq!((one.charset.name(), other.charset), ("windows-1251", Charset::UTF_8));
        assert_eq!(reading, before);
    }
}
