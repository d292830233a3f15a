//! Ties two connections: bytes both ways, an end as an end, a cut as a cut.

use std::io;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::BytesMut;
use opi::net::{Deadline, Error as NetError, ErrorKind as NetErrorKind, Phase, Stream};
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::time::Instant;

/// How much went each way.
#[derive(Debug)]
pub(crate) struct Traffic {
    up: AtomicU64,
    down: AtomicU64,
    last: Mutex<Instant>,
}

impl Traffic {
    /// Nothing went yet.
    pub(crate) fn new() -> Self {
        let (up, down) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { up, down, last: Mutex::new(Instant::now()) }
    }

    /// The bytes that the near side sent and the far side took.
    pub(crate) fn up(&self) -> u64 {
        self.up.load(Ordering::Relaxed)
    }

    /// The bytes that the far side sent and the near side took.
    pub(crate) fn down(&self) -> u64 {
        self.down.load(Ordering::Relaxed)
    }

    fn passed(&self, way: &AtomicU64, count: usize) {
        way.fetch_add(count as u64, Ordering::Relaxed);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Waits until nothing has gone either way for `limit`.
    async fn idle(&self, limit: Duration) -> NetError {
        let started = Deadline::after(limit);
        loop {
            let due = *self.last.lock().unwrap_or_else(PoisonError::into_inner) + limit;
            if Instant::now() >= due {
                return started.error(NetErrorKind::Timeout, Phase::Idle);
            }
            tokio::time::sleep_until(due).await;
        }
    }
}

/// Carries bytes both ways until both sides have ended. Whoever drops the streams without an end
/// cuts them, which is what happens to both when this fails.
///
/// # Errors
///
/// A side was reset or cut, took nothing more, or nothing went for `idle`.
pub(crate) async fn tie(
    near: Stream,
    far: Stream,
    traffic: &Traffic,
    idle: Duration,
) -> Result<(), NetError> {
    let (mut near_reads, mut near_writes) = tokio::io::split(near);
    let (mut far_reads, mut far_writes) = tokio::io::split(far);
    let broken = {
        let up = pin!(carry(&mut near_reads, &mut far_writes, traffic, &traffic.up));
        let down = pin!(carry(&mut far_reads, &mut near_writes, traffic, &traffic.down));
        tokio::select! {
            broken = both(up, down) => broken,
            late = traffic.idle(idle) => return Err(late),
        }
    };
    let Some(broken) = broken else { return Ok(()) };
    // The answer has gone out whole although its peer wanted no more of the question: what still
    // comes of that is taken, because unread bytes would make the system reset the answer.
    match broken.answered {
        Some(Way::Up) => linger(&mut near_reads).await,
        Some(Way::Down) => linger(&mut far_reads).await,
        None => {}
    }
    Err(broken.error)
}

/// One of the two ways.
#[derive(Clone, Copy, Debug)]
enum Way {
    Up,
    Down,
}

/// How a tie broke.
struct Broken {
    error: NetError,
    /// The way whose taker has gone, when the other way went to its end.
    answered: Option<Way>,
}

/// What ended one way before its end.
enum Break {
    Reading(NetError),
    Writing(NetError),
}

/// Runs both ways to their ends.
async fn both<F: Future<Output = Result<(), Break>>>(
    mut up: Pin<&mut F>,
    mut down: Pin<&mut impl Future<Output = Result<(), Break>>>,
) -> Option<Broken> {
    tokio::select! {
        ended = up.as_mut() => rest(ended, Way::Up, down).await,
        ended = down.as_mut() => rest(ended, Way::Down, up).await,
    }
}

/// What becomes of the `other` way, now that `way` has ended so.
async fn rest(
    ended: Result<(), Break>,
    way: Way,
    other: Pin<&mut impl Future<Output = Result<(), Break>>>,
) -> Option<Broken> {
    match ended {
        Ok(()) => match other.await {
            Ok(()) => None,
            Err(Break::Reading(error)) => Some(Broken { error, answered: None }),
            Err(Break::Writing(error)) => Some(Broken { error, answered: Some(way.other()) }),
        },
        Err(Break::Reading(error)) => Some(Broken { error, answered: None }),
        // The side that takes no more may have answered; its answer is carried to the end.
        Err(Break::Writing(error)) => {
            let whole = matches!(tokio::time::timeout(LINGER, other).await, Ok(Ok(())));
            Some(Broken { error, answered: whole.then_some(way) })
        }
    }
}

impl Way {
    fn other(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }
}

/// Carries bytes one way to the end, and passes the end on.
async fn carry(
    from: &mut ReadHalf<Stream>,
    to: &mut WriteHalf<Stream>,
    traffic: &Traffic,
    way: &AtomicU64,
) -> Result<(), Break> {
    let mut buffer = BytesMut::with_capacity(PIECE);
    let reading = |cause| Break::Reading(NetError::from_io(cause, Phase::Idle));
    let writing = |cause| Break::Writing(NetError::from_io(cause, Phase::Send));
    loop {
        buffer.clear();
        buffer.reserve(PIECE);
        if from.read_buf(&mut buffer).await.map_err(reading)? == 0 {
            return to.shutdown().await.map_err(writing);
        }
        while !buffer.is_empty() {
            let count = to.write_buf(&mut buffer).await.map_err(writing)?;
            if count == 0 {
                return Err(writing(io::ErrorKind::WriteZero.into()));
            }
            traffic.passed(way, count);
        }
        to.flush().await.map_err(writing)?;
    }
}

/// Takes what still comes, for a short time.
async fn linger(from: &mut ReadHalf<Stream>) {
    let mut nowhere = tokio::io::sink();
    let taking = tokio::io::copy(from, &mut nowhere);
    // However it ends, nobody wants it.
    let _over = tokio::time::timeout(LINGER, taking).await.is_err();
}

/// How long what comes after a break is waited for.
const LINGER: Duration = Duration::from_secs(5);

/// The most bytes that wait, each way.
const PIECE: usize = 64 * 1024;
