//! What the methods of `TCPClient` do.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use opi::net::{Deadline, Target};
use opi::tcp_client::{Config, Connection, Received, Until};
use serde_json::json;

use super::open::Open;
use super::{METHODS, PROPERTIES, TLS};
use crate::argument::Args;
use crate::components::secure::{self, Given};
use crate::components::{dialing, words};
use crate::context::Context;
use crate::dispatch::{Component, success};
use crate::fault::{Fault, FaultKind};
use crate::language::Bilingual;
use crate::options::Options;
use crate::runtime::OwnRuntime;
use crate::table::{Method, Property};
use crate::value::Value;

#[derive(Debug)]
pub(crate) struct TcpClient {
    context: Arc<Context>,
    runtime: OwnRuntime,
    open: Mutex<Option<Arc<Open>>>,
}

impl Component for TcpClient {
    const CLASS: (&'static str, Bilingual) = (
        "TCPClient",
        Bilingual::new(
            "One TCP connection, plain or encrypted, straight or through proxies.",
            "Одно TCP-соединение, открытое или шифрованное, напрямую или через прокси.",
        ),
    );
    const METHODS: &'static [Method<Self>] = METHODS;
    const PROPERTIES: &'static [Property<Self>] = PROPERTIES;

    fn new(context: Arc<Context>) -> Self {
        Self { context, runtime: OwnRuntime::default(), open: Mutex::new(None) }
    }

    fn close(&self) {
        drop(self.slot().take());
        self.runtime.close();
    }
}

impl TcpClient {
    pub(super) fn connect(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let target: Target = args.next()?;
        let mut options: Options = args.next()?;
        let config = config(target, &mut options)?;
        let codec = words::codec(&mut options)?;
        let wait = words::wait(&mut options)?;
        drop(self.free()?);
        let opening = async |deadline: &Deadline| Ok(Connection::open(&config, deadline).await?);
        let open = Arc::new(Open::new(self.run(wait, opening)?, codec));
        self.free()?.replace(Arc::clone(&open));
        let peer = open.peer.map(|peer| peer.to_string());
        success(&json!({ "peer": peer, "tls": words::tls_facts(open.tls.as_ref()) }))
    }

    pub(super) fn send(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let (data, wait): (Bytes, Duration) = (args.next()?, args.next()?);
        let open = self.open()?;
        self.run(wait, async |deadline| open.send(&data, deadline).await)?;
        success(&json!({ "sent": data.len() }))
    }

    pub(super) fn receive(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let (marker, size): (Bytes, Option<usize>) = (args.next()?, args.next()?);
        let wait: Duration = args.next()?;
        let until = if marker.is_empty() { Until::closed() } else { Until::marker(&marker)? };
        let until = until.at_most(size.unwrap_or(Until::LIMIT));
        let open = self.open()?;
        let received = self.run(wait, async |deadline| {
            open.receive(until, deadline, |fault, rest| self.rescue(fault, rest)).await
        });
        self.received(received?)
    }

    pub(super) fn send_message(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let (data, wait): (Bytes, Duration) = (args.next()?, args.next()?);
        let open = self.open()?;
        let mut wire = Vec::new();
        open.codec()?.encode(&data, &mut wire)?;
        self.run(wait, async |deadline| open.send(&wire, deadline).await)?;
        success(&json!({ "sent": wire.len() }))
    }

    pub(super) fn receive_message(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let wait: Duration = args.next()?;
        let open = self.open()?;
        let received = self.run(wait, async |deadline| {
            open.message(deadline, |fault, rest| self.rescue(fault, rest)).await
        });
        self.received(received?)
    }

    fn received(&self, Received { data, reason, .. }: Received) -> Result<Value, Fault> {
        let size = data.len();
        let data = self.context.blobs.keep(data).to_string();
        success(&json!({ "reason": reason.name(), "size": size, "data": data }))
    }

    pub(super) fn finish_sending(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let wait: Duration = args.next()?;
        let open = self.open()?;
        self.run(wait, async |deadline| open.finish(deadline).await)?;
        success(&json!({}))
    }

    pub(super) fn close_connection(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let wait: Duration = args.next()?;
        let open = self.slot().take();
        if let Some(open) = open {
            // A farewell that cannot be said changes nothing: the connection is over.
            let _unsaid = self.run(wait, async |deadline| open.close(deadline).await).is_err();
        }
        success(&json!({}))
    }

    pub(super) fn open(&self) -> Result<Arc<Open>, Fault> {
        let open = self.slot().clone();
        open.ok_or_else(|| Fault::new(FaultKind::NotOpen, "there is no connection"))
    }

    pub(super) fn peer(&self) -> String {
        let peer = self.open().ok().and_then(|open| open.peer);
        peer.map(|peer| peer.to_string()).unwrap_or_default()
    }

    /// Bytes that came before the connection failed are the program's all the same.
    fn rescue(&self, fault: Fault, rest: Bytes) -> Fault {
        if rest.is_empty() {
            return fault;
        }
        let size = rest.len();
        fault.fact("size", size).fact("data", self.context.blobs.keep(rest).to_string())
    }

    fn run<T>(
        &self,
        wait: Duration,
        work: impl AsyncFnOnce(&Deadline) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let deadline = self.context.life.deadline(wait);
        self.runtime.run(work(&deadline)).map_err(|fault| fault.after(deadline.elapsed()))
    }

    /// The place for a connection, when there is none.
    fn free(&self) -> Result<MutexGuard<'_, Option<Arc<Open>>>, Fault> {
        let slot = self.slot();
        if slot.is_none() {
            return Ok(slot);
        }
        Err(Fault::new(FaultKind::AlreadyOpen, "there is a connection already"))
    }

    /// Locked for a few instructions only, never while waiting.
    fn slot(&self) -> MutexGuard<'_, Option<Arc<Open>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn config(target: Target, options: &mut Options) -> Result<Config, Fault> {
    let config =
        Config::new(target).route(words::route(options)?).dialer(dialing::dialer(options)?);
    let encrypted = options.take::<bool>(&TLS)?.unwrap_or_default();
    match (encrypted, secure::tls(options)?) {
        (true, (tls, _)) => Ok(config.tls(tls)),
        (false, (_, Given::None)) => Ok(config),
        (false, (_, Given::Some)) => {
            let message = format!("{TLS}: options of TLS are given, but it is not true");
            Err(Fault::new(FaultKind::Option, message))
        }
    }
}
