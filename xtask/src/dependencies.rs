//! What `deny.toml` says about crates, checked without cargo-deny: nothing banned, nothing built twice without a reason.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::repository::{Package, Repository, cargo, output};

/// `cargo xtask dependencies`.
pub(crate) fn run(repository: &Repository, _arguments: &[&str]) -> Result<()> {
    let deny: Deny = toml::from_str(&repository.read("deny.toml")?).context("deny.toml")?;
    let lock: Lock = toml::from_str(&repository.read("Cargo.lock")?).context("Cargo.lock")?;
    let ours = repository.members().find_map(|package| package.rust_version.as_deref());
    let built = built()?;
    let mut complaints = [banned(&lock, &deny.bans), twice(&built, &deny.bans)].concat();
    complaints.extend(unbanned(&deny.bans));
    complaints.extend(ours.into_iter().flat_map(|ours| newer(&repository.packages, ours)));
    for complaint in &complaints {
        println!("{complaint}");
    }
    if !complaints.is_empty() {
        bail!("{} complaints about dependencies", complaints.len());
    }
    println!("{} packages, {} exceptions", built.package.len(), deny.bans.skip.len());
    println!(
        "crates that each published crate needs, itself included: without features, by default"
    );
    for package in repository.published() {
        let bare =
            tree(&["--edges=normal", "--package", &package.name, "--no-default-features"])?.len();
        let default = tree(&["--edges=normal", "--package", &package.name])?.len();
        println!("  {:<24}{bare:>4}{default:>6}", package.name);
    }
    Ok(())
}

/// What no list may ever leave out.
const NEVER: &[&str] = &["native-tls", "openssl", "openssl-sys"];

#[derive(Deserialize)]
struct Deny {
    bans: Bans,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Exception>,
    skip: Vec<Exception>,
}

/// A crate, as `name` or `name@version`, and why it is named.
#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    spec: String,
    reason: Option<String>,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd)]
struct Locked {
    name: String,
    version: String,
}

/// What some feature of ours really builds on some system; Cargo.lock also names what none turns on.
fn built() -> Result<Lock> {
    let everything = ["--workspace", "--all-features", "--target=all", "--edges=normal,build,dev"];
    Ok(Lock { package: tree(&everything)?.into_iter().collect() })
}

/// The packages that `cargo tree` prints, each once.
fn tree(choice: &[&str]) -> Result<BTreeSet<Locked>> {
    let text = output(cargo(&["tree", "--prefix=none", "--format={p}"]).args(choice))?;
    Ok(text.lines().filter_map(Locked::of_tree).collect())
}

impl Locked {
    /// Reads a line like `name v1.2.3 (proc-macro)`.
    fn of_tree(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let name = words.next()?.to_owned();
        let version = words.next()?.strip_prefix('v')?.to_owned();
        Some(Self { name, version })
    }
}

fn unbanned(bans: &Bans) -> Vec<String> {
    let listed = |name: &&&str| bans.deny.iter().any(|banned| banned.spec == **name);
    let missing = NEVER.iter().filter(|name| !listed(name));
    missing.map(|name| format!("deny.toml: bans.deny must list {name}")).collect()
}

fn banned(lock: &Lock, bans: &Bans) -> Vec<String> {
    let names: BTreeSet<&str> = bans.deny.iter().map(|banned| banned.spec.as_str()).collect();
    let found = lock.package.iter().filter(|locked| names.contains(locked.name.as_str()));
    found.map(|locked| format!("{} is banned by deny.toml", locked.name)).collect()
}

fn twice(built: &Lock, bans: &Bans) -> Vec<String> {
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for locked in &built.package {
        versions.entry(&locked.name).or_default().push(&locked.version);
    }
    let mut complaints = Vec::new();
    for (name, versions) in &versions {
        let left: Vec<&&str> = versions
            .iter()
            .filter(|version| !bans.skip.iter().any(|skip| skip.covers(name, version)))
            .collect();
        if versions.len() > 1 && left.len() > 1 {
            complaints.push(format!(
                "{name} is built in {} versions: {}",
                versions.len(),
                versions.join(", ")
            ));
        }
    }
    for skip in &bans.skip {
        let needed = versions.iter().any(|(name, versions)| {
            versions.len() > 1 && versions.iter().any(|version| skip.covers(name, version))
        });
        if !needed {
            complaints.push(format!("deny.toml: the exception for {} is not needed", skip.spec));
        }
        if skip.reason.as_deref().is_none_or(str::is_empty) {
            complaints.push(format!("deny.toml: the exception for {} has no reason", skip.spec));
        }
    }
    complaints
}

impl Exception {
    /// Whether this names the package: `name@1` covers 1.2.3, `name@1.2` covers 1.2.3, `name` every version.
    fn covers(&self, name: &str, version: &str) -> bool {
        match self.spec.split_once('@') {
            None => self.spec == name,
            Some((crate_name, prefix)) => {
                crate_name == name
                    && version
                        .strip_prefix(prefix)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            }
        }
    }
}

/// Dependencies that need a newer compiler than we promise.
fn newer(packages: &[Package], ours: &str) -> Vec<String> {
    let needs = |package: &&Package| {
        package.rust_version.as_deref().is_some_and(|needed| numbers(needed) > numbers(ours))
    };
    let shown = |package: &Package| {
        let needed = package.rust_version.as_deref().unwrap_or_default();
        format!("{} {} needs Rust {needed}, we promise {ours}", package.name, package.version)
    };
    packages.iter().filter(needs).map(shown).collect()
}

fn numbers(version: &str) -> Vec<u32> {
    let mut numbers: Vec<u32> = version.split('.').map_while(|part| part.parse().ok()).collect();
    numbers.resize(3, 0);
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(packages: &[(&str, &str)]) -> Lock {
        let locked = |(name, version): &(&str, &str)| Locked {
            name: name.to_string(),
            version: version.to_string(),
        };
        Lock { package: packages.iter().map(locked).collect() }
    }

    fn exception(spec: &str, reason: &str) -> Exception {
        Exception { spec: spec.to_owned(), reason: Some(reason.to_owned()) }
    }

    fn bans(deny: &[&str], skip: &[(&str, &str)]) -> Bans {
        Bans {
            deny: deny.iter().map(|spec| exception(spec, "")).collect(),
            skip: skip.iter().map(|(spec, reason)| exception(spec, reason)).collect(),
        }
    }

    #[test]
    fn a_banned_crate_is_refused() {
        let found =
            banned(&lock(&[("openssl", "0.10.1"), ("ring", "0.17.0")]), &bans(&["openssl"], &[]));
        assert_eq!(found, ["openssl is banned by deny.toml"]);
    }

    #[test]
    fn a_line_of_the_tree_names_a_package() {
        let syn = Locked { name: "syn".to_owned(), version: "3.0.9".to_owned() };
        assert_eq!(Locked::of_tree("syn v3.0.9 (proc-macro) (*)"), Some(syn));
        assert_eq!(Locked::of_tree(""), None);
    }

    #[test]
    fn the_list_of_bans_cannot_shrink() {
        assert_eq!(
            unbanned(&bans(&["native-tls", "openssl-sys"], &[])),
            ["deny.toml: bans.deny must list openssl"]
        );
        assert_eq!(unbanned(&bans(NEVER, &[])), [""; 0]);
    }

    #[test]
    fn two_versions_need_an_exception() {
        let lock = lock(&[("http", "0.2.9"), ("http", "1.5.0"), ("ring", "0.17.0")]);
        let none = twice(&lock, &bans(&[], &[]));
        assert_eq!(none, ["http is built in 2 versions: 0.2.9, 1.5.0"]);
        assert_eq!(twice(&lock, &bans(&[], &[("http@0.2", "why")])), [""; 0]);
    }

    #[test]
    fn an_exception_needs_a_reason_and_a_use() {
        let lock = lock(&[("http", "1.5.0")]);
        let unused = twice(&lock, &bans(&[], &[("http@0.2", "why")]));
        assert_eq!(unused, ["deny.toml: the exception for http@0.2 is not needed"]);
        let silent = twice(&lock, &bans(&[], &[("http@1", "")]));
        assert!(
            silent.contains(&"deny.toml: the exception for http@1 has no reason".to_owned()),
            "{silent:?}"
        );
    }

    #[test]
    fn an_exception_covers_the_version_it_names() {
        assert!(exception("syn@2", "").covers("syn", "2.0.119"));
        assert!(!exception("syn@2", "").covers("syn", "20.0.0"));
        assert!(!exception("syn@2", "").covers("synstructure", "2.0.0"));
        assert!(exception("syn", "").covers("syn", "3.0.9"));
    }

    #[test]
    fn a_dependency_newer_than_our_promise_is_refused() {
        let package =
            |needed: &str| Package { rust_version: Some(needed.to_owned()), ..Package::example() };
        assert_eq!(newer(&[package("1.96")], "1.95"), ["a 1.0.0 needs Rust 1.96, we promise 1.95"]);
        assert_eq!(newer(&[package("1.95.0"), package("1.85")], "1.95"), [""; 0]);
    }
}
