//! How a thread waits for what its future has noted. Decides, does nothing.

use std::time::Duration;

/// The longest time that a thread waits elsewhere than in the reactor. A switch that is thrown, and
/// whatever a trusted future waits for besides, is heard by then.
pub(super) const SLICE: Duration = Duration::from_millis(50);

/// What a socket is waited for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Side {
    Read,
    Write,
}

impl Side {
    pub(super) fn other(self) -> Self {
        match self {
            Self::Read => Self::Write,
            Self::Write => Self::Read,
        }
    }
}

/// How to wait.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Plan {
    /// All waits are armed with the reactor, which is driven until something wakes the future.
    Arm,
    /// The one socket is read by a call that blocks, for a slice.
    Block,
    /// All sockets are asked for so long which of them are ready.
    Poll(Duration),
}

/// Decides by the sides of the sockets that are waited for, by whether `others` may wake the future
/// as well, and by what is `left` of its limits, if it has any.
pub(super) fn plan(
    mut waits: impl Iterator<Item = Side>,
    others: bool,
    left: Option<Duration>,
) -> Plan {
    let left = left.unwrap_or(SLICE);
    let Some(first) = waits.next().filter(|_| !others && !left.is_zero()) else {
        return Plan::Arm;
    };
    // The limit of a blocking read is that of its socket, and always the same.
    if first == Side::Read && waits.next().is_none() && left >= SLICE {
        return Plan::Block;
    }
    Plan::Poll(left.min(SLICE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Side::{Read, Write};

    const SHORT: Duration = Duration::from_millis(7);

    #[track_caller]
    fn check(waits: &[Side], left: Option<Duration>, expected: Plan) {
        assert_eq!(plan(waits.iter().copied(), false, left), expected, "{waits:?} {left:?}");
        assert_eq!(
            plan(waits.iter().copied(), true, left),
            Plan::Arm,
            "{waits:?} {left:?}, and others"
        );
    }

    #[test]
    fn one_read_alone_blocks_and_all_else_is_polled_or_armed() {
        check(&[Read], None, Plan::Block);
        check(&[Read], Some(SLICE), Plan::Block);
        check(&[Read], Some(SHORT), Plan::Poll(SHORT));
        check(&[Read], Some(Duration::ZERO), Plan::Arm);
        check(&[Write], None, Plan::Poll(SLICE));
        check(&[Write], Some(SHORT), Plan::Poll(SHORT));
        check(&[Read, Write], Some(Duration::MAX), Plan::Poll(SLICE));
        check(&[Read, Read], None, Plan::Poll(SLICE));
        check(&[], None, Plan::Arm);
        check(&[], Some(SHORT), Plan::Arm);
    }
}
