//! `opi tcp listen`: writes what comes; standard input goes to the peer.

use std::io::{self, IsTerminal};
use std::num::NonZeroUsize;

use opi::net::{Cancel, Stream};
use tokio::io::WriteHalf;

use super::carry;
use super::events::{Events, Name};
use super::incoming::{Incoming, Welcome};
use super::lines::{Outgoing, Source};
use super::message::Form;
use super::receive::receive;
use super::sink::{Place, Sink};
use super::tap::{Counts, tap};
use crate::answer::{Answer, Body};
use crate::args::ListenArgs;
use crate::exit::Exit;
use crate::failure::{ErrorKind, Failure};
use crate::redact::Veil;
use crate::report::{Format, Report};
use crate::save::Saving;
use crate::{interrupt, output};

/// Serves one connection, or, with `--keep`, one after the other until it is interrupted.
///
/// # Errors
///
/// The command line is wrong, the address cannot be listened on, or, without `--keep`, what became
/// of the connection.
pub(crate) fn run(args: &ListenArgs, report: &Report) -> Result<(), Failure> {
    let form = Form::new(&args.message)?;
    interrupt::foreground(async {
        let mut signal = std::pin::pin!(interrupt::signal());
        let mut veil = Veil::default();
        let saving = args.output.as_deref().map(Saving::start).transpose()?;
        let incoming =
            Incoming::bind(&args.address, &args.incoming, NonZeroUsize::MIN, &mut veil).await;
        let incoming = incoming.map_err(|failure| failure.behind(&veil))?;
        let events = Events::new(report, veil, false)?.log(args.incoming.log.as_deref())?;
        let listener = Listener { args, form, events, json: report.format() == Format::Json };
        let outcome = tokio::select! {
            biased;
            waited = &mut signal => match waited {
                // This is how it is meant to end.
                Ok(()) if args.keep => Ok(()),
                Ok(()) => Err(ErrorKind::Interrupted.into()),
                Err(cause) => Err(interrupt::unheard(cause)),
            },
            unread = listener.events.unread() => Err(unread),
            outcome = listener.listen(incoming, saving) => outcome,
        };
        listener.events.finish(outcome).await
    })
}

struct Listener<'a> {
    args: &'a ListenArgs,
    form: Form,
    events: Events<'a>,
    json: bool,
}

impl Listener<'_> {
    async fn listen(&self, incoming: Incoming, saving: Option<Saving>) -> Result<(), Failure> {
        self.events.listening(incoming.address())?;
        for number in 1.. {
            let guest = incoming.next().await;
            let name = Name { number, peer: guest.peer() };
            self.events.accepted(name)?;
            let welcome = match guest.welcome().await {
                Ok(welcome) => welcome,
                Err(failure) => {
                    self.events.closed(name, Answer::new(Body::None), Err(failure))?;
                    continue;
                }
            };
            if !self.args.keep {
                // Nobody else is let in.
                drop(incoming);
                return self.only(name, welcome, saving).await;
            }
            let (facts, outcome) = self.serve(welcome, self.place(name)).await;
            if outcome.as_ref().is_err_and(|failure| failure.exit() == Exit::OutputGone) {
                return outcome;
            }
            self.events.closed(name, facts, outcome)?;
        }
        Ok(())
    }

    /// The one connection decides how the command ends.
    async fn only(
        &self,
        name: Name,
        welcome: Welcome,
        saving: Option<Saving>,
    ) -> Result<(), Failure> {
        let place = match &saving {
            Some(saving) => Place::Written(Box::pin(saving.stream().await?)),
            None => self.place(name),
        };
        let (facts, outcome) = self.serve(welcome, place).await;
        if let Err(failure) = outcome {
            return Err(failure.with(facts));
        }
        saving.map_or(Ok(()), Saving::commit)?;
        self.events.closed(name, facts, Ok(()))
    }

    fn place(&self, name: Name) -> Place<'_> {
        if self.json {
            return Place::Events(&self.events, name);
        }
        Place::Written(Box::pin(output::stream()))
    }

    async fn serve(&self, welcome: Welcome, place: Place<'_>) -> (Answer, Result<(), Failure>) {
        let Welcome { stream, peer, place: _seat, .. } = welcome;
        let (stream, counts) = tap(stream, self.args.dump);
        let outcome = self.exchange(stream, place).await;
        (facts(&counts).fact("origin", peer.to_string()), outcome)
    }

    async fn exchange(&self, stream: Stream, place: Place<'_>) -> Result<(), Failure> {
        let (mut reader, mut writer) = tokio::io::split(stream);
        let mut sink = Sink::new(place, &self.form);
        let (hurry, ended) = (Cancel::new(), Cancel::new());
        hurry.cancel();
        let receiving = async {
            receive(&mut reader, &mut sink, self.args.idle_timeout, &hurry).await?;
            ended.cancel();
            Ok(())
        };
        tokio::try_join!(receiving, self.sending(&mut writer, &ended)).map(|_| ())
    }

    /// Sends standard input, and tells its end; without input the end comes after the peer's.
    async fn sending(&self, to: &mut WriteHalf<Stream>, ended: &Cancel) -> Result<(), Failure> {
        let idle = self.args.idle_timeout;
        if self.args.keep || self.args.no_input {
            ended.cancelled().await;
            return Ok(carry::finish(to, idle).await?);
        }
        let mut outgoing = Outgoing::new(Source::stdin(), self.form.clone())?;
        // Who sits at the terminal has nobody to talk to any more when the peer has ended.
        let never = Cancel::new();
        let over = if io::stdin().is_terminal() { ended } else { &never };
        while let Some(Some(piece)) = over.unless(outgoing.next()).await.transpose()? {
            carry::write(to, &piece, idle).await?;
        }
        Ok(carry::finish(to, idle).await?)
    }
}

fn facts(counts: &Counts) -> Answer {
    Answer::new(Body::None).fact("received", counts.received()).fact("sent", counts.sent())
}
