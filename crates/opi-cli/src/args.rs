//! The command line: commands, options, their help. Texts that may hold a secret stay texts here,
//! because clap repeats what it cannot parse.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::report::Format;
use crate::{escapes, exit, seconds};

/// TCP and HTTP from a terminal or a script: any proxy, real TLS, deadlines that hold.
#[derive(Debug, Parser)]
#[command(name = "opi", version, arg_required_else_help = false)]
pub(crate) struct Cli {
    /// Prints one JSON envelope on standard output in place of the bare result.
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
    #[command(after_long_help = GET_EXAMPLES)]
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
    #[command(after_long_help = POST_EXAMPLES)]
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

/// What to do over TCP.
#[derive(Debug, Subcommand)]
pub(crate) enum TcpCommand {
    /// Connects, sends, receives one answer.
    #[command(after_long_help = REQUEST_EXAMPLES)]
    Request(TcpRequestArgs),
    /// Runs an echo server until it is interrupted.
    #[command(after_long_help = SERVE_EXAMPLES)]
    Serve(TcpServeArgs),
}

/// How to reach the other side; the same for every command that does.
#[derive(Args, Debug)]
pub(crate) struct NetworkArgs {
    /// Seconds for everything together, decimals allowed.
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds::parse)]
    pub(crate) timeout: Duration,
    /// Goes through a proxy: socks5://host:port or http://user:password@host:port; several,
    /// separated by spaces, in a row. Also @FILE or env:NAME, to keep a password out of the process list.
    #[arg(long, value_name = "URL")]
    pub(crate) proxy: Option<String>,
    /// Trusts the CA certificates of a PEM file as well.
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// Dangerous: accepts any certificate, so that anyone in the middle can read along.
    #[arg(long, conflicts_with = "ca")]
    pub(crate) insecure: bool,
    /// Tells on standard error what is sent, what comes and how; secrets are hidden.
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

/// `opi tcp request`.
#[derive(Args, Debug)]
pub(crate) struct TcpRequestArgs {
    /// Where to connect: host:port.
    pub(crate) address: String,
    /// What to send, as it is; `-`, or nothing when standard input is not a terminal, sends
    /// standard input.
    pub(crate) data: Option<String>,
    /// Expands \n \r \t \0 \\ \xNN in DATA.
    #[arg(long, short)]
    pub(crate) escapes: bool,
    /// Receives until these bytes have come; they are part of the answer. \n \r \t \0 \\ \xNN are
    /// expanded. [default: \n]
    #[arg(long, value_name = "MARKER", value_parser = escapes::parse)]
    pub(crate) until: Option<Bytes>,
    /// Receives exactly so many bytes.
    #[arg(long, value_name = "N", conflicts_with = "until")]
    pub(crate) size: Option<usize>,
    /// Receives until the other side closes.
    #[arg(long, conflicts_with_all = ["until", "size"])]
    pub(crate) until_closed: bool,
    /// The most bytes of an answer; a longer one is an error. [default: 67108864]
    #[arg(long, value_name = "N", conflicts_with = "size")]
    pub(crate) max: Option<NonZeroUsize>,
    /// Tells the other side after sending that nothing more comes.
    #[arg(long)]
    pub(crate) finish: bool,
    /// Encrypts the connection; the certificate must be for the host of ADDRESS.
    #[arg(long)]
    pub(crate) tls: bool,
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
}

/// `opi tcp serve`.
#[derive(Args, Debug)]
pub(crate) struct TcpServeArgs {
    /// Where to listen: IP address and port; port 0 takes a free one.
    #[arg(default_value = "127.0.0.1:0")]
    pub(crate) address: String,
    /// The most clients at a time; one more is turned away.
    #[arg(long, value_name = "N", default_value = "100")]
    pub(crate) max_connections: NonZeroUsize,
    /// Ends after the first client has gone.
    #[arg(long)]
    pub(crate) once: bool,
}

/// `opi get`, `opi post` and the other methods.
#[derive(Args, Debug)]
pub(crate) struct HttpArgs {
    /// Where to ask: http://host/path or https://host/path.
    pub(crate) url: String,
    /// What to send: `name:value` a header, `name==value` a query parameter, `name=value` a string
    /// and `name:=value` raw JSON in the body. A backslash before : = @ ; takes their meaning.
    pub(crate) items: Vec<String>,
    /// Sends the fields as an HTML form, not as JSON.
    #[arg(long)]
    pub(crate) form: bool,
    /// Logs in by Basic; also @FILE or env:NAME, which hold user:password.
    #[arg(long, value_name = "USER:PASSWORD")]
    pub(crate) auth: Option<String>,
    /// Logs in by a token; also @FILE or env:NAME, which hold the token.
    #[arg(long, value_name = "TOKEN", conflicts_with = "auth")]
    pub(crate) bearer: Option<String>,
    /// Does not follow redirects.
    #[arg(long)]
    pub(crate) no_follow: bool,
    /// The most redirects to follow. [default: 30]
    #[arg(long, value_name = "N", conflicts_with = "no_follow")]
    pub(crate) max_redirects: Option<NonZeroUsize>,
    /// The most bytes of a body; a longer one is an error. [default: 268435456]
    #[arg(long, value_name = "N")]
    pub(crate) max: Option<NonZeroUsize>,
    /// Writes the body to a file, which appears when it is whole; after an error status the file
    /// stays as it was, and the body goes to standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
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
            Self::Tcp { command: TcpCommand::Request(_) } => "tcp request",
            Self::Tcp { command: TcpCommand::Serve(_) } => "tcp serve",
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

const GET_EXAMPLES: &str = "\
Examples:
  opi get https://api.example/orders limit==10 X-Trace:7
  opi get https://api.example/report -o report.pdf --bearer env:TOKEN
  opi get https://api.example/orders --json --proxy socks5://proxy.example:1080";

const POST_EXAMPLES: &str = "\
Examples:
  opi post https://api.example/orders name=tea count:=2
  opi post https://api.example/login --form user=ann password=...
  opi post https://api.example/orders --auth @login.txt -v name=tea";

const REQUEST_EXAMPLES: &str = "\
Examples:
  opi tcp request db.example:7000 -e 'PING\\n'
  printf 'GET / HTTP/1.0\\r\\n\\r\\n' | opi tcp request db.example:80 - --until-closed
  opi tcp request db.example:7001 hello --size 5 --tls --ca ca.pem --timeout 2.5

What came before the time was over or the other side closed is written all the same; the exit
code says that it is not whole.";

const SERVE_EXAMPLES: &str = "\
Examples:
  opi tcp serve 127.0.0.1:7000
  opi tcp serve --json        prints {\"opi\":1,...,\"result\":{\"address\":\"127.0.0.1:40321\"}}

As soon as it listens, `listening on ADDRESS` stands on standard error; with --json the envelope
with the address stands on standard output instead. Ctrl-C and SIGTERM end it with exit code 0. A
client that takes nothing of its echo for 30 seconds is cut off.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_sound() {
        documented(Cli::command()).debug_assert();
    }
}
