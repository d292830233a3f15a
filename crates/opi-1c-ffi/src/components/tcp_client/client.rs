//! The connection of a `TCPClient`: how it begins and ends.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use opi::framing::Codec;
use opi::net::journal::Settings;
use opi::net::{Deadline, Target};
use opi::proxy::Traffic;
use opi::tcp_client::{Config, Connection};
use serde_json::json;

use super::open::Open;
use super::rows::TLS;
use super::{METHODS, PROPERTIES};
use crate::argument::Args;
use crate::components::logs::{self, Logs};
use crate::components::secure::{self, Given};
use crate::components::{dialing, routing, words};
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
    pub(super) context: Arc<Context>,
    runtime: OwnRuntime,
    open: Mutex<Option<Arc<Open>>>,
    logs: Logs,
}

/// What the options of a connection say.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) target: Target,
    pub(super) codec: Option<Codec>,
    pub(super) wait: Duration,
    config: Config,
    log: Option<Settings>,
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
        let (runtime, open, logs) = Default::default();
        Self { context, runtime, open, logs }
    }

    fn close(&self) {
        drop(self.slot().take());
        self.logs.end();
        self.runtime.close();
    }
}

impl TcpClient {
    pub(super) fn connect(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let target: Target = args.next()?;
        let plan = Plan::new(target, &mut args.next()?)?;
        drop(self.free()?);
        let config = self.logged(&plan)?;
        let opening = async |deadline: &Deadline| Ok(Connection::open(&config, deadline).await?);
        let connection = self.run(plan.wait, opening)?;
        let open = Arc::new(Open::new(connection, plan.target, plan.codec));
        self.free()?.replace(Arc::clone(&open));
        let peer = open.peer.map(|peer| peer.to_string());
        success(&json!({ "peer": peer, "tls": open.tls() }))
    }

    pub(super) fn start_tls(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let mut options: Options = args.next()?;
        let (tls, _) = secure::tls(&mut options)?;
        let wait = words::wait(&mut options)?;
        let open = self.open()?;
        if !open.tls().is_null() {
            return Err(Fault::new(FaultKind::AlreadyOpen, "the connection is encrypted already"));
        }
        let encrypted = self.run(wait, async |deadline| open.encrypt(&tls, deadline).await);
        encrypted.inspect_err(|fault| self.lose(&open, fault))?;
        success(&json!({ "tls": open.tls() }))
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
            self.logs.flush();
        }
        success(&json!({}))
    }

    pub(super) fn statistics(&self, _args: &mut Args<'_>) -> Result<Value, Fault> {
        success(&self.open()?.statistics())
    }

    pub(super) fn get_log(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        self.logs.read(args.next()?)
    }

    pub(super) fn open(&self) -> Result<Arc<Open>, Fault> {
        let open = self.slot().clone();
        open.ok_or_else(|| Fault::new(FaultKind::NotOpen, "there is no connection"))
    }

    pub(super) fn peer(&self) -> String {
        let peer = self.open().ok().and_then(|open| open.peer);
        peer.map(|peer| peer.to_string()).unwrap_or_default()
    }

    /// The configuration of `plan`; its log begins, unless an open connection has one.
    pub(super) fn logged(&self, plan: &Plan) -> Result<Config, Fault> {
        let config = plan.config.clone();
        if plan.log.is_none() && self.open().is_ok() {
            return Ok(config);
        }
        Ok(self.logs.begin(plan.log.as_ref())?.into_iter().fold(config, Config::journal))
    }

    pub(super) fn run<T>(
        &self,
        wait: Duration,
        work: impl AsyncFnOnce(&Deadline) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let deadline = self.context.life.deadline(wait);
        self.runtime.run(work(&deadline)).map_err(|fault| fault.after(deadline.elapsed()))
    }

    /// Forgets a connection that could not be encrypted: nothing may go over it in plain.
    fn lose(&self, open: &Arc<Open>, _fault: &Fault) {
        let mut slot = self.slot();
        if slot.as_ref().is_some_and(|now| Arc::ptr_eq(now, open)) {
            let lost = slot.take();
            drop(slot);
            drop(lost);
        }
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

impl Plan {
    pub(super) fn new(target: Target, options: &mut Options) -> Result<Self, Fault> {
        let routes = routing::routes(options, &target, Traffic::Tcp)?;
        let dialer = dialing::dialer(options)?;
        let config = Config::new(target.clone()).routes(routes).dialer(dialer);
        let config = encrypted(config, options)?;
        let (codec, wait) = (words::codec(options)?, words::wait(options)?);
        Ok(Self { target, codec, wait, config, log: logs::settings(options)? })
    }
}

fn encrypted(config: Config, options: &mut Options) -> Result<Config, Fault> {
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
