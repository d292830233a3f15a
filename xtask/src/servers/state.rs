//! `servers.json`: what runs and where. Tests read it, and so do `check` and `down`.

use std::{collections::BTreeMap, fs, path::PathBuf, time::Duration};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use super::{
    plan::Plan,
    process::{self, Process, Running},
    render::{self, Rendering},
};
use crate::repository::Repository;

/// The content of the file. Only `ca`, `directory`, `endpoints` and `skipped` are meant for tests.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct State {
    /// The certificate that all good servers lead to.
    pub(super) ca: PathBuf,
    pub(super) directory: PathBuf,
    /// What can be connected to.
    pub(super) endpoints: BTreeMap<String, Endpoint>,
    /// Servers that could not be had, and why.
    pub(super) skipped: BTreeMap<String, String>,
    processes: Vec<Process>,
    ready_ms: BTreeMap<String, u128>,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Endpoint {
    pub(super) port: u16,
    pub(super) server: String,
}

impl State {
    /// Nothing runs yet.
    pub(super) fn new(plan: &Plan, rendering: &Rendering) -> Self {
        let Rendering { directory, ports, skipped, .. } = rendering;
        let mut endpoints = BTreeMap::new();
        for server in plan.servers.iter().filter(|server| !skipped.contains_key(&server.name)) {
            for name in server.names() {
                let endpoint = Endpoint { port: ports[name], server: server.name.clone() };
                endpoints.insert(name.clone(), endpoint);
            }
        }
        Self {
            ca: directory.join("tls/ca.pem"),
            directory: directory.clone(),
            endpoints,
            skipped: skipped.clone(),
            processes: Vec::new(),
            ready_ms: BTreeMap::new(),
        }
    }

    /// What an earlier `up` wrote.
    pub(super) fn read(repository: &Repository) -> Result<Option<Self>> {
        let file = render::place(repository).join(FILE);
        if !file.exists() {
            return Ok(None);
        }
        let text = fs::read_to_string(&file)?;
        serde_json::from_str(&text).map(Some).with_context(|| file.display().to_string())
    }

    /// Whether everything that was started still runs.
    pub(super) fn is_running(&self) -> bool {
        !self.processes.is_empty() && self.processes.iter().all(Process::is_running)
    }

    /// Notes a process at once, so that it can be stopped whatever happens next.
    pub(super) fn add(&mut self, running: &Running) -> Result<()> {
        self.processes.push(running.process.clone());
        self.write()
    }

    /// Notes that a server answers.
    pub(super) fn ready(&mut self, server: &str, took: Duration) -> Result<()> {
        self.ready_ms.insert(server.to_owned(), took.as_millis());
        self.write()
    }

    /// Stops all; logs stay, the file goes.
    pub(super) fn stop(self) -> Result<()> {
        process::stop(&self.processes)?;
        let file = self.directory.join(FILE);
        if file.exists() {
            fs::remove_file(file)?;
        }
        println!("{} servers stopped", self.processes.len());
        Ok(())
    }

    pub(super) fn table(&self) -> String {
        let mut lines = vec![format!("{:<24}{:>7}{:>10}  server", "endpoint", "port", "ready ms")];
        for (name, Endpoint { port, server }) in &self.endpoints {
            let ready = self.ready_ms.get(server).map_or_else(|| "-".to_owned(), u128::to_string);
            lines.push(format!("{name:<24}{port:>7}{ready:>10}  {server}"));
        }
        lines.extend(self.skipped.iter().map(|(server, why)| format!("skipped: {server}: {why}")));
        lines.join("\n")
    }

    fn write(&self) -> Result<()> {
        let text = serde_json::to_string_pretty(self)?;
        Ok(fs::write(self.directory.join(FILE), text + "\n")?)
    }
}

const FILE: &str = "servers.json";

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> State {
        let endpoint = Endpoint { port: 20_001, server: "squid-basic".to_owned() };
        State {
            ca: "tls/ca.pem".into(),
            directory: ".".into(),
            endpoints: BTreeMap::from([("squid-basic-tls".to_owned(), endpoint)]),
            skipped: BTreeMap::from([("dante".to_owned(), "no danted".to_owned())]),
            processes: Vec::new(),
            ready_ms: BTreeMap::from([("squid-basic".to_owned(), 12)]),
        }
    }

    #[test]
    fn tests_find_ports_by_the_name_of_an_endpoint() {
        let json = serde_json::to_value(state()).unwrap();
        assert_eq!(json["endpoints"]["squid-basic-tls"]["port"], 20_001);
        assert_eq!(json["ca"], "tls/ca.pem");
        assert_eq!(json["skipped"]["dante"], "no danted");
    }

    #[test]
    fn the_table_names_what_is_missing() {
        let table = state().table();
        assert!(
            table.contains("squid-basic-tls           20001        12  squid-basic"),
            "{table}"
        );
        assert!(table.contains("skipped: dante: no danted"), "{table}");
    }

    #[test]
    fn nothing_started_is_not_running() {
        assert!(!state().is_running());
    }
}
