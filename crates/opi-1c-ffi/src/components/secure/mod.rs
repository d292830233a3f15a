//! The options of encrypted connections: as a client, whether of TCP or HTTP, and as a server.

mod identity;
mod rows;
pub(super) mod server;
mod trust;

use opi::net::Secret;
use opi::net::tls::{KeyLog, Name, Pin, Tls, Trust, Version, Versions};

use self::identity::IdentityRows;
use self::rows::{
    ANY_NAME, CLIENT_CERTIFICATE, CLIENT_CERTIFICATE_FILE, CLIENT_KEY, CLIENT_KEY_FILE,
    CLIENT_PASSWORD, CLIENT_PKCS12, CLIENT_PKCS12_FILE, KEY_LOG, PINS, SERVER_NAME, TLS_MAX,
    TLS_MIN,
};
use crate::fault::{Fault, FaultKind};
use crate::options::Options;
use crate::table::OptionRow;

pub(super) use self::rows::ROWS;
pub(super) use self::trust::certificates;

/// The configuration that the options ask for, and whether any of them was given.
pub(super) fn tls(options: &mut Options) -> Result<(Tls, Given), Fault> {
    let given = if options.has_any(ROWS) { Given::Some } else { Given::None };
    let trust = trust::trust(options)?.unwrap_or(Trust::System);
    let mut tls = Tls::new(trust).name(name(options)?).versions(versions(options)?);
    if let Some(source) = CLIENT.source(options)? {
        tls = tls.identity(source.identity()?);
    }
    if let Some(pins) = pins(options)? {
        tls = tls.pins(&pins);
    }
    if let Some(path) = options.take::<String>(&KEY_LOG)? {
        tls = tls.key_log(KeyLog::File(path.into()));
    }
    Ok((tls, given))
}

/// Whether any option of encrypted connections was given.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Given {
    None,
    Some,
}

fn name(options: &mut Options) -> Result<Name, Fault> {
    let any = options.take::<bool>(&ANY_NAME)?.unwrap_or_default();
    match (options.take::<String>(&SERVER_NAME)?, any) {
        (None, false) => Ok(Name::Host),
        (None, true) => Ok(Name::DangerousAny),
        (Some(name), false) => Ok(Name::Other(name)),
        (Some(_), true) => Err(wrong(&ANY_NAME, "it makes server_name meaningless")),
    }
}

fn versions(options: &mut Options) -> Result<Versions, Fault> {
    let lowest = version(options, &TLS_MIN)?.unwrap_or(Version::Tls12);
    let highest = version(options, &TLS_MAX)?.unwrap_or(Version::Tls13);
    Versions::between(lowest, highest).ok_or_else(|| wrong(&TLS_MIN, "it is above tls_max"))
}

fn version(options: &mut Options, row: &OptionRow) -> Result<Option<Version>, Fault> {
    match options.take::<String>(row)?.as_deref() {
        None => Ok(None),
        Some("1.2") => Ok(Some(Version::Tls12)),
        Some("1.3") => Ok(Some(Version::Tls13)),
        Some(other) => Err(wrong(row, format_args!("expected 1.2 or 1.3, got {other:?}"))),
    }
}

fn pins(options: &mut Options) -> Result<Option<Vec<Pin>>, Fault> {
    let Some(text) = options.take::<String>(&PINS)? else { return Ok(None) };
    let pins: Result<_, opi::net::Error> = text.split(';').map(|pin| pin.trim().parse()).collect();
    pins.map(Some).map_err(|error| Fault::from(error).about(&PINS))
}

fn secret(options: &mut Options, row: &OptionRow) -> Result<Option<Secret>, Fault> {
    Ok(options.take::<String>(row)?.map(Secret::new))
}

fn wrong(row: &OptionRow, why: impl std::fmt::Display) -> Fault {
    Fault::new(FaultKind::Option, format!("{row}: {why}"))
}

const CLIENT: IdentityRows = IdentityRows {
    certificate: &CLIENT_CERTIFICATE,
    key: &CLIENT_KEY,
    certificate_file: &CLIENT_CERTIFICATE_FILE,
    key_file: &CLIENT_KEY_FILE,
    pkcs12: &CLIENT_PKCS12,
    pkcs12_file: &CLIENT_PKCS12_FILE,
    password: &CLIENT_PASSWORD,
};
