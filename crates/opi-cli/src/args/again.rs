//! Options for trying again.

use std::num::NonZeroU32;
use std::time::Duration;

use clap::Args;

use crate::{count, seconds};

/// When a request is sent again.
#[derive(Args, Debug)]
#[command(next_help_heading = "Retries")]
pub(crate) struct AgainArgs {
    /// Tries so many times more when the network fails or the server says later (408, 425, 429, 500,
    /// 502, 503, 504), and waits as Retry-After says; only what may be repeated without harm: GET,
    /// HEAD, OPTIONS, PUT, DELETE. Pauses are of random length.
    #[arg(long, value_name = "N", value_parser = count::parse::<NonZeroU32>)]
    pub(crate) retry: Option<NonZeroU32>,
    /// Seconds after which no new try begins. [default: 600]
    #[arg(long, value_name = "SECONDS", value_parser = seconds::parse, requires = "retry")]
    pub(crate) retry_max_time: Option<Duration>,
    /// The longest first pause in seconds; each further one may be twice as long, up to 30.
    /// [default: 0.5]
    #[arg(long, value_name = "SECONDS", value_parser = seconds::parse, requires = "retry")]
    pub(crate) retry_delay: Option<Duration>,
    /// Tries any method again: the server may act on the request several times.
    #[arg(long, requires = "retry")]
    pub(crate) retry_any_method: bool,
}
