//! The bodies of fixtures/compression, in pieces of every size: decoded, refused, or stopped at a limit.

use bytes::Bytes;
use harness::{fixture, fixture_bytes};
use opi_http_connector::coding::{Decoder, Limits};
use opi_http_connector::{Error, ErrorKind, HeaderMap, HeaderValue};
use serde_json::Value;

/// What became of a body: its length, and what it was as far as it is short.
fn decode(body: &Bytes, coding: &str, piece: usize, limits: Limits) -> Result<Vec<u8>, Error> {
    let mut headers = HeaderMap::new();
    headers.insert("content-encoding", HeaderValue::from_str(coding).unwrap());
    let mut decoder = Decoder::new(&headers, limits)?;
    let mut rest = body.clone();
    let mut decoded = Vec::new();
    loop {
        while let Some(given) = decoder.pull()? {
            assert!(decoder.is_plain() || given.len() <= 64 * 1024);
            decoded.extend_from_slice(&given);
        }
        if rest.is_empty() {
            break;
        }
        decoder.push(rest.split_to(piece.min(rest.len())));
    }
    decoder.end();
    while let Some(given) = decoder.pull()? {
        decoded.extend_from_slice(&given);
    }
    Ok(decoded)
}

/// What this crate does where the row leaves it open.
fn expected(row: &Value) -> &str {
    match (row["expect"].as_str().unwrap(), row["file"].as_str().unwrap()) {
        // Padding is harmless; anything else may be a part that was damaged.
        ("ok-or-error", "trailing-zeros.gz") => "ok",
        ("error-or-ignore", "trailing-garbage.gz") => "error",
        // RFC 1952 section 2.3.1.2: a reserved bit means that the format is another one.
        ("error-or-ok", "reserved-flags.gz") => "error",
        ("ok-empty" | "passthrough", _) => "ok",
        (expected @ ("error" | "limit" | "ok"), _) => expected,
        (open, file) => panic!("{file}: {open} is a row with no choice"),
    }
}

#[test]
fn every_body_is_decoded_or_refused_as_its_row_says() {
    let Some(rows) = fixture("compression/manifest.json") else { return };
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 36);
    let Some(plain) = fixture_bytes("compression/identity.txt") else { return };
    for row in rows {
        let file = row["file"].as_str().unwrap();
        let Some(body) = fixture_bytes(&format!("compression/{file}")) else { return };
        let (body, coding) = (Bytes::from(body), row["content_encoding"].as_str().unwrap());
        for piece in [1, 3, 1024, body.len().max(1)] {
            let outcome = decode(&body, coding, piece, Limits::new().decoded(1_000_000));
            let told = outcome.as_ref().map(Vec::len).map_err(Error::kind);
            match expected(row) {
                "ok" if file == "unknown.bin" => assert_eq!(outcome.unwrap(), body),
                "ok" if row["plain_len"] == 0 => assert_eq!(told, Ok(0), "{row}"),
                "ok" => assert!(outcome.is_ok_and(|it| it == plain), "{row}, {piece}: {told:?}"),
                "limit" => assert_eq!(told, Err(ErrorKind::BodyTooLong), "{row}, {piece}"),
                _ => assert_eq!(told, Err(ErrorKind::BodyCoding), "{row}, {piece}"),
            }
        }
    }
}

/// The memory that this process holds, in bytes.
#[cfg(target_os = "linux")]
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// The bomb goes through piece by piece: 100 MiB of zeros pass, and no more than 8 MiB are held. In a
/// process of its own, since among other tests it could be theirs that grows.
#[cfg(target_os = "linux")]
#[test]
fn a_body_of_100_mib_goes_through_in_flat_memory() {
    if std::env::var_os("OPI_BOMB_ALONE").is_none() {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "compression::a_body_of_100_mib_goes_through_in_flat_memory"]);
        assert!(child.env("OPI_BOMB_ALONE", "1").status().unwrap().success());
        return;
    }
    let Some(body) = fixture_bytes("compression/bomb-100MiB.gz") else { return };
    let mut headers = HeaderMap::new();
    headers.insert("content-encoding", HeaderValue::from_static("gzip"));
    let limits = Limits::new().ratio(std::num::NonZeroU32::MAX);
    let mut decoder = Decoder::new(&headers, limits).unwrap();
    decoder.push(body.into());
    decoder.end();
    let (before, mut length, mut most) = (resident(), 0, 0);
    let mut pieces = 0;
    while let Some(piece) = decoder.pull().unwrap() {
        length += piece.len();
        pieces += 1;
        if pieces % 100 == 0 {
            most = most.max(resident());
        }
    }
    assert_eq!(length, 104_857_600);
    assert!(most > 0 && most < before + 8 * 1024 * 1024, "{before} -> {most}");
}
