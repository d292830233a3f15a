//! From options to a login.

use opi::auth::{AwsStreams, Bearer, Login};
use opi::http::{Auth, Url};
use opi::net::Secret;
use percent_encoding::percent_decode_str;

use super::keys;
use crate::args::{AuthType, LoginArgs};
use crate::failure::{ErrorKind, Failure};
use crate::redact::Veil;
use crate::secret;

/// The login that `args` describe; its secrets go behind the veil. None when nothing is said: then
/// that of the URL counts, by Basic.
///
/// # Errors
///
/// It is none, or cannot be read from where it is said to be.
pub(super) fn of(args: &LoginArgs, url: &str, veil: &mut Veil) -> Result<Option<Auth>, Failure> {
    if let Some(token) = &args.bearer {
        return bearer(&secret::read(token)?, veil).map(Some);
    }
    let auth = args.auth.as_deref();
    match (args.auth_type, auth) {
        (Some(AuthType::Aws4), _) => {
            let keys = keys::of(auth, &args.aws, veil)?;
            let signed = args.aws_signed_chunks;
            let streams = if signed { AwsStreams::Signed } else { AwsStreams::Unsigned };
            Ok(Some(keys.streams(streams).into()))
        }
        _ if args.aws.is_given() || args.aws_signed_chunks => {
            Err(Failure::new(ErrorKind::Usage, "options of AWS need --auth-type=aws4"))
        }
        (Some(AuthType::Bearer), Some(text)) => bearer(&secret::read(text)?, veil).map(Some),
        (None, None) => Ok(None),
        (kind, _) => {
            let given = auth.map(secret::read).transpose()?;
            let pair = given.or_else(|| of_url(url)).ok_or_else(missing)?;
            login(kind, &pair, veil).map(Some)
        }
    }
}

fn bearer(token: &Secret, veil: &mut Veil) -> Result<Auth, Failure> {
    veil.hide(token.expose());
    Ok(Bearer::new(token.expose())?.into())
}

fn login(kind: Option<AuthType>, pair: &Secret, veil: &mut Veil) -> Result<Auth, Failure> {
    let Some((user, password)) = pair.expose().split_once(':') else { return Err(missing()) };
    veil.hide_login(user, password);
    if kind == Some(AuthType::Digest) {
        return Ok(Login::digest(user, password).into());
    }
    // What cannot be sent is told before anything is.
    opi::auth::basic(user, password)?;
    Ok(Login::basic(user, password).into())
}

/// The login in the URL.
fn of_url(url: &str) -> Option<Secret> {
    let url: Url = url.parse().ok()?;
    let decoded = |text| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let password = url.password().map(decoded)?;
    Some(Secret::new(format!("{}:{password}", decoded(url.username()))))
}

fn missing() -> Failure {
    Failure::new(ErrorKind::Usage, "--auth: expected user:password")
}
