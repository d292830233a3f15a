//! Signatures as a scheme: each request is signed anew before it is sent.

use super::{AwsPayload, AwsRequest, AwsV4};
use crate::{
    Asked, Channel, Content, Credential, Error, ErrorKind, Memories, Scheme, Surroundings,
};

/// A body that is read as it is sent is not signed under TLS (`UNSIGNED-PAYLOAD`). Without TLS
/// whoever is in the way could change it, so it is refused ([`ErrorKind::BodyUnknown`]) unless the
/// request says in `x-amz-content-sha256` what to sign.
impl Scheme for AwsV4 {
    fn authorize(
        &self,
        asked: &Asked<'_>,
        _memories: &mut Memories<'_>,
        around: &Surroundings,
    ) -> Result<Vec<Credential>, Error> {
        let request = AwsRequest {
            method: asked.method(),
            target: asked.target(),
            headers: asked.headers().to_vec(),
            payload: match asked.content() {
                Content::Bytes(body) => AwsPayload::Bytes(body),
                Content::Stream => AwsPayload::Unsigned,
            },
        };
        let hidden = request.value("x-amz-content-sha256").is_none();
        if asked.content() == Content::Stream && asked.channel() == Channel::Plain && hidden {
            return Err(Error::new(ErrorKind::BodyUnknown));
        }
        Ok(self.sign(&request, around.time)?.headers().to_vec())
    }
}
