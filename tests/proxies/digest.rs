//! The tables of `digest-auth`: answers made by others, and challenges with what is wanted of them.

use base64::{Engine, engine::general_purpose::STANDARD};
use harness::fixture;
use opi_auth::{Challenge, Digest, DigestRequest};
use serde_json::Value;

#[test]
fn answers_are_those_that_others_computed() {
    let Some(table) = fixture("digest-auth/vectors.json") else { return };
    let rows = table.as_array().unwrap();
    assert_eq!(rows.len(), 12);
    for row in rows {
        check_answer(row);
    }
}

fn check_answer(row: &Value) {
    let text = |name: &str| row[name].as_str().unwrap_or_default();
    let hashed = row["userhash"].as_bool().unwrap_or_default();
    let mut challenge = format!(
        "Digest realm=\"{}\", nonce=\"{}\", algorithm={}, userhash={hashed}",
        text("realm"),
        text("nonce"),
        text("alg")
    );
    if !text("qop").is_empty() {
        challenge += &format!(", qop=\"{}\"", text("qop"));
    }
    let digest = Digest::choose(&Challenge::read([challenge.as_bytes()])).unwrap();
    let body = STANDARD.decode(text("body")).unwrap();
    let request = DigestRequest::new(text("method"), text("uri")).body(&body);
    let count = u32::from_str_radix(text("nc"), 16).unwrap();
    let answer = digest.answer(text("user"), text("pw"), &request, text("cnonce"), count).unwrap();
    let response = format!("response=\"{}\"", text("response"));
    assert!(answer.expose().contains(&response), "{}: {}", text("id"), answer.expose());
    if let Some(name) = row["username_hash"].as_str() {
        assert!(answer.expose().contains(&format!("username=\"{name}\"")), "{}", text("id"));
    }
}

/// What becomes of each challenge of the table, in its order: the nonce of the one to answer, or
/// nothing.
const CHOSEN: &[Option<&str>] = &[
    Some("n"),
    Some("n"),
    Some("n"),
    Some("n"),
    Some("n"),
    None,
    None,
    None,
    None,
    None,
    Some("n"),
    None,
    None,
    Some("n"),
    Some("n1"),
    None,
    None,
    None,
    Some("nrnX: y"),
    Some("n"),
    Some("n"),
    Some("n"),
    Some("n"),
    Some("n"),
];

#[test]
fn challenges_are_understood_or_left_alone() {
    let Some(table) = fixture("digest-auth/challenges.json") else { return };
    let rows = table.as_array().unwrap();
    assert_eq!(rows.len(), CHOSEN.len());
    for (row, expected) in rows.iter().zip(CHOSEN) {
        let value = row["www_authenticate"].as_str().unwrap();
        let chosen = Digest::choose(&Challenge::read([value.as_bytes()]));
        assert_eq!(chosen.as_ref().map(Digest::nonce), *expected, "{}", row["expect"]);
        let Some(digest) = chosen else { continue };
        assert_eq!(digest.is_stale(), value.contains("stale"), "{value}");
        let answer = digest.answer("u", "p", &DigestRequest::new("GET", "/"), "c", 1).unwrap();
        check_echo(value, answer.expose());
    }
}

/// What the table wants of single answers.
#[track_caller]
fn check_echo(value: &str, answer: &str) {
    assert!(!answer.contains(['\r', '\n', '\0']), "{answer}");
    assert_eq!(value.contains("opaque=\"\""), answer.contains("opaque=\"\""), "{value}");
    assert_eq!(value.contains("userhash=true"), answer.contains("userhash=true"), "{value}");
    assert_eq!(value.contains("qop"), answer.contains("qop=auth, "), "{value}");
    if value.contains(r#"a\"b"#) {
        assert!(answer.contains(r#"realm="a\"b""#), "{answer}");
    }
}
