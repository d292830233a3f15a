//! An answer that nobody reads: its rest is taken away, so that its connection can serve again.

use std::time::Duration;

use opi_net::{Deadline, Phase};
use tokio::time::Instant;

use super::Answer;
use crate::Error;
use crate::connection::Frame;

/// Reads the rest of `answer` and keeps its connection. A rest that is long or slow is not worth
/// it: the connection is closed then.
pub(super) async fn drain(answer: Answer, deadline: &Deadline) {
    let Answer { mut body, mut connection, .. } = answer;
    let whole = async {
        let mut rest = MOST;
        loop {
            match connection.frame(&mut body).await? {
                Frame::Data(data) if data.len() > rest => return Ok::<_, Error>(false),
                Frame::Data(data) => rest -= data.len(),
                Frame::Trailers(_) => {}
                Frame::End => return Ok(true),
            }
        }
    };
    let drained = deadline.within(LONGEST).run(Phase::Idle, whole).await;
    if matches!(drained, Ok(Ok(true))) {
        connection.keep(Instant::now());
    }
}

/// The most bytes that are read away.
const MOST: usize = 64 * 1024;

/// The longest time that is spent on reading away.
const LONGEST: Duration = Duration::from_secs(1);
