//! Compressing what is sent: gzip, at once or piece by piece.

#[cfg(feature = "gzip")]
use bytes::Bytes;
#[cfg(feature = "gzip")]
use flate2::{Compress, Compression, FlushCompress, Status};

/// `data` in gzip, at the usual level.
///
/// ```
/// let packed = opi_http_connector::coding::gzip(&[b'x'; 10_000]);
/// assert!(packed.len() < 100);
/// ```
#[cfg(feature = "gzip")]
#[must_use]
pub fn gzip(data: &[u8]) -> Bytes {
    let mut gzip = Gzip::new();
    let mut packed = Vec::with_capacity(data.len() / 4 + SPARE);
    gzip.push(data, &mut packed);
    gzip.end(&mut packed);
    Bytes::from(packed)
}

/// gzip, piece by piece.
#[cfg(feature = "gzip")]
#[derive(Debug)]
pub(crate) struct Gzip(Compress);

#[cfg(feature = "gzip")]
impl Gzip {
    pub(crate) fn new() -> Self {
        Self(Compress::new_gzip(Compression::default(), 15))
    }

    /// Compresses `data`; what there is of it is put to `packed`.
    pub(crate) fn push(&mut self, data: &[u8], packed: &mut Vec<u8>) {
        self.run(data, FlushCompress::None, packed);
    }

    /// Puts the rest to `packed`.
    pub(crate) fn end(&mut self, packed: &mut Vec<u8>) {
        self.run(&[], FlushCompress::Finish, packed);
    }

    fn run(&mut self, mut data: &[u8], flush: FlushCompress, packed: &mut Vec<u8>) {
        loop {
            packed.reserve(SPARE);
            let (before, filled) = (self.0.total_in(), packed.len());
            let status = self.0.compress_vec(data, packed, flush);
            let used = usize::try_from(self.0.total_in().saturating_sub(before));
            data = used.ok().and_then(|used| data.get(used..)).unwrap_or_default();
            let is_stuck = packed.len() == filled && data.is_empty();
            let is_over = matches!(status, Ok(Status::StreamEnd) | Err(_));
            // Room that is left means that nothing waits inside.
            let has_room = packed.len() < packed.capacity();
            if is_over || is_stuck || (data.is_empty() && has_room && flush == FlushCompress::None)
            {
                return;
            }
        }
    }
}

/// The room for compressed data that is made at a time.
#[cfg(feature = "gzip")]
const SPARE: usize = 32 * 1024;
