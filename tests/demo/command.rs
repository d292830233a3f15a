//! The jobs through the command, as a script would do them.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::crates::pick;
use crate::job::{Ask, Host, Job, LINE, Road, Task};
use crate::stage::Stage;

/// Does `job` and returns its answer.
pub(crate) fn run(job: &Job, stage: &Stage) -> Result<String> {
    match &job.task {
        Task::Echo => echo(),
        Task::Http { ask, host, way, shown } => {
            let answer = opi(&http(stage, ask, *host, *way)?)?;
            pick(&serde_json::from_str(&answer)?, shown)
        }
        Task::Tcp { host, way } => {
            let mut words = vec!["tcp".into(), "request".into(), stage.echo(*host), LINE.into()];
            words.extend(options(stage, *host, *way));
            if host.is_tls() {
                words.push("--tls".into());
            }
            opi(&words)
        }
    }
}

/// One process serves, another asks.
fn echo() -> Result<String> {
    let server = Serving(
        Command::new(program()?)
            .args(["tcp", "serve", "--json"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?,
    );
    server.ask()
}

/// A running `opi tcp serve`, ended when it is dropped.
struct Serving(Child);

impl Serving {
    fn ask(mut self) -> Result<String> {
        // Kept open: a server that nobody reads any more ends.
        let mut out = BufReader::new(self.0.stdout.take().context("the server has no output")?);
        let mut line = String::new();
        out.read_line(&mut line)?;
        let told: serde_json::Value = serde_json::from_str(&line)?;
        let address = told["result"]["address"].as_str().context("the server told no address")?;
        let answer = opi(&["tcp", "request", address, LINE].map(String::from));
        drop(out);
        answer
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.0.kill().is_err() || self.0.wait().is_err();
    }
}

fn http(stage: &Stage, ask: &Ask, host: Host, way: Road) -> Result<Vec<String>> {
    let mut words = match ask {
        Ask::Form { path, field: [name, value] } => {
            vec!["post".into(), stage.url(host, path), "--form".into(), item(name, "=", value)]
        }
        Ask::Get { path, parameter } => {
            let mut words = vec!["get".into(), stage.url(host, path)];
            words.extend(parameter.iter().map(|[name, value]| item(name, "==", value)));
            words
        }
    };
    words.extend(options(stage, host, way));
    Ok(words)
}

fn item(name: &str, mark: &str, value: &str) -> String {
    format!("{name}{mark}{value}")
}

fn options(stage: &Stage, host: Host, way: Road) -> Vec<String> {
    let mut words = vec!["--proxy".into(), stage.route(way)];
    if host.is_tls() {
        words.extend(["--ca".into(), stage.ca_file().display().to_string()]);
    }
    words
}

/// Runs the command and returns its standard output.
fn opi(words: &[String]) -> Result<String> {
    let done = Command::new(program()?).args(words).stdin(Stdio::null()).output()?;
    if !done.status.success() {
        bail!("{}: {}", done.status, String::from_utf8_lossy(&done.stderr).trim());
    }
    Ok(String::from_utf8(done.stdout)?)
}

/// The command: `OPI_CLI`, or the one built beside this program.
fn program() -> Result<PathBuf> {
    if let Some(given) = std::env::var_os("OPI_CLI") {
        return Ok(given.into());
    }
    let here = std::env::current_exe()?;
    let name = format!("opi{}", std::env::consts::EXE_SUFFIX);
    let beside = here.ancestors().skip(1).take(2).map(|folder: &Path| folder.join(&name));
    beside
        .into_iter()
        .find(|path| path.is_file())
        .context("the command is not built: run `cargo build -p opi-cli`, or set OPI_CLI")
}
