//! The tasks of this repository. Knows nothing of opi's own code: it builds in seconds and starts everything else.

#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "printing is what a task runner does"
)]

mod addin;
mod ci;
mod demo;
mod dependencies;
mod doc;
mod features;
mod fuzz;
mod instructions;
mod layers;
mod package;
mod repository;
mod servers;
mod steps;
mod suites;
mod tidy;

use std::{env, process::ExitCode};

use anyhow::{Result, bail};

use repository::Repository;

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[String]) -> Result<()> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let Some((name, rest)) = words.split_first() else {
        return help();
    };
    if matches!(*name, "help" | "--help" | "-h") {
        return help();
    }
    let Some(task) = TASKS.iter().find(|task| task.name == *name) else {
        bail!("there is no task {name:?}; `cargo xtask help` lists them");
    };
    (task.body)(&Repository::open()?, rest)
}

fn help() -> Result<()> {
    println!("usage: cargo xtask <task>\n");
    for task in TASKS {
        println!("  {:<28}{}", format!("{} {}", task.name, task.arguments), task.about);
    }
    Ok(())
}

struct Task {
    name: &'static str,
    arguments: &'static str,
    about: &'static str,
    body: fn(&Repository, &[&str]) -> Result<()>,
}

const TASKS: &[Task] = &[
    Task {
        name: "demo",
        arguments: "",
        about: "runs the headline programs through crates, command and add-in; leaves the add-in's ZIP",
        body: demo::run,
    },
    Task {
        name: "test",
        arguments: "",
        about: "everything: the steps of ci, the add-in, the demo, and the suites against real servers",
        body: suites::run,
    },
    Task {
        name: "ci",
        arguments: "[step ...]",
        about: "every check that needs no server, or only the steps named",
        body: ci::run,
    },
    Task {
        name: "addin",
        arguments: "",
        about: "builds the add-in, packs and checks target/addin/opi.zip",
        body: addin::run,
    },
    Task {
        name: "codegen",
        arguments: "[--check]",
        about: "writes the generated files, or fails when one of them differs",
        body: demo::codegen,
    },
    Task {
        name: "servers",
        arguments: "up|check|down",
        about: "the real servers and proxies on loopback",
        body: servers::run,
    },
    Task {
        name: "tidy",
        arguments: "",
        about: "the house rules that a program can check",
        body: tidy::run,
    },
    Task {
        name: "layers",
        arguments: "",
        about: "a crate uses lower layers only",
        body: layers::run,
    },
    Task {
        name: "dependencies",
        arguments: "",
        about: "nothing banned, nothing twice, nothing newer than our rust-version",
        body: dependencies::run,
    },
    Task {
        name: "doc",
        arguments: "",
        about: "the documentation, private items included, without a warning",
        body: doc::run,
    },
    Task {
        name: "features",
        arguments: "",
        about: "each published crate with none, default, all, and each single feature",
        body: features::run,
    },
    Task {
        name: "fuzz",
        arguments: "[seconds] [target ...]",
        about: "the fuzz targets, 10 s each unless told otherwise",
        body: fuzz::run,
    },
    Task {
        name: "instructions",
        arguments: "[--record]",
        about: "the instructions of a keep-alive GET against those that were recorded",
        body: instructions::run,
    },
    Task {
        name: "package",
        arguments: "",
        about: "every published crate can be packaged",
        body: package::run,
    },
];
