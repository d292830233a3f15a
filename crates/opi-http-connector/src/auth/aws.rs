//! Signatures of AWS: they go on in the chunks of a body, and are dated by the server's clock
//! where ours is wrong.

use std::sync::PoisonError;
use std::time::{Duration, SystemTime};

use http::StatusCode;
use http::header::DATE;
use http::response::Parts;
use opi_auth::{Asked, AwsChunks, Credential, Memory, Surroundings};

use super::memories::Shared;
use super::{Auth, Kind};
use crate::{Body, Error, Request, dates};

/// What signs the chunks of a body.
pub(super) type Chunks = AwsChunks;

/// What a request shows: headers, and what signs the chunks of its body when they are signed.
pub(super) type Shown = (Vec<Credential>, Option<Chunks>);

/// What signs a request; none for another scheme. `server` remembers the server's clock.
pub(super) fn sign(
    auth: &Auth,
    server: &Shared,
    asked: &Asked<'_>,
    around: &Surroundings,
) -> Option<Result<Shown, Error>> {
    let Kind::Aws(keys) = &auth.0 else { return None };
    let signed = keys.sign_asked(asked, clock(server).tells(around.time)).map_err(Error::from);
    Some(signed.map(|signed| (signed.headers().to_vec(), signed.chunks())))
}

/// `body` in chunks that are signed.
pub(super) fn frame(body: &Body, chunks: Chunks) -> Body {
    body.in_chunks(chunks)
}

/// Whether a refusal asks for one more try, dated by the server's clock, which is remembered.
pub(super) fn is_late(
    auth: &Auth,
    (server, tries): (&Shared, &mut Memory),
    request: &Request,
    head: &Parts,
) -> bool {
    let Kind::Aws(_) = &auth.0 else { return false };
    let refused = matches!(head.status, StatusCode::BAD_REQUEST | StatusCode::FORBIDDEN);
    if !refused || request.headers.contains_key("x-amz-date") {
        return false;
    }
    let ours = SystemTime::now();
    let date = head.headers.get(DATE).and_then(|date| date.to_str().ok());
    let Some(theirs) = date.and_then(|date| dates::read(date, ours)) else { return false };
    if !clock(server).is_wrong(ours, theirs) {
        return false;
    }
    let set = Clock::between(ours, theirs);
    server.lock().unwrap_or_else(PoisonError::into_inner).with(|clock: &mut Clock| *clock = set);
    let first = tries.with(|again: &mut Again| !std::mem::replace(&mut again.0, true));
    first && request.body.is_unspent()
}

/// Whether a request was dated anew.
#[derive(Default)]
struct Again(bool);

/// What a server's clock is to ours.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum Clock {
    Ahead(Duration),
    Behind(Duration),
    #[default]
    Same,
}

fn clock(server: &Shared) -> Clock {
    server.lock().unwrap_or_else(PoisonError::into_inner).with(|clock: &mut Clock| *clock)
}

impl Clock {
    fn between(ours: SystemTime, theirs: SystemTime) -> Self {
        match theirs.duration_since(ours) {
            Ok(ahead) => Self::Ahead(ahead),
            Err(behind) => Self::Behind(behind.duration()),
        }
    }

    /// The server's time when ours is `ours`.
    fn tells(self, ours: SystemTime) -> SystemTime {
        let told = match self {
            Self::Ahead(by) => ours.checked_add(by),
            Self::Behind(by) => ours.checked_sub(by),
            Self::Same => None,
        };
        told.unwrap_or(ours)
    }

    /// Whether the server's time is so far from what this tells that it refuses signatures.
    fn is_wrong(self, ours: SystemTime, theirs: SystemTime) -> bool {
        match Self::between(self.tells(ours), theirs) {
            Self::Ahead(by) | Self::Behind(by) => by > BORNE,
            Self::Same => false,
        }
    }
}

/// Servers bear 5 minutes at least; the time on the way and a date in whole seconds take of them.
const BORNE: Duration = Duration::from_secs(4 * 60);

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    fn at(minutes: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(60 * minutes)
    }

    #[test]
    fn clocks_that_differ_by_more_than_four_minutes_are_wrong() {
        let wrong = |theirs| Clock::Same.is_wrong(at(100), theirs);
        assert!(!wrong(at(100)) && !wrong(at(104)) && !wrong(at(96)));
        assert!(wrong(at(104) + Duration::from_secs(1)) && wrong(at(105)) && wrong(at(95)));
        for theirs in [at(0), at(1), at(100), at(160), at(1 << 32)] {
            let clock = Clock::between(at(100), theirs);
            assert_eq!(clock.tells(at(100)), theirs);
            assert!(!clock.is_wrong(at(100), theirs));
            assert!(clock.is_wrong(at(100), theirs + BORNE * 2));
        }
        assert_eq!(Clock::Ahead(Duration::MAX).tells(at(1)), at(1));
    }
}
