//! The generated modules as they lie in the repository.

use std::fs;
use std::path::{Path, PathBuf};

use opi_1c_ffi::Language;

use crate::routine::{Routine, routines, variables};
use crate::syntax::Source;

/// A module for one host in one language.
pub(crate) struct Build {
    pub(crate) path: String,
    pub(crate) language: Language,
    pub(crate) host: Host,
    pub(crate) source: Source,
}

/// What runs a module.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Host {
    Enterprise,
    OneScript,
}

impl Build {
    pub(crate) fn routines(&self) -> Vec<Routine> {
        routines(&self.source)
    }

    /// The variables of the module itself, in lower case.
    pub(crate) fn variables(&self) -> Vec<String> {
        variables(&self.source)
    }

    /// The same for every language and host of one module.
    pub(crate) fn module(&self) -> &'static str {
        if self.path.contains("OPI_TCP") { "OPI_TCP" } else { "HTTPConnector" }
    }
}

/// Every build of every module.
pub(crate) fn builds() -> Vec<Build> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/opi-1c-ffi/bsl");
    let mut builds = Vec::new();
    for (folder, host, language) in [
        ("1c/en", Host::Enterprise, Language::English),
        ("1c/ru", Host::Enterprise, Language::Russian),
        ("onescript/en/opi", Host::OneScript, Language::English),
        ("onescript/ru/opi", Host::OneScript, Language::Russian),
    ] {
        for path in modules(&root.join(folder)) {
            let text = fs::read_to_string(&path).unwrap();
            let path = path.display().to_string();
            builds.push(Build { path, language, host, source: Source::parse(&text) });
        }
    }
    assert_eq!(builds.len(), 8);
    builds
}

fn modules(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_module = |path: &PathBuf| path.extension().is_some_and(|it| it == "bsl" || it == "os");
    let mut modules: Vec<_> = entries.filter(is_module).collect();
    modules.sort();
    modules
}
