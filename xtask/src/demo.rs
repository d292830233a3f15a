//! The demo and the generator of files: both are programs of the package `opi-tests`, started here with what they need.

use std::{env::consts::EXE_SUFFIX, process::Command};

use anyhow::Result;

use crate::{
    addin,
    repository::{Repository, cargo},
    steps::execute,
};

/// `cargo xtask demo`: the command in a debug build, the add-in in the release build that goes into the ZIP.
pub(crate) fn run(repository: &Repository, _arguments: &[&str]) -> Result<()> {
    // One cargo call for both programs, so that they share the build of every dependency.
    let programs =
        ["build", "--package=opi-cli", "--package=opi-tests", "--bin=opi", "--bin=opi-demo"];
    execute(&mut cargo(&programs))?;
    let bundle = addin::make(repository)?;
    let debug = repository.target.join("debug");
    let mut demo = Command::new(debug.join(format!("opi-demo{EXE_SUFFIX}")));
    demo.env("OPI_CLI", debug.join(format!("opi{EXE_SUFFIX}")));
    demo.env("OPI_ADDIN", &bundle.library);
    execute(&mut demo)?;
    println!("{}", bundle.zip.display());
    Ok(())
}

/// `cargo xtask codegen [--check]`.
pub(crate) fn codegen(_repository: &Repository, arguments: &[&str]) -> Result<()> {
    let mut generator =
        cargo(&["run", "--quiet", "--package", "opi-tests", "--bin", "opi-codegen", "--"]);
    execute(generator.args(arguments))
}
