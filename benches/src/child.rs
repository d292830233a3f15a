//! The other side of a contest, in a process of its own.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;
use std::{env, fs, io, thread};

use cpu_time::ProcessTime;

use crate::{Side, pin};

/// This program, started once more in a role; it ends when it is dropped.
#[derive(Debug)]
pub struct Child {
    process: std::process::Child,
    /// Closed first: that is what tells the child to end.
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    address: SocketAddr,
}

/// What a process has used so far.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// Processor time, user and system.
    pub cpu: Duration,
    /// Resident memory in KiB; 0 where the system does not tell.
    pub memory: f64,
}

impl Child {
    /// Starts this program in `role` and waits until it is ready.
    #[must_use]
    pub fn start(role: &str) -> Self {
        Self::spawn(&mut Role::command(role))
    }

    /// Starts `command`, which is one of [`Role::command`], and waits until it is ready.
    #[must_use]
    pub fn spawn(command: &mut Command) -> Self {
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let input = process.stdin.take();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let address = line(&mut output).parse().unwrap();
        Self { process, input, output, address }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it has used so far.
    pub fn usage(&mut self) -> Usage {
        self.input.as_mut().unwrap().write_all(b"usage\n").unwrap();
        let line = line(&mut self.output);
        let (cpu, memory) = line.split_once(' ').unwrap();
        Usage { cpu: Duration::from_nanos(cpu.parse().unwrap()), memory: memory.parse().unwrap() }
    }

    /// The processor time that it uses while `load` runs, and what that returns.
    pub fn during<T>(&mut self, load: impl FnOnce() -> T) -> (Duration, T) {
        let before = self.usage().cpu;
        let loaded = load();
        (self.usage().cpu - before, loaded)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ended = self.process.wait().is_ok();
    }
}

/// What this process was started for by [`Child::start`].
#[derive(Debug)]
pub struct Role(String);

impl Role {
    /// What starts this program in `role`.
    #[must_use]
    pub fn command(role: &str) -> Command {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args([OPTION, role]);
        command
    }

    /// The role, if there is one.
    #[must_use]
    pub fn of_this_process() -> Option<Self> {
        let role = env::args().skip_while(|it| it != OPTION).nth(1)?;
        pin(Side::Child);
        Some(Self(role))
    }

    /// The words of the role.
    #[must_use]
    pub fn words(&self) -> Vec<&str> {
        self.0.split(' ').collect()
    }

    /// Tells the parent where this process listens, and from then on what it uses when asked; ends
    /// the process when the parent goes.
    pub fn ready(address: SocketAddr) {
        println!("{address}");
        thread::spawn(|| {
            for _question in io::stdin().lines().map_while(Result::ok) {
                let cpu = ProcessTime::now().as_duration().as_nanos();
                println!("{cpu} {}", memory().unwrap_or_default());
            }
            std::process::exit(0);
        });
    }
}

/// The resident memory of this process in KiB.
fn memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

fn line(output: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    line.trim().to_owned()
}

/// The option that carries the role.
const OPTION: &str = "--role";
