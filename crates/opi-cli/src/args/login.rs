//! Options for who we say we are.

use clap::Args;

/// Who we say we are to the server. A login in the URL counts when none is given here.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Login")]
pub(crate) struct LoginArgs {
    /// The login by Basic; also @FILE or env:NAME, which hold it.
    #[arg(long, short, value_name = "USER:PASSWORD")]
    pub(crate) auth: Option<String>,
    /// Logs in by a token; also @FILE or env:NAME, which hold the token.
    #[arg(long, value_name = "TOKEN", conflicts_with = "auth")]
    pub(crate) bearer: Option<String>,
}

/// What a signature of AWS needs besides the keys.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Login")]
pub(crate) struct AwsArgs {
    /// The region to sign for, for example eu-west-1.
    #[arg(long, value_name = "NAME")]
    pub(crate) aws_region: Option<String>,
    /// The service to sign for, for example s3.
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
