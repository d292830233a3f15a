//! Waits until servers accept connections, or says which one does not and why.

use std::{
    fs,
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

use super::{
    process::{Running, pause},
    state::State,
};

/// The longest a server may take.
const LIMIT: Duration = Duration::from_secs(30);

/// Waits for every port of every server; notes how long each took.
pub(super) fn wait(mut waiting: Vec<Running>, state: &mut State) -> Result<()> {
    let begun = Instant::now();
    while !waiting.is_empty() {
        for running in &mut waiting {
            running.addresses.retain(|address| !accepts(address));
            if let Some(status) = running.child.try_wait()? {
                bail!("{} ended with {status}:\n{}", running.process.server, last_words(running));
            }
        }
        for ready in waiting.extract_if(.., |running| running.addresses.is_empty()) {
            state.ready(&ready.process.server, begun.elapsed())?;
        }
        if let Some(late) = waiting.first().filter(|_| begun.elapsed() > LIMIT) {
            bail!(
                "{} does not listen on {:?}:\n{}",
                late.process.server,
                late.addresses,
                last_words(late)
            );
        }
        pause();
    }
    Ok(())
}

fn accepts(address: &SocketAddr) -> bool {
    TcpStream::connect_timeout(address, Duration::from_secs(1)).is_ok()
}

fn last_words(running: &Running) -> String {
    let log = fs::read(&running.log).unwrap_or_default();
    let text = String::from_utf8_lossy(&log);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(10)..].join("\n")
}
