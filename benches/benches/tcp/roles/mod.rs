//! The other processes of the contests: servers to be measured, and who feeds the clients.

mod echo_opi;
mod echo_others;
mod fan_in;
mod hold;
mod stream;

use opi_benches::Role;
use tokio::runtime::{Builder, Runtime};

/// Plays `role` until the parent goes.
pub(crate) fn play(role: &Role) {
    match role.words()[..] {
        ["echo", "opi-next"] => echo_opi::next(),
        ["echo", "opi-queue"] => echo_opi::queue(),
        ["echo", "opi-task"] => echo_opi::task(),
        ["echo", "opi-tls"] => echo_opi::tls(),
        ["echo", "tokio"] => echo_others::tokio(),
        ["echo", "framed"] => echo_others::framed(),
        ["echo", "std"] => echo_others::std(),
        ["fan-in", "opi"] => fan_in::opi(),
        ["fan-in", "tokio"] => fan_in::tokio(),
        ["fan-in", "std"] => fan_in::std(),
        ["hold", who, address, count] => {
            hold::hold(who, address.parse().unwrap(), count.parse().unwrap());
        }
        ["source", size, piece] => stream::source(size.parse().unwrap(), piece.parse().unwrap()),
        ["marked", size, piece, marker] => {
            stream::marked(size.parse().unwrap(), piece.parse().unwrap(), marker.parse().unwrap());
        }
        ["sink"] => stream::sink(),
        ref other => panic!("no such role: {other:?}"),
    }
}

/// One thread, as the command's servers run.
fn one_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Two threads, as the add-in's servers run.
fn two_threads() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}
