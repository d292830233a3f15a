//! `opi tcp serve`: an echo server in the foreground.

use std::net::SocketAddr;
use std::sync::Arc;

use opi::tcp_server::{Config, Server};

use super::echo::echo;
use super::incoming;
use crate::answer::{Answer, Body};
use crate::args::ServeArgs;
use crate::failure::Failure;
use crate::interrupt;
use crate::report::Report;

/// Serves until it is interrupted, which is how it is meant to end, or, with `--once`, until the
/// first client has gone.
///
/// # Errors
///
/// The address is wrong or cannot be listened on.
pub(crate) fn run(args: &ServeArgs, report: &Report) -> Result<(), Failure> {
    let address = incoming::address(&args.address)?;
    interrupt::foreground(serve(address, args, report))
}

async fn serve(address: SocketAddr, args: &ServeArgs, report: &Report) -> Result<(), Failure> {
    let config = Config::new(address).max_connections(args.max_connections.get());
    let server = Arc::new(Server::start(config)?);
    let mut signal = std::pin::pin!(interrupt::signal());
    let address = server.address().to_string();
    let answer =
        Answer::new(Body::None).fact("event", "listening").fact("address", address.as_str());
    report.event(Some(&format!("listening on {address}")), &answer)?;
    let outcome = tokio::select! {
        biased;
        waited = &mut signal => waited.map_err(interrupt::unheard),
        outcome = echo(&server, args) => outcome,
    };
    server.stop().await;
    outcome
}
