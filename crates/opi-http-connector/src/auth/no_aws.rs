//! A build without signatures of AWS: nobody signs.

use http::response::Parts;
use opi_auth::{Asked, Credential, Memory, Surroundings};

use super::Auth;
use super::memories::Shared;
use crate::{Body, Error, Request};

/// There are none.
#[derive(Debug)]
pub(super) enum Chunks {}

/// Nobody shows anything.
pub(super) type Shown = (Vec<Credential>, Option<Chunks>);

pub(super) fn sign(
    _auth: &Auth,
    _server: &Shared,
    _asked: &Asked<'_>,
    _around: &Surroundings,
) -> Option<Result<Shown, Error>> {
    None
}

pub(super) fn frame(_body: &Body, chunks: Chunks) -> Body {
    match chunks {}
}

pub(super) fn is_late(
    _auth: &Auth,
    _remembered: (&Shared, &mut Memory),
    _request: &Request,
    _head: &Parts,
) -> bool {
    false
}
