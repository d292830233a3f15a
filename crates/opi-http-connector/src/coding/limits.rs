//! How much a body may unpack to.

use std::num::NonZeroU32;

use crate::{Error, ErrorKind};

/// How much a body may unpack to; what goes beyond is an error, and is not given out.
///
/// The limits hold for each coding of a chain.
#[must_use]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    pub(super) codings: usize,
    pub(super) decoded: u64,
    pub(super) ratio: NonZeroU32,
}

impl Limits {
    /// 5 codings; 256 MiB; 1,000 bytes for each byte that came, once there is more than 1 MiB.
    pub fn new() -> Self {
        Self { codings: 5, decoded: 256 * 1024 * 1024, ratio: RATIO }
    }

    /// The most codings of a body. Default: 5, as in curl.
    pub fn codings(self, codings: usize) -> Self {
        Self { codings, ..self }
    }

    /// The most bytes after decoding; of a body without codings, the most bytes. Default: 256 MiB.
    pub fn decoded(self, decoded: u64) -> Self {
        Self { decoded, ..self }
    }

    /// The most bytes after decoding for each byte that came, beyond the first MiB. Default: 1,000.
    ///
    /// Deflate reaches 1,032, only with one byte repeated; text and JSON reach 20, at times 100.
    pub fn ratio(self, ratio: NonZeroU32) -> Self {
        Self { ratio, ..self }
    }

    /// Judges what came of `received` bytes: so many decoded ones.
    pub(super) fn judge(&self, received: u64, decoded: u64) -> Result<(), Error> {
        if decoded > self.decoded {
            return Err(too_long(self.decoded));
        }
        let allowed = received.saturating_mul(u64::from(self.ratio.get()));
        if decoded > FREE && decoded > allowed {
            let detail = format!("the body unpacks to more than {} times its size", self.ratio);
            return Err(Error::new(ErrorKind::BodyTooDense).detail(detail));
        }
        Ok(())
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new()
    }
}

/// The error of a body of more than `limit` bytes.
pub(crate) fn too_long(limit: u64) -> Error {
    Error::new(ErrorKind::BodyTooLong).detail(format!("the body is longer than {limit} bytes"))
}

const RATIO: NonZeroU32 = NonZeroU32::MIN.saturating_add(999);

/// Below this no ratio counts: a small body harms nobody.
const FREE: u64 = 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(limits: Limits, received: u64, decoded: u64, expected: Option<ErrorKind>) {
        let judged = limits.judge(received, decoded);
        assert_eq!(judged.err().map(|error| error.kind()), expected, "{received} -> {decoded}");
    }

    #[test]
    fn each_limit_holds_at_the_limit_and_not_one_past_it() {
        let limits = Limits::new().decoded(5_000_000).ratio(NonZeroU32::new(10).unwrap());
        check(limits, 1, FREE, None);
        check(limits, 1, FREE + 1, Some(ErrorKind::BodyTooDense));
        check(limits, 200_000, 2_000_000, None);
        check(limits, 200_000, 2_000_001, Some(ErrorKind::BodyTooDense));
        check(limits, 5_000_000, 5_000_000, None);
        check(limits, 5_000_000, 5_000_001, Some(ErrorKind::BodyTooLong));
        check(Limits::new().decoded(u64::MAX), u64::MAX, u64::MAX, None);
    }
}
