//! Heads of proxies, row by row, and the limits.

use super::*;

#[track_caller]
fn check(head: &str, status: u16, length: Length, after: After) {
    let text = format!("HTTP/1.{head}\r\n\r\n");
    let read = Head::read(text.as_bytes()).unwrap();
    assert_eq!((read.status.as_u16(), read.length, read.after), (status, length, after), "{text}");
}

#[test]
fn the_body_and_what_follows_it_are_those_of_the_rfc() {
    use After::{Closed, Kept};
    use Length::{Bytes, Chunked, ToTheClose};
    check("1 407 No\r\nContent-Length: 5", 407, Bytes(5), Kept);
    check("1 407 No\r\nContent-Length: 5\r\nConnection: x, Close", 407, Bytes(5), Closed);
    check("1 407 No\r\nContent-Length: 5\r\nProxy-Connection: close", 407, Bytes(5), Closed);
    check("0 407 No\r\nContent-Length: 5", 407, Bytes(5), Closed);
    check("0 407 No\r\nContent-Length: 5\r\nConnection: Keep-Alive", 407, Bytes(5), Kept);
    check("1 407 No\r\nTransfer-Encoding: gzip, Chunked", 407, Chunked, Kept);
    check("1 407 No", 407, ToTheClose, Closed);
    check("1 204 No", 204, Bytes(0), Kept);
    for unclear in [
        "Content-Length: +5",
        "Content-Length: 99999999999999999999",
        "Content-Length: 5\r\nContent-Length: 5",
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: gzip",
    ] {
        check(&format!("1 407 No\r\n{unclear}"), 407, ToTheClose, Closed);
    }
}

#[test]
fn proxies_that_are_no_purists_are_understood() {
    for head in [
        "HTTP/1.0 200\r\n\r\n",
        "HTTP/1.1 200 \r\n\r\n",
        "HTTP/1.1 200 OK\n\n",
        "HTTP/1.1  200  OK\r\n\r\n",
        "HTTP/1.1 200 Соединено\r\n\r\n",
        "HTTP/1.1 200 OK\r\nbad name : x\r\nno colon\r\n\r\n",
    ] {
        assert_eq!(Head::read(head.as_bytes()).unwrap().status.as_u16(), 200, "{head:?}");
    }
}

#[test]
fn challenges_of_all_lines_are_read() {
    let head = "HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM\r\nWWW-Authenticate: X\r\n\
                proxy-authenticate: Basic realm=r\r\n\r\n";
    let head = Head::read(head.as_bytes()).unwrap();
    let schemes: Vec<_> = head.challenges.iter().map(Challenge::scheme).collect();
    assert_eq!(schemes, ["NTLM", "Basic"]);
}

#[test]
fn what_is_no_answer_is_refused() {
    for head in
        ["HTTP/1.1 99999 X", "HTTP/1.1 abc", "HTTP/1.1", "HTTP/1.7 200 OK", "HTTP/1.1 099 X"]
    {
        let error = Head::read(format!("{head}\r\n\r\n").as_bytes()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{head:?}");
    }
}

#[test]
fn the_number_of_fields_is_limited() {
    let read = |count| {
        let fields = "X: y\r\n".repeat(count);
        Head::read(format!("HTTP/1.1 200 OK\r\n{fields}\r\n").as_bytes())
    };
    assert!(read(MOST_FIELDS).is_ok());
    let error = read(MOST_FIELDS + 1).unwrap_err();
    assert!(error.to_string().contains("more than 256 header fields"), "{error}");
}

#[test]
fn the_end_is_found_wherever_the_pieces_end() {
    for (head, rest) in [
        ("HTTP/1.1 200 OK\r\n\r\n", "early"),
        ("HTTP/1.1 200 OK\nA: b\n\n", "\n\n"),
        ("HTTP/1.1 200 OK\r\nA: b\r\n\n", ""),
    ] {
        let bytes = format!("{head}{rest}");
        for first in 0..=bytes.len() {
            let mut end = End::default();
            let found = end.find(&bytes.as_bytes()[..first]).unwrap();
            let found = found.or_else(|| end.find(bytes.as_bytes()).unwrap());
            assert_eq!(found, Some(head.len()), "{head:?} cut at {first}");
        }
    }
    assert_eq!(End::default().find(b"HTTP/1.1 200 OK\r\nA: b\r\n").unwrap(), None);
    for other in ["2", "HTTQ", "\r\nHTTP/1.1", "HTTP/2.0 200"] {
        assert!(End::default().find(other.as_bytes()).is_err(), "{other:?}");
    }
}
