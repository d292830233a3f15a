//! Where things are: the root, the target directory, the tracked files, what `cargo metadata` says.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

/// The checkout this task runner was built in.
pub(crate) struct Repository {
    pub(crate) root: PathBuf,
    /// What cargo uses, `CARGO_TARGET_DIR` included.
    pub(crate) target: PathBuf,
    pub(crate) packages: Vec<Package>,
}

#[derive(Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) features: BTreeMap<String, Vec<String>>,
    pub(crate) publish: Option<Vec<String>>,
    pub(crate) rust_version: Option<String>,
    /// None for a member of the workspace.
    pub(crate) source: Option<String>,
    pub(crate) targets: Vec<Target>,
}

#[derive(Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// None for an ordinary dependency, else `dev` or `build`.
    pub(crate) kind: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Target {
    pub(crate) src_path: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    target_directory: PathBuf,
    workspace_root: PathBuf,
}

/// A tracked text file, its path relative to the root and with `/` on every system.
pub(crate) struct TextFile {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Repository {
    pub(crate) fn open() -> Result<Self> {
        let text = output(&mut cargo(&["metadata", "--format-version=1", "--all-features"]))?;
        let metadata: Metadata = serde_json::from_str(&text).context("cargo metadata's answer")?;
        let Metadata { packages, target_directory, workspace_root } = metadata;
        Ok(Self { root: workspace_root, target: target_directory, packages })
    }

    /// The packages of this workspace.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.source.is_none())
    }

    /// The members that go to a registry.
    pub(crate) fn published(&self) -> impl Iterator<Item = &Package> {
        self.members().filter(|package| package.publish.as_ref().is_none_or(|to| !to.is_empty()))
    }

    /// Tracked files and new ones that are not ignored, those that are text and still there.
    pub(crate) fn text_files(&self) -> Result<Vec<TextFile>> {
        let mut git = Command::new("git");
        git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        let names = output(git.current_dir(&self.root))?;
        let mut files = Vec::new();
        for path in names.split('\0').filter(|name| !name.is_empty()) {
            if let Some(text) = read_text(&self.root.join(path)) {
                files.push(TextFile { path: path.to_owned(), text });
            }
        }
        Ok(files)
    }

    pub(crate) fn read(&self, path: &str) -> Result<String> {
        fs::read_to_string(self.root.join(path)).with_context(|| format!("reading {path}"))
    }
}

/// The cargo that started us.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    command
}

/// What a command prints, when it succeeds.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let shown = show(command);
    let output = command.output().with_context(|| format!("starting {shown}"))?;
    if !output.status.success() {
        bail!("{shown}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("{shown} printed something that is not UTF-8"))
}

/// A command as one would type it.
pub(crate) fn show(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_stem().unwrap_or(program.as_os_str()).to_string_lossy().into_owned();
    let mut words = Vec::new();
    for (key, value) in command.get_envs() {
        let value = value.unwrap_or_default().to_string_lossy();
        words.push(format!("{}={}", key.to_string_lossy(), quote(&value)));
    }
    words.push(name);
    words.extend(command.get_args().map(|word| quote(&word.to_string_lossy())));
    words.join(" ")
}

fn quote(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./=:,@+*".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{word}'") }
}

fn read_text(path: &Path) -> Option<String> {
    if path.is_symlink() || !path.is_file() {
        return None;
    }
    fs::read_to_string(path).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Package {
        /// A published package with nothing in it.
        pub(crate) fn example() -> Self {
            Self {
                name: "a".to_owned(),
                version: "1.0.0".to_owned(),
                dependencies: Vec::new(),
                features: BTreeMap::new(),
                publish: None,
                rust_version: None,
                source: None,
                targets: Vec::new(),
            }
        }
    }

    #[test]
    fn a_command_is_shown_as_one_would_type_it() {
        let mut command = Command::new("/somewhere/bin/cargo");
        command.args(["doc", "--no-deps", "two words"]).env("RUSTDOCFLAGS", "-D warnings");
        assert_eq!(show(&command), "RUSTDOCFLAGS='-D warnings' cargo doc --no-deps 'two words'");
    }

    #[test]
    fn a_command_that_fails_is_an_error_with_its_words() {
        let error = output(&mut cargo(&["no-such-subcommand"])).unwrap_err();
        assert!(error.to_string().contains("no-such-subcommand"), "{error}");
    }
}
