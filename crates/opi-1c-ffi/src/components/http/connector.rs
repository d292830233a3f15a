//! What the methods of `HTTPConnector` do.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use opi::http::{Redirects, Session, SessionConfig};

use super::answer::{Form, answer};
use super::request::request;
use super::{HEADERS, MAX_BODY, METHODS, PROPERTIES, REDIRECTS};
use crate::argument::Args;
use crate::components::{secure, words};
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
    session: Mutex<Arc<Session>>,
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
        let session = Mutex::new(Arc::new(Session::new(SessionConfig::new())));
        Self { context, runtime: OwnRuntime::default(), session }
    }

    fn close(&self) {
        self.replace(SessionConfig::new());
        self.runtime.close();
    }
}

impl HttpConnector {
    pub(super) fn request(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let (body, method): (Bytes, String) = (args.next()?, args.next()?);
        let (url, mut options): (String, Options) = (args.next()?, args.next()?);
        let form = Form::of(&mut options)?;
        let wait = words::wait(&mut options)?;
        let request = request(body, &method, &url, &mut options)?;
        let session = Arc::clone(&self.session.lock().unwrap_or_else(PoisonError::into_inner));
        let deadline = self.context.life.deadline(wait);
        let sending = async { Ok(session.send(request, &deadline).await?) };
        let response =
            self.runtime.run(sending).map_err(|fault: Fault| fault.after(deadline.elapsed()))?;
        answer(&response, form, &self.context.blobs)
    }

    pub(super) fn new_session(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let mut options: Options = args.next()?;
        self.replace(config(&mut options)?);
        success(&serde_json::json!({}))
    }

    /// Requests under way keep the old session until they are done.
    fn replace(&self, config: SessionConfig) {
        let new = Arc::new(Session::new(config));
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let old = std::mem::replace(&mut *session, new);
        drop(session);
        drop(old);
    }
}

fn config(options: &mut Options) -> Result<SessionConfig, Fault> {
    let (tls, _) = secure::tls(options)?;
    let mut config = SessionConfig::new().route(words::route(options)?).tls(tls);
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
