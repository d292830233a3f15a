//! Which credentials a proxy is shown on the way to a tunnel. Sends nothing.

use std::time::SystemTime;

use opi_auth::{
    Asked, Authorization, Challenge, Memories, Memory, Next, Scheme, Side, Surroundings,
};

use crate::hop::LoginBy;
use crate::{Error, ErrorKind, Hop};

/// What one proxy has been shown so far, on whichever connections.
#[derive(Default)]
pub(crate) struct Rounds {
    server: Memory,
    request: Memory,
}

impl Rounds {
    /// The credentials of the next request: Digest when the proxy asked for it, else Basic.
    pub(super) fn login(
        &mut self,
        hop: &Hop,
        authority: &str,
    ) -> Result<Option<Authorization>, Error> {
        let Some(login) = hop.scheme() else { return Ok(None) };
        let headers = login.authorize(&asked(authority), &mut self.memories(), &surroundings()?);
        let headers = headers.map_err(|cause| unsendable().because(cause))?;
        Ok(headers.into_iter().next().map(|header| header.value().clone()))
    }

    /// Digest is answered once, and once more when only its nonce was old. Refused credentials are
    /// not shown again.
    pub(super) fn next(&mut self, hop: &Hop, challenges: &[Challenge]) -> Next {
        match hop.scheme() {
            Some(login) => login.challenged(challenges, &mut self.memories()),
            None => Next::GiveUp,
        }
    }

    /// A proxy that tries to prove that it knows the password must know it.
    pub(super) fn check_proof(
        &mut self,
        hop: &Hop,
        authority: &str,
        info: &[u8],
    ) -> Result<(), Error> {
        let Some(login) = hop.scheme() else { return Ok(()) };
        let heard = login.answered(&asked(authority), info, &mut self.memories());
        heard.map_err(|_wrong| {
            Error::new(ErrorKind::Auth)
                .detail("the proxy does not know the password itself: it is not the one we want")
        })
    }

    fn memories(&mut self) -> Memories<'_> {
        Memories { server: &mut self.server, request: &mut self.request }
    }
}

impl Hop {
    /// The login of an HTTP proxy as a scheme, for who sends it requests to forward.
    #[must_use]
    pub fn scheme(&self) -> Option<opi_auth::Login> {
        let login = self.credentials()?;
        let by = match self.may_log_in_by() {
            LoginBy::BasicOrDigest => opi_auth::LoginBy::BasicOrDigest,
            LoginBy::DigestOnly => opi_auth::LoginBy::Digest,
        };
        Some(opi_auth::Login::new(&*login.user, login.password.expose(), by))
    }
}

fn asked(authority: &str) -> Asked<'_> {
    Asked::new("CONNECT", authority).by(Side::Proxy)
}

fn unsendable() -> Error {
    Error::new(ErrorKind::BadRequest).detail("the login cannot be sent")
}

fn surroundings() -> Result<Surroundings, Error> {
    let mut random = [0; 16];
    getrandom::getrandom(&mut random).map_err(|cause| {
        Error::new(ErrorKind::BadRequest)
            .detail("the system gives no random numbers, which Digest needs")
            .because(cause)
    })?;
    Ok(Surroundings { time: SystemTime::now(), random })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "Digest realm=r, nonce=n, qop=auth";
    const STALE: &str = "Digest realm=r, nonce=m, qop=auth, stale=true";

    /// What is shown at first and after each of the proxy's answers.
    #[track_caller]
    fn check(hop: &str, answers: &[&str], expected: &[&str]) {
        let hop: Hop = hop.parse().unwrap();
        let mut rounds = Rounds::default();
        let scheme = |rounds: &mut Rounds| {
            let login = rounds.login(&hop, "db.test:5432").unwrap();
            let scheme = login.as_ref().and_then(|it| it.expose().split(' ').next());
            scheme.unwrap_or("nothing").to_owned()
        };
        let mut shown = vec![scheme(&mut rounds)];
        for answer in answers {
            match rounds.next(&hop, &Challenge::read([answer.as_bytes()])) {
                Next::AskAgain => shown.push(scheme(&mut rounds)),
                _ => shown.push("stop".to_owned()),
            }
        }
        assert_eq!(shown, expected, "{hop} {answers:?}");
    }

    #[test]
    fn credentials_are_shown_once_by_each_scheme() {
        let (open, login) = ("http://p.test:1", "http://u:p@p.test:1");
        check(open, &[DIGEST], &["nothing", "stop"]);
        check(login, &["Basic realm=r"], &["Basic", "stop"]);
        check(login, &["NTLM"], &["Basic", "stop"]);
        check(login, &[""], &["Basic", "stop"]);
        check(login, &[DIGEST, DIGEST], &["Basic", "Digest", "stop"]);
        check(login, &["Basic realm=r, Digest realm=r, nonce=n"], &["Basic", "Digest"]);
        check(login, &[DIGEST, STALE, STALE], &["Basic", "Digest", "Digest", "stop"]);
        check(login, &[STALE, STALE, STALE], &["Basic", "Digest", "Digest", "stop"]);
    }

    #[test]
    fn digest_only_never_shows_the_password() {
        let login = "http://u:p@p.test:1?auth=digest";
        check(login, &[DIGEST, DIGEST], &["nothing", "Digest", "stop"]);
        check(login, &["Basic realm=r"], &["nothing", "stop"]);
    }

    #[test]
    fn each_answer_has_a_number_of_its_own() {
        assert_ne!(surroundings().unwrap().random, surroundings().unwrap().random);
    }
}
