//! Row 29: the memory of 10,000 connections that had one message each and are idle.

use opi_benches::{Child, Clients, Contest, Metric, Report, Sample};

pub(crate) fn run(report: &mut Report) {
    if report.wants("idle_server") {
        let contest = Contest::new("idle_server", "-")
            .measured("tokio", || server("echo tokio"))
            .measured("opi, task each", || server("echo opi-task"))
            .measured("opi, one owner", || server("echo opi-next"))
            .limit("29", Metric::Memory, "opi, task each", 9.0)
            .limit("29", Metric::Memory, "opi, one owner", 9.0);
        report.add(&contest.run(report.rounds(2)));
    }
    if report.wants("idle_tls") {
        let count = report.size(COUNT);
        let contest = Contest::new("idle_tls_server", "-")
            .measured("opi, task each", || tls(count))
            .limit("29", Metric::Memory, "opi, task each", 30.0);
        report.add(&contest.run(1));
    }
    if report.wants("idle_client") {
        let contest = Contest::new("idle_client", "-")
            .measured("tokio", || client("tokio"))
            .measured("opi", || client("opi"))
            .limit("29", Metric::Memory, "opi", 9.0);
        report.add(&contest.run(report.rounds(2)));
    }
}

fn server(role: &str) -> Sample {
    let mut server = Child::start(role);
    // What the first connections bring is not theirs alone.
    drop(Clients::connect(server.address(), 10, 64));
    let before = server.usage().memory;
    let clients = Clients::connect(server.address(), COUNT, 64);
    let after = server.usage().memory;
    drop(clients);
    Sample::default().with(Metric::Memory, (after - before) / COUNT as f64)
}

/// The clients are opi's, in a process of their own.
fn tls(count: usize) -> Sample {
    let mut server = Child::start("echo opi-tls");
    let address = server.address();
    let hold = |count| Child::start(&format!("hold opi-tls {address} {count}"));
    let few = hold(10);
    let before = server.usage().memory;
    let many = hold(count);
    let after = server.usage().memory;
    drop((few, many));
    Sample::default().with(Metric::Memory, (after - before) / count as f64)
}

fn client(who: &str) -> Sample {
    let echo = Child::start("echo tokio");
    let hold = |count| {
        let mut child = Child::start(&format!("hold {who} {} {count}", echo.address()));
        child.usage().memory
    };
    let (few, many) = (hold(10), hold(COUNT));
    Sample::default().with(Metric::Memory, (many - few) / (COUNT - 10) as f64)
}

const COUNT: usize = 10_000;
