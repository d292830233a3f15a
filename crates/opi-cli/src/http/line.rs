//! `opi curl`: does what a line of curl says.

use std::ffi::OsString;

use super::curl::{quote, translate};
use crate::answer::{Answer, Body};
use crate::args::{self, CurlArgs, Verb};
use crate::failure::Failure;
use crate::redact::{self, HIDDEN, Veil};
use crate::report::Format;
use crate::usage;

/// Does what the line says, or tells how opi would be asked to.
///
/// # Errors
///
/// The line is none, or says what opi does not do; else as [`super::run`].
pub(crate) fn run(args: &CurlArgs, format: Format) -> Result<Answer, Failure> {
    let arguments = translate(&args.line)?;
    let all = ["opi".to_owned()].into_iter().chain(arguments.iter().cloned());
    let all: Vec<OsString> = all.map(OsString::from).collect();
    let http = args::parse_http(&all).map_err(|wrong| usage::failure(&wrong, &all))?;
    if !args.translate {
        return super::run(Verb::Any, &http, format);
    }
    let mut veil = Veil::default();
    drop(super::asked::request(Verb::Any, &http, &mut veil)?);
    let shown = ["opi".to_owned()].into_iter().chain(arguments.iter().map(|word| shown(word)));
    let shown: Vec<_> = shown.map(|word| quote(&veil.cover(&word))).collect();
    let line = shown.join(" ");
    let answer = Answer::new(Body::None).fact("opi", line.as_str());
    Ok(Answer { shown: Some(format!("{line}\n").into()), ..answer })
}

/// A word without the secret that it names.
fn shown(word: &str) -> String {
    for option in ["--auth=", "--bearer=", "--key-password="] {
        if word.starts_with(option) {
            return format!("{option}{HIDDEN}");
        }
    }
    if let Some(url) = word.strip_prefix("--proxy=") {
        return format!("--proxy={}", redact::url(url));
    }
    match word.split_once([':', '=', '@']) {
        Some((name, _)) if !word.starts_with("--") && redact::is_secret(name) => {
            format!("{name}{}{HIDDEN}", word.get(name.len()..=name.len()).unwrap_or_default())
        }
        _ if word.contains("://") && !word.starts_with("--") => redact::url(word),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_shown_without_its_secret() {
        for (word, expected) in [
            ("--auth=ann:hunter2", "--auth=(hidden)"),
            ("--proxy=http://ann:hunter2@p.test:1", "--proxy=http://p.test:1"),
            ("Authorization:Basic abc", "Authorization:(hidden)"),
            ("password=abc", "password=(hidden)"),
            ("Accept:*/*", "Accept:*/*"),
            ("http://u:p@h.test/?token=abc&a=1", "http://h.test/?token=(hidden)&a=1"),
            ("h.test", "h.test"),
        ] {
            assert_eq!(shown(word), expected);
        }
    }
}
