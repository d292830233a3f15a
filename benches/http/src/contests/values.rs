//! Row 7: 10 MiB of JSON to a value.

use opi_benches::{Contest, Metric, Report};

use crate::clients::{JSON, python_json};
use crate::site::Servers;

pub(crate) fn run(report: &mut Report, servers: &Servers) {
    if !report.wants("json_10mb") {
        return;
    }
    let setup = servers.plain("/json");
    let count = report.size(5);
    let mut contest = Contest::new("json_10mb", "us a value");
    for (who, make) in JSON {
        let mut values = make(&setup);
        contest = contest.entrant(who, count, move || values(count));
    }
    if let Some(mut values) = python_json(&setup) {
        contest = contest.measured("requests", move || values(count));
    }
    let peers = ["hyper-conn", "hyper-util legacy", "reqwest", "ureq", "curl crate"];
    for who in ["opi", "opi, blocking"] {
        contest = contest.target("7", Metric::Cpu, who, &peers, 1.0);
    }
    report.add(&contest.run(report.rounds(9)));
}
