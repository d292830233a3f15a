//! Where the body of an answer goes: memory, a file, standard output piece by piece.

use std::path::PathBuf;

use opi::http::{Broken, Incoming, Save};
use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::args::{HttpArgs, SavingArgs, Verb};
use crate::failure::{ErrorKind, Failure};
use crate::output;
use crate::save::Saving;

/// Where the body goes.
#[derive(Debug)]
pub(super) enum Sink {
    /// A file that the session itself saves: it names, checks and goes on.
    Download(Save),
    /// A file, a pipe or a device.
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
    /// The place cannot be written to, or the digest is none.
    pub(super) fn start(verb: Verb<'_>, args: &HttpArgs) -> Result<Self, Failure> {
        let SavingArgs { output, download, resume, sha256, .. } = &args.saving;
        let downloads = verb == Verb::Download || *download || *resume || sha256.is_some();
        if *resume && output.is_none() {
            let message = "--continue goes on with a file of a known name: add --output FILE";
            return Err(Failure::new(ErrorKind::Usage, message));
        }
        Ok(match output {
            _ if downloads && args.shown.stream => {
                let message = "--stream writes to standard output, --download to a file";
                return Err(Failure::new(ErrorKind::Usage, message));
            }
            _ if downloads => Self::Download(save(args)?),
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
    ) -> Result<Kept, Failure> {
        match self {
            Self::File(saving) => {
                let path = saving.path().to_owned();
                let unwritable = |cause: &std::io::Error| {
                    let message = format!("{}: the file cannot be written", path.display());
                    Failure::new(ErrorKind::File, message).because(cause)
                };
                let mut file = saving.stream().await?;
                let bytes = copy(incoming, &mut file, &unwritable).await?;
                drop(file);
                saving.commit()?;
                Ok(Kept { bytes, path: Some(path), shown: head })
            }
            Self::Download(_) | Self::Memory | Self::Stream => {
                let mut stdout = output::stream();
                let unwritten = |cause: &std::io::Error| output::unwritten(cause);
                stdout.write_all(&head).await.map_err(|cause| unwritten(&cause))?;
                let bytes = copy(incoming, &mut stdout, &unwritten).await?;
                Ok(Kept { bytes, path: None, shown: Vec::new() })
            }
        }
    }
}

/// How a download is saved.
fn save(args: &HttpArgs) -> Result<Save, Failure> {
    let save = match &args.saving.output {
        Some(path) => Save::to(path),
        None => Save::into_folder("."),
    };
    let save = match &args.saving.sha256 {
        Some(digest) => save.sha256(digest)?,
        None => save,
    };
    let save = match args.answer.max {
        Some(max) => save.max(max.get() as u64),
        None => save,
    };
    Ok(if args.saving.resume { save.broken(Broken::Keep) } else { save })
}

async fn copy(
    incoming: &mut Incoming,
    out: &mut (impl AsyncWrite + Unpin),
    unwritable: &impl Fn(&std::io::Error) -> Failure,
) -> Result<u64, Failure> {
    let mut count = 0;
    while let Some(piece) = incoming.chunk().await? {
        let written = async {
            out.write_all(&piece).await?;
            out.flush().await
        };
        written.await.map_err(|cause| unwritable(&cause))?;
        count += piece.len() as u64;
    }
    out.flush().await.map_err(|cause| unwritable(&cause))?;
    Ok(count)
}
