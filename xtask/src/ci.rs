//! Every check that needs no server, in order of speed.

use std::{
    env::consts::{DLL_PREFIX, DLL_SUFFIX, EXE_SUFFIX},
    process::Command,
};

use anyhow::{Result, bail};

use crate::{
    addin, dependencies, doc, features, fuzz, instructions, layers, package,
    repository::{Repository, cargo},
    steps::{Steps, execute},
    tidy,
};

/// `cargo xtask ci`, with the names of steps when only some are wanted.
pub(crate) fn run(repository: &Repository, wanted: &[&str]) -> Result<()> {
    if let Some(unknown) = wanted.iter().find(|name| !STEPS.iter().any(|step| step.name == **name))
    {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        bail!("there is no step {unknown:?}; there are {}", names.join(", "));
    }
    let mut steps = Steps::default();
    all(repository, wanted, &mut steps);
    steps.finish()
}

/// Runs the steps that are wanted, all of them when none is named.
pub(crate) fn all(repository: &Repository, wanted: &[&str], steps: &mut Steps) {
    for step in STEPS.iter().filter(|step| wanted.is_empty() || wanted.contains(&step.name)) {
        match step.body {
            Body::Cargo(words) => steps.run(step.name, || execute(&mut cargo(&split(words)))),
            Body::Deny(words) if has_deny() => {
                steps.run(step.name, || execute(&mut cargo(&split(words))))
            }
            Body::Deny(_) => steps.skip(step.name, "cargo-deny is not installed"),
            Body::Fuzz if !fuzz::has_compiler() => steps.skip(step.name, "no C++ compiler"),
            Body::Fuzz => steps.run(step.name, || fuzz::run(repository, &[])),
            Body::Instructions if !instructions::has_valgrind() => {
                steps.skip(step.name, "valgrind is not installed");
            }
            Body::Instructions => steps.run(step.name, || instructions::run(repository, &[])),
            Body::Tests(words) => {
                steps.run(step.name, || execute(&mut with_products(repository, &split(words))))
            }
            Body::Own(task) => steps.run(step.name, || {
                println!("$ cargo xtask {}", step.name);
                task(repository, &[])
            }),
        }
    }
}

/// A cargo command that tells the tests where the command and the add-in were built.
pub(crate) fn with_products(repository: &Repository, words: &[&str]) -> Command {
    let debug = repository.target.join("debug");
    let mut command = cargo(words);
    command.env("OPI_CLI", debug.join(format!("opi{EXE_SUFFIX}")));
    command.env("OPI_ADDIN", debug.join(format!("{DLL_PREFIX}opi_1c_ffi{DLL_SUFFIX}")));
    command
}

struct Step {
    name: &'static str,
    body: Body,
}

enum Body {
    Cargo(&'static str),
    Deny(&'static str),
    Fuzz,
    Instructions,
    Own(fn(&Repository, &[&str]) -> Result<()>),
    /// Cargo, told where the products are.
    Tests(&'static str),
}

// The task runner is left out of what is built for the tests: Windows cannot replace a program that runs.
const STEPS: &[Step] = &[
    Step { name: "fmt", body: Body::Cargo("fmt --all --check") },
    Step { name: "tidy", body: Body::Own(tidy::run) },
    Step { name: "layers", body: Body::Own(layers::run) },
    Step { name: "dependencies", body: Body::Own(dependencies::run) },
    Step { name: "deny", body: Body::Deny("deny check") },
    Step { name: "package", body: Body::Own(package::run) },
    Step { name: "xtask", body: Body::Cargo("test --quiet --package xtask") },
    Step {
        name: "clippy",
        body: Body::Cargo("clippy --workspace --all-targets --all-features -- -D warnings"),
    },
    Step { name: "doc", body: Body::Own(doc::run) },
    Step { name: "features", body: Body::Own(features::run) },
    Step { name: "build", body: Body::Cargo("build --workspace --exclude xtask --all-targets") },
    Step {
        name: "codegen",
        body: Body::Cargo("run --quiet --package opi-tests --bin opi-codegen -- --check"),
    },
    Step {
        name: "test",
        body: Body::Tests("test --workspace --exclude xtask --tests --examples --no-fail-fast"),
    },
    Step {
        name: "doctest",
        body: Body::Tests("test --workspace --exclude xtask --doc --no-fail-fast"),
    },
    Step { name: "addin", body: Body::Own(addin::run) },
    Step { name: "instructions", body: Body::Instructions },
    Step { name: "fuzz", body: Body::Fuzz },
];

fn split(words: &'static str) -> Vec<&'static str> {
    words.split(' ').collect()
}

fn has_deny() -> bool {
    cargo(&["deny", "--version"]).output().is_ok_and(|output| output.status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_have_names_of_their_own() {
        let mut names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), STEPS.len());
    }

    #[test]
    fn the_page_about_testing_names_every_step() {
        let page = include_str!("../../docs/testing.md");
        for Step { name, .. } in STEPS {
            assert!(
                page.contains(&format!("\n| {name} | ")),
                "docs/testing.md lacks the step {name}"
            );
        }
    }

    #[test]
    fn an_unknown_step_is_refused_with_the_list() {
        let repository = Repository { root: "".into(), target: "".into(), packages: Vec::new() };
        let error = run(&repository, &["no-such-step"]).unwrap_err().to_string();
        assert!(error.contains("\"no-such-step\"") && error.contains("clippy"), "{error}");
    }
}
