//! `opi tcp serve`: a server in the foreground that sends back what comes, or gives answers.

use std::sync::Arc;

use opi::framing::Codec;
use opi::net::Deadline;
use opi::tcp_server::{Config, ProxyProtocol, Server};
use tokio::task::JoinSet;

use super::answering::{self, Answers};
use super::events::{Events, Name};
use super::message::Form;
use super::{gate, incoming};
use crate::answer::Answer;
use crate::args::{IncomingArgs, ServeArgs};
use crate::failure::Failure;
use crate::redact::Veil;
use crate::report::Report;
use crate::{interrupt, network};

/// Serves until it is interrupted, which is how it is meant to end, or, with `--once`, until the
/// first client has gone.
///
/// # Errors
///
/// The command line is wrong, or the address cannot be listened on.
pub(crate) fn run(args: &ServeArgs, report: &Report) -> Result<(), Failure> {
    let mut veil = Veil::default();
    let form = Form::new(&args.message)?;
    let answers = Arc::new(Answers::new(&args.answer, &form)?);
    let config = config(args, &form, &mut veil).map_err(|failure| failure.behind(&veil))?;
    let events = Events::new(report, veil, args.verbose)?.log(args.incoming.log.as_deref())?;
    interrupt::foreground(async {
        events.finish(serve(config, args, &answers, &events).await).await
    })
}

fn config(args: &ServeArgs, form: &Form, veil: &mut Veil) -> Result<Config, Failure> {
    let IncomingArgs { allow, proxy_protocol, handshake_timeout, tls, .. } = &args.incoming;
    let mut config = Config::new(incoming::address(&args.address)?)
        .max_connections(args.max_connections.get())
        .handshake_timeout(*handshake_timeout);
    if let Some(codec) = codec(args, form)? {
        config = config.codec(codec);
    }
    if let Some(most) = args.max_per_address {
        config = config.max_per_address(most.get());
    }
    if let Some(limit) = args.idle_timeout {
        config = config.idle_timeout(limit);
    }
    if !allow.is_empty() {
        config = config.allow(gate::networks("--allow", allow)?);
    }
    if !proxy_protocol.is_empty() {
        let proxies = gate::networks("--proxy-protocol", proxy_protocol)?;
        config = config.proxy_protocol(ProxyProtocol::from(proxies));
    }
    Ok(match network::serving(tls, veil)? {
        Some(tls) => config.tls(tls),
        None => config,
    })
}

/// Written answers are answers to messages, and a message is a line when nothing else is said.
fn codec(args: &ServeArgs, form: &Form) -> Result<Option<Codec>, Failure> {
    match form.codec() {
        Some(codec) => Ok(Some(codec.clone())),
        None if args.answer.is_empty() => Ok(None),
        None => Ok(Some(Codec::preset("lines")?)),
    }
}

async fn serve(
    config: Config,
    args: &ServeArgs,
    answers: &Arc<Answers>,
    events: &Events<'_>,
) -> Result<(), Failure> {
    let server = Arc::new(Server::start(config)?);
    let mut clients = Clients::new();
    let mut signal = std::pin::pin!(interrupt::signal());
    events.listening(server.address())?;
    let outcome = tokio::select! {
        biased;
        waited = &mut signal => waited.map_err(interrupt::unheard),
        unread = events.unread() => Err(unread),
        outcome = accept(&server, &mut clients, args, answers, events) => outcome,
    };
    // Answers that are on their way go on leaving while the server drains.
    let leaving = async { while clients.join_next().await.is_some() {} };
    tokio::join!(server.stop_within(args.drain), leaving);
    outcome
}

/// What serves each client, and how it ended.
type Clients = JoinSet<(Name, (Answer, Result<(), Failure>))>;

async fn accept(
    server: &Arc<Server>,
    clients: &mut Clients,
    args: &ServeArgs,
    answers: &Arc<Answers>,
    events: &Events<'_>,
) -> Result<(), Failure> {
    let mut number = 0;
    loop {
        let wait = Deadline::after(Deadline::LONGEST);
        tokio::select! {
            accepted = server.accept(&wait) => {
                let Some(client) = accepted? else { continue };
                number += 1;
                let name = Name { number, peer: client.peer };
                events.accepted(name)?;
                let serving = answering::serve(Arc::clone(server), client.id, Arc::clone(answers));
                clients.spawn(async move { (name, serving.await) });
            }
            Some(Ok((name, (facts, outcome)))) = clients.join_next() => {
                events.closed(name, facts, outcome)?;
                if args.once {
                    return Ok(());
                }
            }
        }
    }
}
