//! Rows 11 and 12: a process from its start to its first answer.

use std::path::Path;

use opi_benches::{Child, Contest, Metric, Report, Role, Sample};

use crate::clients::SEQUENTIAL;
use crate::site::{Servers, Setup};

pub(crate) fn run(report: &mut Report, servers: &Servers) {
    if report.wants("cold") {
        contest(report, "cold", &servers.plain("/small"), &["hyper-conn", "ureq"], &[]);
    }
    if report.wants("cold_tls") {
        let setup = servers.tls("/small");
        contest(report, "cold_tls", &setup, &["hyper-conn", "ureq"], WITHOUT_TLS);
    }
    if report.wants("cold_tls_store") {
        match servers.store() {
            Some(store) => by_the_store(report, &servers.tls("/small").url, &store),
            None => println!("the system keeps its roots in no file: cold_tls_store is not run"),
        }
    }
}

/// Who trusts the system's store, which is `store` here, finds the server's certificate in it.
fn by_the_store(report: &mut Report, url: &str, store: &Path) {
    let mut contest = Contest::new("cold_tls_store", "us a process");
    // The two with curl inside look for a store where they were built.
    let without = [WITHOUT_TLS, &["isahc", "curl crate"]].concat();
    for (who, _) in SEQUENTIAL.iter().filter(|(who, _)| !without.contains(who)) {
        let mut command = Role::command(&format!("cold {} {url}", who.replace(' ', "_")));
        // Both, as where no variable says otherwise.
        command.env("SSL_CERT_FILE", store).env("SSL_CERT_DIR", "/etc/ssl/certs");
        contest =
            contest.measured(who, move || Sample::cpu(Child::spawn(&mut command).usage().cpu, 1));
    }
    for who in ["opi", "opi, blocking"] {
        contest = contest.limit("12", Metric::Cpu, who, 9_000.0);
    }
    report.add(&contest.run(report.rounds(15)));
}

const WITHOUT_TLS: &[&str] = &["floor", "hyper-util legacy"];

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
