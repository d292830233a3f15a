//! curl's own test replies: what curl takes we take, what it refuses we refuse, but for a table.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use harness::fixture;
use serde_json::Value;

use crate::measures::alone;
use crate::reply::same;

/// The rows in which curl and we disagree, by curl's number, with the reason. A row that begins
/// to agree has to leave.
const DISAGREE: &[(&str, &[u64])] = &[
    (
        "curl was told to fail at such a status, time, size or redirect; we give the answer",
        &[24, 29, 152, 274, 281, 293, 349, 361, 752, 1188, 1261, 1637],
    ),
    (
        "curl was told to go on in the middle, to stop or to write elsewhere, and could not; that \
         is no matter of the reply",
        &[38, 99, 256, 491, 1042, 1072, 1511, 1533, 1683, 2084, 5008, 5009, 5010, 5019, 5020],
    ),
    ("the fault is in a later reply, of which the row knows nothing", &[471, 1079, 1479]),
    ("two places to go: judged when one goes there, and here nobody does", &[580, 772]),
    ("curl was told to ignore the length; to us the body is cut off", &[269]),
    ("curl was told to try again; this try is cut off", &[1909, 3035, 3223]),
    ("the head has no end, so the answer is cut off", &[1591, 1598]),
    ("HTTP/0.9 and `ICY` are no HTTP/1", &[66, 3025]),
    ("a length of more than 64 bits is no length", &[395]),
    ("lines of chunks that end in LF alone (RFC 9112 section 7.1)", &[693, 1116, 1677]),
    ("folded headers (RFC 9112 section 5.2)", &[798]),
    ("white space before the first header (RFC 9112 section 2.2)", &[1473]),
    ("only chunked is a transfer coding (RFC 9112 section 7)", &[1494]),
];

/// The words of curl's test language; a reply that has one is no reply yet.
const TEMPLATES: &[&str] =
    &["%hex[", "%spc", "%repeat[", "%b64[", "%if ", "%include", "%tab", "%CR", "%LT"];

fn is_template(reply: &[u8]) -> bool {
    let text = String::from_utf8_lossy(reply);
    let named =
        text.split('%').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
    named || TEMPLATES.iter().any(|word| text.contains(word))
}

#[test]
fn replies_of_curls_tests_are_taken_and_refused_as_curl_does() {
    alone(every_reply());
}

async fn every_reply() {
    let Some(rows) = fixture("curl-http-replies/replies.json") else { return };
    let reasons: BTreeMap<u64, &str> = DISAGREE
        .iter()
        .flat_map(|(reason, numbers)| numbers.iter().map(move |number| (*number, *reason)))
        .collect();
    let (mut wrong, mut count) = (Vec::new(), 0);
    for row in rows.as_array().unwrap() {
        let reply = STANDARD.decode(row["reply_b64"].as_str().unwrap()).unwrap();
        if is_template(&reply) {
            continue;
        }
        count += 1;
        let number = row["test"].as_u64().unwrap();
        let curl = row["curl_errorcode"].as_str().unwrap();
        let outcome = same(method(row), &reply).await;
        let agrees = outcome.is_ok() == (curl == "0");
        if agrees == reasons.contains_key(&number) {
            let told = outcome.map(|(status, body)| (status, body.len()));
            wrong.push(format!("{number} {}: curl {curl}, we {told:?}", row["name"]));
        }
    }
    assert!(wrong.is_empty(), "of {count}:\n{}", wrong.join("\n"));
    assert!(count > 600, "{count}");
}

/// The method with which curl asked.
fn method(row: &Value) -> &str {
    let asked = row["expect_request"].as_str().unwrap_or_default();
    match asked.split(' ').next() {
        Some(method @ ("DELETE" | "HEAD" | "OPTIONS" | "PATCH" | "POST" | "PUT")) => method,
        _ => "GET",
    }
}
