//! What the methods of `HTTPConnector` do.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use opi::http::{Error, Request, Session, SessionConfig};
use opi::net::Deadline;

use super::answer::{self, Came, Form, answer};
use super::auth::auth;
use super::cookies::{self, Jar};
use super::heads::HEADERS;
use super::history;
use super::journal::Log;
use super::pool::pool;
use super::progress::Underway;
use super::redirects::redirects;
use super::request::request;
use super::retries::{budget, retries};
use super::rows::MAX_BODY;
use super::timeouts::timeouts;
use super::ways::{self, KnownTls};
use super::{METHODS, PROPERTIES};
use crate::argument::{Args, TextOrBytes};
use crate::components::logs::{self, Logs};
use crate::components::{dialing, words};
use crate::context::Context;
use crate::dispatch::{Component, success};
use crate::fault::Fault;
use crate::language::Bilingual;
use crate::options::Options;
use crate::runtime::OwnRuntime;
use crate::table::{Method, Property};
use crate::value::Value;

#[derive(Debug)]
pub(crate) struct HttpConnector {
    context: Arc<Context>,
    runtime: OwnRuntime,
    current: Mutex<Current>,
    known: KnownTls,
    logs: Logs,
    underway: Underway,
}

/// The session of now, and where it logs.
#[derive(Clone, Debug)]
struct Current {
    session: Session,
    log: Log,
}

impl Component for HttpConnector {
    const CLASS: (&'static str, Bilingual) = (
        "HTTPConnector",
        Bilingual::new(
            "A session of HTTP requests with its cookies and connections.",
            "Сессия HTTP-запросов со своими cookies и соединениями.",
        ),
    );
    const METHODS: &'static [Method<Self>] = METHODS;
    const PROPERTIES: &'static [Property<Self>] = PROPERTIES;

    fn new(context: Arc<Context>) -> Self {
        let current = Current { session: Session::new(SessionConfig::new()), log: Log::to(None) };
        Self {
            context,
            runtime: OwnRuntime::default(),
            current: Mutex::new(current),
            known: KnownTls::default(),
            logs: Logs::default(),
            underway: Underway::default(),
        }
    }

    fn close(&self) {
        self.replace(SessionConfig::new(), Log::to(None));
        self.logs.end();
        self.runtime.close();
    }
}

impl HttpConnector {
    pub(super) fn context(&self) -> &Context {
        &self.context
    }

    pub(super) fn request(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let current = self.current().clone();
        let Current { session, log } = &current;
        let call = self.call(session, args);
        let call = call.inspect_err(|fault| log.failed("a request was not sent", fault))?;
        let (form, jar, url) = (call.form, call.jar, history::place(call.request.url()));
        let deadline = self.context.life.deadline(call.wait);
        log.asking(session, &call.request);
        let (request, _sending) = self.underway.begin(call.request, &call.method);
        let came = self.runtime.run(async {
            let coming = came(session, request, &form, &deadline).await;
            coming.map_err(|error| {
                log.left(error.history());
                answer::failed(error, &self.context.blobs)
            })
        });
        let came = came.map_err(|fault: Fault| {
            log.failed(&format!("{} {url}", call.method), &fault);
            let fault = fault.after(deadline.elapsed()).fact("url", url);
            match jar {
                Jar::Told => fault.fact("jar", cookies::list(session.cookies())),
                Jar::Stays => fault,
            }
        })?;
        log.answered(&came.response, deadline.elapsed());
        let jar = (jar == Jar::Told).then(|| cookies::list(session.cookies()));
        answer(&came, &form, jar, &self.context.blobs)
    }

    pub(super) fn prepare(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let session = self.session();
        let Call { request, .. } = self.call(&session, args)?;
        let prepared = session.prepare(&request)?;
        answer::prepared(&prepared, &self.context.blobs)
    }

    pub(super) fn new_session(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let mut options: Options = args.next()?;
        let (config, log) = (config(&mut options)?, logs::settings(&mut options)?);
        let journal = self.logs.begin(log.as_ref())?;
        self.replace(config, Log::to(journal));
        success(&serde_json::json!({}))
    }

    pub(super) fn get_log(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        self.logs.read(args.next()?)
    }

    pub(super) fn progress(&self) -> Result<Value, Fault> {
        Ok(self.underway.tell())
    }

    fn call(&self, session: &Session, args: &mut Args<'_>) -> Result<Call, Fault> {
        let (body, method): (TextOrBytes, String) = (args.next()?, args.next()?);
        let (url, mut options): (String, Options) = (args.next()?, args.next()?);
        let form = Form::of(&mut options)?;
        let wait = words::wait(&mut options)?;
        let request = request(body, &method, &url, &mut options, &self.context.blobs, &self.known)?;
        let jar = cookies::replace(session, &request, &mut options)?;
        let request = cookies::with_own(request, &mut options)?;
        Ok(Call { method, request, form, wait, jar })
    }

    pub(super) fn session(&self) -> Session {
        self.current().session.clone()
    }

    /// Locked for a few instructions only, never while waiting.
    fn current(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Requests under way keep the old session until they are done.
    fn replace(&self, config: SessionConfig, log: Log) {
        let new = Current { session: Session::new(config), log };
        self.known.clear();
        let old = std::mem::replace(&mut *self.current(), new);
        drop(old);
    }
}

/// A call of one of the methods that have the parameters of a request.
#[derive(Debug)]
struct Call {
    method: String,
    request: Request,
    form: Form,
    wait: Duration,
    jar: Jar,
}

/// The answer to `request`, its body in memory or in a file.
async fn came(
    session: &Session,
    request: Request,
    form: &Form,
    deadline: &Deadline,
) -> Result<Came, Error> {
    let (response, file) = match form {
        Form::File(saving) => saving.run(session, request, deadline).await?,
        _ => (session.send(request, deadline).await?, None),
    };
    Ok(Came { response, file })
}

fn config(options: &mut Options) -> Result<SessionConfig, Fault> {
    let mut config = ways::of_session(SessionConfig::new(), options)?;
    config = config.timeouts(timeouts(options)?).dialer(dialing::dialer(options)?);
    config = config.pool(pool(options)?);
    config = auth(options)?.into_iter().fold(config, SessionConfig::auth);
    config = retries(options)?.into_iter().fold(config, SessionConfig::retries);
    config = budget(options)?.into_iter().fold(config, SessionConfig::retry_budget);
    for (name, value) in options.take::<Vec<(String, String)>>(&HEADERS)?.unwrap_or_default() {
        config = config.header(&name, &value)?;
    }
    config = redirects(options)?.into_iter().fold(config, SessionConfig::redirects);
    let most = options.take::<usize>(&MAX_BODY)?;
    Ok(most.into_iter().fold(config, SessionConfig::max_body))
}
