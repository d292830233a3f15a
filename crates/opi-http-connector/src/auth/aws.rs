//! Signatures of AWS, which go on in the chunks of a body.

use opi_auth::{Asked, AwsChunks, Credential, Surroundings};

use super::{Auth, Kind};
use crate::{Body, Error};

/// What signs the chunks of a body.
pub(super) type Chunks = AwsChunks;

/// What a request shows: headers, and what signs the chunks of its body when they are signed.
pub(super) type Shown = (Vec<Credential>, Option<Chunks>);

/// What signs a request; none for another scheme.
pub(super) fn sign(
    auth: &Auth,
    asked: &Asked<'_>,
    around: &Surroundings,
) -> Option<Result<Shown, Error>> {
    let Kind::Aws(keys) = &auth.0 else { return None };
    let signed = keys.sign_asked(asked, around.time).map_err(Error::from);
    Some(signed.map(|signed| (signed.headers().to_vec(), signed.chunks())))
}

/// `body` in chunks that are signed.
pub(super) fn frame(body: &Body, chunks: Chunks) -> Body {
    body.in_chunks(chunks)
}
