//! The command line: commands, options, their help. Texts that may hold a secret stay texts here,
//! because clap repeats what it cannot parse.

mod about;
mod again;
mod body;
mod curl;
mod dial;
mod forward;
mod http;
mod incoming;
mod listen;
mod login;
mod message;
mod request;
mod saving;
mod send;
mod serve;
mod serving;
mod shown;
mod sign;
mod socket;
mod tcp;
mod times;
mod trust;
mod upload;
mod way;

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::exit;
use crate::report::Format;

pub(crate) use about::{CompletionsArgs, ManArgs};
pub(crate) use again::AgainArgs;
pub(crate) use body::BodyArgs;
pub(crate) use curl::CurlArgs;
pub(crate) use dial::DialArgs;
pub(crate) use forward::ForwardArgs;
pub(crate) use http::HttpArgs;
pub(crate) use incoming::IncomingArgs;
pub(crate) use listen::ListenArgs;
pub(crate) use login::{AuthType, AwsArgs, LoginArgs};
pub(crate) use message::MessageArgs;
pub(crate) use request::RequestArgs;
pub(crate) use saving::SavingArgs;
pub(crate) use send::SendArgs;
pub(crate) use serve::ServeArgs;
pub(crate) use serving::ServingArgs;
pub(crate) use shown::{Pretty, ShownArgs};
pub(crate) use sign::{Aws4Args, SignCommand};
pub(crate) use socket::SocketArgs;
pub(crate) use tcp::TcpCommand;
pub(crate) use times::TimesArgs;
pub(crate) use trust::TrustArgs;
pub(crate) use upload::UploadArgs;
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
    /// Prints what completes command lines in a shell.
    #[command(after_long_help = about::COMPLETIONS_EXAMPLES)]
    Completions(CompletionsArgs),
    /// Does what a curl command line says.
    #[command(after_long_help = curl::EXAMPLES)]
    Curl(CurlArgs),
    /// Sends a DELETE request.
    Delete(Box<HttpArgs>),
    /// Saves what is at a URL: a GET request with --download.
    #[command(after_long_help = http::DOWNLOAD_EXAMPLES)]
    Download(Box<HttpArgs>),
    /// Sends a GET request.
    #[command(after_long_help = http::GET_EXAMPLES)]
    Get(Box<HttpArgs>),
    /// Sends a HEAD request.
    Head(Box<HttpArgs>),
    /// Sends a request of any method, which is sent in capital letters; without one POST when there
    /// is a body, else GET.
    #[command(after_long_help = http::HTTP_EXAMPLES, override_usage = "opi http [OPTIONS] [METHOD] <URL> [ITEM]...")]
    Http(Box<HttpArgs>),
    /// Prints a page of the manual, as `man` reads it.
    #[command(after_long_help = about::MAN_EXAMPLES)]
    Man(ManArgs),
    /// Sends an OPTIONS request.
    Options(Box<HttpArgs>),
    /// Sends a PATCH request.
    Patch(Box<HttpArgs>),
    /// Sends a POST request.
    #[command(after_long_help = http::POST_EXAMPLES)]
    Post(Box<HttpArgs>),
    /// Sends a PUT request.
    Put(Box<HttpArgs>),
    /// Signs a request and sends nothing.
    #[command(arg_required_else_help = false)]
    Sign {
        #[command(subcommand)]
        command: SignCommand,
    },
    /// Talks plain TCP or TLS.
    #[command(arg_required_else_help = false)]
    Tcp {
        #[command(subcommand)]
        command: TcpCommand,
    },
    /// Sends a file as it is, whatever its length: a PUT request.
    #[command(after_long_help = http::UPLOAD_EXAMPLES)]
    Upload(Box<UploadArgs>),
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

/// Reads the arguments of `opi http`, which another line was translated to.
///
/// # Errors
///
/// They are wrong.
pub(crate) fn parse_http(arguments: &[OsString]) -> Result<Box<HttpArgs>, clap::Error> {
    match parse(arguments)?.command {
        Command::Http(http) => Ok(http),
        _ => Err(Cli::command().error(clap::error::ErrorKind::InvalidSubcommand, "expected http")),
    }
}

/// What completes command lines in a shell.
pub(crate) fn completions(args: &CompletionsArgs) -> Vec<u8> {
    about::completions(args.shell, Cli::command())
}

/// The page of the manual of a command; none when there is no such command.
pub(crate) fn page(args: &ManArgs) -> Option<Vec<u8>> {
    about::page(&args.command, documented(Cli::command()))
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
            Self::Completions(_) => "completions",
            Self::Curl(_) => "curl",
            Self::Delete(_) => "delete",
            Self::Download(_) => "download",
            Self::Get(_) => "get",
            Self::Head(_) => "head",
            Self::Http(_) => "http",
            Self::Man(_) => "man",
            Self::Options(_) => "options",
            Self::Patch(_) => "patch",
            Self::Post(_) => "post",
            Self::Put(_) => "put",
            Self::Sign { command } => command.name(),
            Self::Tcp { command } => command.name(),
            Self::Upload(_) => "upload",
        }
    }

    /// What the command does, whatever its name.
    pub(crate) fn work(&self) -> Work<'_> {
        match self {
            Self::Completions(args) => Work::Completions(args),
            Self::Curl(curl) => Work::Curl(curl),
            Self::Download(http) => Work::Http(Verb::Download, http),
            Self::Http(http) => Work::Http(Verb::Any, http),
            Self::Delete(http)
            | Self::Get(http)
            | Self::Head(http)
            | Self::Options(http)
            | Self::Patch(http)
            | Self::Post(http)
            | Self::Put(http) => Work::Http(Verb::Method(self.name()), http),
            Self::Man(args) => Work::Man(args),
            Self::Sign { command } => Work::Sign(command),
            Self::Tcp { command } => Work::Tcp(command),
            Self::Upload(upload) => Work::Http(Verb::Upload(&upload.file), &upload.http),
        }
    }
}

/// What a command does.
#[derive(Debug)]
pub(crate) enum Work<'a> {
    /// Prints what completes command lines.
    Completions(&'a CompletionsArgs),
    /// Does what a line of curl says.
    Curl(&'a CurlArgs),
    /// Sends a request.
    Http(Verb<'a>, &'a HttpArgs),
    /// Prints a page of the manual.
    Man(&'a ManArgs),
    /// Signs a request.
    Sign(&'a SignCommand),
    /// Talks TCP.
    Tcp(&'a TcpCommand),
}

/// Which request it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Verb<'a> {
    /// The method stands before the URL, or follows from the body.
    Any,
    /// GET, to a file.
    Download,
    /// This method, in any letters.
    Method(&'a str),
    /// PUT, of this file.
    Upload(&'a str),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_sound() {
        documented(Cli::command()).debug_assert();
    }
}
