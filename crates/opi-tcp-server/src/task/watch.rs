//! Watches the time of a connection; costs nothing while there is nothing to watch.

use std::time::Duration;

use super::never;
use crate::config::Verdict;
use crate::connection::Connection;
use crate::{Config, End};

/// Completes when the time of a connection is over.
pub(super) async fn watch(connection: &Connection, config: &Config) -> End {
    let codec = config.codec.is_some();
    loop {
        let standing = connection.state().standing();
        match config.times.verdict(standing, codec) {
            Verdict::Over(end) => return end,
            Verdict::Wait(Duration::MAX) => return never().await,
            // Most bytes move nothing here: the time they bring is seen when the old one is over.
            Verdict::Wait(left) => tokio::time::sleep(left).await,
        }
    }
}
