//! The replies of llhttp's tests: what it takes we take, what it refuses we refuse, but for a
//! table.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use harness::fixture;

use crate::measures::alone;
use crate::reply::same;

/// The rows in which llhttp and we disagree, with the reason. A row that begins to agree has to
/// leave.
const DISAGREE: &[(&str, &[&str])] = &[
    (
        "the message ends with the connection, whose end llhttp is not told",
        &[
            "connection.md: HTTP 200 response with Upgrade header",
            "connection.md: HTTP/1.0 with keep-alive and EOF-terminated 200 status",
            "connection.md: HTTP/1.1 with EOF-terminated 200 status",
            "content-length.md: Response without `Content-Length`, but with body",
            "invalid.md: Extra space between status code and reason",
            "sample.md: Empty body should not trigger spurious span callbacks",
            "sample.md: Empty reason phrase after space",
            "sample.md: No Content-Length, no Transfer-Encoding",
            "sample.md: No headers and no body",
            "sample.md: No reason phrase",
        ],
    ),
    (
        "what comes behind an answer closes its connection and takes nothing from the answer",
        &[
            "connection.md: HTTP/1.1 with keep-alive disabled and 204 status",
            "connection.md: HTTP/1.1 with keep-alive disabled, content-length",
        ],
    ),
    (
        "lines may end in LF alone (RFC 9112 section 2.2)",
        &[
            "invalid.md: Only LFs present",
            "invalid.md: Only LFs present and no body",
            "sample.md: No carriage ret",
        ],
    ),
    (
        "the row's body is shorter than its length, which llhttp was told to skip or does not say",
        &[
            "connection.md: HTTP 103 first, then 200",
            "content-length.md: Content-Length reset when no body is received",
        ],
    ),
    (
        "hyper bears white space and an empty extension behind the size of a chunk, neither of \
         which changes the size",
        &[
            "transfer-encoding.md: No extension after semicolon",
            "transfer-encoding.md: Trailing space on chunked body",
        ],
    ),
];

#[test]
fn replies_of_llhttps_tests_are_taken_and_refused_as_it_does() {
    alone(every_reply());
}

async fn every_reply() {
    let Some(rows) = fixture("http1-llhttp/cases.json") else { return };
    let reasons: BTreeMap<&str, &str> = DISAGREE
        .iter()
        .flat_map(|(reason, names)| names.iter().map(move |name| (*name, *reason)))
        .collect();
    let (mut wrong, mut count) = (Vec::new(), 0);
    for row in rows.as_array().unwrap() {
        let text = |name: &str| row[name].as_str().unwrap_or_default();
        if row["meta"]["type"] != "response" {
            continue;
        }
        count += 1;
        let name = format!("{}: {}", text("file").trim_start_matches("response/"), text("name"));
        let outcome = same("GET", &STANDARD.decode(text("bytes_b64")).unwrap()).await;
        let takes = row["error"].is_null() && row["completes"] == true;
        if (outcome.is_ok() == takes) == reasons.contains_key(name.as_str()) {
            let told = outcome.map(|(status, body)| (status, body.len()));
            let theirs = (&row["error"], &row["completes"]);
            wrong.push(format!("{name}: llhttp {theirs:?}, we {told:?}"));
        }
    }
    assert!(wrong.is_empty(), "of {count}:\n{}", wrong.join("\n"));
    assert!(count > 70, "{count}");
}
