//! What `aws-sigv4` itself signs, to compare with.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4::SigningParams;

/// A request and how it is signed; the keys are `k` and `s`, the region is `r`.
pub(crate) struct Signing<'a> {
    pub(crate) method: &'a str,
    pub(crate) url: &'a str,
    pub(crate) headers: Vec<(&'a str, &'a str)>,
    pub(crate) body: &'a [u8],
    pub(crate) token: Option<&'a str>,
    pub(crate) service: &'a str,
    pub(crate) time: SystemTime,
    pub(crate) expires: Option<Duration>,
}

impl Signing<'_> {
    /// The signature; nothing when the library cannot read the URL or a header.
    pub(crate) fn signature(&self) -> Option<String> {
        let credentials = Credentials::new("k", "s", self.token.map(str::to_owned), None, "test");
        let identity = credentials.into();
        let mut settings = SigningSettings::default();
        let mut body = SignableBody::Bytes(self.body);
        if self.service == "s3" {
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        }
        if let Some(expires) = self.expires {
            settings.signature_location = SignatureLocation::QueryParams;
            settings.expires_in = Some(expires);
            if self.service == "s3" {
                body = SignableBody::UnsignedPayload;
            }
        } else {
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        }
        let params = SigningParams::builder().identity(&identity).region("r").name(self.service);
        let params = params.time(self.time).settings(settings).build().ok()?.into();
        let headers = self.headers.iter().copied();
        let request = SignableRequest::new(self.method, self.url, headers, body).ok()?;
        Some(sign(request, &params).ok()?.into_parts().1)
    }
}
