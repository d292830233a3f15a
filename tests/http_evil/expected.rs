//! What our client makes of each case.

/// What is to come of a case.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Outcome {
    /// An answer with this status and a body that begins so.
    Answer(u16, &'static str),
    /// An error with one of these codes.
    Fails(&'static [&'static str]),
}

use Outcome::{Answer, Fails};

const CLOSED: Outcome = Fails(&["closed"]);
const PROTOCOL: Outcome = Fails(&["http_protocol"]);
const RESET: Outcome = Fails(&["closed", "reset"]);
const TIMEOUT: Outcome = Fails(&["timeout"]);
const TRUNCATED: Outcome = Fails(&["truncated"]);

/// The outcome of every case. Where the plan lets us choose, the choice stands here with its
/// reason.
pub(crate) const TABLE: &[(&str, Outcome)] = &[
    ("E01", CLOSED),
    ("E02", RESET),
    ("E03", TIMEOUT),
    ("E04", CLOSED),
    ("E05", TIMEOUT),
    ("E06", RESET),
    ("E07", Answer(200, "ok")),
    ("E08", Answer(200, "honest")),
    ("E09", Answer(200, "ok")),
    ("E10", Answer(200, "hello")),
    ("S01", PROTOCOL),
    ("S02", PROTOCOL),
    ("S03", PROTOCOL),
    ("S04", Answer(200, "body")),
    ("S05", Answer(200, "ok")),
    ("S06", PROTOCOL),
    ("S07", PROTOCOL),
    ("S08", PROTOCOL),
    ("S09", PROTOCOL),
    // A line may end in LF alone (RFC 9112 section 2.2).
    ("S10", Answer(200, "ok")),
    ("S11", Answer(200, "ok")),
    ("S12", PROTOCOL),
    // A switch of the protocol that nobody asked for.
    ("S13", PROTOCOL),
    ("I01", Answer(200, "ok")),
    ("I02", Answer(200, "ok")),
    ("I03", PROTOCOL),
    ("I04", TIMEOUT),
    ("I05", Answer(200, "ok")),
    ("H01", Answer(200, "ok")),
    ("H02", Answer(200, "ok")),
    ("H03", PROTOCOL),
    ("H04", PROTOCOL),
    ("H05", Answer(200, "ok")),
    ("H06", PROTOCOL),
    ("H07", PROTOCOL),
    ("H08", PROTOCOL),
    ("H09", PROTOCOL),
    ("H10", PROTOCOL),
    ("H11", PROTOCOL),
    ("H12", Answer(200, "ok")),
    ("H13", Answer(200, "ok")),
    ("H14", Answer(200, "ok")),
    ("H15", TRUNCATED),
    ("H16", TIMEOUT),
    ("H17", PROTOCOL),
    // Equal lengths are one length (RFC 9112 section 6.3, point 5), here and in F03.
    ("F01", Answer(200, "ok")),
    ("F02", PROTOCOL),
    ("F03", Answer(200, "ok")),
    ("F04", PROTOCOL),
    ("F05", PROTOCOL),
    ("F06", PROTOCOL),
    ("F07", PROTOCOL),
    ("F08", TRUNCATED),
    ("F09", PROTOCOL),
    ("F10", TRUNCATED),
    ("F11", RESET),
    ("F12", Answer(200, "ok")),
    // The chunks count, and the connection does not serve again.
    ("F13", Answer(200, "ok")),
    ("F14", PROTOCOL),
    ("F15", PROTOCOL),
    ("F16", PROTOCOL),
    ("F17", PROTOCOL),
    ("F18", Answer(204, "")),
    ("F19", Answer(304, "")),
    ("F20", Answer(200, "")),
    ("F21", Answer(204, "")),
    ("F22", RESET),
    ("F23", Fails(&["http_body_too_long"])),
    ("F24", TIMEOUT),
    ("C01", Answer(200, "hello")),
    ("C02", Answer(200, "hello")),
    ("C03", PROTOCOL),
    ("C04", PROTOCOL),
    ("C05", PROTOCOL),
    ("C06", TRUNCATED),
    ("C07", PROTOCOL),
    ("C08", PROTOCOL),
    ("C09", PROTOCOL),
    ("C10", PROTOCOL),
    ("C11", PROTOCOL),
    ("C12", PROTOCOL),
    ("C13", TRUNCATED),
    // The line behind the last chunk is part of the message.
    ("C14", TRUNCATED),
    ("C15", PROTOCOL),
    ("C16", Answer(200, "hello")),
    ("C17", PROTOCOL),
    ("C18", Answer(200, "hello")),
    ("C19", Answer(200, "zzzzz")),
    // Twenty digits in front are allowed.
    ("C20", Answer(200, "hello")),
    ("G01", Fails(&["http_body_coding"])),
    ("G02", TRUNCATED),
    ("G03", Fails(&["http_body_coding"])),
    ("G04", Fails(&["http_body_coding", "http_body_too_long"])),
    ("G05", Answer(200, "")),
    ("R01", Answer(302, "")),
    ("R02", Fails(&["http_too_many_redirects"])),
    ("R03", Fails(&["http_bad_redirect"])),
    ("R04", Answer(200, "honest")),
    ("R05", Fails(&["http_bad_redirect"])),
    ("R06", Answer(200, "honest")),
    ("R07", Fails(&["connect_refused"])),
    ("R08", Answer(200, "honest")),
];

/// The cases after which another request is sent, which the leftovers must not answer.
pub(crate) const ASKED_AGAIN: &[&str] = &["E07", "E08", "E09", "F12", "F18", "F20", "C18"];
