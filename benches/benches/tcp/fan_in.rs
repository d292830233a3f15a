//! Rows 27 to 28b: many connections to one consumer that blocks.

use opi_benches::{Contest, Metric, Report};

use crate::echo::measure;

pub(crate) fn run(report: &mut Report) {
    for (row, count, messages) in ROWS {
        let name = format!("fan_in_{count}");
        if !report.wants(&name) {
            continue;
        }
        let messages = report.size(messages).max(count);
        let mut contest = Contest::new(&name, "us a message, server only")
            .measured("tokio", move || measure("fan-in tokio", count, messages))
            .measured("std", move || measure("fan-in std", count, messages))
            .measured("opi", move || measure("fan-in opi", count, messages))
            .target(row, Metric::Cpu, "opi", &["tokio"], 1.2);
        if count == 1 {
            contest = contest.limit(row, Metric::P50, "opi", 100.0);
        }
        report.add(&contest.run(report.rounds(5)));
    }
}

/// The row, the connections and the messages in all.
const ROWS: [(&str, usize, usize); 3] =
    [("27", 1, 20_000), ("28", 100, 100_000), ("28b", 1_000, 100_000)];
