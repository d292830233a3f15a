//! Row 1s: calls of the system that a request makes, as strace counts them.

use std::path::Path;
use std::process::{Command, Stdio};

use opi_benches::{Contest, Metric, Report, Role, Sample};

use crate::clients::SEQUENTIAL;
use crate::site::Servers;

pub(crate) fn run(report: &mut Report, servers: &Servers) {
    let rows = [("calls_keep_alive", "/small", 2.0), ("calls_new_connection", "/close", 6.0)];
    for (name, path, most) in rows {
        if report.wants(name) {
            contest(report, servers, (name, path, most));
        }
    }
}

fn contest(report: &mut Report, servers: &Servers, (name, path, most): (&str, &str, f64)) {
    let strace = Command::new("strace").arg("-V").stdout(Stdio::null()).status();
    if !strace.is_ok_and(|it| it.success()) {
        println!("strace is not installed: {name} is not run");
        return;
    }
    let url = servers.plain(path).url;
    let counts = servers.authority.key.with_file_name("calls");
    let mut contest = Contest::new(name, "not measured");
    for (who, _) in SEQUENTIAL {
        let (url, counts) = (&url, &counts);
        let calls = move |requests| calls(who, url, requests, counts);
        contest = contest.measured(who, move || {
            // What beginning and end take is in both.
            let each = (calls(FEW + MANY) - calls(FEW)) / MANY as f64;
            Sample::default().with(Metric::Calls, each)
        });
    }
    let contest = contest.limit("1s", Metric::Calls, "opi, blocking", most);
    report.add(&contest.run(report.rounds(3)));
}

/// The calls of a process, with all its threads, that makes so many requests.
fn calls(who: &str, url: &str, requests: usize, counts: &Path) -> f64 {
    let role = Role::command(&format!("count {} {url} {requests}", who.replace(' ', "_")));
    let mut strace = Command::new("strace");
    strace.args(["--follow-forks", "--summary-only", "--output"]).arg(counts);
    strace.arg(role.get_program()).args(role.get_args());
    assert!(strace.status().unwrap().success());
    let told = std::fs::read_to_string(counts).unwrap();
    let total = told.lines().find(|line| line.ends_with(" total")).unwrap();
    total.split_whitespace().nth(3).unwrap().parse().unwrap()
}

const FEW: usize = 20;
const MANY: usize = 100;
