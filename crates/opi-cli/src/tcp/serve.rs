//! `opi tcp serve`: an echo server in the foreground.

use std::net::SocketAddr;
use std::sync::Arc;

use opi::net::{Error, ErrorKind as NetErrorKind};
use opi::tcp_server::{Config, Server};
use tokio::runtime::Builder;

use super::echo::echo;
use crate::answer::{Answer, Body};
use crate::args::ServeArgs;
use crate::failure::{ErrorKind, Failure};
use crate::interrupt;
use crate::report::Report;

/// Serves until it is interrupted, which is how it is meant to end, or, with `--once`, until the
/// first client has gone.
///
/// # Errors
///
/// The address is wrong or cannot be listened on.
pub(crate) fn run(args: &ServeArgs, report: &Report) -> Result<(), Failure> {
    let address: SocketAddr = args.address.parse().map_err(|_| {
        let expected = "expected IP:port, for example 127.0.0.1:7000 or [::1]:0";
        Failure::new(ErrorKind::Usage, format!("address {:?}: {expected}", args.address))
    })?;
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|cause| Error::new(NetErrorKind::Io).because(cause))?;
    runtime.block_on(serve(address, args, report))
}

async fn serve(address: SocketAddr, args: &ServeArgs, report: &Report) -> Result<(), Failure> {
    let config = Config::new(address).max_connections(args.max_connections.get());
    let server = Arc::new(Server::start(config)?);
    let mut signal = std::pin::pin!(interrupt::signal());
    let address = server.address().to_string();
    let answer = Answer::new(Body::None).fact("address", address.as_str());
    report.ready(&format!("listening on {address}"), &answer)?;
    let outcome = tokio::select! {
        biased;
        waited = &mut signal => waited.map_err(interrupt::unheard),
        outcome = echo(&server, args) => outcome,
    };
    server.stop().await;
    outcome
}
