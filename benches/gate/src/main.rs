//! Makes so many keep-alive GETs as the arguments say, for `cargo xtask instructions` to count.
//!
//! The arguments are who makes them (`hyper`, `async` or `blocking`), how many, and `new` where each
//! is to have a connection of its own.
#![expect(clippy::unwrap_used, reason = "it may end")]
#![forbid(unsafe_code)]

mod clients;
mod server;

use std::env;

use opi_benches::{Child, Role};

fn main() {
    if Role::of_this_process().is_some() {
        return server::serve();
    }
    let arguments: Vec<_> = env::args().skip(1).collect();
    let (who, count) = (&arguments[0], arguments[1].parse().unwrap());
    let keeps = arguments.get(2).is_none_or(|it| it != "new");
    let server = Child::start("server");
    match who.as_str() {
        "async" => clients::by_a_runtime(server.address(), count, keeps),
        "blocking" => clients::by_calls_that_block(server.address(), count, keeps),
        _ => clients::by_hyper_alone(server.address(), count, keeps),
    }
}
