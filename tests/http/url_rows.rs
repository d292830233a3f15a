//! The URL standard's own rows for http and https: the front door, and what a redirect leads to.

use std::num::NonZeroUsize;

use harness::{Ca, fixture};
use opi_http_connector::{Error, Redirects, Request, Session, SessionConfig, Url};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::setting::{soon, trusting};

fn rows(of: impl Fn(&str, Option<&str>) -> bool) -> Option<Vec<Value>> {
    let table = fixture("url-wpt/urltestdata.json")?;
    let Value::Array(rows) = table else { return None };
    let chosen = |row: &Value| {
        let input = row["input"].as_str();
        row.is_object() && input.is_some_and(|input| of(input, row["base"].as_str()))
    };
    Some(rows.into_iter().filter(chosen).collect())
}

fn absolute(input: &str) -> bool {
    let input = input.trim_start_matches(|first: char| first <= ' ').to_ascii_lowercase();
    let input: String = input.chars().filter(|it| !matches!(it, '\t' | '\n' | '\r')).collect();
    input.starts_with("http:") || input.starts_with("https:")
}

/// The URL that the row names, as a caller may see it.
fn expected(row: &Value) -> Option<Url> {
    let mut url: Url = row["href"].as_str()?.parse().unwrap();
    url.set_username("").unwrap();
    url.set_password(None).unwrap();
    Some(url)
}

/// No row deviates: what the standard reads is read as the standard reads it, but for the login,
/// which becomes a header, and what it refuses is refused.
#[test]
fn the_front_door_reads_urls_by_the_standard() {
    let own = |base: Option<&str>| matches!(base, None | Some("about:blank"));
    let Some(rows) = rows(|input, base| own(base) && absolute(input)) else { return };
    assert_eq!(rows.len(), 270);
    let session = Session::new(SessionConfig::new());
    for row in &rows {
        let read = Request::get(row["input"].as_str().unwrap());
        match expected(row) {
            Some(expected) => {
                let request = read.unwrap();
                assert_eq!(request.url(), &expected, "{row}");
                let prepared = session.prepare(&request).unwrap();
                assert_eq!(prepared.headers["host"], *row["host"].as_str().unwrap(), "{row}");
                let login = row["username"] != "" || row["password"] != "";
                assert_eq!(prepared.headers.contains_key("authorization"), login, "{row}");
            }
            None => assert_eq!(read.unwrap_err().code(), "http_bad_url", "{row}"),
        }
    }
}

/// Rows whose `input` cannot stand in a header: they hold control characters.
fn fits_a_header(input: &str) -> bool {
    !input.bytes().any(|byte| byte.is_ascii_control() && byte != b'\t')
}

/// A proxy that forwards is asked for the base, and answers with the row's input as `Location`.
#[tokio::test]
async fn a_location_leads_where_the_standard_says() {
    let based = |base: Option<&str>| base.is_some_and(|base| base.starts_with("http://"));
    let Some(rows) = rows(|input, base| based(base) && fits_a_header(input)) else { return };
    assert_eq!(rows.len(), 192);
    let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let route = format!("http://{}", proxy.local_addr().unwrap()).parse().unwrap();
    let config = SessionConfig::new().route(route);
    let session = Session::new(config.redirects(Redirects::Follow(NonZeroUsize::MIN)));
    for row in &rows {
        let leads = expected_scheme(row);
        let location = row["input"].as_str().unwrap();
        let first = format!("302 Found\r\nLocation: {location}");
        // To https a tunnel is asked for, and refused.
        let second = if leads == Leads::Http { "200 OK" } else { "502 Bad Gateway" };
        let base = Request::get(row["base"].as_str().unwrap()).unwrap();
        let deadline = soon();
        let answered = tokio::select! {
            answered = session.send(base, &deadline) => answered,
            () = answer(&proxy, [&first, second]) => unreachable!("a proxy goes on"),
        };
        check(row, leads, answered.map(|response| response.url().clone()));
    }
}

/// The same from a base under https, to which a proxy opens tunnels that end in itself.
#[tokio::test]
async fn a_location_under_https_leads_where_the_standard_says() {
    let based = |base: Option<&str>| base.is_some_and(|base| base.starts_with("https://"));
    let Some(rows) = rows(|input, base| based(base) && fits_a_header(input)) else { return };
    assert_eq!(rows.len(), 3);
    let (ca, proxy) = (Ca::new(), TcpListener::bind("127.0.0.1:0").await.unwrap());
    let acceptor = TlsAcceptor::from(ca.issue(&["example.org"]).server_config());
    let route = format!("http://{}", proxy.local_addr().unwrap()).parse().unwrap();
    let config = SessionConfig::new().route(route).tls(trusting(&ca));
    let session = Session::new(config.redirects(Redirects::Follow(NonZeroUsize::MIN)));
    for row in &rows {
        let first = format!("302 Found\r\nLocation: {}", row["input"].as_str().unwrap());
        let base = Request::get(row["base"].as_str().unwrap()).unwrap();
        let deadline = soon();
        let answered = tokio::select! {
            answered = session.send(base, &deadline) => answered,
            () = answer_in_tunnels(&proxy, &acceptor, [&first, "200 OK"]) => {
                unreachable!("a proxy goes on")
            }
        };
        // The one that stays under https is answered here, as one under http is elsewhere.
        let leads = match expected_scheme(row) {
            Leads::Https => Leads::Http,
            other => other,
        };
        check(row, leads, answered.map(|response| response.url().clone()));
    }
}

/// A proxy that answers each request with the next of `statuses`, in a tunnel of its own.
async fn answer_in_tunnels(proxy: &TcpListener, acceptor: &TlsAcceptor, statuses: [&str; 2]) {
    for status in statuses {
        let (mut socket, _) = proxy.accept().await.unwrap();
        head(&mut socket).await;
        socket.write_all(b"HTTP/1.1 200 Open\r\n\r\n").await.unwrap();
        say(&mut acceptor.accept(socket).await.unwrap(), status).await;
    }
    std::future::pending().await
}

/// A proxy that asks nobody: it answers each request with the next of `statuses`.
async fn answer(proxy: &TcpListener, statuses: [&str; 2]) {
    for status in statuses {
        let (mut socket, _) = proxy.accept().await.unwrap();
        say(&mut socket, status).await;
    }
    std::future::pending().await
}

/// Answers one request with `status`, and no other behind it.
async fn say(io: &mut (impl AsyncRead + AsyncWrite + Unpin), status: &str) {
    head(io).await;
    let text = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    io.write_all(text.as_bytes()).await.unwrap();
    io.flush().await.unwrap();
}

/// Reads a request without a body.
async fn head(io: &mut (impl AsyncRead + Unpin)) {
    let (mut head, mut piece) = (Vec::new(), [0; 4096]);
    while !head.ends_with(b"\r\n\r\n") {
        let count = io.read(&mut piece).await.unwrap();
        assert!(count > 0, "the request broke off");
        head.extend_from_slice(&piece[..count]);
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Leads {
    Http,
    Https,
    Nowhere,
}

fn expected_scheme(row: &Value) -> Leads {
    match row["protocol"].as_str() {
        Some("http:") => Leads::Http,
        Some("https:") => Leads::Https,
        _ => Leads::Nowhere,
    }
}

#[track_caller]
fn check(row: &Value, leads: Leads, answered: Result<Url, Error>) {
    match leads {
        Leads::Http => {
            let mut expected = expected(row).unwrap();
            expected.set_fragment(None);
            assert_eq!(answered.map_err(|error| error.code()), Ok(expected), "{row}");
        }
        Leads::Https => assert_eq!(answered.unwrap_err().code(), "proxy_target", "{row}"),
        Leads::Nowhere => assert_eq!(answered.unwrap_err().code(), "http_bad_redirect", "{row}"),
    }
}
