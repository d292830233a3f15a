//! From the command line to a request and its session.

use std::num::NonZeroUsize;

use opi::auth::{Authorization, basic, bearer};
use opi::http::{Redirects, Request, Session, SessionConfig, Url};

use crate::args::HttpArgs;
use crate::failure::{ErrorKind, Failure};
use crate::items::Items;
use crate::redact::{self, Veil};
use crate::{network, secret, way};

/// A request, and its head as it may be told.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) request: Request,
    /// The lines of the head, secrets hidden by name.
    pub(crate) head: Vec<String>,
}

impl Asked {
    /// The request that `args` describe; its secrets go behind the veil.
    ///
    /// # Errors
    ///
    /// The URL, an item or the login is wrong.
    pub(crate) fn new(method: &str, args: &HttpArgs, veil: &mut Veil) -> Result<Self, Failure> {
        if let Ok(url) = args.url.parse::<Url>() {
            veil.hide_in_url(&url);
        }
        let items = Items::parse(&args.items)?;
        let mut request = Request::new(method, &args.url)?;
        for (name, value) in &items.query {
            request = request.query(name, value);
        }
        veil.hide_in_url(request.url());
        let mut head = vec![line(method, request.url())];
        if let Some(value) = authorization(args, veil)? {
            request = request.authorize(&value);
            head.push(format!("authorization: {}", redact::HIDDEN));
        }
        for (name, value) in &items.headers {
            if redact::is_secret(name) {
                veil.hide(value);
            }
            request = request.header(name, value)?;
            head.push(format!("{name}: {}", redact::header(name, value)));
        }
        let request = with_body(request, &items, args, &mut head)?;
        Ok(Self { request, head })
    }
}

/// The session that `args` describe; its secrets go behind the veil.
///
/// # Errors
///
/// The proxy or the CA certificates are wrong.
pub(crate) fn session(args: &HttpArgs, veil: &mut Veil) -> Result<Session, Failure> {
    let config = SessionConfig::new()
        .route(way::route(&args.way, veil)?)
        .tls(network::tls(&args.trust, veil)?)
        .max_idle(0);
    let config = match args.max_redirects {
        _ if args.no_follow => config.redirects(Redirects::Return),
        Some(most) => config.redirects(Redirects::Follow(most)),
        None => config,
    };
    let config = match args.max.map(NonZeroUsize::get) {
        Some(max) => config.max_body(max),
        None => config,
    };
    Ok(Session::new(config))
}

fn authorization(args: &HttpArgs, veil: &mut Veil) -> Result<Option<Authorization>, Failure> {
    let value = match (&args.auth, &args.bearer) {
        (Some(text), _) => {
            let pair = secret::read(text)?;
            let Some((user, password)) = pair.expose().split_once(':') else {
                return Err(Failure::new(ErrorKind::Usage, "--auth: expected user:password"));
            };
            veil.hide_login(user, password);
            basic(user, password)?
        }
        (None, Some(text)) => {
            let token = secret::read(text)?;
            veil.hide(token.expose());
            bearer(token.expose())?
        }
        (None, None) => return Ok(None),
    };
    Ok(Some(value))
}

fn with_body(
    request: Request,
    items: &Items,
    args: &HttpArgs,
    head: &mut Vec<String>,
) -> Result<Request, Failure> {
    let (request, kind) = match (items.fields.is_empty(), args.form) {
        (true, _) => return Ok(request),
        (false, true) => (request.form(items.form()), "an HTML form"),
        (false, false) => (request.json(&items.object())?, "JSON"),
    };
    head.push(format!("(body: {kind})"));
    Ok(request)
}

fn line(method: &str, url: &Url) -> String {
    format!("{method} {}", redact::url(url.as_str()))
}
