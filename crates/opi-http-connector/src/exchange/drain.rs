//! An answer that nobody reads: its rest is taken away, so that its connection can serve again.

use std::time::Duration;

use opi_net::{Deadline, Phase};

use super::Answer;
use crate::Error;

/// Reads the rest of `answer` and keeps its connection. A rest that is long or slow is not worth
/// it: the connection is closed then.
pub(super) async fn drain(answer: Answer, deadline: &Deadline) {
    let Answer { mut body, mut connection, .. } = answer;
    let whole = async {
        let mut rest = MOST;
        while let Some(data) = connection.frame(&mut body).await? {
            rest = rest.saturating_sub(data.len());
            if rest == 0 {
                return Ok(false);
            }
        }
        Ok::<_, Error>(true)
    };
    let drained = deadline.within(LONGEST).run(Phase::Idle, whole).await;
    if matches!(drained, Ok(Ok(true))) {
        connection.keep();
    }
}

/// The most bytes that are read away.
const MOST: usize = 64 * 1024;

/// The longest time that is spent on reading away.
const LONGEST: Duration = Duration::from_secs(1);
