//! The fuzz targets of `tests/fuzz`, built with coverage by whatever compiler there is and run for a while each.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::{
    repository::{Repository, cargo, output},
    steps::execute,
};

/// `cargo xtask fuzz [seconds] [target ...]`.
pub(crate) fn run(repository: &Repository, arguments: &[&str]) -> Result<()> {
    let fuzzing = Fuzzing::new(repository)?;
    let (seconds, wanted) = chosen(arguments)?;
    let targets = fuzzing.targets(wanted)?;
    fuzzing.build()?;
    let mut failed = Vec::new();
    for target in &targets {
        if let Err(error) = fuzzing.fuzz(target, seconds) {
            failed.push(format!("{target}: {error:#}"));
        }
    }
    if !failed.is_empty() {
        bail!("{}", failed.join("; "));
    }
    println!("{} targets, {seconds} s each, no finding", targets.len());
    Ok(())
}

/// Whether libFuzzer, which is C++, can be built.
pub(crate) fn has_compiler() -> bool {
    let compiler = env::var("CXX").unwrap_or_else(|_| "c++".to_owned());
    Command::new(compiler).arg("--version").output().is_ok_and(|output| output.status.success())
}

struct Fuzzing {
    /// The folder of the targets and their seeds.
    sources: PathBuf,
    /// Where what is built, found and learnt stays from run to run.
    output: PathBuf,
    host: String,
}

#[derive(Deserialize)]
struct Manifest {
    bin: Vec<Binary>,
}

#[derive(Deserialize)]
struct Binary {
    name: String,
}

impl Fuzzing {
    fn new(repository: &Repository) -> Result<Self> {
        let version = output(Command::new("rustc").arg("-vV"))?;
        let host = version.lines().find_map(|line| line.strip_prefix("host: "));
        Ok(Self {
            sources: repository.root.join("tests/fuzz"),
            output: repository.target.join("fuzz"),
            host: host.context("rustc -vV names no host")?.to_owned(),
        })
    }

    fn targets(&self, wanted: &[&str]) -> Result<Vec<String>> {
        let path = self.sources.join("Cargo.toml");
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let manifest: Manifest = toml::from_str(&text).context("tests/fuzz/Cargo.toml")?;
        let names: Vec<String> = manifest.bin.into_iter().map(|binary| binary.name).collect();
        if let Some(unknown) = wanted.iter().find(|name| !names.iter().any(|it| it == **name)) {
            bail!("there is no target {unknown:?}; there are {}", names.join(", "));
        }
        Ok(names.into_iter().filter(|it| wanted.is_empty() || wanted.contains(&&**it)).collect())
    }

    /// Naming the host keeps the coverage out of build scripts and macros.
    fn build(&self) -> Result<()> {
        let mut build =
            cargo(&["build", "--release", "--bins", "--locked", "--target", &self.host]);
        build.arg("--manifest-path").arg(self.sources.join("Cargo.toml"));
        build.arg("--target-dir").arg(&self.output);
        build.env_remove("CARGO_ENCODED_RUSTFLAGS").env("RUSTFLAGS", COVERAGE.join(" "));
        execute(&mut build)
    }

    fn fuzz(&self, target: &str, seconds: u32) -> Result<()> {
        let learnt = self.made("learnt", target)?;
        let found = self.made("found", target)?;
        let program = self.output.join(&self.host).join("release").join(target);
        let mut fuzz = Command::new(program);
        fuzz.args(LIMITS).arg(format!("-max_total_time={seconds}"));
        fuzz.arg(format!("-artifact_prefix={}/", found.display()));
        fuzz.arg(learnt).arg(self.sources.join("corpus").join(target));
        run_quietly(&mut fuzz, target).with_context(|| format!("see {}", found.display()))
    }

    fn made(&self, kind: &str, target: &str) -> Result<PathBuf> {
        let folder = self.output.join(kind).join(target);
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        Ok(folder)
    }
}

/// libFuzzer tells every step; only its last lines are of use, and all of them when it failed.
fn run_quietly(fuzz: &mut Command, target: &str) -> Result<()> {
    let program = Path::new(fuzz.get_program()).display().to_string();
    let output = fuzz.output().with_context(|| program)?;
    let told = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        println!("{told}");
        bail!("{}", output.status);
    }
    println!("{target:<16}{}", told.lines().last().unwrap_or_default());
    Ok(())
}

/// The seconds, when they come first, and the targets.
fn chosen<'a>(arguments: &'a [&'a str]) -> Result<(u32, &'a [&'a str])> {
    match arguments.split_first() {
        Some((first, rest)) if first.starts_with(|c: char| c.is_ascii_digit()) => {
            Ok((first.parse().with_context(|| format!("seconds {first:?}"))?, rest))
        }
        _ => Ok((SECONDS, arguments)),
    }
}

const SECONDS: u32 = 10;

/// What a finding is, beside a panic: ten seconds or a gigabyte for one input.
const LIMITS: &[&str] = &["-timeout=10", "-rss_limit_mb=1024", "-print_final_stats=0", "-seed=0"];

/// What libFuzzer needs to see which branches an input took.
const COVERAGE: &[&str] = &[
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_come_first_and_may_be_left_out() {
        assert_eq!(chosen(&["60", "codec"]).unwrap(), (60, &["codec"][..]));
        assert_eq!(chosen(&["codec"]).unwrap(), (SECONDS, &["codec"][..]));
        assert_eq!(chosen(&[]).unwrap(), (SECONDS, &[][..]));
        assert!(chosen(&["6x"]).is_err());
    }
}
