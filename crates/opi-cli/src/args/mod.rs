//! The command line: commands, options, their help. Texts that may hold a secret stay texts here,
//! because clap repeats what it cannot parse.

mod dial;
mod forward;
mod http;
mod incoming;
mod listen;
mod message;
mod request;
mod send;
mod serve;
mod serving;
mod socket;
mod tcp;
mod trust;
mod way;

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::exit;
use crate::report::Format;

pub(crate) use dial::DialArgs;
pub(crate) use forward::ForwardArgs;
pub(crate) use http::HttpArgs;
pub(crate) use incoming::IncomingArgs;
pub(crate) use listen::ListenArgs;
pub(crate) use message::MessageArgs;
pub(crate) use request::RequestArgs;
pub(crate) use send::SendArgs;
pub(crate) use serve::ServeArgs;
pub(crate) use serving::ServingArgs;
pub(crate) use socket::SocketArgs;
pub(crate) use tcp::TcpCommand;
pub(crate) use trust::TrustArgs;
pub(crate) use way::WayArgs;

/// TCP and HTTP from a terminal or a script: any proxy, real TLS, deadlines that hold.
#[derive(Debug, Parser)]
#[command(name = "opi", version, arg_required_else_help = false)]
pub(crate) struct Cli {
    /// Prints one JSON envelope on standard output in place of the bare result; servers print one
    /// a line for each event.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Sends a DELETE request.
    Delete(HttpArgs),
    /// Sends a GET request.
    #[command(after_long_help = http::GET_EXAMPLES)]
    Get(HttpArgs),
    /// Sends a HEAD request.
    Head(HttpArgs),
    /// Sends a request of any method.
    Http {
        /// The method, for example PROPFIND; it is sent in capital letters.
        method: String,
        #[command(flatten)]
        http: HttpArgs,
    },
    /// Sends an OPTIONS request.
    Options(HttpArgs),
    /// Sends a PATCH request.
    Patch(HttpArgs),
    /// Sends a POST request.
    #[command(after_long_help = http::POST_EXAMPLES)]
    Post(HttpArgs),
    /// Sends a PUT request.
    Put(HttpArgs),
    /// Talks plain TCP or TLS.
    #[command(arg_required_else_help = false)]
    Tcp {
        #[command(subcommand)]
        command: TcpCommand,
    },
}

/// Reads the command line.
///
/// # Errors
///
/// It is wrong, or asks for help or the version.
pub(crate) fn parse(arguments: &[OsString]) -> Result<Cli, clap::Error> {
    let command = documented(Cli::command());
    Cli::from_arg_matches(&command.try_get_matches_from(arguments)?)
}

/// Puts the table of exit codes under every long help, behind the examples.
fn documented(command: clap::Command) -> clap::Command {
    let examples = command.get_after_long_help().map(|text| format!("{text}\n\n"));
    let help = format!("{}Exit codes:\n{}", examples.unwrap_or_default(), exit::table());
    command.after_long_help(help).mut_subcommands(documented)
}

impl Cli {
    /// How results are wanted.
    pub(crate) fn format(&self) -> Format {
        if self.json { Format::Json } else { Format::Plain }
    }
}

impl Command {
    /// The name in the envelope.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Delete(_) => "delete",
            Self::Get(_) => "get",
            Self::Head(_) => "head",
            Self::Http { .. } => "http",
            Self::Options(_) => "options",
            Self::Patch(_) => "patch",
            Self::Post(_) => "post",
            Self::Put(_) => "put",
            Self::Tcp { command } => command.name(),
        }
    }

    /// What the command does, whatever its name.
    pub(crate) fn work(&self) -> Work<'_> {
        match self {
            Self::Http { method, http } => Work::Http(method.to_ascii_uppercase(), http),
            Self::Delete(http)
            | Self::Get(http)
            | Self::Head(http)
            | Self::Options(http)
            | Self::Patch(http)
            | Self::Post(http)
            | Self::Put(http) => Work::Http(self.name().to_ascii_uppercase(), http),
            Self::Tcp { command } => Work::Tcp(command),
        }
    }
}

/// What a command does.
#[derive(Debug)]
pub(crate) enum Work<'a> {
    /// Sends a request of this method.
    Http(String, &'a HttpArgs),
    /// Talks TCP.
    Tcp(&'a TcpCommand),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_sound() {
        documented(Cli::command()).debug_assert();
    }
}
