//! Carries bytes between a connection and the rest of the world, a bounded piece at a time.

use std::io;
use std::time::Duration;

use bytes::BytesMut;
use opi::net::{Cancel, Deadline, Error as NetError, Phase};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Writes all of `data`; each write that moves at least a byte has `idle` anew.
///
/// # Errors
///
/// The peer took nothing for so long, or is gone.
pub(crate) async fn write(
    to: &mut (impl AsyncWrite + Unpin),
    mut data: &[u8],
    idle: Duration,
) -> Result<(), NetError> {
    while !data.is_empty() {
        let count = limited(idle, Phase::Send, to.write(data)).await?;
        if count == 0 {
            return Err(NetError::from_io(io::ErrorKind::WriteZero.into(), Phase::Send));
        }
        data = data.get(count..).unwrap_or_default();
    }
    limited(idle, Phase::Send, to.flush()).await
}

/// Tells the peer that nothing more comes.
///
/// # Errors
///
/// As [`write()`].
pub(crate) async fn finish(
    to: &mut (impl AsyncWrite + Unpin),
    idle: Duration,
) -> Result<(), NetError> {
    limited(idle, Phase::Send, to.shutdown()).await
}

/// The next bytes into `buffer`, [`PIECE`] at most; false at the peer's end. As long as `busy` is
/// not thrown, it may take any time; from then on `idle`.
///
/// # Errors
///
/// Nothing came for so long, or the connection broke.
pub(crate) async fn read(
    from: &mut (impl AsyncRead + Unpin),
    buffer: &mut BytesMut,
    idle: Duration,
    busy: &Cancel,
) -> Result<bool, NetError> {
    buffer.reserve(PIECE);
    if let Some(count) = busy.unless(from.read_buf(buffer)).await {
        return Ok(count.map_err(|cause| NetError::from_io(cause, Phase::Idle))? > 0);
    }
    Ok(limited(idle, Phase::Idle, from.read_buf(buffer)).await? > 0)
}

async fn limited<T>(
    idle: Duration,
    phase: Phase,
    step: impl Future<Output = io::Result<T>>,
) -> Result<T, NetError> {
    let done = Deadline::after(idle).run(phase, step).await?;
    done.map_err(|cause| NetError::from_io(cause, phase))
}

/// The most bytes read at a time.
pub(crate) const PIECE: usize = 64 * 1024;
