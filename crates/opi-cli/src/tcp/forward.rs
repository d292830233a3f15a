//! `opi tcp forward`: ties every connection that comes to one to the target.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use opi::net::Deadline;
use tokio::task::JoinSet;

use super::dial::{Dial, Opened};
use super::events::{Events, Name};
use super::incoming::{Guest, Incoming, Welcome};
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
        let events = Events::new(report, veil, args.dial.verbose)?;
        let events = events.log(args.incoming.log.as_deref())?;
        let plan = Plan { dial, idle: args.idle_timeout, send_proxy: args.send_proxy };
        events.finish(forward(args, &Arc::new(plan), incoming, &events).await).await
    })
}

async fn prepare(args: &ForwardArgs, veil: &mut Veil) -> Result<(Dial, Incoming), Failure> {
    let dial = Dial::new(&args.target, &args.dial, veil)?;
    Ok((dial, Incoming::bind(&args.listen, &args.incoming, args.max_connections, veil).await?))
}

/// What is done for each connection.
struct Plan {
    dial: Dial,
    idle: Duration,
    send_proxy: bool,
}

/// How a pair of connections ended.
struct Ended {
    name: Name,
    /// Whether the peer was let in.
    welcome: bool,
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
    plan: &Arc<Plan>,
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
                return drain(pairs, args.drain, events).await;
            }
            unread = events.unread() => return Err(unread),
            Some(Ok(ended)) = pairs.join_next() => {
                if args.once && ended.welcome {
                    return only(ended, events);
                }
                ended.tell(events)?;
            }
            guest = incoming.next(), if !args.once || pairs.is_empty() => {
                number += 1;
                let name = Name { number, peer: guest.peer() };
                events.accepted(name)?;
                pairs.spawn(pair(guest, name, Arc::clone(plan)));
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

async fn pair(guest: Guest, name: Name, plan: Arc<Plan>) -> Ended {
    let (started, traffic) = (Instant::now(), Traffic::new());
    let (welcome, outcome) = match guest.welcome().await {
        Ok(guest) => (true, join(guest, &plan, &traffic).await),
        Err(failure) => (false, Err(failure)),
    };
    let facts = Answer::new(Body::None)
        .fact("up", traffic.up())
        .fact("down", traffic.down())
        .fact("elapsed_ms", answer::millis(started.elapsed()));
    Ended { name, welcome, facts, outcome }
}

async fn join(guest: Welcome, plan: &Plan, traffic: &Traffic) -> Result<(), Failure> {
    let Welcome { stream, peer, local, place: _seat } = guest;
    // Whatever fails from here on, the peer is cut and does not see an end.
    let (near, _) = tap(stream, false);
    let preface = if plan.send_proxy { proxied(peer, local) } else { String::new() };
    let whole = Deadline::after(Deadline::LONGEST);
    let Opened { stream: far, .. } = plan.dial.open_with(preface.as_bytes(), &whole).await?;
    Ok(tie(near, far, traffic, plan.idle).await?)
}

/// The header of the PROXY protocol, version 1.
fn proxied(source: SocketAddr, destination: SocketAddr) -> String {
    let (from, to) = (source.ip().to_canonical(), destination.ip().to_canonical());
    let family = match (from, to) {
        (IpAddr::V4(_), IpAddr::V4(_)) => "TCP4",
        (IpAddr::V6(_), IpAddr::V6(_)) => "TCP6",
        // It has no words for a pair of different families.
        _ => return "PROXY UNKNOWN\r\n".to_owned(),
    };
    format!("PROXY {family} {from} {to} {} {}\r\n", source.port(), destination.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_names_both_ends() {
        let check = |source: &str, destination: &str, expected: &str| {
            assert_eq!(proxied(source.parse().unwrap(), destination.parse().unwrap()), expected);
        };
        check("192.0.2.1:5", "127.0.0.1:80", "PROXY TCP4 192.0.2.1 127.0.0.1 5 80\r\n");
        check("[::ffff:192.0.2.1]:5", "127.0.0.1:80", "PROXY TCP4 192.0.2.1 127.0.0.1 5 80\r\n");
        check("[2001:db8::1]:5", "[::1]:80", "PROXY TCP6 2001:db8::1 ::1 5 80\r\n");
        check("192.0.2.1:5", "[::1]:80", "PROXY UNKNOWN\r\n");
    }
}
