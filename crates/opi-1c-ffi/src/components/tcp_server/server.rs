//! What the methods of `TCPServer` do.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use opi::net::Deadline;
use opi::tcp_server::{Config, ConnectionFacts, ConnectionId, Message, Server};
use serde_json::json;

use super::{LINGER, MAX_CONNECTIONS, MAX_UNREAD, METHODS, PROPERTIES};
use crate::argument::Args;
use crate::context::Context;
use crate::dispatch::{Component, success};
use crate::fault::{Fault, FaultKind};
use crate::language::Bilingual;
use crate::options::Options;
use crate::runtime::SharedRuntime;
use crate::table::{Method, OptionRow, Property};
use crate::value::Value;

#[derive(Debug)]
pub(crate) struct TcpServer {
    context: Arc<Context>,
    running: Mutex<Option<Arc<Running>>>,
}

/// A server and the runtime it needs; the server goes first.
#[derive(Debug)]
struct Running {
    server: Server,
    runtime: SharedRuntime,
}

impl Component for TcpServer {
    const CLASS: (&'static str, Bilingual) = (
        "TCPServer",
        Bilingual::new(
            "A TCP server that gives messages to whoever asks.",
            "TCP-сервер, отдающий сообщения тому, кто спрашивает.",
        ),
    );
    const METHODS: &'static [Method<Self>] = METHODS;
    const PROPERTIES: &'static [Property<Self>] = PROPERTIES;

    fn new(context: Arc<Context>) -> Self {
        Self { context, running: Mutex::new(None) }
    }

    fn close(&self) {
        let running = self.slot().take();
        if let Some(running) = running {
            // Nobody is left to be told that it could not be waited for.
            let _unwaited = running.stop().is_err();
        }
    }
}

impl TcpServer {
    pub(super) fn start(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let address: SocketAddr = args.next()?;
        let mut options: Options = args.next()?;
        let config = config(address, &mut options)?;
        drop(self.free()?);
        let runtime = SharedRuntime::join()?;
        let server = runtime.run(async { Ok(Server::start(config)?) })?;
        let address = server.address();
        let running = Arc::new(Running { server, runtime });
        match self.free() {
            Ok(mut slot) => drop(slot.replace(running)),
            Err(fault) => return running.stop().and(Err(fault)),
        }
        success(&json!({ "address": address.to_string(), "port": address.port() }))
    }

    pub(super) fn next_message(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let (wait, limit): (Duration, Option<usize>) = (args.next()?, args.next()?);
        let limit = limit.unwrap_or(usize::MAX);
        let next =
            async |server: &Server, deadline: &Deadline| Ok(server.next(limit, deadline).await?);
        self.message(self.run(wait, next)?)
    }

    pub(super) fn get_message(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let id: ConnectionId = args.next()?;
        let (wait, limit): (Duration, Option<usize>) = (args.next()?, args.next()?);
        let limit = limit.unwrap_or(usize::MAX);
        let next = async |server: &Server, deadline: &Deadline| {
            Ok(server.next_of(id, limit, deadline).await?)
        };
        self.message(self.run(wait, next)?)
    }

    pub(super) fn send(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let (data, id): (Bytes, ConnectionId) = (args.next()?, args.next()?);
        let wait: Duration = args.next()?;
        self.run(wait, async |server, deadline| {
            server.send(id, &data, deadline).await.map_err(|error| {
                let sent = error.sent();
                Fault::from(error).fact("sent", sent)
            })
        })?;
        success(&json!({ "sent": data.len() }))
    }

    pub(super) fn list_connections(&self, _args: &mut Args<'_>) -> Result<Value, Fault> {
        let running = self.running()?;
        let list: Vec<_> = running.server.connections().iter().map(connection).collect();
        success(&json!({ "connections": list }))
    }

    pub(super) fn finish_sending(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let id: ConnectionId = args.next()?;
        self.running()?.server.finish_sending(id)?;
        success(&json!({}))
    }

    pub(super) fn close_connection(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let id: ConnectionId = args.next()?;
        self.running()?.server.close(id)?;
        success(&json!({}))
    }

    pub(super) fn stop(&self, _args: &mut Args<'_>) -> Result<Value, Fault> {
        let running = self.slot().take();
        let running = running.ok_or_else(not_started)?;
        running.stop()?;
        success(&json!({}))
    }

    pub(super) fn address(&self) -> String {
        let running = self.running();
        running.map(|running| running.server.address().to_string()).unwrap_or_default()
    }

    fn message(&self, message: Option<Message>) -> Result<Value, Fault> {
        let Some(Message { connection, peer, data, open, .. }) = message else {
            return success(&json!({ "reason": "timeout", "size": 0 }));
        };
        let size = data.len();
        let reason = if size == 0 && !open { "closed" } else { "message" };
        success(&json!({
            "reason": reason,
            "connection": connection.to_string(),
            "peer": peer.to_string(),
            "open": open,
            "size": size,
            "data": self.context.blobs.keep(data).to_string(),
        }))
    }

    fn run<T>(
        &self,
        wait: Duration,
        work: impl AsyncFnOnce(&Server, &Deadline) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let running = self.running()?;
        let deadline = self.context.life.deadline(wait);
        let outcome = running.runtime.run(work(&running.server, &deadline));
        outcome.map_err(|fault| fault.after(deadline.elapsed()))
    }

    fn running(&self) -> Result<Arc<Running>, Fault> {
        self.slot().clone().ok_or_else(not_started)
    }

    /// The place for a server, when there is none.
    fn free(&self) -> Result<MutexGuard<'_, Option<Arc<Running>>>, Fault> {
        let slot = self.slot();
        if slot.is_none() {
            return Ok(slot);
        }
        Err(Fault::new(FaultKind::AlreadyOpen, "the server is started already"))
    }

    /// Locked for a few instructions only, never while waiting.
    fn slot(&self) -> MutexGuard<'_, Option<Arc<Running>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    fn stop(&self) -> Result<(), Fault> {
        self.runtime.run(async {
            self.server.stop().await;
            Ok(())
        })
    }
}

fn config(address: SocketAddr, options: &mut Options) -> Result<Config, Fault> {
    let mut config = Config::new(address);
    if let Some(most) = count(options, &MAX_CONNECTIONS)? {
        config = config.max_connections(most);
    }
    if let Some(most) = count(options, &MAX_UNREAD)? {
        config = config.max_unread(most);
    }
    if let Some(linger) = options.take::<Duration>(&LINGER)? {
        // Here 0 is no time at all, not the longest wait.
        let linger = if linger == Deadline::LONGEST { Duration::ZERO } else { linger };
        config = config.linger(linger);
    }
    Ok(config)
}

/// A count of at least 1: none at all would make a server of no use.
fn count(options: &mut Options, row: &OptionRow) -> Result<Option<usize>, Fault> {
    match options.take::<usize>(row)? {
        Some(0) => Err(Fault::new(FaultKind::Option, format!("{row}: expected 1 or more, got 0"))),
        given => Ok(given),
    }
}

fn connection(facts: &ConnectionFacts) -> serde_json::Value {
    let ConnectionFacts { id, peer, can_read, can_write, unread, .. } = facts;
    json!({
        "connection": id.to_string(),
        "peer": peer.to_string(),
        "can_read": can_read,
        "can_write": can_write,
        "unread": unread,
    })
}

fn not_started() -> Fault {
    Fault::new(FaultKind::NotOpen, "the server is not started")
}
