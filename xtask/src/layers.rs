//! The layer table: a crate uses lower layers only, and nothing published uses what only tests need.

use anyhow::{Result, bail};

use crate::repository::Repository;

/// `cargo xtask layers`.
pub(crate) fn run(repository: &Repository, _arguments: &[&str]) -> Result<()> {
    let members: Vec<&str> = repository.members().map(|package| package.name.as_str()).collect();
    let edges = edges(repository);
    let mut complaints = missing(&members);
    complaints.extend(edges.iter().filter_map(Edge::complaint));
    for complaint in &complaints {
        println!("{complaint}");
    }
    if !complaints.is_empty() {
        bail!("{} complaints about layers", complaints.len());
    }
    println!("{} dependencies between {} crates keep the layers", edges.len(), members.len());
    Ok(())
}

/// The crates of the design, by layer.
const LAYERS: &[(u8, &[&str])] = &[
    (4, &["opi-1c-ffi", "opi-cli"]),
    (3, &["opi"]),
    (2, &["opi-http-connector", "opi-tcp-client", "opi-tcp-server"]),
    (1, &["opi-proxy"]),
    (0, &["opi-auth", "opi-framing", "opi-net"]),
];

/// Members that use everything and that nobody may use.
const OUTSIDE: &[&str] = &["opi-benches", "opi-gate", "opi-tests", "xtask"];

/// Libraries that bring sockets or a clock, with the crates that must do without.
const PURE: &[(&str, &str)] = &[("opi-auth", "tokio"), ("opi-framing", "tokio")];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Dev,
    Normal,
}

struct Edge {
    from: String,
    to: String,
    kind: Kind,
}

impl Edge {
    fn complaint(&self) -> Option<String> {
        let Self { from, to, kind } = self;
        if PURE.contains(&(from.as_str(), to.as_str())) {
            return Some(format!("{from} -> {to}: {from} knows neither sockets nor clocks"));
        }
        let above = layer(from)?;
        if OUTSIDE.contains(&to.as_str()) {
            return Some(format!(
                "{from} -> {to}: a published crate does not use what only tests need"
            ));
        }
        let below = layer(to)?;
        let words_in_tests = *kind == Kind::Dev && to == "opi-net";
        if below < above || words_in_tests {
            return None;
        }
        Some(format!("{from} -> {to}: layer {above} must not use layer {below}"))
    }
}

fn edges(repository: &Repository) -> Vec<Edge> {
    let of = |package: &crate::repository::Package| {
        let from = package.name.clone();
        let edges = package.dependencies.iter().map(move |dependency| Edge {
            from: from.clone(),
            to: dependency.name.clone(),
            kind: if dependency.kind.as_deref() == Some("dev") { Kind::Dev } else { Kind::Normal },
        });
        edges.collect::<Vec<_>>()
    };
    let known = |edge: &Edge| PURE.iter().any(|(_, to)| edge.to == *to) || is_member(&edge.to);
    repository.members().flat_map(of).filter(known).collect()
}

fn is_member(name: &str) -> bool {
    layer(name).is_some() || OUTSIDE.contains(&name)
}

fn layer(name: &str) -> Option<u8> {
    LAYERS.iter().find(|(_, crates)| crates.contains(&name)).map(|(layer, _)| *layer)
}

fn missing(members: &[&str]) -> Vec<String> {
    let unknown = members.iter().filter(|name| !is_member(name));
    unknown.map(|name| format!("{name} has no layer: give it one in xtask/src/layers.rs")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from: &str, to: &str, kind: Kind, expected: Option<&str>) {
        let edge = Edge { from: from.to_owned(), to: to.to_owned(), kind };
        assert_eq!(edge.complaint().as_deref(), expected);
    }

    #[test]
    fn a_lower_layer_may_be_used() {
        check("opi-cli", "opi", Kind::Normal, None);
        check("opi-cli", "opi-net", Kind::Normal, None);
        check("opi-proxy", "opi-auth", Kind::Normal, None);
    }

    #[test]
    fn the_own_layer_and_higher_ones_may_not() {
        let upwards = "opi-net -> opi-proxy: layer 0 must not use layer 1";
        check("opi-net", "opi-proxy", Kind::Normal, Some(upwards));
        let sideways = "opi-tcp-client -> opi-tcp-server: layer 2 must not use layer 2";
        check("opi-tcp-client", "opi-tcp-server", Kind::Normal, Some(sideways));
        check("opi-tcp-client", "opi-tcp-server", Kind::Dev, Some(sideways));
    }

    #[test]
    fn tests_of_any_crate_may_use_the_words() {
        check("opi-framing", "opi-net", Kind::Dev, None);
        let sideways = "opi-framing -> opi-net: layer 0 must not use layer 0";
        check("opi-framing", "opi-net", Kind::Normal, Some(sideways));
    }

    #[test]
    fn nothing_published_uses_the_tests() {
        for kind in [Kind::Dev, Kind::Normal] {
            let why = "opi-net -> opi-tests: a published crate does not use what only tests need";
            check("opi-net", "opi-tests", kind, Some(why));
        }
        check("opi-tests", "opi", Kind::Normal, None);
    }

    #[test]
    fn crates_that_only_decide_have_no_runtime() {
        for kind in [Kind::Dev, Kind::Normal] {
            let why = "opi-auth -> tokio: opi-auth knows neither sockets nor clocks";
            check("opi-auth", "tokio", kind, Some(why));
        }
    }

    #[test]
    fn a_crate_without_a_layer_is_noticed() {
        assert_eq!(missing(&["opi", "xtask"]), [""; 0]);
        assert_eq!(
            missing(&["opi-new"]),
            ["opi-new has no layer: give it one in xtask/src/layers.rs"]
        );
    }
}
