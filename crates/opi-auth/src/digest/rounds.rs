//! When to show a login by which scheme, and when to stop.

use std::fmt::Write;

use super::{AuthenticationInfo, Digest, DigestRequest, DigestSession, Proof};
use crate::{
    Asked, BodyHash, Challenge, Content, Credential, Error, ErrorKind, Login, LoginBy, Memories,
    Next, Surroundings,
};

/// One login and what was said about it so far.
pub(crate) struct Rounds<'a, 'b> {
    pub(crate) login: &'a Login,
    pub(crate) memories: &'a mut Memories<'b>,
}

/// What is kept of a server: the challenge in use.
#[derive(Default)]
struct Kept(Option<DigestSession>);

/// What one request has shown.
#[derive(Default)]
struct Shown {
    /// The last Digest answer: its challenge, client nonce and count.
    digest: Option<(Digest, String, u32)>,
    /// How many challenges were answered.
    answers: u8,
    basic: Basic,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Basic {
    #[default]
    NotYet,
    /// The server offers nothing better.
    Wanted,
    Shown,
}

impl Rounds<'_, '_> {
    pub(crate) fn authorize(
        &mut self,
        asked: &Asked<'_>,
        around: &Surroundings,
    ) -> Result<Vec<Credential>, Error> {
        let cnonce = cnonce(around);
        let login = self.login.parts();
        let answered = self.memories.server.with(|kept: &mut Kept| {
            let Some(session) = &mut kept.0 else { return Ok(None) };
            let answer = session.answer(login.0, login.1, &request(asked), &cnonce)?;
            Ok(Some((answer, (session.digest().clone(), cnonce, session.count()))))
        })?;
        self.memories.request.with(|shown: &mut Shown| {
            if let Some((answer, digest)) = answered {
                shown.digest = Some(digest);
                return Ok(vec![Credential::of(asked.side().header(), answer)]);
            }
            let first = self.login.by() == LoginBy::BasicOrDigest;
            if !first && shown.basic == Basic::NotYet {
                return Ok(Vec::new());
            }
            shown.basic = Basic::Shown;
            self.login.as_basic(asked)
        })
    }

    /// What adds up the body, when the challenge in use covers it.
    pub(crate) fn hash_of_body(&mut self) -> Option<Box<dyn BodyHash>> {
        let memory = &mut self.memories.server;
        memory.with(|kept: &mut Kept| kept.0.as_ref()?.digest().hash_of_body())
    }

    pub(crate) fn challenged(&mut self, challenges: &[Challenge]) -> Next {
        let by = self.login.by();
        let digest = Digest::choose(challenges);
        let again = self.memories.request.with(|shown: &mut Shown| match &digest {
            Some(digest) => {
                let again = shown.may_answer(digest);
                shown.answers += u8::from(again);
                again
            }
            None => {
                let offered = challenges.iter().any(|challenge| challenge.is("basic"));
                let wanted = by == LoginBy::Strongest && offered && shown.basic == Basic::NotYet;
                if wanted {
                    shown.basic = Basic::Wanted;
                }
                wanted
            }
        });
        // What was refused is not shown to this server again.
        let session = digest.filter(|_| again).map(DigestSession::new);
        self.memories.server.with(|kept: &mut Kept| kept.0 = session);
        if again { Next::AskAgain } else { Next::GiveUp }
    }

    pub(crate) fn answered(&mut self, asked: &Asked<'_>, info: &[u8]) -> Result<(), Error> {
        let info = AuthenticationInfo::read(info);
        let used = self.memories.request.with(|shown: &mut Shown| shown.digest.clone());
        let Some((digest, cnonce, count)) = used else { return Ok(()) };
        let used = (cnonce.as_str(), count);
        let proof = info.proof_of_head(&digest, self.login.parts(), asked.target(), used);
        self.memories.server.with(|kept: &mut Kept| {
            if proof == Proof::Wrong {
                kept.0 = None;
                return Err(Error::new(ErrorKind::ServerUnproven));
            }
            // Another request may have brought a newer challenge by now.
            if let Some(session) = &mut kept.0
                && session.digest().nonce() == digest.nonce()
            {
                session.renew(&info);
            }
            Ok(())
        })
    }
}

impl Shown {
    /// A challenge is answered once, and once more when only the nonce was old.
    fn may_answer(&self, digest: &Digest) -> bool {
        match (self.answers, &self.digest) {
            (0, Some((used, _, _))) => digest.is_stale() || used.nonce() != digest.nonce(),
            (0, None) => true,
            (1, _) => digest.is_stale(),
            _ => false,
        }
    }
}

fn request<'a>(asked: &Asked<'a>) -> DigestRequest<'a> {
    let request = DigestRequest::new(asked.method(), asked.target());
    match asked.content() {
        Content::Bytes(body) => request.body(body),
        Content::Stream { hash: Some(hash), .. } => request.hash_of_body(hash),
        Content::Stream { hash: None, .. } => request,
    }
}

fn cnonce(around: &Surroundings) -> String {
    around.random.iter().fold(String::with_capacity(32), |mut text, byte| {
        let _always_ok = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;
    use crate::{Memory, Scheme, Side};

    const DIGEST: &str = "Digest realm=r, nonce=n, qop=auth";
    const OTHER: &str = "Digest realm=r, nonce=o, qop=auth";
    const STALE: &str = "Digest realm=r, nonce=m, qop=auth, stale=true";
    const BOTH: &str = "Basic realm=r, Digest realm=r, nonce=n";

    fn around() -> Surroundings {
        Surroundings { time: UNIX_EPOCH, random: [7; 16] }
    }

    /// What a request shows at first and after each of the server's answers.
    fn shown(login: &Login, server: &mut Memory, answers: &[&str]) -> Vec<String> {
        let mut request = Memory::default();
        let mut memories = Memories { server, request: &mut request };
        let asked = Asked::new("GET", "/").by(Side::Proxy);
        let mut shown = vec![show(login, &asked, &mut memories)];
        for answer in answers {
            let next = login.challenged(&Challenge::read([answer.as_bytes()]), &mut memories);
            shown.push(match next {
                Next::AskAgain => show(login, &asked, &mut memories),
                Next::GiveUp => "stop".to_owned(),
            });
        }
        shown
    }

    /// The scheme, and of Digest the nonce with its count.
    fn show(login: &Login, asked: &Asked<'_>, memories: &mut Memories<'_>) -> String {
        let headers = login.authorize(asked, memories, &around()).unwrap();
        let Some(header) = headers.first() else { return "nothing".to_owned() };
        assert_eq!(header.name(), "proxy-authorization");
        let value = header.value().expose();
        let after = |start: &str| value.split_once(start).map(|(_, rest)| rest);
        match (after("nonce=\""), after("nc=")) {
            (Some(nonce), Some(count)) => format!("{}{}", &nonce[..1], &count[7..8]),
            (Some(nonce), None) => nonce[..1].to_owned(),
            _ => value.split(' ').next().unwrap_or_default().to_owned(),
        }
    }

    #[track_caller]
    fn check(by: LoginBy, answers: &[&str], expected: &[&str]) {
        let login = Login::new("u", "p", by);
        assert_eq!(shown(&login, &mut Memory::default(), answers), expected, "{by:?} {answers:?}");
    }

    #[test]
    fn credentials_are_shown_once_by_each_scheme() {
        check(LoginBy::Basic, &[DIGEST], &["Basic", "stop"]);
        check(LoginBy::Basic, &["Basic realm=r"], &["Basic", "stop"]);
        let either = LoginBy::BasicOrDigest;
        check(either, &["Basic realm=r"], &["Basic", "stop"]);
        check(either, &["NTLM"], &["Basic", "stop"]);
        check(either, &[""], &["Basic", "stop"]);
        check(either, &[DIGEST, OTHER], &["Basic", "n1", "stop"]);
        check(either, &[BOTH], &["Basic", "n"]);
        check(either, &[DIGEST, STALE, STALE], &["Basic", "n1", "m1", "stop"]);
        check(either, &[STALE, STALE, STALE], &["Basic", "m1", "m1", "stop"]);
    }

    #[test]
    fn digest_never_shows_the_password() {
        check(LoginBy::Digest, &[DIGEST, DIGEST], &["nothing", "n1", "stop"]);
        check(LoginBy::Digest, &[BOTH, "Basic realm=r"], &["nothing", "n", "stop"]);
        check(LoginBy::Digest, &["Basic realm=r"], &["nothing", "stop"]);
        check(LoginBy::Digest, &["Digest"], &["nothing", "stop"]);
    }

    #[test]
    fn the_strongest_waits_for_what_is_offered() {
        let by = LoginBy::Strongest;
        check(by, &[BOTH, BOTH], &["nothing", "n", "stop"]);
        check(by, &["Basic realm=r", "Basic realm=r"], &["nothing", "Basic", "stop"]);
        check(by, &["NTLM"], &["nothing", "stop"]);
        check(by, &["NTLM, Basic realm=r", DIGEST], &["nothing", "Basic", "n1"]);
    }

    #[test]
    fn a_nonce_serves_later_requests_until_it_is_refused() {
        let (login, mut server) = (Login::digest("u", "p"), Memory::default());
        let mut next = |answers: &[&str]| shown(&login, &mut server, answers);
        assert_eq!(next(&[DIGEST]), ["nothing", "n1"]);
        assert_eq!(next(&[]), ["n2"]);
        assert_eq!(next(&[STALE]), ["n3", "m1"]);
        assert_eq!(next(&[OTHER, DIGEST]), ["m2", "o1", "stop"]);
        assert_eq!(next(&[DIGEST]), ["nothing", "n1"]);
        // The nonce is not old, so the password is wrong now.
        assert_eq!(next(&[DIGEST]), ["n2", "stop"]);
        assert_eq!(next(&[]), ["nothing"]);
    }

    #[track_caller]
    fn heard(challenge: &str, info: &str, expected: Result<&str, ErrorKind>) {
        let (login, mut server, mut request) =
            (Login::digest("u", "p"), Memory::default(), Memory::default());
        let mut memories = Memories { server: &mut server, request: &mut request };
        let asked = Asked::new("GET", "/").by(Side::Proxy);
        let _next = login.challenged(&Challenge::read([challenge.as_bytes()]), &mut memories);
        show(&login, &asked, &mut memories);
        let heard = login.answered(&asked, info.as_bytes(), &mut memories);
        let next = heard.map(|()| show(&login, &asked, &mut memories)).map_err(|it| it.kind());
        assert_eq!(next.as_deref().map_err(|kind| *kind), expected, "{info}");
    }

    #[test]
    fn the_servers_word_is_checked_and_its_nonce_used() {
        heard(DIGEST, "", Ok("n2"));
        heard(DIGEST, "nextnonce=x", Ok("x1"));
        heard(DIGEST, "rspauth=\"0\", nextnonce=x", Err(ErrorKind::ServerUnproven));
        // c=07070707070707070707070707070707; md5(md5(u:r:p):n:00000001:c:auth:md5(:/))
        heard(DIGEST, "rspauth=\"3ccb6aa4644d23edbd9657fbea3d83a5\"", Ok("n2"));
        // It covers the body, which is still to come.
        heard("Digest realm=r, nonce=n, qop=auth-int", "rspauth=\"0\"", Ok("n2"));
        heard("Digest realm=r, nonce=n", "rspauth=\"0\"", Ok("n"));
    }

    #[test]
    fn a_body_that_is_not_known_is_not_hashed() {
        let (login, mut server, mut request) =
            (Login::digest("u", "p"), Memory::default(), Memory::default());
        let mut memories = Memories { server: &mut server, request: &mut request };
        let challenge = Challenge::read([&b"Digest realm=r, nonce=n, qop=auth-int"[..]]);
        assert_eq!(login.challenged(&challenge, &mut memories), Next::AskAgain);
        let asked =
            Asked::new("PUT", "/").with_content(Content::Stream { length: None, hash: None });
        let error = login.authorize(&asked, &mut memories, &around()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BodyUnknown);
    }
}
