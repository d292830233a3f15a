//! What the methods of `HTTPConnector` do.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use opi::http::{Redirects, Request, Save, Saved, Session, SessionConfig};

use super::answer::{self, Form, answer};
use super::cookies::{self, Jar};
use super::history;
use super::request::request;
use super::retries::retries;
use super::rows::{HEADERS, MAX_BODY, REDIRECTS};
use super::timeouts::timeouts;
use super::ways::{self, KnownTls};
use super::{METHODS, PROPERTIES};
use crate::argument::Args;
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
    session: Mutex<Session>,
    known: KnownTls,
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
        let session = Mutex::new(Session::new(SessionConfig::new()));
        Self { context, runtime: OwnRuntime::default(), session, known: KnownTls::default() }
    }

    fn close(&self) {
        self.replace(SessionConfig::new());
        self.runtime.close();
    }
}

impl HttpConnector {
    pub(super) fn context(&self) -> &Context {
        &self.context
    }

    pub(super) fn request(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let session = self.session();
        let Call { request, form, wait, jar } = self.call(&session, args)?;
        let url = history::place(request.url());
        let deadline = self.context.life.deadline(wait);
        let told = |error| answer::failed(error, &self.context.blobs);
        let sending = async {
            let Form::File(path) = &form else {
                let response = session.send(request, &deadline).await.map_err(told)?;
                let length = response.body().len() as u64;
                return Ok((response, length));
            };
            let incoming = session.open(request, &deadline).await.map_err(told)?;
            let saved = incoming.save(&Save::to(path)).await.map_err(told)?;
            let Saved { response, length, .. } = saved;
            Ok((response, length))
        };
        let (response, length) = self.runtime.run(sending).map_err(|fault: Fault| {
            let fault = fault.after(deadline.elapsed()).fact("url", url);
            match jar {
                Jar::Told => fault.fact("jar", cookies::list(session.cookies())),
                Jar::Stays => fault,
            }
        })?;
        let jar = (jar == Jar::Told).then(|| cookies::list(session.cookies()));
        answer(&response, length, &form, jar, &self.context.blobs)
    }

    pub(super) fn prepare(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let session = self.session();
        let Call { request, .. } = self.call(&session, args)?;
        let prepared = session.prepare(&request)?;
        answer::prepared(&prepared, &self.context.blobs)
    }

    pub(super) fn new_session(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let mut options: Options = args.next()?;
        self.replace(config(&mut options)?);
        success(&serde_json::json!({}))
    }

    fn call(&self, session: &Session, args: &mut Args<'_>) -> Result<Call, Fault> {
        let (body, method): (Bytes, String) = (args.next()?, args.next()?);
        let (url, mut options): (String, Options) = (args.next()?, args.next()?);
        let form = Form::of(&mut options)?;
        let wait = words::wait(&mut options)?;
        let request = request(body, &method, &url, &mut options, &self.context.blobs, &self.known)?;
        let jar = cookies::replace(session, &request, &mut options)?;
        Ok(Call { request: cookies::with_own(request, &mut options)?, form, wait, jar })
    }

    pub(super) fn session(&self) -> Session {
        self.session.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Requests under way keep the old session until they are done.
    fn replace(&self, config: SessionConfig) {
        let new = Session::new(config);
        self.known.clear();
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let old = std::mem::replace(&mut *session, new);
        drop(session);
        drop(old);
    }
}

/// A call of one of the methods that have the parameters of a request.
#[derive(Debug)]
struct Call {
    request: Request,
    form: Form,
    wait: Duration,
    jar: Jar,
}

fn config(options: &mut Options) -> Result<SessionConfig, Fault> {
    let mut config = ways::of_session(SessionConfig::new(), options)?;
    config = config.timeouts(timeouts(options)?).dialer(dialing::dialer(options)?);
    if let Some(policy) = retries(options)? {
        config = config.retries(policy);
    }
    for (name, value) in options.take::<Vec<(String, String)>>(&HEADERS)?.unwrap_or_default() {
        config = config.header(&name, &value)?;
    }
    if let Some(redirects) = redirects(options)? {
        config = config.redirects(redirects);
    }
    if let Some(most) = options.take::<usize>(&MAX_BODY)? {
        config = config.max_body(most);
    }
    Ok(config)
}

/// What [`REDIRECTS`] says, in a session or in a request.
pub(super) fn redirects(options: &mut Options) -> Result<Option<Redirects>, Fault> {
    let most = options.take::<usize>(&REDIRECTS)?;
    Ok(most.map(|most| NonZeroUsize::new(most).map_or(Redirects::Return, Redirects::Follow)))
}
