//! Generated files: written, or compared with those that are there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// Files by their paths, which use `/` and start at the root of the repository.
#[derive(Debug, Default)]
pub(crate) struct Output(BTreeMap<String, String>);

impl Output {
    pub(crate) fn add(&mut self, path: impl Into<String>, text: String) {
        self.0.insert(path.into(), text);
    }

    /// Writes what differs, and removes files that are no longer generated.
    pub(crate) fn write(&self, root: &Path) -> Result<()> {
        for stale in self.stale(root)? {
            fs::remove_file(&stale).with_context(|| format!("removing {}", stale.display()))?;
        }
        for (path, text) in &self.0 {
            let path = root.join(path);
            if fs::read_to_string(&path).is_ok_and(|found| found == *text) {
                continue;
            }
            let folder = path.parent().unwrap_or(root);
            fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
            fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
        }
        Ok(())
    }

    /// Fails with every file that differs, is missing, or should not be there.
    pub(crate) fn check(&self, root: &Path) -> Result<()> {
        let mut complaints = Vec::new();
        for (path, text) in &self.0 {
            let found = fs::read_to_string(root.join(path)).ok();
            complaints
                .extend(difference(found.as_deref(), text).map(|what| format!("{path}: {what}")));
        }
        for stale in self.stale(root)? {
            let path = relative(root, &stale);
            complaints.push(format!("{path}: is not generated any more"));
        }
        if complaints.is_empty() {
            return Ok(());
        }
        bail!("run `cargo xtask codegen`:\n{}", complaints.join("\n"));
    }

    #[cfg(test)]
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(String::as_str)
    }

    fn stale(&self, root: &Path) -> Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for folder in OWNED {
            list(&root.join(folder), &mut files)?;
        }
        files.retain(|file| !self.0.contains_key(&relative(root, file)));
        files.sort();
        Ok(files)
    }
}

/// Folders in which every file is generated.
const OWNED: [&str; 1] = ["crates/opi-1c-ffi/bsl"];

/// Line ends do not count: a checkout on Windows may have its own.
fn difference(found: Option<&str>, expected: &str) -> Option<String> {
    let Some(found) = found else { return Some("is missing or is no text".to_owned()) };
    let (mut old, mut new) = (found.lines(), expected.lines());
    let mut number = 1;
    loop {
        match (old.next(), new.next()) {
            (None, None) => return None,
            (old, new) if old == new => number += 1,
            (old, new) => {
                let (old, new) = (old.unwrap_or("(end)"), new.unwrap_or("(end)"));
                return Some(format!("line {number} is {old:?}, the generator writes {new:?}"));
            }
        }
    }
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

fn relative(root: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(root).unwrap_or(path);
    inside.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    const STALE: &str = "crates/opi-1c-ffi/bsl/1c/en/Old.bsl";

    fn output(text: &str) -> Output {
        let mut output = Output::default();
        output.add("docs/a.md", text.to_owned());
        output
    }

    #[test]
    fn a_difference_is_named_with_its_first_line() {
        let folder = tempfile::tempdir().unwrap();
        output("one\ntwo\n").write(folder.path()).unwrap();
        output("one\ntwo\n").check(folder.path()).unwrap();
        let error = output("one\nthree\n").check(folder.path()).unwrap_err().to_string();
        assert!(
            error.ends_with("docs/a.md: line 2 is \"two\", the generator writes \"three\""),
            "{error}"
        );
        output("one\ntwo\r\n").check(folder.path()).unwrap();
    }

    #[test]
    fn a_missing_and_a_stale_file_are_named_and_writing_cures_both() {
        let folder = tempfile::tempdir().unwrap();
        let stale = folder.path().join(STALE);
        fs::create_dir_all(stale.parent().unwrap()).unwrap();
        fs::write(&stale, "").unwrap();
        let error = output("one\n").check(folder.path()).unwrap_err().to_string();
        for part in ["docs/a.md: is missing", &format!("{STALE}: is not generated any more")] {
            assert!(error.contains(part), "{error}");
        }
        output("one\n").write(folder.path()).unwrap();
        output("one\n").check(folder.path()).unwrap();
    }
}
