//! Everything: the steps of `ci`, the demo, and the suites against real servers.

use std::{collections::BTreeMap, env};

use anyhow::{Result, bail};

use crate::{
    ci, demo,
    repository::Repository,
    servers,
    steps::{Steps, execute},
};

/// `cargo xtask test`.
pub(crate) fn run(repository: &Repository, _arguments: &[&str]) -> Result<()> {
    let mut steps = Steps::default();
    for missing in servers::tools(TOOLS) {
        steps.skip(&format!("tool {missing}"), "not installed, and not to be had here");
    }
    ci::all(repository, &[], &mut steps);
    steps.run("demo", || {
        println!("$ cargo xtask demo");
        demo::run(repository, &[])
    });
    foreign(repository, &mut steps);
    real(repository, &mut steps);
    steps.finish()
}

/// The add-in in a host that others wrote in C++.
fn foreign(repository: &Repository, steps: &mut Steps) {
    steps.run("foreign host", || {
        let words =
            ["test", "--package=opi-tests", "--test=addin_foreign", "--features=foreign-host"];
        execute(&mut ci::with_products(repository, &words))
    });
}

/// What the add-in's suite needs beside Rust: a memory checker, and a compiler for the foreign host.
const TOOLS: &[(&str, &str)] =
    if cfg!(target_os = "linux") { &[("g++", "g++"), ("valgrind", "valgrind")] } else { &[] };

fn real(repository: &Repository, steps: &mut Steps) {
    if !cfg!(target_os = "linux") {
        return steps.skip("servers", "the real servers need Linux");
    }
    let mut started = None;
    steps.run("servers up", || {
        println!("$ cargo xtask servers up");
        started = Some(servers::up(repository)?);
        Ok(())
    });
    let Some(up) = started else {
        return steps.skip("real", "the servers are not up");
    };
    for (server, why) in &up.skipped {
        steps.skip(&format!("server {server}"), why);
    }
    steps.run("servers complete", || complete(&up.skipped, env::var("CI").ok().as_deref()));
    steps.run("servers check", || {
        println!("$ cargo xtask servers check");
        servers::check(repository)
    });
    steps.run("real", || {
        let words = [
            "test",
            "--package=opi-tests",
            "--test=real",
            "--features=real-servers",
            "--no-fail-fast",
        ];
        execute(ci::with_products(repository, &words).env("OPI_SERVERS", &up.directory))
    });
    if up.ours {
        steps.run("servers down", || servers::down(repository));
    }
}

/// A server that could not be had is no failure at home, and is one in CI.
fn complete(skipped: &BTreeMap<String, String>, ci: Option<&str>) -> Result<()> {
    let names: Vec<&str> = skipped.keys().map(String::as_str).collect();
    if !names.is_empty() && ci == Some("true") {
        bail!("not to be had, and CI=true: {}", names.join(", "));
    }
    println!("{} servers skipped", names.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skipped_server_fails_the_run_in_ci_only() {
        let skipped = BTreeMap::from([("dante".to_owned(), "no danted".to_owned())]);
        let error = complete(&skipped, Some("true")).unwrap_err();
        assert_eq!(error.to_string(), "not to be had, and CI=true: dante");
        complete(&skipped, None).unwrap();
        complete(&BTreeMap::new(), Some("true")).unwrap();
    }
}
