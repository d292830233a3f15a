//! Signatures as a scheme: each request is signed anew before it is sent.

use std::time::SystemTime;

use super::{AwsPayload, AwsRequest, AwsSigned, AwsStreams, AwsV4};
use crate::{
    Asked, Channel, Content, Credential, Error, ErrorKind, Memories, Scheme, Surroundings,
};

impl AwsV4 {
    /// Signs what a [`Scheme`] is asked for, as [`Scheme::authorize`] does, for who also writes
    /// the chunks of [`AwsStreams::Signed`]: the body goes in them when [`AwsSigned::chunks`] has
    /// something.
    ///
    /// # Errors
    ///
    /// Those of [`Self::sign`]. [`ErrorKind::BodyUnknown`]: the body is read as it is sent, and is
    /// neither under TLS nor signed in chunks, or its length is not known and it is to be.
    pub fn sign_asked(&self, asked: &Asked<'_>, time: SystemTime) -> Result<AwsSigned, Error> {
        let request = AwsRequest {
            method: asked.method(),
            target: asked.target(),
            headers: asked.headers().to_vec(),
            payload: AwsPayload::Unsigned,
        };
        let said = request.value("x-amz-content-sha256").is_some();
        let payload = match (asked.content(), self.streams) {
            (Content::Bytes(body), _) => AwsPayload::Bytes(body),
            (Content::Stream { .. }, _) if said => AwsPayload::Unsigned,
            (Content::Stream { length: Some(length), .. }, AwsStreams::Signed) => {
                AwsPayload::Chunks(length)
            }
            (Content::Stream { length: None, .. }, AwsStreams::Signed) => {
                return Err(Error::detailed(ErrorKind::BodyUnknown, NO_LENGTH));
            }
            _ if asked.channel() == Channel::Plain => {
                return Err(Error::new(ErrorKind::BodyUnknown));
            }
            _ => AwsPayload::Unsigned,
        };
        self.sign(&request.payload(payload), time)
    }
}

/// A body that is read as it is sent is signed as [`AwsV4::streams`] says. One that is not signed
/// could be changed by whoever is in the way, so without TLS it is refused
/// ([`ErrorKind::BodyUnknown`]) unless the request says in `x-amz-content-sha256` what to sign.
///
/// A scheme adds headers and writes no chunks: who wants them calls [`AwsV4::sign_asked`], and
/// here they are refused.
impl Scheme for AwsV4 {
    fn authorize(
        &self,
        asked: &Asked<'_>,
        _memories: &mut Memories<'_>,
        around: &Surroundings,
    ) -> Result<Vec<Credential>, Error> {
        let signed = self.sign_asked(asked, around.time)?;
        match signed.chunks() {
            Some(_) => Err(Error::detailed(ErrorKind::BodyUnknown, NO_CHUNKS)),
            None => Ok(signed.headers().to_vec()),
        }
    }
}

const NO_LENGTH: &str = "the body is to be signed in chunks, for which its length must be known";

const NO_CHUNKS: &str = "the body is to be signed in chunks, and who sends it writes none";
