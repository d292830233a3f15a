//! What `-v` tells about a request and its answer: heads, redirects, connection, time.

use opi::http::Response;

use crate::http_request::Asked;
use crate::output;
use crate::redact::{self, Veil};

/// Tells, when told to; every line goes through the veil.
#[derive(Debug)]
pub(crate) enum Trace<'a> {
    Silent,
    Telling(&'a Veil),
}

impl<'a> Trace<'a> {
    /// Tells when `-v` was given.
    pub(crate) fn new(verbose: bool, veil: &'a Veil) -> Self {
        if verbose { Self::Telling(veil) } else { Self::Silent }
    }

    /// Tells what is sent.
    pub(crate) fn request(&self, asked: &Asked) {
        asked.head.iter().for_each(|line| self.line('>', line));
    }

    /// Tells what came, and how.
    pub(crate) fn response(&self, response: &Response) {
        for hop in response.history() {
            let answered = hop.status.map(|status| status.to_string());
            let said = answered.as_deref().or(hop.error).unwrap_or_default();
            self.line('*', &format!("{} answered {said}", redact::url(hop.url.as_str())));
        }
        self.line('<', &response.status().to_string());
        for (name, value) in response.headers() {
            let value = String::from_utf8_lossy(value.as_bytes());
            self.line('<', &format!("{name}: {}", redact::header(name.as_str(), &value)));
        }
        let facts = response.facts();
        let peer = facts.peer.map_or_else(|| "an unknown address".to_owned(), |it| it.to_string());
        let reused = if facts.reused { "a kept" } else { "a new" };
        self.line('*', &format!("{reused} connection to {peer}"));
        if let Some(tls) = &facts.tls {
            self.line('*', &format!("{} {}", tls.version, tls.cipher));
        }
        let (bytes, millis) = (response.body().len(), facts.elapsed.as_millis());
        self.line('*', &format!("{bytes} bytes of body, {millis} ms in all"));
    }

    fn line(&self, mark: char, text: &str) {
        if let Self::Telling(veil) = self {
            output::note(&format!("{mark} {}", veil.cover(text)));
        }
    }
}
