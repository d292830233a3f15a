//! The first bytes of a client, which tell TLS from all else.

use bytes::Bytes;
use tokio::io::AsyncReadExt;

use crate::{Error, ErrorKind, Phase, Stream};

/// Reads the first bytes, and puts them back when TLS may begin with them.
pub(super) async fn check(mut stream: Stream) -> Result<Stream, Error> {
    let mut first = [0; 8];
    let read = stream.read(&mut first).await;
    let count = read.map_err(|cause| Error::from_io(cause, Phase::Tls))?;
    let first = &first[..count];
    match wrong(first) {
        Some(wrong) => Err(wrong),
        None => Ok(stream.with_early(Bytes::copy_from_slice(first))),
    }
}

fn wrong(first: &[u8]) -> Option<Error> {
    let tls = |words: &str| Some(Error::new(ErrorKind::Tls).detail(words));
    match first {
        [] => {
            let words = "the client closed the connection before the TLS handshake";
            Some(Error::new(ErrorKind::Closed).detail(words))
        }
        [HANDSHAKE, ..] => None,
        // The hello of SSL 2: two bytes of length with the highest bit set, then its type.
        [0x80..=0xff, _, 1, ..] => tls("the client speaks SSL 2, which is not spoken any more"),
        first if METHODS.iter().any(|method| first.starts_with(method)) => {
            tls("the client sent plain HTTP to a TLS port: it must use https")
        }
        _ => tls("the client did not begin with TLS: plain text was sent to a TLS port"),
    }
}

/// The content type of a handshake record (RFC 8446, section 5.1).
const HANDSHAKE: u8 = 22;
const METHODS: &[&[u8]] = &[
    b"CONNECT ",
    b"DELETE /",
    b"GET ",
    b"HEAD ",
    b"OPTIONS ",
    b"PATCH ",
    b"POST ",
    b"PRI * HT",
    b"PUT ",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_tls_is_named() {
        for (first, part) in [
            (&b""[..], "closed the connection"),
            (b"GET / HT", "plain HTTP"),
            (b"OPTIONS ", "plain HTTP"),
            (b"hello\n", "plain text"),
            (b"\x80\x2e\x01\x00\x02", "SSL 2"),
        ] {
            let error = wrong(first).unwrap();
            assert!(error.to_string().contains(part), "{first:?}: {error}");
        }
        assert!(wrong(&[HANDSHAKE]).is_none());
        assert!(wrong(b"\x16\x03\x01\x02\x00\x01\x00\x01").is_none());
    }
}
