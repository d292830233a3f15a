//! Text over a connection, cut anywhere: together the pieces are what encoding_rs makes of the
//! whole, and a marker counts only where a character begins.
#![no_main]

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use opi_net::{Deadline, Layer, Stream, TlsFacts};
use opi_tcp_client::{Connection, Encoding, Reason, Text, Until};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::runtime::{Builder, Runtime};

/// One of each kind whose characters begin where a byte or a pair tells.
const NAMES: [&str; 5] = ["utf-8", "utf-16le", "utf-16be", "windows-1251", "ibm866"];

// The encoding, the size of the pieces that come, the size of those asked for, the marker, and what
// comes.
fuzz_target!(|input: &[u8]| {
    let [name, pieces, asked, marker, text @ ..] = input else { return };
    let encoding: Encoding = NAMES[usize::from(*name) % NAMES.len()].parse().expect("an encoding");
    let whole = reference(encoding, text);
    let pieces = usize::from(*pieces).max(1);
    let sizes = || Until::size(usize::from(*asked).max(1));
    let Some(by_size) = read(encoding, text, pieces, sizes) else { return };
    assert_eq!(by_size.concat(), whole, "{encoding} {text:02x?} by size");
    // A character that every encoding has, and that is a trail byte in some of them.
    let sign = char::from(0x40 + marker % 0x3F);
    let marked = || Until::text(&sign.to_string(), encoding).expect("a marker");
    let Some(by_marker) = read(encoding, text, pieces, marked) else { return };
    assert_eq!(by_marker.concat(), whole, "{encoding} {text:02x?} by {sign:?}");
    let expected: Vec<_> = whole.split_inclusive(sign).collect();
    assert_eq!(by_marker, expected, "{encoding} {text:02x?} at {sign:?}");
});

/// What encoding_rs makes of the whole; the mark of the encoding itself is taken off.
fn reference(encoding: Encoding, text: &[u8]) -> String {
    let known = encoding_rs::Encoding::for_label(encoding.name().as_bytes()).expect("known");
    known.decode_with_bom_removal(text).0.into_owned()
}

/// All texts until the end, whichever way each read ended; nothing for a text that begins with the
/// mark of the other byte order, which is refused.
fn read(
    encoding: Encoding,
    text: &[u8],
    pieces: usize,
    until: impl Fn() -> Until,
) -> Option<Vec<String>> {
    thread_local! {
        static RUNTIME: Runtime =
            Builder::new_current_thread().enable_time().build().expect("a runtime");
    }
    let deadline = Deadline::after(Duration::from_secs(60));
    let form = Text::new(encoding);
    let mut texts = Vec::new();
    RUNTIME.with(|runtime| {
        runtime.block_on(async {
            let peer = Told { rest: text.to_vec(), at: 0, pieces };
            let mut connection = Connection::from(Stream::layered(peer));
            loop {
                match connection.receive_text(until(), &form, &deadline).await {
                    Ok(received) => {
                        let is_over = received.reason == Reason::Closed && received.text.is_empty();
                        if is_over {
                            return Some(texts);
                        }
                        texts.push(received.text);
                    }
                    Err(error) => {
                        assert_eq!(error.code(), "client_bad_text", "{error}");
                        let rest = connection.take_buffered();
                        let mark: &[u8] = if encoding == Encoding::UTF_16BE {
                            &[0xFF, 0xFE]
                        } else {
                            &[0xFE, 0xFF]
                        };
                        assert!(texts.is_empty() && rest.starts_with(mark), "{error}");
                        return None;
                    }
                }
            }
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
