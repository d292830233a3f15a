//! Rows 13 to 16: downloads, in microseconds a MiB.

use cpu_time::ProcessTime;
use opi_benches::{Contest, Metric, Report, Sample};

use crate::clients::DOWNLOAD;
use crate::site::{Servers, Setup};

pub(crate) fn run(report: &mut Report, servers: &Servers) {
    let size = report.size(512 << 20).next_multiple_of(65_536);
    let path = |kind: &str| format!("/{kind}/{size}");
    let rows = [
        ("13", "download", servers.plain(&path("bytes")), &["curl", "hyper-conn"][..], 1.0),
        ("14", "download_tls", servers.tls(&path("bytes")), &["hyper-conn", "ureq"][..], 1.0),
        ("16", "download_chunked", servers.plain(&path("chunked")), &["curl", "ureq"][..], 1.05),
    ];
    for (row, name, setup, peers, most) in rows {
        if report.wants(name) {
            download(report, (row, name, size >> 20, most), &setup, peers);
        }
    }
}

fn download(
    report: &mut Report,
    (row, name, mebibytes, most): (&str, &str, usize, f64),
    setup: &Setup,
    peers: &[&str],
) {
    let mut contest = Contest::new(name, "us a MiB");
    for (who, make) in DOWNLOAD {
        let mut transfer = make(setup);
        contest = contest.measured(who, move || {
            let started = ProcessTime::now();
            match transfer() {
                Some(sample) => sample.per(mebibytes),
                None => Sample::cpu(started.elapsed(), mebibytes),
            }
        });
    }
    for who in ["opi", "opi, blocking"] {
        contest = contest.target(row, Metric::Cpu, who, peers, most);
    }
    report.add(&contest.run(report.rounds(5)));
}
