//! The add-in's bundle: built in release, packed so that every run gives the same bytes, and checked.

mod bundle;
mod library;
mod manifest;

use std::{
    env::consts::{ARCH, DLL_PREFIX, DLL_SUFFIX, OS},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

use crate::{
    repository::{Repository, cargo},
    steps::execute,
};
use library::Library;
use manifest::Component;

/// `cargo xtask addin`.
pub(crate) fn run(repository: &Repository, _arguments: &[&str]) -> Result<()> {
    make(repository).map(drop)
}

/// What was built.
pub(crate) struct Bundle {
    /// The library under the name it has inside the ZIP.
    pub(crate) library: PathBuf,
    pub(crate) zip: PathBuf,
}

/// Builds, packs, checks and reports.
pub(crate) fn make(repository: &Repository) -> Result<Bundle> {
    let built = build(repository)?;
    let version = version(repository)?;
    let component = Component::of_this_system(&version)?;
    let folder = repository.target.join("addin");
    fs::create_dir_all(&folder)?;
    let library = folder.join(&component.path);
    let bytes = fs::read(&built).with_context(|| format!("reading {}", built.display()))?;
    fs::write(&library, &bytes)?;
    let files = [
        ("INFO.XML".to_owned(), manifest::info(&version).into_bytes()),
        (
            "MANIFEST.XML".to_owned(),
            manifest::manifest(std::slice::from_ref(&component)).into_bytes(),
        ),
        (component.path, bytes.clone()),
    ];
    let packed = bundle::pack(&files)?;
    let zip = folder.join("opi.zip");
    fs::write(&zip, &packed)?;
    fs::write(folder.join("CHECKSUMS.txt"), bundle::checksums(&files, &packed))?;
    check(&library, &bytes, &packed)?;
    report(&zip, &packed)?;
    Ok(Bundle { library, zip })
}

fn build(repository: &Repository) -> Result<PathBuf> {
    execute(&mut cargo(&["build", "--release", "--package", "opi-1c-ffi", "--lib"]))?;
    Ok(repository.target.join("release").join(format!("{DLL_PREFIX}opi_1c_ffi{DLL_SUFFIX}")))
}

fn version(repository: &Repository) -> Result<String> {
    let ours = repository.members().find(|package| package.name == "opi-1c-ffi");
    Ok(ours.context("the workspace has no opi-1c-ffi")?.version.clone())
}

fn check(path: &Path, bytes: &[u8], packed: &[u8]) -> Result<()> {
    let library = Library::read(bytes).with_context(|| format!("reading {}", path.display()))?;
    println!("{} for {OS} {ARCH}", path.display());
    println!("  {} bytes", bytes.len());
    println!("  exports: {}", library.exports.join(", "));
    println!("  needs: {}", library.needs.join(", "));
    println!("  newest GLIBC: {}", library.newest_glibc().unwrap_or("none"));
    let complaints = [library.complaints(), bundle::complaints(packed)?].concat();
    if !complaints.is_empty() {
        bail!("{}", complaints.join("; "));
    }
    Ok(())
}

fn report(zip: &Path, packed: &[u8]) -> Result<()> {
    println!("{}\n  {} bytes: {}", zip.display(), packed.len(), bundle::names(packed)?.join(", "));
    Ok(())
}
