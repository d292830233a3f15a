//! Hands a refused chain from the verifier to whoever explains the refusal.
//!
//! rustls takes an error from its verifier and nothing else, and by that error it chooses the alert
//! that the server sees. So the chain goes another way: verifying is part of one poll of the
//! handshake, and what it leaves is taken when that poll is over.

use std::cell::RefCell;
use std::pin::pin;

use rustls_pki_types::CertificateDer;

use crate::tls::Certificate;

thread_local! {
    static REFUSED: RefCell<Vec<Certificate>> = const { RefCell::new(Vec::new()) };
}

/// Leaves the chain that was refused, its first certificates.
pub(super) fn keep<'a>(chain: impl Iterator<Item = &'a CertificateDer<'a>>) {
    let read = chain.take(MOST).map_while(|der| Certificate::from_der(der).ok()).collect();
    REFUSED.set(read);
}

/// Runs `handshake`; with its outcome comes the chain that was refused, if one was.
pub(in crate::tls) async fn watched<F: Future>(handshake: F) -> (F::Output, Vec<Certificate>) {
    let mut handshake = pin!(handshake);
    std::future::poll_fn(|context| {
        REFUSED.take();
        let outcome = handshake.as_mut().poll(context);
        outcome.map(|outcome| (outcome, REFUSED.take()))
    })
    .await
}

const MOST: usize = 8;
