//! The instructions of a keep-alive GET, counted by valgrind and held to those that were recorded.

use std::{collections::BTreeMap, fs, process::Command};

use anyhow::{Context as _, Result, bail};

use crate::{
    repository::{Repository, cargo, show},
    steps::execute,
};

/// `cargo xtask instructions [--record]`.
pub(crate) fn run(repository: &Repository, arguments: &[&str]) -> Result<()> {
    execute(&mut cargo(&["build", "--quiet", "--package=opi-gate", "--profile=gate"]))?;
    let mut measured = BTreeMap::new();
    for who in [PEER, "async", "blocking"] {
        measured.insert(who.to_owned(), each(repository, who)?);
    }
    let path = repository.root.join(RECORD);
    if arguments.contains(&"--record") {
        let lines: String =
            measured.iter().map(|(who, count)| format!("{who} = {count}\n")).collect();
        fs::write(&path, format!("{HEADER}{lines}"))?;
        println!("written: {RECORD}");
    }
    let text = fs::read_to_string(&path).context(RECORD)?;
    let recorded: Figures = toml::from_str(&text).context(RECORD)?;
    let complaints = judge(&recorded, &measured)?;
    if !complaints.is_empty() {
        bail!("{}; `cargo xtask instructions --record` accepts it", complaints.join("; "));
    }
    Ok(())
}

/// Whether instructions can be counted here.
pub(crate) fn has_valgrind() -> bool {
    cfg!(target_os = "linux")
        && Command::new("valgrind").arg("--version").output().is_ok_and(|it| it.status.success())
}

type Figures = BTreeMap<String, u64>;

/// Prints every figure; complains about those that grew by more than the allowance, both by
/// themselves and beside the peer, which another processor or another libc changes too.
fn judge(recorded: &Figures, measured: &Figures) -> Result<Vec<String>> {
    let of =
        |figures: &Figures, who: &str| figures.get(who).copied().context("a figure is missing");
    let (was, is) = (of(recorded, PEER)?, of(measured, PEER)?);
    println!(
        "{:<10}{:>10}{:>10}{:>8}{:>14}",
        "a GET by", "recorded", "measured", "ratio", "of bare hyper"
    );
    let mut complaints = Vec::new();
    for (who, &now) in measured {
        let before = of(recorded, who)?;
        let beside = before as f64 * is as f64 / was as f64;
        let ratio = now as f64 / beside.max(before as f64);
        println!("{who:<10}{before:>10}{now:>10}{ratio:>8.3}{:>14.2}", now as f64 / is as f64);
        if ratio > ALLOWANCE {
            complaints.push(format!("{who}: {now} instructions a GET, {before} are recorded"));
        }
    }
    Ok(complaints)
}

/// The instructions of one GET by `who`: those of many less those of few, over the difference.
fn each(repository: &Repository, who: &str) -> Result<u64> {
    let (few, many) = (counted(repository, who, FEW)?, counted(repository, who, MANY)?);
    Ok(many.saturating_sub(few) / (MANY - FEW))
}

fn counted(repository: &Repository, who: &str, count: u64) -> Result<u64> {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    command.arg(repository.target.join("gate/opi-gate")).args([who, &count.to_string()]);
    let output = command.output().with_context(|| show(&command))?;
    let told = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("{}: {}\n{told}", show(&command), output.status);
    }
    collected(&told).with_context(|| format!("{} counted nothing:\n{told}", show(&command)))
}

/// The count in what callgrind tells at its end.
fn collected(told: &str) -> Option<u64> {
    let line = told.lines().find_map(|line| line.split_once("Collected : "))?;
    line.1.trim().parse().ok()
}

/// hyper's connection without anything around it.
const PEER: &str = "hyper";
const FEW: u64 = 50;
const MANY: u64 = 550;
/// How much more than what was recorded is let through.
const ALLOWANCE: f64 = 1.03;
const RECORD: &str = "benches/gate/recorded.toml";
const HEADER: &str = "\
# User instructions of one keep-alive GET, by `cargo xtask instructions --record`.
# In a runtime there are two values, some 2,400 apart: with the answer there or not yet there when
# the runtime looks for it first. The larger one belongs here.
";

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(hyper: u64, blocking: u64) -> Figures {
        [(PEER.to_owned(), hyper), ("blocking".to_owned(), blocking)].into()
    }

    #[track_caller]
    fn check(measured: &Figures, complaints: usize) {
        let found = judge(&figures(10_000, 20_000), measured).unwrap();
        assert_eq!(found.len(), complaints, "{found:?}");
    }

    #[test]
    fn more_than_was_recorded_is_a_complaint() {
        check(&figures(10_000, 20_000), 0);
        check(&figures(10_000, 15_000), 0);
        check(&figures(10_000, 20_600), 0);
        check(&figures(10_000, 20_601), 1);
    }

    #[test]
    fn what_changes_the_peer_as_well_is_none() {
        check(&figures(11_000, 22_000), 0);
        check(&figures(9_000, 20_000), 0);
        check(&figures(9_000, 20_601), 1);
        check(&figures(11_000, 22_661), 1);
    }

    #[test]
    fn the_count_is_found_in_what_callgrind_tells() {
        let told = "==7== Events    : Ir\n==7== Collected : 25753292\n==7== \n";
        assert_eq!(collected(told), Some(25_753_292));
        assert_eq!(collected("no such program"), None);
    }
}
