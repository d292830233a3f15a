//! Rows 11 and 12: a process from its start to its first answer.

use std::path::Path;

use opi_benches::{Child, Contest, Metric, Report, Sample};

use crate::clients::SEQUENTIAL;
use crate::site::{Servers, Setup};

pub(crate) fn run(report: &mut Report, servers: &Servers) {
    if report.wants("cold") {
        contest(report, "cold", &servers.plain("/small"), &["hyper-conn", "ureq"], &[]);
    }
    if report.wants("cold_tls") {
        let setup = servers.tls("/small");
        contest(report, "cold_tls", &setup, &["hyper-conn", "ureq"], &["hyper-util legacy"]);
    }
}

fn contest(report: &mut Report, name: &str, setup: &Setup, peers: &[&str], without: &[&str]) {
    let mut contest = Contest::new(name, "us a process");
    for (who, _) in SEQUENTIAL.iter().filter(|(who, _)| !without.contains(who)) {
        let trust =
            setup.trust.as_deref().map_or(String::new(), |it: &Path| format!(" {}", it.display()));
        let role = format!("cold {} {}{trust}", who.replace(' ', "_"), setup.url);
        contest = contest.measured(who, move || Sample::cpu(Child::start(&role).usage().cpu, 1));
    }
    for who in ["opi", "opi, blocking"] {
        contest = contest.target("11", Metric::Cpu, who, peers, 1.1);
    }
    report.add(&contest.run(report.rounds(15)));
}
