//! Every published crate can be packaged.

use anyhow::Result;

use crate::{
    repository::{Repository, cargo},
    steps::execute,
};

/// `cargo xtask package`.
///
/// One call for all: cargo then resolves the crates against each other, although no registry has them yet.
/// The packages are not compiled again; the other steps compile the same files.
pub(crate) fn run(repository: &Repository, _arguments: &[&str]) -> Result<()> {
    let mut package = cargo(&["package", "--quiet", "--no-verify", "--allow-dirty"]);
    package.args(repository.published().flat_map(|package| ["--package", &package.name]));
    execute(&mut package)
}
