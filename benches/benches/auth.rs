//! What it costs to prove who asks: a signature of a GET, and the answer to a Digest challenge.
#![expect(clippy::unwrap_used, reason = "a bench may end")]
#![forbid(unsafe_code)]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4::SigningParams;
use digest_auth::AuthContext;
use opi_auth::{AwsRequest, AwsV4, Challenge, Digest, DigestRequest, DigestSession};
use opi_benches::{Contest, Metric, Report};

const MANY: usize = 20_000;

fn main() {
    let mut report = Report::from_arguments("auth");
    let rounds = report.rounds(9);
    let keys = AwsV4::new("AKIDEXAMPLE", "SECRET", "eu-north-1", "s3");
    let outcome = Contest::new("auth_sigv4_get", "us a signature")
        .entrant("aws-sigv4", MANY, || (0..MANY).map(|_| by_library()).sum::<usize>())
        .entrant("opi", MANY, || (0..MANY).map(|_| by_opi(&keys)).sum::<usize>())
        .limit("35", Metric::Cpu, "opi", 6.4)
        .run(rounds);
    report.add(&outcome);

    let digest = Digest::choose(&Challenge::read([CHALLENGE.as_bytes()])).unwrap();
    let mut session = DigestSession::new(digest);
    let outcome = Contest::new("auth_digest_answer", "us an answer")
        .entrant("digest_auth", MANY, || (0..MANY).map(|_| digest_library()).sum::<usize>())
        .entrant("opi, challenge and answer", MANY, || {
            (0..MANY).map(|_| digest_opi()).sum::<usize>()
        })
        .entrant("opi, nonce used again", MANY, || {
            (0..MANY).map(|_| again(&mut session)).sum::<usize>()
        })
        .limit("36", Metric::Cpu, "opi, challenge and answer", 6.5)
        .run(rounds);
    report.add(&outcome);
    report.finish(env!("CARGO_TARGET_TMPDIR"));
}

const HOST: &str = "bucket.s3.eu-north-1.amazonaws.com";
const TARGET: &str = "/folder/key%20of%20an%20object.txt?versionId=1&list-type=2";

fn moment() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_700_000_000)
}

fn by_opi(keys: &AwsV4) -> usize {
    let request = AwsRequest::new("GET", TARGET).header("host", HOST.as_bytes());
    keys.sign(&request, moment()).unwrap().signature().len()
}

fn by_library() -> usize {
    let identity = Credentials::new("AKIDEXAMPLE", "SECRET", None, None, "bench").into();
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    let params = SigningParams::builder().identity(&identity).region("eu-north-1").name("s3");
    let params = params.time(moment()).settings(settings).build().unwrap().into();
    let url = format!("https://{HOST}{TARGET}");
    let headers = [("host", HOST)].into_iter();
    let request = SignableRequest::new("GET", url, headers, SignableBody::Bytes(b"")).unwrap();
    sign(request, &params).unwrap().into_parts().1.len()
}

const CHALLENGE: &str = "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", \
    algorithm=SHA-256, nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", \
    opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
const CNONCE: &str = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
const PAGE: &str = "/dir/index.html";

fn digest_opi() -> usize {
    let digest = Digest::choose(&Challenge::read([CHALLENGE.as_bytes()])).unwrap();
    let request = DigestRequest::new("GET", PAGE);
    digest.answer("Mufasa", "Circle of Life", &request, CNONCE, 1).unwrap().expose().len()
}

fn again(session: &mut DigestSession) -> usize {
    let request = DigestRequest::new("GET", PAGE);
    session.answer("Mufasa", "Circle of Life", &request, CNONCE).unwrap().expose().len()
}

fn digest_library() -> usize {
    let mut prompt = digest_auth::parse(CHALLENGE).unwrap();
    let mut context = AuthContext::new("Mufasa", "Circle of Life", PAGE);
    context.set_custom_cnonce(CNONCE);
    prompt.respond(&context).unwrap().to_string().len()
}
