//! The options of encrypted connections, which the TCP client and HTTP sessions share.

use std::fs;

use opi::net::tls::{Certificates, Identity, Tls, Trust};

use crate::fault::{Fault, FaultKind};
use crate::language::Bilingual;
use crate::options::Options;
use crate::table::{Kind, OptionRow};

pub(super) const CA: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("ca", "ЦС"),
    Bilingual::new(
        "Certificates of issuers to trust besides the system's, as PEM text.",
        "Сертификаты ЦС, которым доверять помимо системных, текстом PEM.",
    ),
);

pub(super) const CA_FILE: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("ca_file", "ФайлЦС"),
    Bilingual::new(
        "The path of a PEM file with such certificates, 1 MiB at most.",
        "Путь к файлу PEM с такими сертификатами, не больше 1 МиБ.",
    ),
);

pub(super) const ONLY_CA: OptionRow = OptionRow::new(
    Kind::Bool,
    Bilingual::new("only_ca", "ТолькоЦС"),
    Bilingual::new(
        "Trust the given issuers only, not the system's. False.",
        "Доверять только указанным ЦС, но не системным. Ложь.",
    ),
);

pub(super) const DANGEROUS: OptionRow = OptionRow::new(
    Kind::Bool,
    Bilingual::new("dangerous_accept_any_certificate", "ОпасноПриниматьЛюбойСертификат"),
    Bilingual::new(
        "Check no certificate: anyone in the middle can read along. False.",
        "Не проверять сертификат: посредник сможет читать данные. Ложь.",
    ),
);

pub(super) const CLIENT_CERTIFICATE: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("client_certificate", "КлиентскийСертификат"),
    Bilingual::new(
        "The client's certificate and its chain, as PEM text.",
        "Сертификат клиента и его цепочка, текстом PEM.",
    ),
);

pub(super) const CLIENT_KEY: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("client_key", "КлиентскийКлюч"),
    Bilingual::new(
        "The key of the client's certificate, not encrypted, as PEM text.",
        "Ключ сертификата клиента, не зашифрованный, текстом PEM.",
    ),
);

/// The configuration that the options ask for, and whether any of them was given.
pub(super) fn tls(options: &mut Options) -> Result<(Tls, Given), Fault> {
    let trust = trust(options)?;
    let identity = identity(options)?;
    let given = if trust.is_some() || identity.is_some() { Given::Some } else { Given::None };
    let tls = Tls::new(trust.unwrap_or(Trust::System));
    let tls = match identity {
        Some(identity) => tls.identity(identity),
        None => tls,
    };
    Ok((tls, given))
}

/// Whether any option of encrypted connections was given.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Given {
    None,
    Some,
}

fn trust(options: &mut Options) -> Result<Option<Trust>, Fault> {
    let only = options.take::<bool>(&ONLY_CA)?.unwrap_or_default();
    let dangerous = options.take::<bool>(&DANGEROUS)?.unwrap_or_default();
    let ca = ca(options)?;
    match (ca, only, dangerous) {
        (None, false, false) => Ok(None),
        (None, false, true) => Ok(Some(Trust::DangerousAnyone)),
        (Some(ca), false, false) => Ok(Some(Trust::SystemAnd(ca))),
        (Some(ca), true, false) => Ok(Some(Trust::Only(ca))),
        (None, true, _) => Err(wrong(&ONLY_CA, "give the issuers in ca or ca_file")),
        (Some(_), _, true) => Err(wrong(&DANGEROUS, "it makes ca and ca_file meaningless")),
    }
}

fn ca(options: &mut Options) -> Result<Option<Certificates>, Fault> {
    let (row, pem) = match (options.take::<String>(&CA)?, options.take::<String>(&CA_FILE)?) {
        (None, None) => return Ok(None),
        (Some(pem), None) => (&CA, pem.into_bytes()),
        (None, Some(path)) => (&CA_FILE, read(&path)?),
        (Some(_), Some(_)) => return Err(wrong(&CA, "give either ca or ca_file")),
    };
    let roots = Certificates::from_pem(&pem);
    roots.map(Some).map_err(|error| Fault::from(error).about(row))
}

fn identity(options: &mut Options) -> Result<Option<Identity>, Fault> {
    let chain = options.take::<String>(&CLIENT_CERTIFICATE)?;
    let key = options.take::<String>(&CLIENT_KEY)?;
    let (chain, key) = match (chain, key) {
        (None, None) => return Ok(None),
        (Some(chain), Some(key)) => (chain, key),
        _ => return Err(wrong(&CLIENT_CERTIFICATE, "give it together with client_key")),
    };
    let identity = Identity::from_pem(chain.as_bytes(), key.as_bytes());
    identity.map(Some).map_err(|error| Fault::from(error).about(&CLIENT_CERTIFICATE))
}

/// Reads a file, but no pipe or device, which could keep the call waiting.
fn read(path: &str) -> Result<Vec<u8>, Fault> {
    let failed = |cause| wrong(&CA_FILE, format_args!("{path:?}: {cause}"));
    let facts = fs::metadata(path).map_err(failed)?;
    if !facts.is_file() || facts.len() > LARGEST {
        return Err(wrong(&CA_FILE, format_args!("{path:?} is no file of 1 MiB at most")));
    }
    fs::read(path).map_err(failed)
}

fn wrong(row: &OptionRow, why: impl std::fmt::Display) -> Fault {
    Fault::new(FaultKind::Option, format!("{row}: {why}"))
}

const LARGEST: u64 = 1024 * 1024;
