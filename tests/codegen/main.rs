//! `opi-codegen`: writes the files that are made from the tables in the code, or checks them.
#![forbid(unsafe_code)]

mod errors;
mod modules;
mod output;
mod reference;

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::output::Output;

fn main() -> Result<()> {
    let Arguments { mode, root } = Arguments::parse(env::args().skip(1))?;
    let output = generate()?;
    match mode {
        Mode::Check => output.check(&root),
        Mode::Write => output.write(&root),
    }
}

/// Every generated file.
fn generate() -> Result<Output> {
    let mut output = Output::default();
    let modules = modules::all()?;
    output.add("docs/errors.md", errors::page());
    reference::pages(&modules, &mut output)?;
    modules::files(&modules, &mut output);
    Ok(output)
}

#[derive(Debug, PartialEq)]
struct Arguments {
    mode: Mode,
    root: PathBuf,
}

#[derive(Debug, PartialEq)]
enum Mode {
    Check,
    Write,
}

impl Arguments {
    fn parse(mut given: impl Iterator<Item = String>) -> Result<Self> {
        let mut arguments = Self { mode: Mode::Write, root: repository()? };
        while let Some(argument) = given.next() {
            match argument.as_str() {
                "--check" => arguments.mode = Mode::Check,
                "--out" => arguments.root = given.next().context("--out needs a folder")?.into(),
                other => bail!("unknown argument {other:?}; accepted: --check, --out FOLDER"),
            }
        }
        Ok(arguments)
    }
}

/// The root of the repository that this program was built in.
fn repository() -> Result<PathBuf> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = tests.parent().context("the package has no folder above it")?;
    Ok(root.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments> {
        Arguments::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn arguments_are_known_or_refused() {
        let arguments = parse("--check --out some").unwrap();
        assert_eq!(arguments, Arguments { mode: Mode::Check, root: "some".into() });
        assert_eq!(parse("").unwrap().mode, Mode::Write);
        assert!(parse("--chek").unwrap_err().to_string().contains("--chek"));
        assert!(parse("--out").is_err());
    }

    #[test]
    fn what_is_written_is_found_unchanged_and_is_the_same_every_time() {
        let folder = tempfile::tempdir().unwrap();
        generate().unwrap().write(folder.path()).unwrap();
        generate().unwrap().check(folder.path()).unwrap();
    }
}
