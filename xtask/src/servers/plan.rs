//! What `tests/servers/servers.toml` says.

use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr},
};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::repository::Repository;

/// The rows of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    #[serde(rename = "check")]
    pub(super) checks: Vec<Check>,
    #[serde(default, rename = "client")]
    pub(super) clients: Vec<Tool>,
    #[serde(rename = "server")]
    pub(super) servers: Vec<Server>,
    #[serde(rename = "tool")]
    pub(super) tools: Vec<Tool>,
}

/// A program that preparing and proving need, or that tests start.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tool {
    pub(super) program: String,
    /// The Debian packages that bring it.
    pub(super) debian: Vec<String>,
}

/// One process with its endpoints.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Server {
    pub(super) name: String,
    /// The server that must be ready before this one starts.
    pub(super) after: Option<String>,
    #[serde(default)]
    pub(super) debian: Vec<String>,
    /// What it listens on; the names that tests use.
    pub(super) endpoints: Vec<String>,
    /// A folder outside the rendered one that the program insists on when it runs as root.
    pub(super) folder_of_root: Option<String>,
    /// The address its endpoints listen on. Default: 127.0.0.1.
    #[serde(default = "ipv4")]
    pub(super) loopback: IpAddr,
    /// A command that makes what the program needs.
    #[serde(default)]
    pub(super) prepare: Vec<String>,
    /// Without it the server is skipped.
    pub(super) program: String,
    /// Ports that it connects to and that no server here listens on: tests do, or nobody.
    #[serde(default)]
    pub(super) reserves: Vec<String>,
    pub(super) run: Vec<String>,
}

fn ipv4() -> IpAddr {
    Ipv4Addr::LOCALHOST.into()
}

impl Server {
    /// Every name that gets a port.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.endpoints.iter().chain(&self.reserves)
    }
}

/// A curl call and how it must end.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Check {
    pub(super) name: String,
    /// What the answer must contain.
    #[serde(default)]
    pub(super) body: String,
    /// The proxy's answer to CONNECT.
    pub(super) connect: Option<u16>,
    pub(super) curl: Vec<String>,
    #[serde(default)]
    pub(super) exit: i32,
    pub(super) needs: Vec<String>,
    #[serde(default = "ok")]
    pub(super) status: u16,
}

fn ok() -> u16 {
    200
}

impl Plan {
    pub(super) fn read(repository: &Repository) -> Result<Self> {
        Self::parse(&repository.read("tests/servers/servers.toml")?)
    }

    fn parse(text: &str) -> Result<Self> {
        let plan: Self = toml::from_str(text).context("tests/servers/servers.toml")?;
        let names: BTreeSet<&str> =
            plan.servers.iter().map(|server| server.name.as_str()).collect();
        if names.len() != plan.servers.len() {
            bail!("two servers have one name");
        }
        let mut named = plan.checks.iter().flat_map(|check| &check.needs);
        let mut after = plan.servers.iter().filter_map(|server| server.after.as_ref());
        let unknown = |name: &&String| !names.contains(name.as_str());
        if let Some(name) = named.find(unknown).or_else(|| after.find(unknown)) {
            bail!("there is no server {name:?}");
        }
        Ok(plan)
    }

    pub(super) fn endpoints(&self) -> impl Iterator<Item = &String> {
        self.servers.iter().flat_map(Server::names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(servers: &str, needs: &str) -> Result<Plan> {
        let tool = "[[tool]]\nprogram = \"curl\"\ndebian = []\n";
        let check = format!("[[check]]\nname = \"c\"\nneeds = [\"{needs}\"]\ncurl = []\n");
        Plan::parse(&[tool, servers, &check].concat())
    }

    const A: &str =
        "[[server]]\nname = \"a\"\nprogram = \"a\"\nendpoints = [\"a\"]\nrun = [\"a\"]\n";

    fn of_the_repository() -> Plan {
        Plan::parse(include_str!("../../../tests/servers/servers.toml")).unwrap()
    }

    #[test]
    fn every_server_of_the_repository_is_proven() {
        let plan = of_the_repository();
        for Server { name, .. } in plan.servers.iter().filter(|server| server.name != "sshd") {
            assert!(
                plan.checks.iter().any(|check| check.needs.contains(name)),
                "no check needs {name}"
            );
        }
    }

    #[test]
    fn the_page_about_testing_names_every_endpoint() {
        let page = include_str!("../../../docs/testing.md");
        for endpoint in of_the_repository().endpoints() {
            assert!(page.contains(&format!("`{endpoint}`")), "docs/testing.md lacks {endpoint}");
        }
    }

    #[test]
    fn a_check_expects_200_and_no_error() {
        let plan = plan(A, "a").unwrap();
        assert_eq!((plan.checks[0].status, plan.checks[0].exit), (200, 0));
    }

    #[test]
    fn names_must_exist_once() {
        assert!(plan(A, "b").is_err());
        assert!(plan(&A.repeat(2), "a").is_err());
        assert!(plan(&format!("{A}after = \"b\"\n"), "a").is_err());
        assert!(plan(&format!("{A}unknown = 1\n"), "a").is_err());
    }
}
