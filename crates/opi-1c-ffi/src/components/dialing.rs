//! The options of how sockets are opened, and the dialer that follows from them.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use opi::net::{Deadline, Dialer, Family, Keepalive, ParseTargetError, Target, TcpOptions};

use crate::fault::{Fault, FaultKind};
use crate::language::Bilingual;
use crate::options::Options;
use crate::table::{Kind, OptionRow};

/// Every option of dialing, in the order of the reference page.
pub(super) const ROWS: &[&OptionRow] =
    &[&RESOLVE, &CONNECT_TO, &FAMILY, &LOCAL, &KEEPALIVE, &UNIX_SOCKET];

/// The dialer that the options describe.
pub(super) fn dialer(options: &mut Options) -> Result<Dialer, Fault> {
    let mut dialer = Dialer::new().family(family(options)?).tcp(tcp(options)?);
    for (host, addresses) in grouped(options)? {
        let known = dialer.resolve(&host, addresses);
        dialer = known.map_err(|error| about(error, &RESOLVE))?;
    }
    for (target, other) in options.take::<Texts>(&CONNECT_TO)?.unwrap_or_default() {
        dialer = dialer.connect_to(&place(&target)?, place(&other)?);
    }
    if let Some(text) = options.take::<String>(&LOCAL)? {
        dialer = dialer.local_address(local(&text)?);
    }
    match options.take::<String>(&UNIX_SOCKET)? {
        Some(path) => at_unix_socket(dialer, &path),
        None => Ok(dialer),
    }
}

type Texts = Vec<(String, String)>;

#[cfg(unix)]
fn at_unix_socket(dialer: Dialer, path: &str) -> Result<Dialer, Fault> {
    Ok(dialer.unix_socket(path))
}

#[cfg(not(unix))]
fn at_unix_socket(_dialer: Dialer, _path: &str) -> Result<Dialer, Fault> {
    Err(wrong(&UNIX_SOCKET, "this system has none"))
}

fn family(options: &mut Options) -> Result<Family, Fault> {
    match options.take::<String>(&FAMILY)?.as_deref() {
        None | Some("any") => Ok(Family::Any),
        Some("4") => Ok(Family::Ipv4Only),
        Some("6") => Ok(Family::Ipv6Only),
        Some("4first") => Ok(Family::Ipv4First),
        Some("6first") => Ok(Family::Ipv6First),
        Some(other) => {
            Err(wrong(&FAMILY, format!("expected any, 4, 6, 4first or 6first, got {other:?}")))
        }
    }
}

fn tcp(options: &mut Options) -> Result<TcpOptions, Fault> {
    match options.take::<Duration>(&KEEPALIVE)? {
        None => Ok(TcpOptions::new()),
        // Options write 0 for the longest wait; here it is none at all.
        Some(Deadline::LONGEST) => Ok(TcpOptions::new().keepalive(None)),
        Some(idle) => Ok(TcpOptions::new().keepalive(Keepalive::new().idle(idle))),
    }
}

/// The addresses of each host, in the order given.
fn grouped(options: &mut Options) -> Result<Vec<(String, Vec<IpAddr>)>, Fault> {
    let mut hosts: Vec<(String, Vec<IpAddr>)> = Vec::new();
    for (host, address) in options.take::<Texts>(&RESOLVE)?.unwrap_or_default() {
        let address = address.parse();
        let address = address.map_err(|_| wrong(&RESOLVE, "expected an IP address"))?;
        match hosts.last_mut().filter(|(last, _)| *last == host) {
            Some((_, addresses)) => addresses.push(address),
            None => hosts.push((host, vec![address])),
        }
    }
    Ok(hosts)
}

fn place(text: &str) -> Result<Target, Fault> {
    text.parse().map_err(|error| about(error, &CONNECT_TO))
}

fn local(text: &str) -> Result<SocketAddr, Fault> {
    let address = text.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 0)).or_else(|_| text.parse());
    address.map_err(|_| wrong(&LOCAL, format!("expected an IP address, got {text:?}")))
}

fn about(error: ParseTargetError, row: &OptionRow) -> Fault {
    Fault::from(error).about(row)
}

fn wrong(row: &OptionRow, why: impl std::fmt::Display) -> Fault {
    Fault::new(FaultKind::Option, format!("{row}: {why}"))
}

const RESOLVE: OptionRow = OptionRow::new(
    Kind::Texts,
    Bilingual::new("resolve", "АдресаУзлов"),
    Bilingual::new(
        "Addresses to use in place of those of the name servers: {host: address}; several as a \
         list. None.",
        "Адреса вместо тех, что знают серверы имён: {узел: адрес}; несколько - списком. Нет.",
    ),
);

const CONNECT_TO: OptionRow = OptionRow::new(
    Kind::Texts,
    Bilingual::new("connect_to", "ПодключатьсяК"),
    Bilingual::new(
        "Where to connect in place of a host and port: {host:port: other:port}; names in TLS \
         stay. None.",
        "Куда подключаться вместо узла и порта: {узел:порт: другой:порт}; имена в TLS остаются. \
         Нет.",
    ),
);

const FAMILY: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("ip", "СемействоIP"),
    Bilingual::new(
        "any, 4, 6 (that one alone), 4first or 6first. any.",
        "any, 4, 6 (только оно), 4first или 6first. any.",
    ),
);

const LOCAL: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("local_address", "ЛокальныйАдрес"),
    Bilingual::new(
        "The IP address, with or without a port, to connect from. The system's choice.",
        "IP-адрес, с портом или без, с которого подключаться. Выбирает система.",
    ),
);

const KEEPALIVE: OptionRow = OptionRow::new(
    Kind::Milliseconds,
    Bilingual::new("keepalive", "ПроверкаСвязи"),
    Bilingual::new(
        "After how long a silence the system asks whether the other side lives; 0 is never. \
         60000.",
        "После какого молчания система проверяет, жива ли другая сторона; 0 - никогда. 60000.",
    ),
);

const UNIX_SOCKET: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("unix_socket", "СокетUnix"),
    Bilingual::new(
        "The path of a unix socket to connect to in place of the address; not on Windows. None.",
        "Путь к сокету unix, к которому подключаться вместо адреса; не в Windows. Нет.",
    ),
);
