//! Tests that need a process of their own, and the one that a memory checker runs.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Output};

use harness::addin::build;

/// Runs `body` in a process that does nothing else; `name` is the path of the calling test.
///
/// The test runs itself again, so `body` is where the second run comes out.
pub(crate) fn alone(name: &str, body: impl FnOnce()) {
    if is_alone(name) {
        return body();
    }
    let output = run(Command::new(std::env::current_exe().unwrap()), name, &[]);
    assert_passed(name, &output);
}

/// Runs the test of this name again, alone and with these variables.
pub(crate) fn alone_with(name: &str, variables: &[(&str, String)]) {
    let output = run(Command::new(std::env::current_exe().unwrap()), name, variables);
    assert_passed(name, &output);
}

/// Whether this is the process that a test with this path has started for itself.
pub(crate) fn is_alone(name: &str) -> bool {
    std::env::var_os(ALONE).as_deref() == Some(OsStr::new(name))
}

/// Runs the calling test again under valgrind, with these variables; says so when there is none.
pub(crate) fn under_valgrind(name: &str, variables: &[(&str, String)]) -> Option<Output> {
    let Some(valgrind) = find("valgrind") else {
        assert!(std::env::var_os("CI").is_none(), "valgrind is not installed");
        skipped();
        return None;
    };
    let mut command = Command::new(valgrind);
    command.args([
        "--quiet",
        "--error-exitcode=99",
        "--leak-check=full",
        "--show-leak-kinds=definite",
        "--errors-for-leak-kinds=definite",
        "--num-callers=30",
    ]);
    command.arg(std::env::current_exe().unwrap());
    Some(run(command, name, variables))
}

#[track_caller]
pub(crate) fn assert_passed(name: &str, output: &Output) {
    let told = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    assert!(output.status.success(), "{name}: {}\n{}\n{}", output.status, told[0], told[1]);
    assert!(told[0].contains("1 passed"), "{name} did not run:\n{}", told[0]);
}

fn run(mut command: Command, name: &str, variables: &[(&str, String)]) -> Output {
    command.args(["--exact", name, "--nocapture", "--test-threads=1"]);
    command.env(ALONE, name).env("OPI_ADDIN", build());
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    command.output().unwrap()
}

#[expect(clippy::print_stderr, reason = "a skipped check is reported, never silently passed")]
fn skipped() {
    eprintln!("skipped: valgrind is not installed");
}

fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

const ALONE: &str = "OPI_ALONE";
