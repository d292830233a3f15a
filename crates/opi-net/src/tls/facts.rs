//! What a finished handshake agreed on.

use rustls::{CommonState, HandshakeKind};

use crate::TlsFacts;

/// The facts of a session whose client asked for `server_name`.
pub(super) fn facts(session: &CommonState, server_name: Option<&str>) -> Option<TlsFacts> {
    let version = session.protocol_version()?.as_str()?.to_owned();
    let cipher = session.negotiated_cipher_suite()?.suite().as_str()?.to_owned();
    let alpn = session.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned());
    let mut facts = TlsFacts::new(version, cipher, alpn);
    facts.resumed = session.handshake_kind() == Some(HandshakeKind::Resumed);
    facts.server_name = server_name.map(str::to_owned);
    let chain = session.peer_certificates().unwrap_or_default();
    facts.peer_chain = chain.iter().map(|der| der.to_vec().into()).collect();
    Some(facts)
}
