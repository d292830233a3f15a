//! The house rules that a program can check. Each rule is a pure function over a path and a text.

mod measure;
mod text;
mod tokens;

use std::fmt;

use anyhow::{Result, bail};

use crate::repository::{Repository, TextFile};

/// `cargo xtask tidy`.
pub(crate) fn run(repository: &Repository, _arguments: &[&str]) -> Result<()> {
    let files = repository.text_files()?;
    let roots = crate_roots(repository);
    let complaints: Vec<Complaint> = files.iter().flat_map(|file| check(file, &roots)).collect();
    for complaint in &complaints {
        println!("{complaint}");
    }
    if !complaints.is_empty() {
        bail!("{} complaints in {} files", complaints.len(), files.len());
    }
    println!("{} files keep the house rules", files.len());
    Ok(())
}

/// One thing that breaks a rule.
#[derive(Debug, PartialEq)]
pub(crate) struct Complaint {
    path: String,
    /// Zero when the whole file is meant.
    line: usize,
    what: String,
}

impl Complaint {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into() }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, what } = self;
        match line {
            0 => write!(f, "{path}: {what}"),
            _ => write!(f, "{path}:{line}: {what}"),
        }
    }
}

type Rule = fn(&str, &str) -> Vec<Complaint>;

const RULES_OF_TEXT: &[Rule] = &[text::machine_path, text::panic_strategy, text::unfinished];
const RULES_OF_RUST: &[Rule] = &[
    measure::long_file,
    measure::long_function,
    text::file_name,
    text::opening_line,
    tokens::attribute,
    tokens::clock_or_socket,
    tokens::opi_in_the_harness,
    tokens::unsafe_code,
];

fn check(file: &TextFile, roots: &[String]) -> Vec<Complaint> {
    let TextFile { path, text } = file;
    let mut rules = RULES_OF_TEXT.to_vec();
    if path.ends_with(".rs") {
        rules.extend_from_slice(RULES_OF_RUST);
    }
    if roots.contains(path) {
        rules.push(tokens::crate_root);
    }
    rules.iter().flat_map(|rule| rule(path, text)).collect()
}

/// The file each target of the workspace starts in.
fn crate_roots(repository: &Repository) -> Vec<String> {
    let targets = repository.members().flat_map(|package| &package.targets);
    let relative = |path: &std::path::Path| {
        let inside = path.strip_prefix(&repository.root).ok()?;
        Some(inside.to_string_lossy().replace('\\', "/"))
    };
    targets.filter_map(|target| relative(&target.src_path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_can_be_clicked() {
        let complaint = Complaint::new("a/b.rs", 3, "wrong");
        assert_eq!(complaint.to_string(), "a/b.rs:3: wrong");
        assert_eq!(Complaint::new("a/b.rs", 0, "wrong").to_string(), "a/b.rs: wrong");
    }

    #[test]
    fn every_rule_is_asked() {
        let text = "fn f() { unsafe { g() } }\n".to_owned();
        let file = TextFile { path: "crates/opi/src/lib.rs".to_owned(), text };
        let complaints = check(&file, std::slice::from_ref(&file.path));
        let found: Vec<&str> = complaints.iter().map(|complaint| complaint.what.as_str()).collect();
        assert_eq!(found.len(), 3, "{found:?}");
    }

    #[test]
    fn files_that_are_not_rust_meet_the_rules_of_text_only() {
        let file = TextFile { path: "docs/a.md".to_owned(), text: "# no module line\n".to_owned() };
        assert_eq!(check(&file, &[]), []);
    }
}
