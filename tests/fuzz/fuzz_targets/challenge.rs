//! Challenges and what follows them: nothing is a panic, and no answer breaks a header.
#![no_main]

use libfuzzer_sys::fuzz_target;
use opi_auth::{AuthenticationInfo, Challenge, Digest, DigestRequest};

// Values of header lines, with NULs between them.
fuzz_target!(|input: &[u8]| {
    let challenges = Challenge::read(input.split(|byte| *byte == 0));
    assert!(challenges.len() <= Challenge::MOST);
    let info = AuthenticationInfo::read(input);
    let Some(digest) = Digest::choose(&challenges) else { return };
    let request = DigestRequest::new("GET", "/").body(b"");
    let answer = digest.answer("user", "hunter2", &request, "c", 1).expect("it can be sent");
    let text = answer.expose();
    assert!(!text.bytes().any(|byte| byte.is_ascii_control() && byte != b'\t'), "{text}");
    assert!(!text.contains("hunter2") || input.windows(7).any(|it| it == b"hunter2"));
    // What we write is read back by the same rules.
    let read = Challenge::read([text.as_bytes()]);
    assert!(
        text.len() > Challenge::LONGEST
            || read[0].parameter("nonce") == Some(digest.nonce().as_bytes())
    );
    let _proof = info.proof(&digest, ("user", "hunter2"), "/", b"", ("c", 1));
});
