//! From options to a session.

use std::num::NonZeroUsize;
use std::time::Duration;

use opi::http::{
    Redirects, RetryMethods, RetryPause, RetryPolicy, Session, SessionConfig, Timeouts,
};

use crate::args::{AgainArgs, HttpArgs, TimesArgs, Verb};
use crate::failure::Failure;
use crate::redact::Veil;
use crate::{network, way};

/// The session that `args` describe; its secrets go behind the veil.
///
/// # Errors
///
/// The proxy or the certificates are wrong.
pub(super) fn new(verb: Verb<'_>, args: &HttpArgs, veil: &mut Veil) -> Result<Session, Failure> {
    let config = way::of_session(SessionConfig::new(), &args.way, &args.socket, veil)?
        .dialer(network::dialer(&args.socket)?)
        .tls(network::tls(&args.trust, veil)?)
        .timeouts(timeouts(&args.times, saves(verb, args), matches!(verb, Verb::Upload(_))))
        .retries(retries(&args.again))
        .max_idle(0);
    let config = match args.answer.max_redirects {
        _ if args.answer.no_follow => config.redirects(Redirects::Return),
        Some(most) => config.redirects(Redirects::Follow(most)),
        None => config,
    };
    let config = match args.answer.max.map(NonZeroUsize::get) {
        Some(max) => config.max_body(max),
        None => config,
    };
    Ok(Session::new(config))
}

/// When a request is sent again.
fn retries(args: &AgainArgs) -> RetryPolicy {
    let Some(most) = args.retry else { return RetryPolicy::never() };
    let policy = RetryPolicy::new().retries(most.get());
    let policy = match args.retry_max_time {
        Some(limit) => policy.within(limit),
        None => policy,
    };
    let policy = match args.retry_delay {
        Some(first) => {
            policy.pause(RetryPause::FullJitter { first, most: first.max(LONGEST_PAUSE) })
        }
        None => policy,
    };
    if args.retry_any_method { policy.methods(RetryMethods::All) } else { policy }
}

/// Whether the body goes somewhere where its length does not matter.
fn saves(verb: Verb<'_>, args: &HttpArgs) -> bool {
    verb == Verb::Download
        || args.saving.output.is_some()
        || args.saving.download
        || args.shown.stream
}

/// The limits of the steps.
fn timeouts(args: &TimesArgs, saves: bool, uploads: bool) -> Timeouts {
    let send = args.send_timeout.or_else(|| uploads.then_some(SILENCE));
    let idle = args.idle_timeout.or_else(|| saves.then_some(SILENCE));
    let set =
        |times: Timeouts, limit: Option<Duration>, with: fn(Timeouts, Duration) -> Timeouts| {
            limit.map_or(times, |limit| with(times, limit))
        };
    let times = set(Timeouts::new(), args.resolve_timeout, Timeouts::resolve);
    let times = set(times, args.connect_timeout, Timeouts::connect);
    let times = set(times, args.proxy_timeout, Timeouts::proxy);
    let times = set(times, args.tls_timeout, Timeouts::tls);
    let times = set(times, send, Timeouts::send);
    let times = set(times, args.first_byte_timeout, Timeouts::first_byte);
    set(times, idle, Timeouts::idle)
}

/// The longest pause before a new try, unless the first may be longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The longest silence in the middle of a file.
const SILENCE: Duration = Duration::from_secs(30);
