//! Rows 37 and 38: parts of a client alone, without a server: cookies, and inflate.

use std::io::Read;
use std::time::SystemTime;

use bytes::Bytes;
use cookie_store::CookieStore;
use flate2::bufread::GzDecoder;
use flate2::{Decompress, FlushDecompress, Status};
use opi_benches::{Contest, Metric, Report};
use opi_http_connector::coding::{Decoder, Limits};
use opi_http_connector::{Cookies, HeaderMap};
use url::Url;

use crate::roles::gzip;

pub(crate) fn run(report: &mut Report) {
    if report.wants("cookies_25_hosts") {
        cookies(report, "cookies_25_hosts", 25, 20);
    }
    if report.wants("cookies_1_host") {
        cookies(report, "cookies_1_host", 1, 180);
    }
    if report.wants("inflate") {
        inflate(report);
    }
}

/// So many cookies of each of so many hosts, of which a request sends 20.
fn cookies(report: &mut Report, name: &str, hosts: usize, each: usize) {
    let (ours, mut theirs, now) = (Cookies::new(), CookieStore::default(), SystemTime::now());
    let url = |host: usize| Url::parse(&format!("http://host{host}.test/list")).unwrap();
    for (host, number) in (0..hosts).flat_map(|host| (0..each).map(move |it| (host, it))) {
        let path = if number < 20 { "/".to_owned() } else { format!("/p{number}") };
        let cookie = format!("c{number}=value-{number}; Path={path}");
        ours.set(&url(host), &cookie, now).unwrap();
        drop(theirs.parse(&cookie, &url(host)).unwrap());
    }
    let url = url(hosts - 1);
    let sent = ours.header(&url, now).unwrap();
    assert_eq!(sent.len(), by_the_store(&theirs, &url).len());
    let mut contest = Contest::new(name, "us a request")
        .entrant("cookie_store", MANY, || {
            (0..MANY).map(|_| by_the_store(&theirs, &url).len()).sum::<usize>()
        })
        .entrant("opi", MANY, || {
            (0..MANY).map(|_| ours.header(&url, now).unwrap().len()).sum::<usize>()
        });
    if hosts * each == 500 {
        contest = contest.limit("37", Metric::Cpu, "opi", 1.0);
    }
    report.add(&contest.run(report.rounds(9)));
}

const MANY: usize = 10_000;

fn by_the_store(store: &CookieStore, url: &Url) -> String {
    let pairs = store.get_request_values(url).map(|(name, value)| format!("{name}={value}"));
    pairs.collect::<Vec<_>>().join("; ")
}

/// 32 MiB of JSON, packed, in pieces of 64 KiB as they come from a socket.
fn inflate(report: &mut Report) {
    let packed = Bytes::from(gzip(MEBIBYTES << 20));
    let pieces: Vec<Bytes> =
        packed.chunks(64 * 1024).map(|piece| packed.slice_ref(piece)).collect();
    assert!(by_zlib(&pieces) == by_opi(&pieces) && by_opi(&pieces) >= MEBIBYTES << 20);
    let contest = Contest::new("inflate", "us a MiB")
        .entrant("zlib-rs", MEBIBYTES, || by_zlib(&pieces))
        .entrant("flate2's reader", MEBIBYTES, || by_a_reader(&packed))
        .entrant("opi", MEBIBYTES, || by_opi(&pieces))
        .target("38", Metric::Cpu, "opi", &["zlib-rs"], 1.0);
    report.add(&contest.run(report.rounds(9)));
}

const MEBIBYTES: usize = 32;

/// Into the same 64 KiB again and again; the bytes there were.
fn by_zlib(pieces: &[Bytes]) -> usize {
    let (mut state, mut output, mut total) = (Decompress::new_gzip(15), vec![0; 64 * 1024], 0);
    for piece in pieces {
        let mut used = 0;
        loop {
            let before = (state.total_in(), state.total_out());
            let status = state.decompress(&piece[used..], &mut output, FlushDecompress::None);
            used += (state.total_in() - before.0) as usize;
            let got = (state.total_out() - before.1) as usize;
            total += got;
            if status.unwrap() == Status::StreamEnd || used == piece.len() && got < output.len() {
                break;
            }
        }
    }
    total
}

/// By a reader that looks after head and checksum itself, all at once.
fn by_a_reader(packed: &[u8]) -> usize {
    let (mut reader, mut output, mut total) = (GzDecoder::new(packed), vec![0; 64 * 1024], 0);
    loop {
        match reader.read(&mut output).unwrap() {
            0 => return total,
            count => total += count,
        }
    }
}

/// As the body of an answer.
fn by_opi(pieces: &[Bytes]) -> usize {
    let mut headers = HeaderMap::new();
    headers.insert("content-encoding", "gzip".parse().unwrap());
    let mut decoder = Decoder::new(&headers, Limits::new()).unwrap();
    let mut total = 0;
    for piece in pieces {
        decoder.push(piece.clone());
        while let Some(decoded) = decoder.pull().unwrap() {
            total += decoded.len();
        }
    }
    decoder.end();
    assert!(decoder.pull().unwrap().is_none());
    total
}
