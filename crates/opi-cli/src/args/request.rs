//! Options of `opi tcp request`.

use std::num::NonZeroUsize;
use std::time::Duration;

use bytes::Bytes;
use clap::Args;
use opi::tcp_client::Encoding;

use super::{DialArgs, MessageArgs};
use crate::{count, escapes, seconds};

/// `opi tcp request`.
#[derive(Args, Debug)]
pub(crate) struct RequestArgs {
    /// Where to connect: host:port.
    pub(crate) address: String,
    /// What to send, as it is; `@FILE` sends a file, `-`, or nothing when standard input is not a
    /// terminal, sends standard input; 64 MiB at most.
    pub(crate) data: Option<String>,
    /// Expands \n \r \t \0 \\ \xNN in DATA, and then takes no @FILE.
    #[arg(long, short, conflicts_with = "hex")]
    pub(crate) escapes: bool,
    /// Data is text in this encoding, in and out: windows-1251, IBM866, KOI8-R, UTF-16LE and the
    /// rest of the encoding standard. Here it stands in UTF-8, the marker of --until too.
    #[arg(long, value_name = "ENCODING", conflicts_with_all = ["escapes", "hex"])]
    pub(crate) text: Option<Encoding>,
    /// Receives until these bytes have come; they are part of the answer. \n \r \t \0 \\ \xNN are
    /// expanded. [default: \n]
    #[arg(long, value_name = "MARKER", value_parser = escapes::parse, conflicts_with = "codec")]
    pub(crate) until: Option<Bytes>,
    /// Receives exactly so many bytes.
    #[arg(long, value_name = "N", conflicts_with_all = ["codec", "until"])]
    pub(crate) size: Option<usize>,
    /// Receives until the other side closes.
    #[arg(long, conflicts_with_all = ["codec", "size", "until"])]
    pub(crate) until_closed: bool,
    /// The most bytes of an answer; a longer one is an error. [default: 67108864]
    #[arg(long, value_name = "N", value_parser = count::parse::<NonZeroUsize>, conflicts_with_all = ["codec", "size"])]
    pub(crate) max: Option<NonZeroUsize>,
    /// Tells the other side after sending that nothing more comes.
    #[arg(long)]
    pub(crate) finish: bool,
    /// Seconds for everything together, decimals allowed.
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds::parse)]
    pub(crate) timeout: Duration,
    #[command(flatten)]
    pub(crate) message: MessageArgs,
    #[command(flatten)]
    pub(crate) dial: DialArgs,
}

pub(super) const EXAMPLES: &str = "\
Examples:
  opi tcp request db.example:7000 -e 'PING\\n'
  printf 'GET / HTTP/1.0\\r\\n\\r\\n' | opi tcp request db.example:80 - --until-closed
  opi tcp request db.example:7001 hello --size 5 --tls --ca ca.pem --timeout 2.5
  opi tcp request plc.example:502 --codec modbus-tcp --hex '0001 0000 0006 01 03 0000 0002'
  opi tcp request his.example:2575 --codec mllp @admit.hl7

What came before the time was over or the other side closed is written all the same; the exit
code says that it is not whole.";
