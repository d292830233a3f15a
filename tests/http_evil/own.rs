//! The cases of the plan that the fixture leaves out.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::case::{Case, Step};

pub(crate) fn cases() -> Vec<Case> {
    [connections(), statuses(), interim(), headers(), framing(), chunks(), codings(), redirects()]
        .concat()
}

fn sends(id: &str, data: impl AsRef<[u8]>) -> Case {
    Case::new(id, vec![Step::Send(data.as_ref().to_vec()), Step::Fin])
}

fn holds(id: &str, data: impl AsRef<[u8]>) -> Case {
    Case::new(id, vec![Step::Send(data.as_ref().to_vec()), Step::Hold])
}

/// A piece of data for ever, with a pause before each.
fn drips(id: &str, begin: &str, drop: &str) -> Case {
    let drops = (0..200).flat_map(|_| [Step::Send(drop.into()), Step::Pause(20)]);
    let steps = [Step::Send(begin.into())].into_iter().chain(drops).chain([Step::Hold]);
    Case::new(id, steps.collect())
}

fn endless(id: &str, begin: &str, data: &str) -> Case {
    let most = 64 * 1024 * 1024;
    Case::new(id, vec![Step::Send(begin.into()), Step::Endless { data: data.into(), most }])
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const FORGED: &str = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

fn head(fields: &str) -> String {
    format!("HTTP/1.1 200 OK\r\n{fields}\r\n\r\nok")
}

fn connections() -> Vec<Case> {
    vec![
        Case::new("E03", vec![Step::Hold]),
        Case::new("E06", vec![Step::Reset]).posting(8 * 1024 * 1024),
        holds("E09", format!("{OK}{FORGED}")),
    ]
}

fn statuses() -> Vec<Case> {
    let kept = "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok";
    vec![
        sends("S02", "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n\r\n"),
        holds("S05", kept),
        sends("S08", "HTTP/1.1 2OO OK\r\nContent-Length: 0\r\n\r\n"),
        sends("S11", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok"),
    ]
}

fn interim() -> Vec<Case> {
    let go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    vec![sends("I01", format!("{go_on}{OK}")), drips("I04", go_on, go_on)]
}

fn headers() -> Vec<Case> {
    let many = |count: usize| {
        let fields: String = (1..count).map(|index| format!("X-{index}: v\r\n")).collect();
        head(&format!("{fields}Content-Length: 2"))
    };
    let long = |bytes: usize| head(&format!("Content-Length: 2\r\nX-A: {}", "v".repeat(bytes)));
    vec![
        sends("H02", many(256)),
        sends("H05", long(200 * 1024)),
        sends("H08", head("Content-Length: 2\r\n: v")),
        sends("H11", head("Content-Length: 2\r\nX-A: a\rb")),
        sends("H14", head("Content-Length:\t 2 \t\r\nX-A:   a b  ")),
        sends("H17", many(257)),
    ]
}

fn framing() -> Vec<Case> {
    let empty = "HTTP/1.1 204 No Content\r\n";
    vec![
        sends("F03", head("Content-Length: 2, 2")),
        sends("F06", head("Content-Length: 0x2")),
        sends("F09", head("Content-Length: 2 2")),
        holds("F12", format!("{OK}{FORGED}")),
        sends(
            "F15",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        ),
        holds("F18", format!("{empty}\r\n{FORGED}")),
        holds("F21", format!("{empty}Content-Length: 4\r\n\r\n")),
        drips("F24", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", "x"),
    ]
}

fn chunks() -> Vec<Case> {
    let chunked = |rest: &str| format!("{CHUNKED}{rest}");
    vec![
        endless("C03", &chunked("5;"), &"x".repeat(4096)),
        sends("C06", chunked("7fffffffffffffff\r\nhello")),
        sends("C09", chunked("0x5\r\nhello\r\n0\r\n\r\n")),
        sends("C12", chunked("5\r\nhelloX\r\n0\r\n\r\n")),
        sends("C15", chunked("0_5\r\nhello\r\n0\r\n\r\n")),
        holds("C18", chunked(&format!("5\r\nhello\r\n0\r\n\r\n{FORGED}"))),
    ]
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn coded(start: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("{start}Content-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

/// 32 MiB of nothing, in 32 KiB.
fn bomb() -> Vec<u8> {
    gzip(&vec![0; 32 * 1024 * 1024])
}

fn codings() -> Vec<Case> {
    let whole = gzip(b"hello, a body that is compressed");
    let cut = &whole[..whole.len() - 9];
    vec![
        sends("G01", coded("HTTP/1.1 200 OK\r\n", cut)),
        sends("G04", coded("HTTP/1.1 200 OK\r\n", &bomb())),
    ]
}

fn redirects() -> Vec<Case> {
    let to = |location: &str| {
        format!("HTTP/1.1 302 F\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")
    };
    vec![
        Case { always: true, ..sends("R02", to("/again")) },
        sends("R05", to("http://[::/")),
        sends("R08", coded("HTTP/1.1 302 F\r\nLocation: /next\r\n", &bomb())),
    ]
}
