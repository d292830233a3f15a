//! Rules that need no parsing: how a file begins, what it is called, words that stay out of the tree.

use super::Complaint;

/// Every Rust file opens with what it is for.
pub(super) fn opening_line(path: &str, text: &str) -> Vec<Complaint> {
    if text.starts_with("//! ") {
        return Vec::new();
    }
    vec![Complaint::new(path, 1, "the first line says what the file is for: `//! ...`")]
}

/// Files are named after what they hold.
pub(super) fn file_name(path: &str, _text: &str) -> Vec<Complaint> {
    let name = path.rsplit('/').next().unwrap_or(path);
    if !matches!(name, "common.rs" | "helpers.rs" | "types.rs" | "utils.rs") {
        return Vec::new();
    }
    vec![Complaint::new(path, 0, "split by noun: no file is named utils, helpers, common or types")]
}

/// What is unfinished is an issue, not a comment.
pub(super) fn unfinished(path: &str, text: &str) -> Vec<Complaint> {
    // Pages may speak about the rule itself.
    if path.ends_with(".md") {
        return Vec::new();
    }
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME")];
    let found = |line: &str| marks.iter().any(|mark| words(line).any(|word| word == *mark));
    lines_where(text, found)
        .map(|line| {
            Complaint::new(path, line, "an unfinished place: make it an issue or finish it")
        })
        .collect()
}

/// Nothing in the tree knows the machine it was written on.
pub(super) fn machine_path(path: &str, text: &str) -> Vec<Complaint> {
    lines_where(text, has_machine_path)
        .map(|line| Complaint::new(path, line, "a path of one machine"))
        .collect()
}

/// A panic must unwind: with abort, a bug ends the 1C process that loaded the add-in.
pub(super) fn panic_strategy(path: &str, text: &str) -> Vec<Complaint> {
    if path != "Cargo.toml" || release_panic(text).as_deref() == Some("unwind") {
        return Vec::new();
    }
    vec![Complaint::new(path, 0, "[profile.release] must say panic = \"unwind\"")]
}

fn release_panic(text: &str) -> Option<String> {
    let manifest: toml::Table = text.parse().ok()?;
    let panic = manifest.get("profile")?.get("release")?.get("panic")?;
    panic.as_str().map(str::to_owned)
}

fn has_machine_path(line: &str) -> bool {
    MACHINE_ROOTS.iter().any(|root| {
        line.match_indices(root).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let after = line[at + root.len()..].chars().next();
            // Inside a URL, a relative path or a pattern the same letters mean something else.
            before.is_none_or(|c| !c.is_alphanumeric() && !"._-*})]/".contains(c))
                && after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
        })
    })
}

const MACHINE_ROOTS: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("/tm", "p/"),
];

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_')
}

fn lines_where(text: &str, found: impl Fn(&str) -> bool) -> impl Iterator<Item = usize> {
    text.lines().enumerate().filter(move |(_, line)| found(line)).map(|(index, _)| index + 1)
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
    fn a_file_without_its_first_line_is_refused() {
        check(&opening_line("a.rs", "#![forbid(unsafe_code)]\n"), &[1]);
        check(&opening_line("a.rs", "\n//! Late.\n"), &[1]);
        check(&opening_line("a.rs", ""), &[1]);
        check(&opening_line("a.rs", "//! What it is for.\n"), &[]);
    }

    #[test]
    fn a_file_named_after_nothing_is_refused() {
        for name in ["utils", "helpers", "common", "types"] {
            check(&file_name(&format!("crates/a/src/{name}.rs"), ""), &[0]);
        }
        check(&file_name("crates/a/src/no_proxy.rs", ""), &[]);
    }

    #[test]
    fn unfinished_marks_are_refused_as_whole_words() {
        let todo = concat!("TO", "DO");
        check(&unfinished("a.rs", &format!("fine\n// {todo}: later\n")), &[2]);
        check(&unfinished("a.py", concat!("# FIX", "ME\n")), &[1]);
        check(&unfinished("a.rs", &format!("const {todo}_LIST: u8 = 1;\n")), &[]);
        check(&unfinished("a.md", todo), &[]);
    }

    #[test]
    fn paths_of_one_machine_are_refused() {
        for root in MACHINE_ROOTS {
            check(&machine_path("a.toml", &format!("ok\npath = \"{root}someone\"\n")), &[2]);
            check(&machine_path("a.md", &format!("{root}someone")), &[1]);
        }
    }

    #[test]
    fn urls_and_patterns_are_not_paths_of_a_machine() {
        let work = MACHINE_ROOTS[0];
        for text in
            [&format!("https://a.test{work}x"), &format!("../..{work}x"), &format!("`{work}`")]
        {
            check(&machine_path("a.md", text), &[]);
        }
    }

    #[test]
    fn a_release_that_aborts_is_refused() {
        check(&panic_strategy("Cargo.toml", "[profile.release]\npanic = \"abort\"\n"), &[0]);
        check(&panic_strategy("Cargo.toml", "[profile.release]\nlto = true\n"), &[0]);
        check(&panic_strategy("Cargo.toml", "[profile.release]\npanic = \"unwind\"\n"), &[]);
        check(&panic_strategy("crates/opi/Cargo.toml", ""), &[]);
    }
}
