//! `opi tcp forward`: ties every connection that comes to one to the target.

use std::sync::Arc;
use std::time::{Duration, Instant};

use opi::net::Deadline;
use tokio::task::JoinSet;

use super::dial::{Dial, Opened};
use super::events::{Events, Name};
use super::incoming::{Guest, Incoming};
use super::tap::tap;
use super::tunnel::{Traffic, tie};
use crate::answer::{self, Answer, Body};
use crate::args::ForwardArgs;
use crate::failure::Failure;
use crate::interrupt;
use crate::redact::Veil;
use crate::report::Report;

/// Forwards until it is interrupted, which is how it is meant to end, or, with `--once`, until the
/// first connection has ended.
///
/// # Errors
///
/// The command line is wrong, the address cannot be listened on, or, with `--once`, what became
/// of the connection.
pub(crate) fn run(args: &ForwardArgs, report: &Report) -> Result<(), Failure> {
    let mut veil = Veil::default();
    interrupt::foreground(async {
        let prepared = prepare(args, &mut veil).await;
        let (dial, incoming) = prepared.map_err(|failure| failure.behind(&veil))?;
        let events = Events::new(report, veil, args.dial.verbose);
        forward(args, &Arc::new(dial), incoming, &events).await
    })
}

async fn prepare(args: &ForwardArgs, veil: &mut Veil) -> Result<(Dial, Incoming), Failure> {
    let dial = Dial::new(&args.target, &args.dial, veil)?;
    Ok((dial, Incoming::bind(&args.listen, &args.incoming, veil).await?))
}

/// How a pair of connections ended.
struct Ended {
    name: Name,
    facts: Answer,
    outcome: Result<(), Failure>,
}

impl Ended {
    fn tell(self, events: &Events<'_>) -> Result<(), Failure> {
        events.closed(self.name, self.facts, self.outcome)
    }
}

/// The one connection decides how the command ends.
fn only(ended: Ended, events: &Events<'_>) -> Result<(), Failure> {
    match ended.outcome {
        Ok(()) => ended.tell(events),
        Err(failure) => Err(events.covered(failure).with(ended.facts)),
    }
}

async fn forward(
    args: &ForwardArgs,
    dial: &Arc<Dial>,
    incoming: Incoming,
    events: &Events<'_>,
) -> Result<(), Failure> {
    let mut signal = std::pin::pin!(interrupt::signal());
    events.listening(incoming.address())?;
    let mut pairs = JoinSet::new();
    let mut number = 0;
    loop {
        tokio::select! {
            biased;
            waited = &mut signal => {
                waited.map_err(interrupt::unheard)?;
                // Who comes now is refused.
                drop(incoming);
                return drain(pairs, args.incoming.drain, events).await;
            }
            Some(Ok(ended)) = pairs.join_next() => {
                if args.once {
                    return only(ended, events);
                }
                ended.tell(events)?;
            }
            guest = incoming.next(), if !(args.once && number > 0) => {
                number += 1;
                let name = Name { number, peer: guest.peer() };
                events.accepted(name)?;
                let idle = args.idle_timeout;
                pairs.spawn(pair(guest, name, Arc::clone(dial), idle));
            }
        }
    }
}

/// Lets the connections there are end by themselves for a while; what is left is cut.
async fn drain(
    mut pairs: JoinSet<Ended>,
    limit: Duration,
    events: &Events<'_>,
) -> Result<(), Failure> {
    let ending = async {
        while let Some(ended) = pairs.join_next().await {
            ended.map_or(Ok(()), |ended| ended.tell(events))?;
        }
        Ok::<_, Failure>(())
    };
    if let Ok(ended) = tokio::time::timeout(limit, ending).await {
        return ended;
    }
    events.say(&format!("{} connections are cut", pairs.len()));
    pairs.shutdown().await;
    Ok(())
}

async fn pair(guest: Guest, name: Name, dial: Arc<Dial>, idle: Duration) -> Ended {
    let (started, traffic) = (Instant::now(), Traffic::new());
    let outcome = join(guest, &dial, &traffic, idle).await;
    let facts = Answer::new(Body::None)
        .fact("up", traffic.up())
        .fact("down", traffic.down())
        .fact("elapsed_ms", answer::millis(started.elapsed()));
    Ended { name, facts, outcome }
}

async fn join(guest: Guest, dial: &Dial, traffic: &Traffic, idle: Duration) -> Result<(), Failure> {
    let (stream, _seat) = guest.welcome().await?;
    // Whatever fails from here on, the peer is cut and does not see an end.
    let (near, _) = tap(stream, false);
    let Opened { stream: far, .. } = dial.open(&Deadline::after(Deadline::LONGEST)).await?;
    Ok(tie(near, far, traffic, idle).await?)
}
