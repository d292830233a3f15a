//! The ways in which a server cuts what it writes.

use std::io;

use tokio::io::{AsyncWrite, AsyncWriteExt};

/// How a server cuts what it writes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Writing {
    /// Behind every CR LF.
    Lines,
    /// Into single bytes.
    Single,
    /// Into pieces of random lengths.
    Random(u64),
    Whole,
}

/// So much of one piece of data is cut up; the rest is written whole, so that megabytes take no
/// hours.
const CUT: usize = 2048;

impl Writing {
    /// Writes `data`; others get a turn between the pieces.
    pub(crate) async fn write(
        &mut self,
        to: &mut (impl AsyncWrite + Unpin),
        data: &[u8],
    ) -> io::Result<()> {
        let (cut, rest) = data.split_at(data.len().min(CUT));
        for piece in self.pieces(cut) {
            to.write_all(piece).await?;
            to.flush().await?;
            tokio::task::yield_now().await;
        }
        to.write_all(rest).await?;
        to.flush().await
    }

    fn pieces<'a>(&mut self, mut data: &'a [u8]) -> Vec<&'a [u8]> {
        let mut pieces = Vec::new();
        while !data.is_empty() {
            let (piece, rest) = data.split_at(self.length(data).min(data.len()));
            pieces.push(piece);
            data = rest;
        }
        pieces
    }

    fn length(&mut self, data: &[u8]) -> usize {
        match self {
            Self::Lines => data.windows(2).position(|two| two == b"\r\n").map_or(CUT, |at| at + 2),
            Self::Single => 1,
            Self::Random(seed) => {
                // Xorshift.
                *seed ^= *seed << 13;
                *seed ^= *seed >> 7;
                *seed ^= *seed << 17;
                (*seed % 48) as usize + 1
            }
            Self::Whole => CUT,
        }
    }
}

#[test]
fn nothing_is_lost_between_the_pieces() {
    let data: Vec<u8> =
        (0..CUT).map(|at| if at % 9 < 2 { b"\r\n"[at % 9] } else { b'x' }).collect();
    for mut writing in [Writing::Lines, Writing::Single, Writing::Random(7), Writing::Whole] {
        assert_eq!(writing.pieces(&data).concat(), data, "{writing:?}");
    }
    assert_eq!(Writing::Lines.pieces(b"a\r\nb"), [&b"a\r\n"[..], b"b"]);
}
