//! Options for what is a message, and how it is written.

use clap::Args;

/// What is a message on the wire, and how it is written here.
#[derive(Args, Debug)]
#[command(next_help_heading = "Messages")]
pub(crate) struct MessageArgs {
    /// How messages stand on the wire, in both directions: the name of a preset (crlf, fix,
    /// iso8583-2, lines, mllp, modbus-tcp, nul-json, smpp, stx-etx-lrc, syslog, tpkt and others),
    /// or settings in JSON, or @FILE with them.
    #[arg(long, value_name = "CODEC")]
    pub(crate) codec: Option<String>,
    /// Data is hexadecimal digits, in and out; in, blanks and colons may stand between bytes.
    #[arg(long)]
    pub(crate) hex: bool,
}
