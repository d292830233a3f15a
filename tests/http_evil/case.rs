//! One misbehaving server: what it does, step by step.

use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use harness::fixture;
use serde_json::Value;

use crate::own;

/// What one server does with the first connection; it answers honestly on all that follow.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// As in the plan of faults: `E01`.
    pub(crate) id: String,
    pub(crate) method: String,
    /// The length of the request's body.
    pub(crate) body: usize,
    pub(crate) steps: Vec<Step>,
    /// Whether all connections do so, not the first alone.
    pub(crate) always: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Does not wait for the request.
    Early,
    /// The same data until so many bytes have been written, or nobody reads any more.
    Endless {
        data: Vec<u8>,
        most: usize,
    },
    /// Ends its side of the connection.
    Fin,
    /// Neither sends nor reads.
    Hold,
    /// Reads nothing of the request.
    NoRead,
    /// Lets a time go by that the case is about, in milliseconds.
    Pause(u64),
    /// The same data so many times.
    Repeat {
        data: Vec<u8>,
        times: usize,
    },
    /// Resets the connection.
    Reset,
    Send(Vec<u8>),
}

/// All of them: those of the fixture and our own, which are the rest of the plan.
pub(crate) fn all() -> &'static [Case] {
    static ALL: OnceLock<Vec<Case>> = OnceLock::new();
    ALL.get_or_init(load)
}

fn load() -> Vec<Case> {
    let rows = fixture("evil-server-http1/cases.json");
    let rows = rows.as_ref().and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    rows.iter().map(read).chain(own::cases()).collect()
}

impl Case {
    pub(crate) fn new(id: &str, steps: Vec<Step>) -> Self {
        Self { id: id.into(), method: "GET".into(), body: 0, steps, always: false }
    }

    /// Sent with a body of this length.
    pub(crate) fn posting(self, body: usize) -> Self {
        Self { method: "POST".into(), body, ..self }
    }

    /// Whether a step is of this kind.
    pub(crate) fn has(&self, wanted: impl Fn(&Step) -> bool) -> bool {
        self.steps.iter().any(wanted)
    }
}

fn read(row: &Value) -> Case {
    let text = |name: &str| row[name].as_str().unwrap().to_owned();
    let id = text("id").split('-').next().unwrap().to_owned();
    let body = row["request_body_len"].as_u64().unwrap() as usize;
    let steps = row["steps"].as_array().unwrap().iter().map(step).collect();
    Case { id, method: text("method"), body, steps, always: false }
}

fn step(row: &Value) -> Step {
    let data = || STANDARD.decode(row["b64"].as_str().unwrap()).unwrap();
    let number = |name: &str| row[name].as_u64().unwrap();
    match row["op"].as_str().unwrap() {
        "early" => Step::Early,
        "endless" => Step::Endless { data: data(), most: number("cap_bytes") as usize },
        "fin" => Step::Fin,
        "hold" => Step::Hold,
        "noread" => Step::NoRead,
        "repeat" => Step::Repeat { data: data(), times: number("n") as usize },
        "rst" => Step::Reset,
        "send" => Step::Send(data()),
        "sleep" => Step::Pause(number("ms")),
        other => unreachable!("the fixture has an unknown step: {other}"),
    }
}
