//! The real servers and proxies of the tests: installed, rendered, started, proven and stopped.

mod checks;
mod install;
mod plan;
mod process;
mod ready;
mod render;
mod state;

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::{Result, bail};

use crate::repository::Repository;
use plan::{Plan, Server};
use render::Rendering;
use state::State;

/// `cargo xtask servers up|check|down`.
pub(crate) fn run(repository: &Repository, arguments: &[&str]) -> Result<()> {
    match arguments {
        ["up"] => up(repository).map(drop),
        ["check"] => check(repository),
        ["down"] => down(repository),
        _ => bail!("usage: cargo xtask servers up|check|down"),
    }
}

/// What `up` leaves behind.
pub(crate) struct Up {
    /// The rendered folder, with `servers.json` in it.
    pub(crate) directory: PathBuf,
    /// Whether this call started the servers, and so has to stop them.
    pub(crate) ours: bool,
    /// Servers that could not be had, and why.
    pub(crate) skipped: BTreeMap<String, String>,
}

/// Installs what is missing, starts everything and waits until it answers; on failure nothing is left running.
pub(crate) fn up(repository: &Repository) -> Result<Up> {
    if !cfg!(target_os = "linux") {
        bail!("the real servers need Linux");
    }
    if let Some(state) = State::read(repository)?.filter(State::is_running) {
        println!("the servers are already up: {}", state.directory.display());
        println!("{}", state.table());
        return Ok(Up { directory: state.directory, ours: false, skipped: state.skipped });
    }
    down(repository)?;
    let plan = Plan::read(repository)?;
    let installed = install::all(repository, &plan)?;
    let rendering = render::all(repository, &plan, installed)?;
    let mut state = State::new(&plan, &rendering);
    if let Err(error) = start(&plan, &rendering, &mut state) {
        state.stop()?;
        return Err(error);
    }
    println!("{}", state.table());
    Ok(Up { directory: state.directory, ours: true, skipped: state.skipped })
}

/// Installs the programs that suites other than `real` need, where they are missing and can be had.
///
/// `programs` are names with the Debian packages that bring them; returns those still missing.
pub(crate) fn tools<'a>(programs: &[(&'a str, &'a str)]) -> Vec<&'a str> {
    install::programs(programs)
}

/// Proves each server with curl.
pub(crate) fn check(repository: &Repository) -> Result<()> {
    let Some(state) = State::read(repository)?.filter(State::is_running) else {
        bail!("the servers are not up; `cargo xtask servers up` starts them");
    };
    checks::all(&Plan::read(repository)?, &state)
}

/// Stops what `up` started and nothing else.
pub(crate) fn down(repository: &Repository) -> Result<()> {
    match State::read(repository)? {
        Some(state) => state.stop(),
        None => Ok(()),
    }
}

/// Starts those that need nobody, waits, then those that need one of the first.
fn start(plan: &Plan, rendering: &Rendering, state: &mut State) -> Result<()> {
    let (second, first): (Vec<&Server>, Vec<&Server>) =
        plan.servers.iter().partition(|server| server.after.is_some());
    for wave in [first, second] {
        let mut waiting = Vec::new();
        for server in
            wave.into_iter().filter(|server| !rendering.skipped.contains_key(&server.name))
        {
            let running = process::start(server, rendering)?;
            state.add(&running)?;
            waiting.push(running);
        }
        ready::wait(waiting, state)?;
    }
    Ok(())
}
