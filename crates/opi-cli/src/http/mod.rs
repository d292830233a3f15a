//! `opi get`, `opi post` and their kin: one request, its answer, and what its status means.

mod address;
mod asked;
mod bar;
mod body;
mod came;
mod cookies;
mod curl;
mod dry;
mod equal;
mod items;
mod keys;
mod line;
mod login;
mod look;
mod pretty;
mod render;
mod session;
mod sign;
mod sink;
mod timings;
mod trace;

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use opi::http::text::{self, Charset, Reading};
use opi::http::{Download, Facts, Incoming, Prepared, Request, Saved, Session};
use opi::net::{Deadline, Phase};

use crate::answer::{Answer, Body};
use crate::args::{HttpArgs, Verb};
use crate::failure::{ErrorKind, Failure};
use crate::interrupt::or_interrupted;
use crate::output;
use crate::redact::Veil;
use crate::report::Format;

use bar::Bar;
use came::Came;
use look::{Look, Reader};
use render::{Content, Secrets};
use sink::Sink;
use trace::Trace;

pub(crate) use line::run as curl;
pub(crate) use sign::run as sign;

/// Sends the request and brings its answer.
///
/// # Errors
///
/// The command line is wrong, no whole answer came, or its status is no success; such an answer
/// is in the failure.
pub(crate) fn run(verb: Verb<'_>, args: &HttpArgs, format: Format) -> Result<Answer, Failure> {
    let mut veil = Veil::default();
    ask(verb, args, format, &mut veil).map_err(|failure| failure.behind(&veil))
}

fn ask(
    verb: Verb<'_>,
    args: &HttpArgs,
    format: Format,
    veil: &mut Veil,
) -> Result<Answer, Failure> {
    let request = asked::request(verb, args, veil)?;
    let session = session::new(verb, args, veil)?;
    if let Some(path) = &args.cookies {
        cookies::load(session.cookies(), path)?;
    }
    let look = look(args, format);
    if args.shown.offline || args.shown.curl {
        return dry::answer(verb, args, &session, &request, &look, veil);
    }
    let sink = Sink::start(verb, args)?;
    let long = sink.is_long() || matches!(verb, Verb::Upload(_));
    let usual = if long { LONG } else { SHORT };
    let deadline = Deadline::after(args.times.timeout.unwrap_or(usual));
    let quiet = args.saving.quiet || !long || args.shown.stream;
    let charset = args.shown.charset.as_deref().map(str::parse).transpose()?;
    let asking = Asking { session: &session, args, look, veil, charset };
    let outcome = or_interrupted(async {
        let bar = Arc::new(Bar::default());
        let carrying = asking.carry(bar.watch(request), sink, &deadline);
        tokio::select! {
            outcome = deadline.run(Phase::Total, carrying) => outcome?,
            never = bar.tell(quiet) => match never {},
        }
    });
    let saved =
        args.cookies.as_deref().map_or(Ok(()), |path| cookies::save(session.cookies(), path));
    outcome.and_then(|answer| saved.map(|()| answer))
}

/// A time for what a person waits for.
const SHORT: Duration = Duration::from_secs(30);

/// A time for files: they take as long as bytes come.
const LONG: Duration = Deadline::LONGEST;

fn look(args: &HttpArgs, format: Format) -> Look {
    let text = |name: &str| std::env::var(name).ok();
    let terminal = format == Format::Plain && io::stdout().is_terminal();
    let reader = Reader::of(terminal, text("NO_COLOR").as_deref(), text("TERM").as_deref());
    Look::new(&args.shown, reader)
}

/// What a request is carried out with.
struct Asking<'a> {
    session: &'a Session,
    args: &'a HttpArgs,
    look: Look,
    veil: &'a Veil,
    charset: Option<Charset>,
}

impl Asking<'_> {
    async fn carry(
        &self,
        request: Request,
        sink: Sink,
        deadline: &Deadline,
    ) -> Result<Answer, Failure> {
        let trace = Trace::new(self.args.shown.verbose, self.veil);
        let prepared = self.session.prepare(&request)?;
        trace.request(&prepared);
        let before = self.before(&prepared);
        let late = |error: &opi::http::Error| self.tell_times(error.facts());
        let incoming = match &sink {
            Sink::Download(save) => {
                let done = self.session.download(request, save, deadline).await;
                match done.inspect_err(late)? {
                    Download::Saved(saved) => return Ok(self.saved(&saved, before, &trace)),
                    Download::Refused(incoming) => *incoming,
                    _ => return Err(ErrorKind::File.into()),
                }
            }
            _ => self.session.open(request, deadline).await.inspect_err(late)?,
        };
        let came = Came::from(&incoming);
        trace.head(&came);
        let refusal = came.refusal().filter(|_| !self.args.answer.no_check_status);
        let (answer, came) = match refusal {
            None => self.keep(incoming, sink, before).await?,
            Some(_) => self.collect(incoming, before).await?,
        };
        trace.end(&came);
        self.tell_times(Some(&came.facts));
        match refusal {
            None => Ok(answer),
            Some(failure) => Err(failure.with(answer)),
        }
    }

    /// A download that is there.
    fn saved(&self, saved: &Saved, before: Vec<u8>, trace: &Trace<'_>) -> Answer {
        let came = Came::from(&saved.response);
        trace.head(&came);
        trace.end(&came);
        self.tell_times(Some(&came.facts));
        let path = saved.path.to_string_lossy();
        if !self.args.saving.quiet && self.args.saving.output.is_none() {
            output::note(&format!("saved {path}, {} bytes", saved.length));
        }
        let facts = came.facts(self.veil).fact("bytes", saved.length);
        let answer = facts.fact("resumed", saved.resumed).fact("file", path);
        Answer { shown: Some(self.head(&came, before).into()), ..answer }
    }

    /// Tells how long each step took, where it is wanted.
    fn tell_times(&self, facts: Option<&Facts>) {
        if let (true, Some(facts)) = (self.args.shown.timings, facts) {
            timings::table(facts).iter().for_each(|line| output::note(line));
        }
    }

    /// What stands before an answer: the request, where it is wanted.
    fn before(&self, prepared: &Prepared) -> Vec<u8> {
        let Look { parts, .. } = &self.look;
        let mut text = Vec::new();
        if parts.request_head {
            let head = render::request_head(prepared, &self.look, self.secrets());
            text.extend_from_slice(head.as_bytes());
        }
        if let (true, Some(body)) = (parts.request_body, prepared.body.in_memory()) {
            let content = Content::sent(self.secrets().body(body), &prepared.headers);
            text.extend_from_slice(&shown(&content, &self.look));
            text.extend_from_slice(b"\n\n");
        }
        text
    }

    /// Brings a good answer to where it goes.
    async fn keep(
        &self,
        mut incoming: Incoming,
        sink: Sink,
        before: Vec<u8>,
    ) -> Result<(Answer, Came), Failure> {
        if let Sink::Download(_) | Sink::Memory = sink {
            return self.collect(incoming, before).await;
        }
        let head = self.head(&Came::from(&incoming), before);
        let kept = sink.take(&mut incoming, head).await?;
        let came = Came::from(&incoming);
        let mut answer = came.facts(self.veil).fact("bytes", kept.bytes);
        if let Some(path) = kept.path {
            answer = answer.fact("file", path.to_string_lossy());
        }
        answer.shown = Some(kept.shown.into());
        Ok((answer, came))
    }

    /// Brings an answer to memory.
    async fn collect(
        &self,
        incoming: Incoming,
        before: Vec<u8>,
    ) -> Result<(Answer, Came), Failure> {
        let response = incoming.collect().await?;
        let came = Came::from(&response);
        let content = self.content(response.body().clone(), &came)?;
        let mut answer = came.facts(self.veil).fact("bytes", content.bytes.len());
        let mut text = self.head(&came, before);
        if self.look.parts.body {
            text.extend_from_slice(&shown(&content, &self.look));
        }
        if self.look.parts.times {
            text.extend_from_slice(render::times(&came).as_bytes());
        }
        answer.shown = Some(text.into());
        let json = content.json;
        let bytes = content.text.map_or(content.bytes, Bytes::from);
        answer.body = if json { Body::Json(bytes) } else { Body::Bytes(bytes) };
        Ok((answer, came))
    }

    /// The body with the text that it is.
    fn content(&self, bytes: Bytes, came: &Came) -> Result<Content, Failure> {
        let kind = came.headers.get("content-type").and_then(|value| value.to_str().ok());
        let read = |reading: Reading| text::decode(&bytes, kind, &reading);
        let text = match self.charset {
            None => read(Reading::new()).ok().map(|read| read.text.into_owned()),
            Some(charset) => Some(read(Reading::new().charset(charset))?.text.into_owned()),
        };
        let as_text = self.charset.is_some();
        Ok(Content { json: came.is_json(), as_text, text, bytes })
    }

    fn head(&self, came: &Came, mut before: Vec<u8>) -> Vec<u8> {
        if self.look.parts.head {
            let head = render::head(came, &self.look, self.secrets());
            before.extend_from_slice(head.as_bytes());
        }
        before
    }

    fn secrets(&self) -> Secrets<'_> {
        if self.args.shown.show_secrets { Secrets::Shown } else { Secrets::Hidden(self.veil) }
    }
}

/// A body as it is shown; where it cannot be, a note says so.
fn shown(content: &Content, look: &Look) -> Bytes {
    render::body(content, look).unwrap_or_else(|note| {
        output::note(&note);
        Bytes::new()
    })
}
