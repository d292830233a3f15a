//! The envelope of `--json`, version 1. Pure.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::answer::{self, Answer, Body};
use crate::failure::Failure;
use crate::language::Language;

/// The envelope of a command that worked.
pub(crate) fn success(command: Option<&str>, answer: &Answer) -> Value {
    json!({"opi": VERSION, "ok": true, "command": command, "result": result(answer)})
}

/// The envelope of a command that failed; `result` is there when an answer came all the same.
pub(crate) fn failure(
    command: Option<&str>,
    failure: &Failure,
    elapsed: Duration,
    language: Language,
) -> Value {
    let error = json!({
        "code": failure.code(),
        "phase": failure.phase().map(opi::net::Phase::name),
        "message": failure.message(),
        "causes": failure.causes(),
        "hint": language.hint(failure.advice()),
        "retryable": failure.retryable(),
        "elapsed_ms": answer::millis(elapsed),
        "exit": failure.exit().code(),
    });
    let mut envelope = json!({"opi": VERSION, "ok": false, "command": command, "error": error});
    if let Some(answer) = failure.answer() {
        envelope["result"] = result(answer);
    }
    envelope
}

const VERSION: u32 = 1;

fn result(answer: &Answer) -> Value {
    let mut result = answer.facts.clone();
    put_body(&mut result, &answer.body);
    result.into()
}

/// `hex` when digits were asked for, `json` when the bytes are said to be JSON and are, else `text` when they are UTF-8, else
/// `base64`.
fn put_body(result: &mut Map<String, Value>, body: &Body) {
    let (bytes, json) = match body {
        Body::Bytes(bytes) => (bytes, None),
        Body::Json(bytes) => (bytes, parsed(bytes)),
        Body::Hex(digits) => {
            result.insert("hex".to_owned(), digits.as_str().into());
            return;
        }
        Body::None => return,
    };
    let (name, value) = match (json, std::str::from_utf8(bytes)) {
        (Some(json), _) => ("json", json),
        (None, Ok(text)) => ("text", text.into()),
        (None, Err(_)) => ("base64", STANDARD.encode(bytes).into()),
    };
    result.insert(name.to_owned(), value);
}

fn parsed(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::ErrorKind;

    #[track_caller]
    fn check(body: Body, expected: &Value) {
        let answer = Answer::new(body).fact("bytes", 1);
        assert_eq!(success(Some("get"), &answer)["result"], *expected);
    }

    #[test]
    fn a_body_is_json_text_or_base64() {
        let bytes = |data: &'static [u8]| Body::Bytes(data.into());
        let json = |data: &'static [u8]| Body::Json(data.into());
        check(bytes(b"{}"), &json!({"bytes": 1, "text": "{}"}));
        check(json(b"{\"a\":[1]}"), &json!({"bytes": 1, "json": {"a": [1]}}));
        check(json(b"\xef\xbb\xbfnull"), &json!({"bytes": 1, "json": null}));
        check(json(b"<html>"), &json!({"bytes": 1, "text": "<html>"}));
        check(json(b""), &json!({"bytes": 1, "text": ""}));
        check(bytes(b"\xff\x00"), &json!({"bytes": 1, "base64": "/wA="}));
        check(Body::Hex("ff00".to_owned()), &json!({"bytes": 1, "hex": "ff00"}));
        check(Body::None, &json!({"bytes": 1}));
    }

    #[test]
    fn a_failure_has_every_field() {
        let failed = Failure::new(ErrorKind::Usage, "no").detail("why");
        let shown = failure(None, &failed, Duration::from_millis(5), Language::Russian);
        let hint = "Запустите команду с --help, чтобы увидеть её ключи.";
        let error = json!({
            "code": "cli_usage", "phase": null, "message": "no", "causes": ["why"], "hint": hint,
            "retryable": false, "elapsed_ms": 5, "exit": 2,
        });
        assert_eq!(shown, json!({"opi": 1, "ok": false, "command": null, "error": error}));
    }

    #[test]
    fn an_answer_that_came_all_the_same_is_kept() {
        let failed = Failure::from(ErrorKind::Http5xx).with(Answer::new(Body::None).fact("s", 503));
        let shown = failure(Some("get"), &failed, Duration::ZERO, Language::English);
        assert_eq!(shown["result"], json!({"s": 503}));
    }
}
