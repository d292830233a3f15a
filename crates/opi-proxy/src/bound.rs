//! A SOCKS5 reply with the parts made plain that nobody needs and the library refuses.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use opi_net::Stream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A connection to a SOCKS5 proxy during the handshake.
///
/// The name that the proxy is bound to may be in any encoding, and proxies put all kinds of bytes
/// into the reserved one; the library wants UTF-8 and zero. Both mean nothing for a connection.
#[derive(Debug)]
pub(crate) struct Bound {
    stream: Stream,
    place: Place,
}

/// Which byte of the proxy's answers comes next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Place {
    Version,
    Method,
    /// So many bytes of the verdict on the password are to come.
    Verdict(u8),
    /// So many bytes of the reply's head have come.
    Reply(u8),
    NameLength,
    /// So many bytes of the bound name are to come.
    Name(u8),
    /// Nothing that has to be made plain.
    Rest,
}

impl Bound {
    pub(crate) fn new(stream: Stream) -> Self {
        Self { stream, place: Place::Version }
    }

    pub(crate) fn into_inner(self) -> Stream {
        self.stream
    }
}

impl Place {
    /// The place behind `byte`, and the byte as the library may see it.
    fn pass(self, byte: u8) -> (Self, u8) {
        match (self, byte) {
            (Self::Version, _) => (Self::Method, byte),
            (Self::Method, 2) => (Self::Verdict(2), byte),
            (Self::Method, _) | (Self::Verdict(0 | 1), _) => (Self::Reply(0), byte),
            (Self::Verdict(left), _) => (Self::Verdict(left - 1), byte),
            (Self::Reply(2), _) => (Self::Reply(3), 0),
            (Self::Reply(3), 3) => (Self::NameLength, byte),
            (Self::Reply(come), _) if come < 3 => (Self::Reply(come + 1), byte),
            (Self::NameLength, length) if length > 0 => (Self::Name(length), byte),
            (Self::Name(left), _) if left > 0 => (Self::Name(left - 1), plain(byte)),
            _ => (Self::Rest, byte),
        }
    }
}

fn plain(byte: u8) -> u8 {
    if byte.is_ascii() { byte } else { b'?' }
}

impl AsyncRead for Bound {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        for byte in &mut buffer.filled_mut()[before..] {
            (self.place, *byte) = self.place.pass(*byte);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Bound {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, data)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(come: &[u8], expected: &[u8]) {
        let mut place = Place::Version;
        let seen: Vec<u8> = come
            .iter()
            .map(|byte| {
                let (next, seen) = place.pass(*byte);
                place = next;
                seen
            })
            .collect();
        assert_eq!(seen, expected, "{come:?}");
    }

    #[test]
    fn only_the_reserved_byte_and_the_name_are_made_plain() {
        check(b"\x05\xff", b"\x05\xff");
        check(
            b"\x05\0\x05\xfe\xff\x01\xc0\xa8\0\xff\xff\xff",
            b"\x05\0\x05\xfe\0\x01\xc0\xa8\0\xff\xff\xff",
        );
        check(
            b"\x05\0\x05\0\0\x03\x02\xff\xfe\xff\xff\xff",
            b"\x05\0\x05\0\0\x03\x02??\xff\xff\xff",
        );
        check(
            b"\x05\x02\xff\xff\x05\0\xff\x03\x01\xff\xff",
            b"\x05\x02\xff\xff\x05\0\0\x03\x01?\xff",
        );
        check(b"\x05\0\x05\0\0\x03\0\xff\xff\xff", b"\x05\0\x05\0\0\x03\0\xff\xff\xff");
    }
}
