//! When to show which credentials to a proxy, and when to stop. Sends nothing.

use std::fmt::Write;

use opi_auth::{
    AuthenticationInfo, Authorization, Challenge, Digest, DigestRequest, DigestSession, Proof,
};

use crate::hop::LoginBy;
use crate::{Error, ErrorKind, Hop, Login};

/// What one proxy has been shown so far, on whichever connections.
#[derive(Default)]
pub(crate) struct Rounds {
    digest: Option<Shown>,
    renewed: bool,
}

/// The challenge in use, and the number that the last answer was made with.
struct Shown {
    session: DigestSession,
    cnonce: String,
}

/// What to do about an answer of 407.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Next {
    AskAgain,
    GiveUp,
}

impl Rounds {
    /// The credentials of the next request: Digest when the proxy asked for it, else Basic.
    pub(super) fn login(
        &mut self,
        hop: &Hop,
        authority: &str,
    ) -> Result<Option<Authorization>, Error> {
        let (Some(shown), Some(login)) = (&mut self.digest, hop.credentials()) else {
            return basic(hop);
        };
        shown.cnonce = cnonce()?;
        let request = DigestRequest::new("CONNECT", authority).body(b"");
        let Login { user, password } = login;
        let answer = shown.session.answer(user, password.expose(), &request, &shown.cnonce);
        answer.map(Some).map_err(|cause| unsendable().because(cause))
    }

    /// Digest is answered once, and once more when only its nonce was old. Refused credentials are
    /// not shown again.
    pub(super) fn next(&mut self, hop: &Hop, challenges: &[Challenge]) -> Next {
        let Some(digest) = Digest::choose(challenges) else { return Next::GiveUp };
        let again = match &self.digest {
            None => true,
            Some(_) => digest.is_stale() && !self.renewed,
        };
        if hop.credentials().is_none() || !again {
            return Next::GiveUp;
        }
        self.renewed = self.digest.is_some();
        let (session, cnonce) = (DigestSession::new(digest), String::new());
        self.digest = Some(Shown { session, cnonce });
        Next::AskAgain
    }

    /// A proxy that tries to prove that it knows the password must know it.
    pub(super) fn check_proof(
        &self,
        hop: &Hop,
        authority: &str,
        info: Option<&AuthenticationInfo>,
    ) -> Result<(), Error> {
        let (Some(shown), Some(login), Some(info)) = (&self.digest, hop.credentials(), info) else {
            return Ok(());
        };
        let login = (login.user.as_str(), login.password.expose());
        let used = (shown.cnonce.as_str(), shown.session.count());
        match info.proof(shown.session.digest(), login, authority, b"", used) {
            Proof::Absent | Proof::Right => Ok(()),
            Proof::Wrong => Err(Error::new(ErrorKind::Auth)
                .detail("the proxy does not know the password itself: it is not the one we want")),
        }
    }
}

/// The login by Basic, when there is one and Basic is allowed.
pub(super) fn basic(hop: &Hop) -> Result<Option<Authorization>, Error> {
    let Some(login) = hop.credentials() else { return Ok(None) };
    if hop.may_log_in_by() == LoginBy::DigestOnly {
        return Ok(None);
    }
    let value = opi_auth::basic(&login.user, login.password.expose());
    value.map(Some).map_err(|cause| unsendable().because(cause))
}

pub(super) fn unsendable() -> Error {
    Error::new(ErrorKind::BadRequest).detail("the login cannot be sent")
}

fn cnonce() -> Result<String, Error> {
    let mut random = [0; 16];
    getrandom::getrandom(&mut random).map_err(|cause| {
        Error::new(ErrorKind::BadRequest)
            .detail("the system gives no random numbers, which Digest needs")
            .because(cause)
    })?;
    let mut text = String::new();
    for byte in random {
        let _always_ok = write!(text, "{byte:02x}");
    }
    Ok(text)
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
                Next::GiveUp => shown.push("stop".to_owned()),
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
        assert_ne!(cnonce().unwrap(), cnonce().unwrap());
    }
}
