//! Rows 1 to 5 and 8 to 10: requests of 200 bytes of JSON.

use opi_benches::{Contest, Metric, Report};

use crate::clients::{CONCURRENT, SEQUENTIAL, python};
use crate::site::{Servers, Setup};

pub(crate) fn run(report: &mut Report, servers: &Servers) {
    for row in rows(servers) {
        if report.wants(row.name) {
            sequential(report, &row);
        }
    }
    if report.wants("get_64_at_a_time") {
        concurrent(report, &servers.plain("/small"));
    }
}

struct Row {
    name: &'static str,
    setup: Setup,
    count: usize,
    targets: Targets,
    /// Who cannot do it.
    without: &'static [&'static str],
}

impl Row {
    fn new(
        name: &'static str,
        setup: Setup,
        count: usize,
        targets: Targets,
        without: &'static [&'static str],
    ) -> Self {
        Self { name, setup, count, targets, without }
    }
}

fn rows(servers: &Servers) -> Vec<Row> {
    let cookies = servers.plain("/cookies").url;
    let with_cookies = Setup { cookies: Some(cookies), ..servers.plain("/small") };
    vec![
        Row::new("get_keep_alive", servers.plain("/small"), 4_000, KEEP_ALIVE, &[]),
        Row::new("get_new_connection", servers.plain("/close"), 1_000, NEW, &[]),
        Row::new("get_tls_keep_alive", servers.tls("/small"), 3_000, TLS, NO_TLS),
        Row::new("get_tls_new_connection", servers.tls("/close"), 200, TLS_NEW, NO_TLS),
        Row::new("get_500_cookies", with_cookies, 2_000, COOKIES, NO_COOKIES),
        Row::new("get_socks5_keep_alive", servers.through_socks("/small"), 2_000, SOCKS, BARE),
        Row::new(
            "get_socks5_new_connection",
            servers.through_socks("/close"),
            400,
            SOCKS_NEW,
            BARE,
        ),
    ]
}

/// The number of the row, whose ratio it is, to whom, and what it may be.
type Targets = &'static [(&'static str, &'static str, &'static str, f64)];

const KEEP_ALIVE: Targets =
    &[("1", "opi", "hyper-conn", 1.05), ("1u", "opi, blocking", "hyper-conn", 0.95)];
const NEW: Targets =
    &[("3", "opi", "hyper-conn", 1.15), ("3", "opi, blocking", "hyper-conn", 1.15)];
const TLS: Targets =
    &[("4", "opi", "hyper-conn", 1.05), ("4", "opi, blocking", "hyper-conn", 1.05)];
const TLS_NEW: Targets =
    &[("5", "opi", "hyper-conn", 1.05), ("5", "opi, blocking", "hyper-conn", 1.05)];
const COOKIES: Targets = &[("8", "opi", "ureq", 0.85), ("8", "opi, blocking", "ureq", 0.85)];
const SOCKS: Targets = &[("9", "opi", "ureq", 0.9), ("9", "opi, blocking", "ureq", 0.9)];
const SOCKS_NEW: Targets = &[("10", "opi", "ureq", 0.9), ("10", "opi, blocking", "ureq", 0.9)];
/// Have no TLS of their own.
const NO_TLS: &[&str] = &["hyper-util legacy", "floor"];
/// Keep no cookies.
const NO_COOKIES: &[&str] = &["hyper-conn", "hyper-util legacy", "isahc", "floor"];
/// Have no proxies.
const BARE: &[&str] = &["hyper-conn", "hyper-util legacy", "floor"];

fn sequential(report: &mut Report, row: &Row) {
    let count = report.size(row.count);
    let mut contest = Contest::new(row.name, "us a request");
    for (name, make) in SEQUENTIAL.iter().filter(|(name, _)| !row.without.contains(name)) {
        let mut gets = make(&row.setup);
        contest = contest.entrant(name, count, move || gets(count));
    }
    // A tenth of the requests is enough for what is ten times slower.
    if row.setup.socks.is_none()
        && let Some(mut gets) = python(&row.setup)
    {
        contest = contest.measured("requests", move || gets(count.div_ceil(10)));
    }
    for (number, who, peer, most) in row.targets {
        contest = contest.target(number, Metric::Cpu, who, &[peer], *most);
    }
    report.add(&contest.run(report.rounds(9)));
}

fn concurrent(report: &mut Report, setup: &Setup) {
    let count = report.size(12_800).next_multiple_of(64);
    let mut contest = Contest::new("get_64_at_a_time", "us a request");
    for (name, make) in CONCURRENT {
        let mut gets = make(setup);
        contest = contest.entrant(name, count, move || gets(count));
    }
    let contest = contest.target("2", Metric::Cpu, "opi", &["hyper-conn"], 1.15);
    report.add(&contest.run(report.rounds(7)));
}
