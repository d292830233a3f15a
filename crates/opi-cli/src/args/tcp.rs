//! The commands over TCP.

use clap::Subcommand;

use super::{RequestArgs, SendArgs, ServeArgs, request, send, serve};

/// What to do over TCP.
#[derive(Debug, Subcommand)]
pub(crate) enum TcpCommand {
    /// Connects, sends, receives one answer.
    #[command(after_long_help = request::EXAMPLES)]
    Request(RequestArgs),
    /// Connects and sends a file or standard input as it comes, whatever its length.
    #[command(after_long_help = send::EXAMPLES)]
    Send(SendArgs),
    /// Runs an echo server until it is interrupted.
    #[command(after_long_help = serve::EXAMPLES)]
    Serve(ServeArgs),
}

impl TcpCommand {
    /// The name in the envelope.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Request(_) => "tcp request",
            Self::Send(_) => "tcp send",
            Self::Serve(_) => "tcp serve",
        }
    }
}
