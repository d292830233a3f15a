//! The commands over TCP.

use clap::Subcommand;

use super::{
    ForwardArgs, ListenArgs, RequestArgs, SendArgs, ServeArgs, forward, listen, request, send,
    serve, serving,
};

/// What to do over TCP.
#[derive(Debug, Subcommand)]
pub(crate) enum TcpCommand {
    /// Ties every connection that comes to one of its own to the target.
    #[command(after_long_help = forward::EXAMPLES)]
    Forward(Box<ForwardArgs>),
    /// Accepts a connection and writes what comes; standard input goes to the peer.
    #[command(after_long_help = listen::EXAMPLES, mut_args = serving::plain)]
    Listen(Box<ListenArgs>),
    /// Connects, sends, receives one answer.
    #[command(after_long_help = request::EXAMPLES)]
    Request(Box<RequestArgs>),
    /// Connects and sends a file or standard input as it comes, whatever its length.
    #[command(after_long_help = send::EXAMPLES)]
    Send(Box<SendArgs>),
    /// Runs a server that sends back what comes, or gives answers, until it is interrupted.
    #[command(after_long_help = serve::EXAMPLES, mut_args = serving::plain)]
    Serve(Box<ServeArgs>),
}

impl TcpCommand {
    /// The name in the envelope.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Forward(_) => "tcp forward",
            Self::Listen(_) => "tcp listen",
            Self::Request(_) => "tcp request",
            Self::Send(_) => "tcp send",
            Self::Serve(_) => "tcp serve",
        }
    }
}
