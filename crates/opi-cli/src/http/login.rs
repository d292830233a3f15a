//! From options to a login.

use opi::auth::{Authorization, basic, bearer};

use crate::args::LoginArgs;
use crate::failure::{ErrorKind, Failure};
use crate::redact::Veil;
use crate::secret;

/// The login that `args` describe, and the URL; its secrets go behind the veil.
///
/// # Errors
///
/// It is none, or cannot be read from where it is said to be.
pub(super) fn of(
    args: &LoginArgs,
    url: &str,
    veil: &mut Veil,
) -> Result<(String, Option<Authorization>), Failure> {
    let value = match (&args.auth, &args.bearer) {
        (Some(text), _) => {
            let pair = secret::read(text)?;
            let Some((user, password)) = pair.expose().split_once(':') else {
                return Err(Failure::new(ErrorKind::Usage, "--auth: expected user:password"));
            };
            veil.hide_login(user, password);
            basic(user, password)?
        }
        (None, Some(text)) => {
            let token = secret::read(text)?;
            veil.hide(token.expose());
            bearer(token.expose())?
        }
        (None, None) => return Ok((url.to_owned(), None)),
    };
    Ok((url.to_owned(), Some(value)))
}
