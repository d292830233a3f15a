//! Rules about tokens, so that comments, documentation and strings do not count.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

use super::Complaint;

/// `unsafe` stands in the add-in's ABI and in its mirror, the test host, and nowhere else.
pub(super) fn unsafe_code(path: &str, text: &str) -> Vec<Complaint> {
    if UNSAFE_PLACES.iter().any(|place| path.starts_with(place)) {
        return Vec::new();
    }
    idents(
        path,
        text,
        |ident| ident == "unsafe",
        "`unsafe` outside the add-in's ABI and its test host",
    )
}

/// Crates that decide only know neither sockets nor clocks; a time may come in as an argument.
pub(super) fn clock_or_socket(path: &str, text: &str) -> Vec<Complaint> {
    if !PURE_CRATES.iter().any(|pure| path.starts_with(pure)) {
        return Vec::new();
    }
    let banned = |ident: &Ident| {
        ["Instant", "elapsed", "net", "now", "tokio"].iter().any(|name| ident == name)
    };
    idents(path, text, banned, "a crate that only decides knows neither sockets nor clocks")
}

/// The other side of a test does not share the mistakes of what it tests.
pub(super) fn opi_in_the_harness(path: &str, text: &str) -> Vec<Complaint> {
    if !path.starts_with("tests/harness/") {
        return Vec::new();
    }
    let ours = |ident: &Ident| ident == "opi" || ident.to_string().starts_with("opi_");
    idents(path, text, ours, "the harness uses nothing of opi")
}

/// No lint is silenced without a reason, no test is skipped.
pub(super) fn attribute(path: &str, text: &str) -> Vec<Complaint> {
    let tokens = match parse(path, text) {
        Ok(tokens) => tokens,
        Err(complaint) => return vec![complaint],
    };
    let mut complaints = Vec::new();
    each_attribute(tokens, &mut |group| {
        let line = group.span().start().line;
        each_ident(group.stream(), &mut |ident, next| {
            if ident == "allow" && is_list(next) {
                let what = "use #[expect(lint, reason = \"...\")] instead of allow";
                complaints.push(Complaint::new(path, line, what));
            }
            if ident == "ignore" {
                complaints.push(Complaint::new(path, line, "a test that is never run"));
            }
        });
    });
    complaints
}

/// The compiler itself refuses unsafe code wherever no unsafe place is inside the crate.
pub(super) fn crate_root(path: &str, text: &str) -> Vec<Complaint> {
    if CRATES_WITH_UNSAFE.iter().any(|inside| path.starts_with(inside)) {
        return Vec::new();
    }
    let forbids = parse(path, text).is_ok_and(|tokens| {
        let mut found = false;
        each_attribute(tokens, &mut |group| {
            found |= group.stream().to_string().replace(' ', "") == "forbid(unsafe_code)";
        });
        found
    });
    if forbids {
        return Vec::new();
    }
    vec![Complaint::new(path, 1, "a crate begins with #![forbid(unsafe_code)]")]
}

const UNSAFE_PLACES: &[&str] =
    &["crates/opi-1c-ffi/src/abi/", "crates/opi-1c-ffi/src/abi.rs", "tests/harness/addin"];
const CRATES_WITH_UNSAFE: &[&str] = &["crates/opi-1c-ffi/src/lib.rs", "tests/harness/lib.rs"];
const PURE_CRATES: &[&str] = &["crates/opi-auth/src/", "crates/opi-framing/src/"];

fn idents(path: &str, text: &str, found: impl Fn(&Ident) -> bool, what: &str) -> Vec<Complaint> {
    // What cannot be parsed is reported once, by `attribute`.
    let Ok(tokens) = parse(path, text) else {
        return Vec::new();
    };
    let mut complaints = Vec::new();
    each_ident(tokens, &mut |ident, _| {
        if found(ident) {
            complaints.push(Complaint::new(path, ident.span().start().line, what));
        }
    });
    complaints
}

fn parse(path: &str, text: &str) -> Result<TokenStream, Complaint> {
    text.parse().map_err(|error| Complaint::new(path, 0, format!("is not Rust: {error}")))
}

fn each_ident(tokens: TokenStream, visit: &mut impl FnMut(&Ident, Option<&TokenTree>)) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => each_ident(group.stream(), visit),
            TokenTree::Ident(ident) => visit(&ident, tokens.peek()),
            TokenTree::Literal(_) | TokenTree::Punct(_) => {}
        }
    }
}

fn each_attribute(tokens: TokenStream, visit: &mut impl FnMut(&Group)) {
    let mut after_hash = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) if after_hash && group.delimiter() == Delimiter::Bracket => {
                visit(&group);
                after_hash = false;
            }
            TokenTree::Group(group) => {
                each_attribute(group.stream(), visit);
                after_hash = false;
            }
            TokenTree::Punct(punct) => {
                after_hash = punct.as_char() == '#' || (after_hash && punct.as_char() == '!');
            }
            TokenTree::Ident(_) | TokenTree::Literal(_) => after_hash = false,
        }
    }
}

fn is_list(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(complaints: &[Complaint], expected_lines: &[usize]) {
        let lines: Vec<usize> = complaints.iter().map(|complaint| complaint.line).collect();
        assert_eq!(lines, expected_lines, "{complaints:?}");
    }

    #[test]
    fn unsafe_is_refused_outside_its_two_places() {
        let text = "fn f() {\n    unsafe { g() }\n}\n";
        check(&unsafe_code("crates/opi-net/src/lib.rs", text), &[2]);
        check(&unsafe_code("crates/opi-1c-ffi/src/dispatch.rs", text), &[2]);
        check(&unsafe_code("crates/opi-1c-ffi/src/abi/vtable.rs", text), &[]);
        check(&unsafe_code("tests/harness/addin.rs", text), &[]);
        check(&unsafe_code("tests/harness/addin/host.rs", text), &[]);
    }

    #[test]
    fn unsafe_inside_macros_counts_and_inside_prose_does_not() {
        check(&unsafe_code("a.rs", "macro_rules! m { () => { unsafe { g() } } }"), &[1]);
        let prose = "//! unsafe\n// unsafe\n/// unsafe\nfn f() { g(\"unsafe\", unsafe_code) }\n";
        check(&unsafe_code("a.rs", prose), &[]);
    }

    #[test]
    fn clocks_and_sockets_are_refused_in_crates_that_decide() {
        for text in [
            "use std::time::Instant;",
            "use std::{net::IpAddr, fmt};",
            "fn f() { SystemTime::now(); }",
        ] {
            check(&clock_or_socket("crates/opi-auth/src/digest.rs", text), &[1]);
            check(&clock_or_socket("crates/opi-framing/src/lib.rs", text), &[1]);
            check(&clock_or_socket("crates/opi-net/src/dial.rs", text), &[]);
        }
        check(
            &clock_or_socket("crates/opi-auth/src/lib.rs", "//! tokio\nuse std::time::Duration;"),
            &[],
        );
    }

    #[test]
    fn the_harness_uses_nothing_of_opi() {
        for text in ["use opi::net::Deadline;", "use opi_net::Target;"] {
            check(&opi_in_the_harness("tests/harness/echo.rs", text), &[1]);
            check(&opi_in_the_harness("tests/tcp/main.rs", text), &[]);
        }
        check(&opi_in_the_harness("tests/harness/lib.rs", "//! opi_net\nuse opinion::x;"), &[]);
    }

    #[test]
    fn silenced_lints_are_refused_wherever_they_stand() {
        check(&attribute("a.rs", "\n#[allow(dead_code)]\nfn f() {}"), &[2]);
        check(&attribute("a.rs", "#![allow(dead_code)]"), &[1]);
        check(&attribute("a.rs", "#[cfg_attr(test, allow(dead_code))]\nfn f() {}"), &[1]);
        check(&attribute("a.rs", "mod m {\n    #[allow(dead_code)]\n    fn f() {}\n}"), &[2]);
        let fine =
            "// #[allow(dead_code)]\n#[expect(dead_code, reason = \"allow(it)\")]\nfn allow() {}";
        check(&attribute("a.rs", fine), &[]);
    }

    #[test]
    fn skipped_tests_are_refused() {
        check(&attribute("a.rs", "#[test]\n#[ignore]\nfn f() {}"), &[2]);
        check(&attribute("a.rs", "#[test]\n#[ignore = \"slow\"]\nfn f() {}"), &[2]);
        check(&attribute("a.rs", "fn ignore() {}"), &[]);
    }

    #[test]
    fn what_is_not_rust_is_reported_once() {
        let text = "fn f( {";
        check(&attribute("a.rs", text), &[0]);
        check(&unsafe_code("a.rs", text), &[]);
    }

    #[test]
    fn a_crate_root_without_its_promise_is_refused() {
        check(&crate_root("crates/opi/src/lib.rs", "//! Docs.\n"), &[1]);
        check(&crate_root("crates/opi/src/lib.rs", "//! #![forbid(unsafe_code)]\n"), &[1]);
        check(&crate_root("crates/opi/src/lib.rs", "//! Docs.\n#![forbid(unsafe_code)]\n"), &[]);
        check(&crate_root("crates/opi-1c-ffi/src/lib.rs", "//! Docs.\n"), &[]);
    }
}
