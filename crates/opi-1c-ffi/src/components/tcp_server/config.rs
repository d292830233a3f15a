//! How a server listens, whom it lets in and its limits, from the options.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::time::Duration;

use opi::net::Deadline;
use opi::tcp_server::{Config, Ipv6, Network, ProxyProtocol, Untrusted, WhenFull};

use super::rows::{
    ADDRESSES, ALLOW, BACKLOG, HANDSHAKE_TIMEOUT, IDLE_TIMEOUT, IPV6, KEEPALIVE, LINGER,
    MAX_CONNECTIONS, MAX_PER_ADDRESS, MAX_UNREAD, MAX_UNREAD_TOTAL, MAX_UNSENT, MESSAGE_TIMEOUT,
    PROXY_PROTOCOL, UNTRUSTED, WHEN_FULL, WRITE_TIMEOUT,
};
use crate::argument::listening;
use crate::components::words;
use crate::fault::{Fault, FaultKind};
use crate::options::Options;
use crate::table::OptionRow;

/// What the options say, but for encryption and the log.
pub(super) fn config(address: SocketAddr, options: &mut Options) -> Result<Config, Fault> {
    let config = listened(Config::new(address), options)?;
    let config = limited(admitted(config, options)?, options)?;
    let config = timed(config, options)?;
    Ok(words::codec(options)?.into_iter().fold(config, Config::codec))
}

fn listened(mut config: Config, options: &mut Options) -> Result<Config, Fault> {
    for text in options.take::<Vec<String>>(&ADDRESSES)?.unwrap_or_default() {
        config = config.and(listening(&text).map_err(|why| wrong(&ADDRESSES, why))?);
    }
    config = match options.take::<String>(&IPV6)?.as_deref() {
        None | Some("only") => config.ipv6(Ipv6::Only),
        Some("dual") => config.ipv6(Ipv6::Dual),
        Some(other) => return Err(unknown(&IPV6, "only or dual", other)),
    };
    match options.take::<NonZeroUsize>(&BACKLOG)?.map(|backlog| u16::try_from(backlog.get())) {
        None => Ok(config),
        Some(Ok(backlog)) => Ok(config.backlog(backlog)),
        Some(Err(_)) => Err(wrong(&BACKLOG, "expected 65535 at most")),
    }
}

fn admitted(config: Config, options: &mut Options) -> Result<Config, Fault> {
    let config = set(config, options, &MAX_CONNECTIONS, Config::max_connections)?;
    let config = set(config, options, &MAX_PER_ADDRESS, Config::max_per_address)?;
    let config = match options.take::<String>(&WHEN_FULL)?.as_deref() {
        None | Some("refuse") => config,
        Some("pause") => config.when_full(WhenFull::Pause),
        Some("evict") => config.when_full(WhenFull::Evict),
        Some(other) => return Err(unknown(&WHEN_FULL, "refuse, pause or evict", other)),
    };
    let config = match networks(options, &ALLOW)? {
        Some(networks) => config.allow(networks),
        None => config,
    };
    proxied(config, options)
}

fn proxied(config: Config, options: &mut Options) -> Result<Config, Fault> {
    let trusted = networks(options, &PROXY_PROTOCOL)?;
    let untrusted = options.take::<String>(&UNTRUSTED)?;
    let others = match untrusted.as_deref() {
        None | Some("refuse") => Untrusted::Refuse,
        Some("plain") => Untrusted::Direct,
        Some(other) => return Err(unknown(&UNTRUSTED, "refuse or plain", other)),
    };
    match (trusted, untrusted) {
        (Some(trusted), _) => {
            Ok(config.proxy_protocol(ProxyProtocol::from(trusted).untrusted(others)))
        }
        (None, Some(_)) => Err(wrong(&UNTRUSTED, "give the proxies in proxy_protocol")),
        (None, None) => Ok(config),
    }
}

fn limited(config: Config, options: &mut Options) -> Result<Config, Fault> {
    let config = set(config, options, &MAX_UNREAD, Config::max_unread)?;
    let config = set(config, options, &MAX_UNSENT, Config::max_unsent)?;
    let total = options.take::<usize>(&MAX_UNREAD_TOTAL)?;
    Ok(total.into_iter().fold(config, Config::max_unread_total))
}

fn timed(config: Config, options: &mut Options) -> Result<Config, Fault> {
    let mut config = config;
    if let Some(linger) = options.take::<Duration>(&LINGER)? {
        config = config.linger(or_none(linger).unwrap_or(Duration::ZERO));
    }
    if let Some(idle) = options.take::<Duration>(&IDLE_TIMEOUT)?.and_then(or_none) {
        config = config.idle_timeout(idle);
    }
    let times: [(_, Setter<Duration>); 4] = [
        (&HANDSHAKE_TIMEOUT, Config::handshake_timeout),
        (&MESSAGE_TIMEOUT, Config::message_timeout),
        (&WRITE_TIMEOUT, Config::write_timeout),
        (&KEEPALIVE, Config::keepalive),
    ];
    for (row, set) in times {
        config = options.take::<Duration>(row)?.into_iter().fold(config, set);
    }
    Ok(config)
}

/// Options write 0 for the longest wait; where that means none at all, it is none.
pub(super) fn or_none(time: Duration) -> Option<Duration> {
    Some(time).filter(|time| *time != Deadline::LONGEST)
}

type Setter<T> = fn(Config, T) -> Config;

fn set(
    config: Config,
    options: &mut Options,
    row: &OptionRow,
    set: Setter<usize>,
) -> Result<Config, Fault> {
    let count = options.take::<NonZeroUsize>(row)?;
    Ok(count.into_iter().fold(config, |config, count| set(config, count.get())))
}

fn networks(options: &mut Options, row: &OptionRow) -> Result<Option<Vec<Network>>, Fault> {
    let Some(texts) = options.take::<Vec<String>>(row)? else { return Ok(None) };
    let read = |text: &String| text.parse::<Network>();
    let networks: Result<_, _> = texts.iter().map(read).collect();
    networks.map(Some).map_err(|error| wrong(row, error))
}

fn unknown(row: &OptionRow, expected: &str, got: &str) -> Fault {
    wrong(row, format!("expected {expected}, got {got:?}"))
}

fn wrong(row: &OptionRow, why: impl std::fmt::Display) -> Fault {
    Fault::new(FaultKind::Option, format!("{row}: {why}"))
}
