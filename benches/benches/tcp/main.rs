//! opi's TCP against tokio, tokio-util and std: throughput, markers, echo, fan-in, memory, latency.
#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a bench may end, its peers spawn freely, and its slow peers are slow by the clock"
)]
#![forbid(unsafe_code)]

mod echo;
mod fan_in;
mod idle;
mod isolation;
mod marker;
mod ping_pong;
mod receive;
mod roles;
mod send;

use std::sync::LazyLock;
use std::time::Duration;

use opi_benches::{Report, Role, Side, pin};
use opi_net::{Cancel, Deadline};

fn main() {
    if let Some(role) = Role::of_this_process() {
        return roles::play(&role);
    }
    pin(Side::Parent);
    let mut report = Report::from_arguments("tcp");
    receive::run(&mut report);
    send::run(&mut report);
    marker::run(&mut report);
    ping_pong::run(&mut report);
    echo::run(&mut report);
    fan_in::run(&mut report);
    idle::run(&mut report);
    isolation::run(&mut report);
    report.finish(env!("CARGO_TARGET_TMPDIR"));
}

/// What every operation of a contest may take at most.
const LIMIT: Duration = Duration::from_secs(60);

/// A limit that can be cancelled, as each of the add-in's calls has it.
fn limit() -> Deadline {
    static CANCEL: LazyLock<Cancel> = LazyLock::new(Cancel::new);
    Deadline::after(LIMIT).or_cancelled(&CANCEL)
}
