//! A build without signatures of AWS: nobody signs.

use opi_auth::{Asked, Credential, Surroundings};

use super::Auth;
use crate::{Body, Error};

/// There are none.
#[derive(Debug)]
pub(super) enum Chunks {}

/// Nobody shows anything.
pub(super) type Shown = (Vec<Credential>, Option<Chunks>);

pub(super) fn sign(
    _auth: &Auth,
    _asked: &Asked<'_>,
    _around: &Surroundings,
) -> Option<Result<Shown, Error>> {
    None
}

pub(super) fn frame(_body: &Body, chunks: Chunks) -> Body {
    match chunks {}
}
