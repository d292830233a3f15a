//! What a body adds up to before it is sent.

use std::future::poll_fn;
use std::io;
use std::task::Poll;

use opi_auth::BodyHash;
use opi_net::{Deadline, Phase};

use super::Body;
use super::pieces::Pieces;
use crate::{Error, ErrorKind};

impl Body {
    /// Reads all of it, piece by piece. Its readers, if it has any, are spent then.
    pub(crate) async fn add_up(
        &self,
        mut hash: Box<dyn BodyHash>,
        deadline: &Deadline,
    ) -> Result<String, Error> {
        let mut pieces = Pieces::new(self);
        loop {
            let next = poll_fn(|context| pieces.poll_next(context));
            match deadline.run(Phase::Send, next).await?.map_err(|cause| unread(&cause))? {
                Some(piece) => hash.update(&piece),
                None => return Ok(hash.finish()),
            }
            // A file never waits: others, the switch and the limit are heard between its pieces.
            deadline.run(Phase::Send, pause()).await?;
            if deadline.remaining().is_zero() {
                return Err(deadline.error(opi_net::ErrorKind::Timeout, Phase::Send).into());
            }
        }
    }
}

/// Gives way to others once.
async fn pause() {
    let mut paused = false;
    poll_fn(|context| {
        if paused {
            return Poll::Ready(());
        }
        paused = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

fn unread(cause: &io::Error) -> Error {
    Error::new(ErrorKind::BodyRead).detail(format!("the request's body: {cause}"))
}
