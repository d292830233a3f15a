//! The documentation has no warning, private items included.

use anyhow::Result;

use crate::{
    repository::{Repository, cargo},
    steps::execute,
};

/// `cargo xtask doc`.
///
/// The command goes first and alone: its program and the facade are both called `opi`, so their pages share a folder.
pub(crate) fn run(_repository: &Repository, _arguments: &[&str]) -> Result<()> {
    document(&["--package=opi-cli"])?;
    document(&["--workspace", "--exclude=opi-cli"])
}

fn document(packages: &[&str]) -> Result<()> {
    let mut doc = cargo(&["doc", "--no-deps", "--all-features", "--document-private-items"]);
    execute(doc.args(packages).env("RUSTDOCFLAGS", "-D warnings"))
}
