//! Receives to the peer's end, into a sink.

use std::time::Duration;

use bytes::BytesMut;
use opi::net::{Cancel, Stream};
use tokio::io::ReadHalf;

use super::carry;
use super::sink::Sink;
use crate::failure::Failure;

/// Takes what comes until the peer's end. Once `hurry` is thrown, nothing may last longer than
/// `idle`.
///
/// # Errors
///
/// The connection broke, nothing came for so long, or the sink takes it not.
pub(crate) async fn receive(
    reader: &mut ReadHalf<Stream>,
    sink: &mut Sink<'_>,
    idle: Duration,
    hurry: &Cancel,
) -> Result<(), Failure> {
    let mut buffer = BytesMut::new();
    loop {
        let gap = sink.gap().filter(|_| !buffer.is_empty());
        let reading = carry::read(reader, &mut buffer, idle, hurry);
        let read = match gap {
            None => reading.await,
            Some(gap) => match tokio::time::timeout(gap, reading).await {
                Ok(read) => read,
                Err(_) => {
                    sink.silence(&mut buffer).await?;
                    continue;
                }
            },
        };
        if !read? {
            return sink.end(&mut buffer).await;
        }
        sink.take(&mut buffer).await?;
    }
}
