//! A proxy that says what it is told to, in pieces, and closes.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use opi_net::{Deadline, Layer, Stream, TlsFacts};
use opi_proxy::{Error, Hop};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::runtime::{Builder, Runtime};

/// The way to `db.test:5432` through `hop`, when the proxy says `answers`; the same whole and in
/// pieces. Returns what then comes from the target.
pub(crate) fn check(hop: &Hop, answers: &[u8], pieces: usize) -> Option<Vec<u8>> {
    let whole = open(hop, answers, usize::MAX);
    let cut = open(hop, answers, pieces.max(1));
    match (whole, cut) {
        (Ok(whole), Ok(cut)) => {
            assert_eq!(whole, cut);
            assert!(answers.ends_with(&whole), "bytes that never came");
            Some(whole)
        }
        (Err(whole), Err(cut)) => {
            assert_eq!(whole.code(), cut.code(), "{whole} | {cut}");
            for shown in [format!("{whole} {whole:?}"), format!("{cut} {cut:?}")] {
                assert!(!shown.contains("hunter2"), "{shown}");
            }
            None
        }
        (whole, cut) => unreachable!("{whole:?} whole, {cut:?} in pieces"),
    }
}

fn open(hop: &Hop, answers: &[u8], pieces: usize) -> Result<Vec<u8>, Error> {
    thread_local! {
        static RUNTIME: Runtime =
            Builder::new_current_thread().enable_time().build().expect("a runtime");
    }
    let peer = Told { rest: answers.to_vec(), at: 0, pieces };
    let target = "db.test:5432".parse().expect("a target");
    let deadline = Deadline::after(Duration::from_secs(60));
    RUNTIME.with(|runtime| {
        runtime.block_on(async {
            let stream = Stream::layered(peer);
            let mut opened = opi_proxy::connect_over(stream, hop, &target, &deadline).await?;
            let mut rest = Vec::new();
            opened.read_to_end(&mut rest).await.expect("what is told can be read");
            Ok(rest)
        })
    })
}

#[derive(Debug)]
struct Told {
    rest: Vec<u8>,
    at: usize,
    pieces: usize,
}

impl Layer for Told {
    fn peer(&self) -> Option<SocketAddr> {
        None
    }

    fn local(&self) -> Option<SocketAddr> {
        None
    }

    fn tls(&self) -> Option<TlsFacts> {
        None
    }
}

impl AsyncRead for Told {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let count = self.pieces.min(buffer.remaining()).min(self.rest.len() - self.at);
        buffer.put_slice(&self.rest[self.at..self.at + count]);
        self.at += count;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Told {
    fn poll_write(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(data.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
