//! The program curl; what it used is what the system says of children that have ended.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use opi_benches::Sample;

use super::Transfer;
use crate::site::Setup;

pub(super) fn download(setup: &Setup) -> Transfer {
    let setup = setup.clone();
    Box::new(move || {
        let mut command = Command::new("curl");
        command.args(["--silent", "--show-error", "--compressed", "--output", "/dev/null"]);
        if let Some(path) = &setup.trust {
            command.arg("--cacert").arg(path);
        }
        Some(run(command.arg(&setup.url)))
    })
}

pub(super) fn upload(setup: &Setup) -> Transfer {
    let setup = setup.clone();
    Box::new(move || {
        let mut command = Command::new("curl");
        command.args([
            "--silent",
            "--show-error",
            "--header",
            "Content-Type:",
            "--header",
            "Expect:",
        ]);
        command.args(["--request", "POST", "--upload-file"]).arg(&setup.file);
        Some(run(command.arg(&setup.url)))
    })
}

pub(super) fn multipart(setup: &Setup) -> Transfer {
    let setup = setup.clone();
    Box::new(move || {
        let mut command = Command::new("curl");
        command.args(["--silent", "--show-error", "--header", "Expect:", "--form", "kind=bench"]);
        command.arg("--form").arg(format!("file=@{}", setup.file.display()));
        Some(run(command.arg(&setup.url)))
    })
}

/// Runs `command` to its end; the processor's time of one operation.
pub(super) fn run(command: &mut Command) -> Sample {
    let before = of_children();
    assert!(command.stdout(Stdio::null()).status().unwrap().success());
    Sample::cpu(of_children() - before, 1)
}

/// In hundredths of a second, which is enough for transfers.
fn of_children() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let words: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks = |at: usize| words[at].parse::<u64>().unwrap();
    Duration::from_millis((ticks(13) + ticks(14)) * 10)
}
