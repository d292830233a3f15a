//! XML of an answer as a tree, and requests that stay as they are.

use std::time::Duration;

use harness::{Answer, HttpServer, Listen, httpbin};
use opi_http_connector::connector::{XmlElement, parse_xml};
use opi_http_connector::{Request, Response, Session, SessionConfig};
use opi_net::Deadline;

/// A deadline that no healthy test reaches.
async fn send(session: &Session, request: Request) -> Response {
    let soon = Deadline::after(Duration::from_secs(20));
    session.send(request, &soon).await.unwrap()
}

const DOCUMENT: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>
    <Document xmlns=\"http://example.org/document\"><Id>1642606</Id><Title>Договор № 5</Title>
    <Attachments><Attachment><Name>первый.pdf</Name></Attachment>
    <Attachment><Name>второй.pdf</Name></Attachment></Attachments></Document>";

#[tokio::test]
async fn a_019_xml_of_an_answer_is_a_tree() {
    let server = HttpServer::start().await;
    server.answer(Answer::ok().header("Content-Type", "text/xml; charset=utf-8").body(DOCUMENT));
    let session = Session::new(SessionConfig::new());
    let answer = send(&session, Request::get(&server.url("/document")).unwrap()).await;
    let document = parse_xml(&answer.text().unwrap()).unwrap();
    let ids: Vec<_> = document.elements("Id").map(XmlElement::text).collect();
    assert_eq!((document.name().local.as_str(), ids), ("Document", vec!["1642606".to_owned()]));
    let attachments = document.elements("Attachments").flat_map(|it| it.elements("Attachment"));
    let names = attachments.flat_map(|it| it.elements("Name")).map(XmlElement::text);
    assert_eq!(names.collect::<Vec<_>>(), ["первый.pdf", "второй.pdf"]);
}

#[tokio::test]
async fn a_020_what_was_given_is_unchanged_after_a_post() {
    let server = HttpServer::start_handling(Listen::plain(), httpbin).await;
    let session = Session::new(SessionConfig::new().header("X-Session", "1").unwrap());
    let request = Request::post(&server.url("/post")).unwrap();
    let request = request.header("Content-Type", "application/json").unwrap().body("{\"a\": 1}");
    let before = format!("{request:?}");
    let first = send(&session, request.clone()).await.json().unwrap();
    assert_eq!(format!("{request:?}"), before);
    let second = send(&session, request).await.json().unwrap();
    assert_eq!(first["json"]["a"], 1);
    assert_eq!(first["headers"]["Content-Type"], "application/json");
    assert_eq!(first, second);
}
