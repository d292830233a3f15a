//! Golden answers, the choice among challenges, and what cannot be sent.

use super::*;
use crate::ErrorKind;

fn digest(value: &str) -> Option<Digest> {
    Digest::choose(&Challenge::read([value.as_bytes()]))
}

/// The answer of user `Mufasa` to RFC 7616 section 3.9.1, with `more` in the challenge.
#[track_caller]
fn check(more: &str, expected: &str) {
    let value = format!(
        "Digest realm=\"http-auth@example.org\", \
         nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", {more}"
    );
    let request = DigestRequest::new("GET", "/dir/index.html").body(b"{}");
    let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
    let answer = digest(&value).unwrap().answer("Mufasa", "Circle of Life", &request, cnonce, 1);
    let answer = answer.unwrap();
    assert!(answer.expose().contains(&format!("response=\"{expected}\"")), "{}", answer.expose());
}

#[test]
fn answers_are_those_of_the_rfc() {
    check("qop=\"auth, auth-int\", algorithm=MD5", "8ca523f5e9506fed4657c9700eebdbec");
    check(
        "qop=\"auth, auth-int\", algorithm=SHA-256",
        "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
    );
    check("qop=auth, algorithm=MD5-sess", "e783283f46242139c486a698fec7211d");
    check(
        "qop=auth, algorithm=sha-512-256",
        "430d05014cecc49cab6fbe03176d41a1da86cbfe24a16580e22aaad928d960d0",
    );
}

#[test]
fn the_whole_value_is_that_of_the_rfc_but_for_the_order() {
    let value = "Digest realm=\"a\\\"b\", nonce=\"n\", opaque=\"\", qop=\"auth\", algorithm=MD5";
    let request = DigestRequest::new("CONNECT", "db.test:5432");
    let answer = digest(value).unwrap().answer("u\\v", "p", &request, "c", 26).unwrap();
    let (before, after) = answer.expose().split_once("response=\"").unwrap();
    assert_eq!(before, r#"Digest username="u\\v", realm="a\"b", nonce="n", uri="db.test:5432", "#);
    assert_eq!(&after[32..], r#"", algorithm=MD5, cnonce="c", qop=auth, nc=0000001a, opaque="""#);
}

#[test]
fn a_name_that_is_not_ascii_goes_as_the_server_can_read_it() {
    let shown = |more: &str| {
        let digest = digest(&format!("Digest realm=\"Сервер\", nonce=n{more}")).unwrap();
        let request = DigestRequest::new("GET", "/");
        digest.answer("Ю\"", "п", &request, "c", 1).unwrap().expose().to_owned()
    };
    assert!(shown("").starts_with("Digest username=\"Ю\\\"\", realm=\"Сервер\""));
    assert!(shown(", charset=utf-8").starts_with("Digest username*=UTF-8''%D0%AE%22, realm"));
    let hashed = shown(", charset=utf-8, userhash=true");
    assert!(hashed.starts_with("Digest username=\"") && hashed.ends_with(", userhash=true"));
    assert!(!hashed.contains("Ю\""), "{hashed}");
}

#[test]
fn old_servers_get_neither_count_nor_cnonce_but_for_sessions() {
    let shown = |more: &str| {
        let digest = digest(&format!("Digest realm=r, nonce=n{more}")).unwrap();
        let request = DigestRequest::new("GET", "/");
        digest.answer("u", "p", &request, "c", 1).unwrap().expose().to_owned()
    };
    assert!(!shown("").contains("nonce=\"c\"") && !shown("").contains("algorithm"));
    assert!(shown(", algorithm=MD5-sess").ends_with("algorithm=MD5-sess, cnonce=\"c\""));
}

#[test]
fn the_strongest_challenge_that_can_be_answered_is_chosen() {
    let nonce = |value: &str| digest(value).map(|digest| digest.nonce);
    let three = "Digest realm=r, nonce=weak, Digest realm=r, nonce=strong, algorithm=SHA-512-256, \
                 Digest realm=r, nonce=middle, algorithm=SHA-256";
    assert_eq!(nonce(three).as_deref(), Some("strong"));
    let unknown = "Digest realm=r, nonce=a, algorithm=MD4, Digest realm=r, nonce=b";
    assert_eq!(nonce(unknown).as_deref(), Some("b"));
    let equal = "Digest realm=r, nonce=a, Digest realm=r, nonce=b, algorithm=MD5";
    assert_eq!(nonce(equal).as_deref(), Some("a"));
    for value in ["Digest", "Digest realm=r", "Digest nonce=n", "Basic realm=r, NTLM"] {
        assert_eq!(nonce(value), None, "{value}");
    }
    assert_eq!(nonce("Digest realm=r, nonce=n, qop=\"auth-conf\""), None);
    assert!(Digest::choose(&Challenge::read([&b"Digest realm=\"\xff\", nonce=n"[..]])).is_none());
}

#[test]
fn auth_int_is_used_only_when_nothing_else_is_offered() {
    let digest = digest("Digest realm=r, nonce=n, qop=\"auth-int\"").unwrap();
    let request = DigestRequest::new("GET", "/");
    let error = digest.answer("u", "p", &request, "c", 1).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BodyUnknown);
    let answer = digest.answer("u", "p", &request.body(b""), "c", 1).unwrap();
    assert!(answer.expose().contains("qop=auth-int"));
}

#[test]
fn what_no_header_carries_is_refused() {
    let digest = digest("Digest realm=r, nonce=n").unwrap();
    let kind = |user: &str, password: &str, method: &str, target: &str, cnonce: &str| {
        let request = DigestRequest::new(method, target);
        digest.answer(user, password, &request, cnonce, 1).map_err(|error| error.kind()).err()
    };
    assert_eq!(kind("u", "p", "GET", "/", "c"), None);
    for bad in ["\r\n", "a\0", "\n"] {
        assert_eq!(kind(bad, "p", "GET", "/", "c"), Some(ErrorKind::ControlCharacter));
        assert_eq!(kind("u", bad, "GET", "/", "c"), Some(ErrorKind::ControlCharacter));
        assert_eq!(kind("u", "p", bad, "/", "c"), Some(ErrorKind::BadDigest));
        assert_eq!(kind("u", "p", "GET", bad, "c"), Some(ErrorKind::BadDigest));
        assert_eq!(kind("u", "p", "GET", "/", bad), Some(ErrorKind::BadDigest));
    }
    assert_eq!(kind("u", "p", "GET", "/\"", ""), Some(ErrorKind::BadDigest));
}

#[test]
fn each_request_is_counted_and_a_new_nonce_begins_anew() {
    let mut session = DigestSession::new(digest("Digest realm=r, nonce=n, qop=auth").unwrap());
    let request = DigestRequest::new("GET", "/");
    let counted = |session: &mut DigestSession, user: &str| {
        let answer = session.answer(user, "p", &request, "c").ok()?;
        let (_, rest) = answer.expose().split_once("nc=").unwrap();
        Some(rest.to_owned())
    };
    assert_eq!(counted(&mut session, "u").as_deref(), Some("00000001"));
    assert_eq!(counted(&mut session, "u\n"), None);
    assert_eq!(counted(&mut session, "u").as_deref(), Some("00000002"));
    session.renew(&AuthenticationInfo::read(b"rspauth=\"x\""));
    assert_eq!(session.count(), 2);
    session.renew(&AuthenticationInfo::read(b"qop=auth , NextNonce = \"m\""));
    assert_eq!(session.digest().nonce(), "m");
    assert_eq!(counted(&mut session, "u").as_deref(), Some("00000001"));
}

#[test]
fn a_server_proves_that_it_knows_the_password() {
    let digest = digest("Digest realm=r, nonce=n, qop=auth").unwrap();
    // echo -n "$(echo -n u:r:p | md5sum | cut -c-32):n:00000001:c:auth:$(echo -n :/ | md5sum | cut -c-32)" | md5sum
    let proof = |value: &str| {
        let info = AuthenticationInfo::read(value.as_bytes());
        info.proof(&digest, ("u", "p"), "/", b"", ("c", 1))
    };
    assert_eq!(proof("rspauth=\"aa58936ae061f3fc7ef9045fc29ff26e\""), Proof::Right);
    assert_eq!(proof("rspauth=\"0\""), Proof::Wrong);
    assert_eq!(proof("nextnonce=\"0\""), Proof::Absent);
    assert_eq!(proof("rspauth=\"open"), Proof::Absent);
}

#[test]
fn a_proof_has_a_limit() {
    let read = |length: usize| {
        let value = format!("nextnonce=\"{}\"", "n".repeat(length - "nextnonce=\"\"".len()));
        AuthenticationInfo::read(value.as_bytes()).next_nonce.is_some()
    };
    assert!(read(Challenge::LONGEST));
    assert!(!read(Challenge::LONGEST + 1));
}

#[test]
fn neither_request_nor_error_shows_body_or_password() {
    let digest = digest("Digest realm=r, nonce=n").unwrap();
    let request = DigestRequest::new("GET", "/").body(b"hunter2");
    let error = digest.answer("u\n", "hunter2", &request, "c", 1).unwrap_err();
    assert!(!format!("{request:?} {error:?} {error}").contains("hunter2"));
}

#[test]
fn a_body_known_by_its_hash_is_answered_for_as_the_body_itself() {
    for algorithm in ["MD5", "SHA-256", "SHA-512-256", "MD5-sess", "SHA-256-sess"] {
        for body in [&b""[..], b"{}", &[b'x'; 1000]] {
            let value = format!("Digest realm=r, nonce=n, qop=auth-int, algorithm={algorithm}");
            let digest = digest(&value).unwrap();
            let mut hash = digest.hash_of_body().unwrap();
            body.chunks(7).for_each(|piece| hash.update(piece));
            let hash = hash.finish();
            let request = DigestRequest::new("PUT", "/a?b");
            let answer = |request: DigestRequest<'_>| {
                let answer = digest.answer("u", "п", &request, "c", 18).unwrap();
                answer.expose().to_owned()
            };
            let whole = answer(request.body(body));
            assert_eq!(answer(request.hash_of_body(&hash)), whole, "{algorithm}");
            assert_ne!(answer(request.hash_of_body("0")), whole);
        }
    }
    assert!(digest("Digest realm=r, nonce=n, qop=auth").unwrap().hash_of_body().is_none());
}
