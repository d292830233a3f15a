//! Decides whether a server's certificate is accepted.

mod refusal;
mod watch;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use super::certificate::Parts;
use super::provider::provider;
use super::roots::{self, pick};
use super::{Certificates, Name, Pin, Trust};

pub(super) use refusal::Refusal;
pub(super) use watch::watched;

/// The rules of one configuration.
#[derive(Debug)]
pub(super) struct Verifier {
    trust: Trust,
    any_name: bool,
    pins: Vec<Pin>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Verifier {
    pub(super) fn new(trust: &Trust, name: &Name, pins: Vec<Pin>) -> Self {
        let algorithms = provider().signature_verification_algorithms;
        Self { trust: trust.clone(), any_name: *name == Name::DangerousAny, pins, algorithms }
    }

    fn check(&self, shown: &Shown<'_>, name: &ServerName<'_>) -> Result<(), rustls::Error> {
        match &self.trust {
            Trust::DangerousAnyone => {}
            Trust::Exactly(known) => shown.is_one_of(known)?,
            Trust::Pinned(pins) => shown.has_pin(pins)?,
            Trust::Only(_) | Trust::System | Trust::SystemAnd(_) => {
                self.check_chain(shown)?;
                self.check_name(shown, name)?;
            }
        }
        if self.pins.is_empty() { Ok(()) } else { shown.has_pin(&self.pins) }
    }

    fn check_chain(&self, shown: &Shown<'_>) -> Result<(), rustls::Error> {
        match &self.trust {
            Trust::Only(given) => self.check_issued(shown, pick(given.list(), &shown.issuers())),
            Trust::SystemAnd(more) => self.check_system(shown, more.list()),
            _ => self.check_system(shown, &[]),
        }
    }

    /// Asks the whole store only when what can be read fast does not know the issuer.
    fn check_system(
        &self,
        shown: &Shown<'_>,
        more: &[CertificateDer<'static>],
    ) -> Result<(), rustls::Error> {
        let issuers = shown.issuers();
        let mut known = pick(more, &issuers);
        known.extend(roots::bundle().called(&issuers));
        match self.check_issued(shown, known.clone()) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::UnknownIssuer | CertificateError::BadSignature,
            )) => {
                known.extend(roots::all().called(&issuers));
                self.check_issued(shown, known)
            }
            outcome => outcome,
        }
    }

    fn check_issued(
        &self,
        shown: &Shown<'_>,
        roots: Vec<rustls_pki_types::TrustAnchor<'static>>,
    ) -> Result<(), rustls::Error> {
        let own = ParsedCertificate::try_from(shown.own)?;
        let roots = RootCertStore { roots };
        let algorithms = self.algorithms.all;
        verify_server_cert_signed_by_trust_anchor(&own, &roots, shown.others, shown.now, algorithms)
    }

    fn check_name(&self, shown: &Shown<'_>, name: &ServerName<'_>) -> Result<(), rustls::Error> {
        if self.any_name {
            return Ok(());
        }
        verify_server_name(&ParsedCertificate::try_from(shown.own)?, name)
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let shown = Shown { own, others, now };
        let checked = self.check(&shown, name).map(|()| ServerCertVerified::assertion());
        checked.inspect_err(|_| watch::keep(std::iter::once(own).chain(others)))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let checked =
            rustls::crypto::verify_tls12_signature(message, own, signed, &self.algorithms);
        checked.inspect_err(|_| watch::keep(std::iter::once(own)))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let checked =
            rustls::crypto::verify_tls13_signature(message, own, signed, &self.algorithms);
        checked.inspect_err(|_| watch::keep(std::iter::once(own)))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// What a server showed, and when.
struct Shown<'a> {
    own: &'a CertificateDer<'a>,
    others: &'a [CertificateDer<'a>],
    now: UnixTime,
}

impl Shown<'_> {
    /// The names of all that issued anything here: no other root can be the end of the chain.
    fn issuers(&self) -> Vec<&[u8]> {
        let all = std::iter::once(self.own).chain(self.others);
        all.filter_map(|der| Parts::of(der)).map(|parts| parts.issuer).collect()
    }

    fn is_one_of(&self, known: &Certificates) -> Result<(), rustls::Error> {
        if !known.list().iter().any(|der| der.as_ref() == self.own.as_ref()) {
            return Err(Refusal::Another.into());
        }
        let Some((first, last)) = Parts::of(self.own).and_then(|parts| parts.validity()) else {
            return Err(CertificateError::BadEncoding.into());
        };
        let now = std::time::UNIX_EPOCH + std::time::Duration::from_secs(self.now.as_secs());
        match now {
            now if now < first => Err(CertificateError::NotValidYet.into()),
            now if now > last => Err(CertificateError::Expired.into()),
            _ => Ok(()),
        }
    }

    fn has_pin(&self, pins: &[Pin]) -> Result<(), rustls::Error> {
        match Parts::of(self.own).map(|parts| Pin::of_key(parts.key_info)) {
            Some(pin) if pins.contains(&pin) => Ok(()),
            Some(pin) => Err(Refusal::Pin(pin).into()),
            None => Err(CertificateError::BadEncoding.into()),
        }
    }
}
