//! Each published crate compiles with no features, with the default ones, with all, and with each alone.

use anyhow::{Result, bail};

use crate::{
    repository::{Package, Repository, cargo},
    steps::execute,
};

/// `cargo xtask features`.
pub(crate) fn run(repository: &Repository, _arguments: &[&str]) -> Result<()> {
    let mut failed = Vec::new();
    for package in repository.published() {
        for choice in choices(package) {
            let mut check = cargo(&["check", "--quiet", "--package", &package.name]);
            if let Err(error) = execute(check.args(choice)) {
                failed.push(error.to_string());
            }
        }
    }
    if !failed.is_empty() {
        bail!("{}", failed.join("; "));
    }
    Ok(())
}

fn choices(package: &Package) -> Vec<Vec<String>> {
    let words = |words: &[&str]| words.iter().map(ToString::to_string).collect();
    if package.features.is_empty() {
        return vec![words(&[])];
    }
    let mut choices =
        vec![words(&["--no-default-features"]), words(&[]), words(&["--all-features"])];
    let single = package.features.keys().filter(|name| *name != "default");
    choices.extend(single.map(|name| words(&["--no-default-features", "--features", name])));
    choices
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(features: &[&str]) -> Package {
        let features = features.iter().map(|name| (name.to_string(), Vec::new())).collect();
        Package { features, ..Package::example() }
    }

    #[test]
    fn a_crate_without_features_is_checked_once() {
        assert_eq!(choices(&package(&[])), [[""; 0]]);
    }

    #[test]
    fn every_feature_stands_alone_once() {
        let choices: Vec<String> = choices(&package(&["default", "gzip", "tls"]))
            .iter()
            .map(|words| words.join(" "))
            .collect();
        let expected = [
            "--no-default-features",
            "",
            "--all-features",
            "--no-default-features --features gzip",
            "--no-default-features --features tls",
        ];
        assert_eq!(choices, expected);
    }
}
