//! Options of `opi sign`.

use std::time::Duration;

use clap::{Args, Subcommand};

use super::AwsArgs;
use crate::seconds;

/// What to sign by.
#[derive(Debug, Subcommand)]
pub(crate) enum SignCommand {
    /// AWS Signature Version 4: prints the headers to send, or a URL that is signed itself.
    #[command(after_long_help = EXAMPLES)]
    Aws4(Box<Aws4Args>),
}

impl SignCommand {
    /// The name in the envelope.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Aws4(_) => "sign aws4",
        }
    }
}

/// `opi sign aws4`.
#[derive(Args, Debug)]
pub(crate) struct Aws4Args {
    /// The method that will be sent.
    pub(crate) method: String,
    /// Where it will be sent.
    pub(crate) url: String,
    /// Headers `name:value` and parameters `name==value` that are sent too, and `@FILE`, the body.
    #[arg(value_name = "ITEM")]
    pub(crate) items: Vec<String>,
    /// Signs the URL, for so many seconds, 604800 at most; whoever has it may send the request.
    #[arg(long, value_name = "SECONDS", value_parser = seconds::of_signature)]
    pub(crate) presign: Option<Duration>,
    /// The body is not signed, as S3 allows.
    #[arg(long)]
    pub(crate) unsigned_payload: bool,
    /// The keys; also @FILE or env:NAME, which hold them.
    #[arg(long, short, value_name = "ACCESS_KEY:SECRET_KEY")]
    pub(crate) auth: Option<String>,
    #[command(flatten)]
    pub(crate) aws: AwsArgs,
}

const EXAMPLES: &str = "\
Examples:
  opi sign aws4 GET https://bucket.s3.eu-west-1.amazonaws.com/key --presign 3600 \\
      --auth @keys.txt --aws-region eu-west-1 --aws-service s3
  opi sign aws4 POST https://sqs.eu-west-1.amazonaws.com/ @body.txt --aws-from-environment \\
      --aws-service sqs

What is printed is signed for the moment of printing and gives access: keep it as a secret.";
