//! What a command found out: bytes for standard output, and facts for the envelope.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use opi::net::TlsFacts;
use opi::net::tls::Certificate;
use serde_json::{Map, Value, json};

/// The result of a command.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The bytes themselves.
    pub(crate) body: Body,
    /// What else is known, by name.
    pub(crate) facts: Map<String, Value>,
    /// What standard output shows in place of the body.
    pub(crate) shown: Option<Bytes>,
}

/// The bytes of a result, and what they are said to be.
#[derive(Debug)]
pub(crate) enum Body {
    /// Bytes of no known kind.
    Bytes(Bytes),
    /// Bytes written as hexadecimal digits.
    Hex(String),
    /// Bytes that the sender calls JSON.
    Json(Bytes),
    /// None, or they went elsewhere.
    None,
}

impl Answer {
    /// An answer without facts.
    pub(crate) fn new(body: Body) -> Self {
        Self { body, facts: Map::new(), shown: None }
    }

    /// The bytes for standard output.
    pub(crate) fn bytes(&self) -> Bytes {
        self.shown.clone().unwrap_or_else(|| self.body.bytes())
    }

    /// Adds a fact.
    pub(crate) fn fact(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.facts.insert(name.to_owned(), value.into());
        self
    }
}

impl Body {
    /// How many bytes it stands for.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Bytes(bytes) | Self::Json(bytes) => bytes.len(),
            Self::Hex(digits) => digits.len() / 2,
            Self::None => 0,
        }
    }

    /// The bytes for standard output.
    pub(crate) fn bytes(&self) -> Bytes {
        match self {
            Self::Bytes(bytes) | Self::Json(bytes) => bytes.clone(),
            Self::Hex(digits) => format!("{digits}\n").into(),
            Self::None => Bytes::new(),
        }
    }
}

/// An address as a fact; null when it is not known.
pub(crate) fn address(address: Option<SocketAddr>) -> Value {
    address.map(|address| address.to_string()).into()
}

/// What TLS agreed on as a fact; null when nothing is encrypted.
pub(crate) fn tls(facts: Option<&TlsFacts>) -> Value {
    let Some(facts) = facts else { return Value::Null };
    let chain: Vec<_> = facts.peer_chain.iter().map(|der| certificate(der)).collect();
    json!({
        "version": facts.version,
        "cipher": facts.cipher,
        "alpn": facts.alpn,
        "server_name": facts.server_name,
        "resumed": facts.resumed,
        "peer_chain": chain,
    })
}

/// A certificate as a fact; null when it cannot be read.
fn certificate(der: &[u8]) -> Value {
    let Ok(read) = Certificate::from_der(der) else { return Value::Null };
    let [not_before, not_after] = read.validity();
    json!({
        "subject": read.subject(),
        "issuer": read.issuer(),
        "names": read.names(),
        "not_before": not_before,
        "not_after": not_after,
        "key": read.key(),
        "pin": read.pin().to_string(),
        "sha256": read.fingerprint(),
    })
}

/// A time as a fact.
pub(crate) fn millis(time: Duration) -> Value {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX).into()
}
