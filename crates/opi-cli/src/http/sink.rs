//! Where the body of an answer goes: memory, a file, standard output piece by piece.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use opi::http::Incoming;
use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::args::{HttpArgs, Verb};
use crate::failure::{ErrorKind, Failure};
use crate::output;
use crate::progress::Progress;
use crate::save::Saving;

/// Where the body goes.
#[derive(Debug)]
pub(super) enum Sink {
    File(Saving),
    Memory,
    Stream,
}

/// What was kept.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) bytes: u64,
    pub(super) path: Option<PathBuf>,
    /// What standard output still has to show.
    pub(super) shown: Vec<u8>,
}

impl Sink {
    /// Makes ready, before anything is sent that could not be kept.
    ///
    /// # Errors
    ///
    /// The place cannot be written to.
    pub(super) fn start(_verb: Verb<'_>, args: &HttpArgs) -> Result<Self, Failure> {
        Ok(match &args.saving.output {
            Some(path) => Self::File(Saving::start(path)?),
            None if args.shown.stream => Self::Stream,
            None => Self::Memory,
        })
    }

    /// Whether it takes bodies of any length, which need their time.
    pub(super) fn is_long(&self) -> bool {
        !matches!(self, Self::Memory)
    }

    /// Takes the body, piece by piece; `head` stands before it on standard output.
    ///
    /// # Errors
    ///
    /// The body is not whole, or cannot be written.
    pub(super) async fn take(
        self,
        incoming: &mut Incoming,
        head: Vec<u8>,
        quiet: bool,
    ) -> Result<Kept, Failure> {
        match self {
            Self::File(saving) => {
                let path = saving.path().to_owned();
                let unwritable = |cause: &std::io::Error| {
                    let message = format!("{}: the file cannot be written", path.display());
                    Failure::new(ErrorKind::File, message).because(cause)
                };
                let mut file = saving.stream().await?;
                let bytes = told(incoming, &mut file, quiet, &unwritable).await?;
                drop(file);
                saving.commit()?;
                Ok(Kept { bytes, path: Some(path), shown: head })
            }
            Self::Memory | Self::Stream => {
                let mut stdout = output::stream();
                let unwritten = |cause: &std::io::Error| output::unwritten(cause);
                stdout.write_all(&head).await.map_err(|cause| unwritten(&cause))?;
                let bytes = told(incoming, &mut stdout, true, &unwritten).await?;
                Ok(Kept { bytes, path: None, shown: Vec::new() })
            }
        }
    }
}

/// Copies and tells how far it is.
async fn told(
    incoming: &mut Incoming,
    out: &mut (impl AsyncWrite + Unpin),
    quiet: bool,
    unwritable: &impl Fn(&std::io::Error) -> Failure,
) -> Result<u64, Failure> {
    let length = incoming.headers().get("content-length");
    let plain = !incoming.headers().contains_key("content-encoding");
    let length = length.filter(|_| plain).and_then(|it| it.to_str().ok()?.parse().ok());
    let count = AtomicU64::new(0);
    let progress = Progress::new(length).tell(|| count.load(Ordering::Relaxed), quiet);
    tokio::select! {
        copied = copy(incoming, out, &count, unwritable) => copied?,
        never = progress => match never {},
    }
    Ok(count.load(Ordering::Relaxed))
}

async fn copy(
    incoming: &mut Incoming,
    out: &mut (impl AsyncWrite + Unpin),
    count: &AtomicU64,
    unwritable: &impl Fn(&std::io::Error) -> Failure,
) -> Result<(), Failure> {
    while let Some(piece) = incoming.chunk().await? {
        let written = async {
            out.write_all(&piece).await?;
            out.flush().await
        };
        written.await.map_err(|cause| unwritable(&cause))?;
        count.fetch_add(piece.len() as u64, Ordering::Relaxed);
    }
    out.flush().await.map_err(|cause| unwritable(&cause))
}
