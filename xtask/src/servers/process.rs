//! One server as a process: started in a group of its own, known again by its start time, stopped with its children.

use std::{
    fs::{self, File},
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use super::{install, plan::Server, render::Rendering};
use crate::repository::output;

/// A server that was just started.
pub(super) struct Running {
    /// Those that do not accept connections yet.
    pub(super) addresses: Vec<SocketAddr>,
    pub(super) child: Child,
    pub(super) log: PathBuf,
    pub(super) process: Process,
}

/// How to find a process again, and no other one that got its number.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct Process {
    pub(super) server: String,
    pub(super) pid: u32,
    /// In ticks since the system started.
    pub(super) started: u64,
}

/// Starts a server; its output goes to a log of its own.
pub(super) fn start(server: &Server, rendering: &Rendering) -> Result<Running> {
    if let Some(folder) = &server.folder_of_root {
        // Without being root the program does not look for it.
        let _not_root = fs::create_dir_all(folder);
    }
    if !server.prepare.is_empty() {
        output(&mut command(&server.prepare, rendering)?).with_context(|| server.name.clone())?;
    }
    let log = rendering.directory.join("logs").join(format!("{}.log", server.name));
    let file = File::create(&log)?;
    let mut command = command(&server.run, rendering)?;
    command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    let child = in_group_of_its_own(&mut command)
        .spawn()
        .with_context(|| format!("starting {}", server.name))?;
    let pid = child.id();
    let started = start_time(pid).unwrap_or_default();
    let address = |name| SocketAddr::new(server.loopback, rendering.ports[name]);
    let addresses = server.endpoints.iter().map(address).collect();
    Ok(Running {
        addresses,
        child,
        log,
        process: Process { server: server.name.clone(), pid, started },
    })
}

impl Process {
    pub(super) fn is_running(&self) -> bool {
        start_time(self.pid) == Some(self.started)
    }

    fn signal(&self, name: &str) {
        if self.is_running() {
            // It may end by itself in this very moment. The shell's own `kill` is there when no other is.
            let kill = format!("kill -s {name} -- -{}", self.pid);
            let _ended = output(Command::new("sh").args(["-c", &kill]));
        }
    }
}

/// Asks all to end, then ends those that did not; an error names those that are still there.
pub(super) fn stop(processes: &[Process]) -> Result<()> {
    for signal in ["TERM", "KILL"] {
        for process in processes.iter().rev() {
            process.signal(signal);
        }
        let limit = Instant::now() + Duration::from_secs(5);
        while processes.iter().any(Process::is_running) && Instant::now() < limit {
            pause();
        }
    }
    let left = processes.iter().filter(|process| process.is_running());
    let left: Vec<String> = left.map(|left| format!("{} ({})", left.server, left.pid)).collect();
    if !left.is_empty() {
        bail!("still running: {}", left.join(", "));
    }
    Ok(())
}

/// A short wait between two looks at something that sends no event.
#[expect(
    clippy::disallowed_methods,
    reason = "other programs' ports and processes can only be polled"
)]
pub(super) fn pause() {
    thread::sleep(Duration::from_millis(10));
}

fn command(words: &[String], rendering: &Rendering) -> Result<Command> {
    let words: Vec<String> =
        words.iter().map(|word| rendering.fill(word)).collect::<Result<_>>()?;
    let (program, arguments) = words.split_first().context("an empty command")?;
    let mut command = Command::new(install::find(program).unwrap_or_else(|| program.into()));
    command.args(arguments).current_dir(&rendering.directory);
    Ok(command)
}

/// None when there is no such process, or only its exit code is left.
fn start_time(pid: u32) -> Option<u64> {
    parse_start_time(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

fn parse_start_time(stat: &str) -> Option<u64> {
    // The name before the last parenthesis may hold anything.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    if matches!(fields.next()?, "Z" | "X") {
        return None;
    }
    fields.nth(18)?.parse().ok()
}

#[cfg(unix)]
fn in_group_of_its_own(command: &mut Command) -> &mut Command {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0)
}

#[cfg(not(unix))]
fn in_group_of_its_own(command: &mut Command) -> &mut Command {
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAT: &str = "12 (a) b) S 1 12 12 0 -1 4 1 0 0 0 3 4 0 0 20 0 7 0 98765 1 2";

    #[test]
    fn the_start_time_is_read_past_any_name() {
        assert_eq!(parse_start_time(STAT), Some(98_765));
        assert_eq!(parse_start_time("12 (a"), None);
    }

    #[test]
    fn a_process_that_ended_is_not_running() {
        assert_eq!(parse_start_time(&STAT.replace(" S ", " Z ")), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_with_another_start_time_is_left_alone() {
        let pid = std::process::id();
        let us = Process { server: "us".to_owned(), pid, started: start_time(pid).unwrap() };
        assert!(us.is_running());
        let other = Process { started: us.started + 1, ..us };
        assert!(!other.is_running());
        other.signal("KILL");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_group_is_stopped_with_its_children() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 60 & wait"]);
        let mut child = in_group_of_its_own(&mut command).spawn().unwrap();
        let pid = child.id();
        let process = Process { server: "s".to_owned(), pid, started: start_time(pid).unwrap() };
        stop(std::slice::from_ref(&process)).unwrap();
        assert!(!process.is_running());
        assert!(!child.wait().unwrap().success());
    }
}
