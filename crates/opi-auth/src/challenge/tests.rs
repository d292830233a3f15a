//! What headers hold, row by row; each is read at every cut, and none is a panic.

use super::*;

/// `Scheme token name=value name=value`, a line each.
fn shown(challenges: &[Challenge]) -> Vec<String> {
    let show = |challenge: &Challenge| {
        let token = challenge.token.iter().cloned();
        let parameters = challenge.parameters.iter();
        let named =
            parameters.map(|(name, value)| format!("{name}={}", String::from_utf8_lossy(value)));
        let words: Vec<_> =
            [challenge.scheme.clone()].into_iter().chain(token).chain(named).collect();
        words.join(" ")
    };
    challenges.iter().map(show).collect()
}

#[track_caller]
fn check(value: &str, expected: &[&str]) {
    for end in 0..value.len() {
        let _some = Challenge::read([&value.as_bytes()[..end]]);
    }
    assert_eq!(shown(&Challenge::read([value.as_bytes()])), expected, "{value}");
}

#[test]
fn one_challenge_is_read_however_it_is_spaced() {
    check("", &[]);
    check(" , ,", &[]);
    check("Digest", &["Digest"]);
    check("Basic realm=\"r\"", &["Basic realm=r"]);
    check("digest REALM = \"r\" , Nonce\t=\tn", &["digest REALM=r Nonce=n"]);
    check("Digest ,,realm=\"r\",,nonce=\"n\",", &["Digest realm=r nonce=n"]);
    check("Digest realm='r', nonce=n", &["Digest realm='r' nonce=n"]);
    check(r#"Digest realm="a\"b\\c", opaque="""#, &[r#"Digest realm=a"b\c opaque="#]);
    check("Digest realm=\"Сервер\"", &["Digest realm=Сервер"]);
}

#[test]
fn several_challenges_stand_in_one_line_and_in_several() {
    check("Negotiate, Basic realm=x", &["Negotiate", "Basic realm=x"]);
    check("NTLM TlRMTVNTUAACAAAA==, Basic realm=x", &["NTLM TlRMTVNTUAACAAAA==", "Basic realm=x"]);
    check("Negotiate YII.-_~+/=", &["Negotiate YII.-_~+/="]);
    check(
        "Basic realm=\"b\", Digest realm=\"d\", nonce=\"n\", X y=z",
        &["Basic realm=b", "Digest realm=d nonce=n", "X y=z"],
    );
    let lines = [&b"Basic realm=a"[..], b"Digest realm=b"];
    assert_eq!(shown(&Challenge::read(lines)), ["Basic realm=a", "Digest realm=b"]);
}

#[test]
fn what_is_broken_is_left_out() {
    check("Digest realm=\"r, nonce=\"n\"", &[]);
    check("Digest realm=\"open", &[]);
    check("Digest realm=\"r\", Realm=\"x\"", &[]);
    check("Digest realm=\"a\nb\"", &[]);
    check("Digest realm=\"a\\\nb\"", &[]);
    check("Digest realm", &["Digest realm"]);
    check("@, Basic realm=x", &["Basic realm=x"]);
    check("Digest realm=, Basic realm=x", &["Digest realm=", "Basic realm=x"]);
    check("Digest realm=\"a\"b, Basic realm=x", &["Basic realm=x"]);
}

#[test]
fn limits_hold() {
    let many = |count: usize| {
        let names: Vec<_> = (0..count).map(|index| format!("n{index}=v")).collect();
        Challenge::read([format!("X {}", names.join(", ")).as_bytes()]).len()
    };
    assert_eq!((many(Challenge::MOST_PARAMETERS), many(Challenge::MOST_PARAMETERS + 1)), (1, 0));
    let value = vec!["X"; Challenge::MOST + 1].join(", ");
    assert_eq!(Challenge::read([value.as_bytes()]).len(), Challenge::MOST);
    let long = |length: usize| {
        let value = format!("X a=\"{}\"", "b".repeat(length - "X a=\"\"".len()));
        Challenge::read([value.as_bytes()]).len()
    };
    assert_eq!((long(Challenge::LONGEST), long(Challenge::LONGEST + 1)), (1, 0));
    // The limit is that of all lines together.
    let half = format!("X a=\"{}\"", "b".repeat(Challenge::LONGEST / 2 - "X a=\"\"".len()));
    assert_eq!(Challenge::read([half.as_bytes(); 3]).len(), 2);
}
