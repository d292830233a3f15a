//! Rows 24 to 26b: an echo server with 1 to 10,000 connections.

use opi_benches::{Child, Clients, Contest, Metric, Report, Sample};

pub(crate) fn run(report: &mut Report) {
    for (row, count, messages, most) in ROWS {
        let name = format!("echo_{count}");
        if !report.wants(&name) {
            continue;
        }
        let messages = report.size(messages).max(count);
        let mut contest = Contest::new(&name, "us a message, server only");
        for (entrant, role) in ENTRANTS {
            // Ten thousand threads are no fair match on two processors.
            if count <= 1_000 || entrant != "std" {
                contest = contest.measured(entrant, move || measure(role, count, messages));
            }
        }
        let peers: &[_] = if count == 1 { &["tokio", "std"] } else { &["tokio"] };
        let contest = contest.target(row, Metric::Cpu, "opi, task each", peers, most).target(
            row,
            Metric::Cpu,
            "opi, one owner",
            peers,
            most,
        );
        report.add(&contest.run(report.rounds(5)));
    }
}

/// A new server each time: nothing is left over from the round before.
pub(crate) fn measure(role: &str, count: usize, messages: usize) -> Sample {
    let mut server = Child::start(role);
    let mut clients = Clients::connect(server.address(), count, 64);
    let (spent, times) = server.during(|| clients.exchange(messages));
    Sample::cpu(spent, messages).with_times(times)
}

const ENTRANTS: [(&str, &str); 5] = [
    ("tokio", "echo tokio"),
    ("opi, task each", "echo opi-task"),
    ("opi, one owner", "echo opi-next"),
    ("tokio-util Framed", "echo framed"),
    ("std", "echo std"),
];

/// The row, the connections, the messages in all, and the most that the ratio may be.
const ROWS: [(&str, usize, usize, f64); 4] = [
    ("24", 1, 20_000, 1.05),
    ("25", 100, 100_000, 1.10),
    ("26", 1_000, 100_000, 1.10),
    ("26b", 10_000, 100_000, 1.10),
];
