//! From options to the keys of AWS.

use std::env;

use opi::auth::AwsV4;
use opi::net::Secret;

use crate::args::AwsArgs;
use crate::failure::{ErrorKind, Failure};
use crate::redact::Veil;
use crate::secret;

/// The keys that `auth` holds or the environment, with what they sign for; they go behind the veil.
///
/// # Errors
///
/// Something is missing, or cannot be read from where it is said to be.
pub(super) fn of(auth: Option<&str>, args: &AwsArgs, veil: &mut Veil) -> Result<AwsV4, Failure> {
    let from = |names: &[&str]| variable(args, names);
    let pair = match auth {
        Some(text) => Some(secret::read(text)?),
        None => match (from(&["AWS_ACCESS_KEY_ID"]), from(&["AWS_SECRET_ACCESS_KEY"])) {
            (Some(key), Some(secret)) => Some(Secret::new(format!("{key}:{secret}"))),
            _ => None,
        },
    };
    let pair = pair.ok_or_else(|| missing("--auth", "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY"))?;
    let Some((key, secret)) = pair.expose().split_once(':') else {
        return Err(Failure::new(ErrorKind::Usage, "--auth: expected ACCESS_KEY:SECRET_KEY"));
    };
    veil.hide(secret);
    let region = args.aws_region.clone();
    let region = region.or_else(|| from(&["AWS_REGION", "AWS_DEFAULT_REGION"]));
    let region = region.ok_or_else(|| missing("--aws-region", "AWS_REGION"))?;
    let Some(service) = &args.aws_service else {
        return Err(Failure::new(ErrorKind::Usage, "--aws-service is missing, for example s3"));
    };
    let keys = AwsV4::new(key, secret, region, service);
    let token = match &args.aws_session_token {
        Some(text) => Some(secret::read(text)?),
        // A token belongs to the keys it came with.
        None if auth.is_none() => from(&["AWS_SESSION_TOKEN"]).map(Secret::new),
        None => None,
    };
    Ok(match token {
        None => keys,
        Some(token) => {
            veil.hide(token.expose());
            keys.session_token(token.expose())
        }
    })
}

/// The first variable that says something, when the environment is asked.
fn variable(args: &AwsArgs, names: &[&str]) -> Option<String> {
    let mut values = names.iter().filter_map(|name| env::var(name).ok());
    values.find(|value| args.aws_from_environment && !value.is_empty())
}

fn missing(option: &str, variables: &str) -> Failure {
    let message = format!("{option} is missing; or --aws-from-environment with {variables}");
    Failure::new(ErrorKind::Usage, message)
}
