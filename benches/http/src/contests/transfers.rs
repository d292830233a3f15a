//! Rows 13 to 18: downloads and uploads, in microseconds a MiB.

use cpu_time::ProcessTime;
use opi_benches::{Contest, Metric, Report, Sample};

use crate::clients::{DOWNLOAD, MULTIPART, Maker, Transfer, UPLOAD};
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
            contest(report, (row, name, size >> 20, most), (&setup, DOWNLOAD), peers);
        }
    }
    if report.wants("download_gzip") {
        let peers = &["curl", "ureq", "reqwest"];
        contest(report, ("15", "download_gzip", 10, 1.0), (&servers.plain("/gzip"), GZIP), peers);
    }
    if report.wants("upload") {
        let setup = servers.upload(size);
        let what = ("17", "upload", size >> 20, 0.9);
        contest(report, what, (&setup, UPLOAD), &["ureq"]);
        let what = ("18", "upload_multipart", size >> 20, 1.0);
        contest(report, what, (&setup, MULTIPART), &["curl"]);
        std::fs::remove_file(&setup.file).unwrap();
    }
}

/// Those of [`DOWNLOAD`] that decode; hyper's connection alone does not.
const GZIP: &[(&str, Maker<Transfer>)] = DOWNLOAD.split_at(1).1;

fn contest(
    report: &mut Report,
    (row, name, mebibytes, most): (&str, &str, usize, f64),
    (setup, clients): (&Setup, &'static [(&'static str, Maker<Transfer>)]),
    peers: &[&str],
) {
    let mut contest = Contest::new(name, "us a MiB");
    for (who, make) in clients {
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
