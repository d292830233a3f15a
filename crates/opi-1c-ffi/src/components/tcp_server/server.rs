//! The life of a `TCPServer`: start, stop, and calls in between.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use opi::net::Deadline;
use opi::net::tls::ServerTls;
use opi::tcp_server::{Config, Server};
use serde_json::json;

use super::config::{config, or_none};
use super::{METHODS, PROPERTIES};
use crate::argument::Args;
use crate::components::logs::{self, Logs};
use crate::components::secure::server as secure;
use crate::components::words;
use crate::context::Context;
use crate::dispatch::{Component, success};
use crate::fault::{Fault, FaultKind};
use crate::language::Bilingual;
use crate::options::Options;
use crate::runtime::SharedRuntime;
use crate::table::{Method, Property};
use crate::value::Value;

#[derive(Debug)]
pub(crate) struct TcpServer {
    pub(super) context: Arc<Context>,
    running: Mutex<Option<Arc<Running>>>,
    logs: Logs,
}

/// A server and the runtime it needs; the server goes first.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) server: Server,
    tls: Option<ServerTls>,
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
        let (running, logs) = Default::default();
        Self { context, running, logs }
    }

    fn close(&self) {
        let running = self.slot().take();
        if let Some(running) = running {
            // Nobody is left to be told that it could not be waited for.
            let _unwaited = running.stop(Duration::ZERO).is_err();
        }
        self.logs.end();
    }
}

impl TcpServer {
    pub(super) fn start(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let address: SocketAddr = args.next()?;
        let mut options: Options = args.next()?;
        let config = config(address, &mut options)?;
        let (tls, log) = (secure::tls(&mut options)?, logs::settings(&mut options)?);
        drop(self.free()?);
        let config = tls.iter().cloned().fold(config, Config::tls);
        let config = self.logs.begin(log.as_ref())?.into_iter().fold(config, Config::journal);
        let runtime = SharedRuntime::join()?;
        let server = runtime.run(async { Ok(Server::start(config)?) })?;
        let (address, addresses) = (server.address(), texts(server.addresses()));
        let running = Arc::new(Running { server, tls, runtime });
        match self.free() {
            Ok(mut slot) => drop(slot.replace(running)),
            Err(fault) => return running.stop(Duration::ZERO).and(Err(fault)),
        }
        let (shown, port) = (address.to_string(), address.port());
        success(&json!({ "address": shown, "port": port, "addresses": addresses }))
    }

    pub(super) fn statistics(&self, _args: &mut Args<'_>) -> Result<Value, Fault> {
        let statistics = self.running()?.server.statistics();
        success(&json!({
            "accepted": statistics.accepted,
            "refused": statistics.refused,
            "connections": statistics.connections,
            "places": statistics.places,
            "missed_ends": statistics.missed_ends,
        }))
    }

    pub(super) fn reload_certificate(&self, _args: &mut Args<'_>) -> Result<Value, Fault> {
        let running = self.running()?;
        let plain = || Fault::new(FaultKind::NotOpen, "the server speaks no TLS");
        let tls = running.tls.as_ref().ok_or_else(plain)?;
        tls.reload()?;
        let certificate = tls.identity().certificate()?;
        success(&json!({
            "subject": certificate.subject(),
            "not_after": words::moment(certificate.not_after()),
            "fingerprint": certificate.fingerprint(),
        }))
    }

    pub(super) fn get_log(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        self.logs.read(args.next()?)
    }

    pub(super) fn stop(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let drain: Duration = args.next()?;
        let running = self.slot().take();
        let running = running.ok_or_else(not_started)?;
        running.stop(or_none(drain).unwrap_or(Duration::ZERO))?;
        self.logs.flush();
        success(&json!({}))
    }

    pub(super) fn address(&self) -> String {
        let running = self.running();
        running.map(|running| running.server.address().to_string()).unwrap_or_default()
    }

    pub(super) fn run<T>(
        &self,
        wait: Duration,
        work: impl AsyncFnOnce(&Server, &Deadline) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let running = self.running()?;
        let deadline = self.context.life.deadline(wait);
        let outcome = running.runtime.run(work(&running.server, &deadline));
        outcome.map_err(|fault| fault.after(deadline.elapsed()))
    }

    pub(super) fn running(&self) -> Result<Arc<Running>, Fault> {
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
    fn stop(&self, drain: Duration) -> Result<(), Fault> {
        self.runtime.run(async {
            self.server.stop_within(drain).await;
            Ok(())
        })
    }
}

fn texts(addresses: &[SocketAddr]) -> Vec<String> {
    addresses.iter().map(ToString::to_string).collect()
}

fn not_started() -> Fault {
    Fault::new(FaultKind::NotOpen, "the server is not started")
}
