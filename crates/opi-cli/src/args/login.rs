//! Options for who we say we are.

use clap::{Args, ValueEnum};

/// Who we say we are to the server. A login in the URL counts when none is given here.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Login")]
pub(crate) struct LoginArgs {
    /// The login; with --auth-type=bearer the token, with aws4 ACCESS_KEY:SECRET_KEY. Also @FILE or
    /// env:NAME, which hold it.
    #[arg(long, short, value_name = "USER:PASSWORD")]
    pub(crate) auth: Option<String>,
    /// How to log in. [default: basic]
    #[arg(long, value_name = "TYPE", value_enum)]
    pub(crate) auth_type: Option<AuthType>,
    /// Logs in by a token; also @FILE or env:NAME, which hold the token.
    #[arg(long, value_name = "TOKEN", conflicts_with_all = ["auth", "auth_type"])]
    pub(crate) bearer: Option<String>,
    #[command(flatten)]
    pub(crate) aws: AwsArgs,
    /// Signs bodies of files chunk by chunk by aws4, as S3 and its kin take them. Without it they
    /// go unsigned under TLS, and not at all without.
    #[arg(long)]
    pub(crate) aws_signed_chunks: bool,
}

/// What a signature of AWS needs besides the keys.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Login")]
pub(crate) struct AwsArgs {
    /// The region to sign for by aws4, for example eu-west-1.
    #[arg(long, value_name = "NAME")]
    pub(crate) aws_region: Option<String>,
    /// The service to sign for by aws4, for example s3.
    #[arg(long, value_name = "NAME")]
    pub(crate) aws_service: Option<String>,
    /// The token of temporary keys; also @FILE or env:NAME.
    #[arg(long, value_name = "TOKEN")]
    pub(crate) aws_session_token: Option<String>,
    /// Takes what is not given from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and
    /// AWS_REGION (or AWS_DEFAULT_REGION).
    #[arg(long)]
    pub(crate) aws_from_environment: bool,
}

impl AwsArgs {
    /// Whether any of it was given.
    pub(crate) fn is_given(&self) -> bool {
        let Self { aws_region, aws_service, aws_session_token, aws_from_environment } = self;
        let said = [aws_region, aws_service, aws_session_token];
        *aws_from_environment || said.iter().any(|option| option.is_some())
    }
}

/// How to log in.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum AuthType {
    /// AWS Signature Version 4.
    Aws4,
    /// User and password as they are.
    Basic,
    /// A token.
    Bearer,
    /// User and password, of which the server sees only a proof (RFC 7616).
    Digest,
}
