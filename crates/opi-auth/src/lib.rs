//! `Authorization` values: Basic (RFC 7617), Bearer (RFC 6750), Digest (RFC 7616) and AWS Signature
//! Version 4, the challenges that ask for them, and [`Scheme`] for others.
//!
//! ```
//! let header = opi_auth::basic("Aladdin", "open sesame")?;
//! assert_eq!(header.expose(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
//! assert_eq!(format!("{header:?}"), "Authorization(..)");
//! # Ok::<(), opi_auth::Error>(())
//! ```
//!
//! Invariants: nothing here sends anything, reads a clock or makes random numbers; a secret is
//! never printed; a challenge of the network is read within bounds and never a panic.
//!
//! | feature | adds | default |
//! |---|---|---|
//! | `aws` | AWS Signature Version 4 in headers, URLs and over chunks | no |
//! | `digest` | Digest answers: MD5, SHA-256 and SHA-512-256 | no |
#![forbid(unsafe_code)]

mod authorization;
#[cfg(feature = "aws")]
mod aws;
mod basic;
mod bearer;
mod challenge;
#[cfg(feature = "digest")]
mod digest;
mod error;
mod grammar;
mod login;
mod scheme;

pub use authorization::{Authorization, Credential};
#[cfg(feature = "aws")]
pub use aws::{
    AwsChunks, AwsHash, AwsHeaders, AwsPayload, AwsPresigned, AwsRequest, AwsRules, AwsSigned,
    AwsStreams, AwsToken, AwsV4,
};
pub use basic::basic;
pub use bearer::{Bearer, bearer};
pub use challenge::Challenge;
#[cfg(feature = "digest")]
pub use digest::{AuthenticationInfo, Digest, DigestRequest, DigestSession, Proof};
pub use error::{Error, ErrorKind};
pub use login::{Login, LoginBy};
pub use scheme::{
    Asked, BodyHash, Channel, Content, Memories, Memory, Next, Scheme, Side, Surroundings,
};
