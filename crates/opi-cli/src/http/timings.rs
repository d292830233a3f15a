//! How long the steps of a request took, as a table. Pure.

use std::time::Duration;

use opi::http::Facts;

/// A line for each step that was needed, one for all, and one for the connection.
pub(super) fn table(facts: &Facts) -> Vec<String> {
    let times = &facts.timings;
    let steps = [
        ("name", times.resolve),
        ("connect", times.connect),
        ("proxy", times.proxy),
        ("TLS", times.tls),
        ("first byte", times.first_byte),
        ("body", times.receive),
    ];
    let needed = steps.into_iter().filter(|(_, time)| !time.is_zero());
    let mut lines: Vec<_> = needed.map(|(name, time)| line(name, time)).collect();
    lines.push(line("all", facts.elapsed));
    lines.push(format!("{:<12}{}", "connection", connection(facts)));
    lines.push(format!("{:<12}{} bytes sent, {} received", "traffic", facts.sent, facts.received));
    lines
}

fn line(name: &str, time: Duration) -> String {
    format!("{name:<12}{:>10.1} ms", time.as_secs_f64() * 1000.0)
}

/// Where it went, and by what.
fn connection(facts: &Facts) -> String {
    let kept = if facts.reused { "kept" } else { "new" };
    let peer = facts.peer.map_or_else(|| "an unknown address".to_owned(), |it| it.to_string());
    let tls = facts.tls.as_ref().map(|tls| format!(", {} {}", tls.version, tls.cipher));
    format!("{kept}, {peer}, {}{}", facts.protocol, tls.unwrap_or_default())
}
