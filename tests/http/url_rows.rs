//! The URL standard's own rows for http and https: the front door, and what a redirect leads to.

use std::num::NonZeroUsize;

use harness::fixture;
use opi_http_connector::{Error, Redirects, Request, Session, SessionConfig, Url};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::setting::soon;

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

/// A proxy that asks nobody: it answers each request with the next of `statuses`.
async fn answer(proxy: &TcpListener, statuses: [&str; 2]) {
    for status in statuses {
        let (mut socket, _) = proxy.accept().await.unwrap();
        let (mut head, mut piece) = (Vec::new(), [0; 4096]);
        while !head.ends_with(b"\r\n\r\n") {
            let count = socket.read(&mut piece).await.unwrap();
            head.extend_from_slice(&piece[..count]);
        }
        let text = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        socket.write_all(text.as_bytes()).await.unwrap();
    }
    std::future::pending().await
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
