//! The commands over TCP.

mod answering;
mod carry;
mod characters;
mod dial;
mod events;
mod forward;
mod gate;
mod incoming;
mod input;
mod lines;
mod listen;
mod message;
mod receive;
mod request;
mod send;
mod serve;
mod sink;
mod tap;
mod tunnel;
mod wanted;

use crate::answer::Answer;
use crate::args::TcpCommand;
use crate::failure::Failure;
use crate::report::Report;

/// Does what `command` says; the answer is what is not printed yet.
///
/// # Errors
///
/// The command line is wrong, or the command failed.
pub(crate) fn run(command: &TcpCommand, report: &Report) -> Result<Option<Answer>, Failure> {
    match command {
        TcpCommand::Forward(args) => forward::run(args, report).map(|()| None),
        TcpCommand::Listen(args) => listen::run(args, report).map(|()| None),
        TcpCommand::Request(args) => request::run(args).map(Some),
        TcpCommand::Send(args) => send::run(args, report).map(Some),
        TcpCommand::Serve(args) => serve::run(args, report).map(|()| None),
    }
}
