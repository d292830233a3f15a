//! What `-v` tells about a request and its answer: heads, redirects, connection, time.

use opi::http::{HeaderMap, Prepared};

use super::came::Came;
use super::render;
use crate::output;
use crate::redact::{self, Veil};

/// Tells, when told to; every line goes through the veil.
#[derive(Debug)]
pub(super) enum Trace<'a> {
    Silent,
    Telling(&'a Veil),
}

impl<'a> Trace<'a> {
    /// Tells when `-v` was given.
    pub(super) fn new(verbose: bool, veil: &'a Veil) -> Self {
        if verbose { Self::Telling(veil) } else { Self::Silent }
    }

    /// Tells what is sent.
    pub(super) fn request(&self, prepared: &Prepared) {
        let Prepared { method, url, body, .. } = prepared;
        self.line('>', &format!("{method} {}", redact::url(url.as_str())));
        self.headers('>', &prepared.headers, render::title);
        match body.length() {
            Some(0) => {}
            Some(length) => self.line('>', &format!("({length} bytes of body)")),
            None => self.line('>', "(a body of unknown length)"),
        }
    }

    /// Tells the head that came, and what went before.
    pub(super) fn head(&self, came: &Came) {
        for hop in &came.history {
            let what = match (hop.status, hop.error) {
                (Some(status), _) => format!("answered {status}"),
                (None, error) => format!("failed: {}", error.unwrap_or("no answer")),
            };
            let url = redact::url(hop.url.as_str());
            self.line('*', &format!("{} {url} {what} ({})", hop.method, hop.reason.name()));
        }
        self.line('<', &came.status.to_string());
        self.headers('<', &came.headers, str::to_owned);
    }

    /// Tells how it came.
    pub(super) fn end(&self, came: &Came) {
        let facts = &came.facts;
        let peer = facts.peer.map_or_else(|| "an unknown address".to_owned(), |it| it.to_string());
        let reused = if facts.reused { "a kept" } else { "a new" };
        self.line('*', &format!("{reused} connection to {peer}"));
        if let Some(tls) = &facts.tls {
            self.line('*', &format!("{} {}", tls.version, tls.cipher));
        }
        let (bytes, millis) = (facts.received, facts.elapsed.as_millis());
        self.line('*', &format!("{bytes} bytes received, {millis} ms in all"));
    }

    fn headers(&self, mark: char, headers: &HeaderMap, named: fn(&str) -> String) {
        for (name, value) in headers {
            let (name, value) = (name.as_str(), String::from_utf8_lossy(value.as_bytes()));
            self.line(mark, &format!("{}: {}", named(name), redact::header(name, &value)));
        }
    }

    fn line(&self, mark: char, text: &str) {
        if let Self::Telling(veil) = self {
            output::note(&format!("{mark} {}", veil.cover(text)));
        }
    }
}
