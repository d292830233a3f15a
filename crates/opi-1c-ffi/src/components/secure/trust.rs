//! Whom to trust, from the options.

use opi::net::tls::{Certificates, Trust};

use super::rows::{CA, CA_FILE, DANGEROUS, EXACTLY, EXACTLY_FILE, ONLY_CA};
use super::wrong;
use crate::fault::Fault;
use crate::options::Options;
use crate::table::OptionRow;

/// What the options say, when they say anything.
pub(super) fn trust(options: &mut Options) -> Result<Option<Trust>, Fault> {
    let only = options.take::<bool>(&ONLY_CA)?.unwrap_or_default();
    let dangerous = options.take::<bool>(&DANGEROUS)?.unwrap_or_default();
    let ca = certificates(options, &CA, &CA_FILE)?;
    let exactly = certificates(options, &EXACTLY, &EXACTLY_FILE)?;
    match (ca, exactly, only, dangerous) {
        (None, None, false, false) => Ok(None),
        (None, None, false, true) => Ok(Some(Trust::DangerousAnyone)),
        (None, Some(exactly), false, false) => Ok(Some(Trust::Exactly(exactly))),
        (Some(ca), None, false, false) => Ok(Some(Trust::SystemAnd(ca))),
        (Some(ca), None, true, false) => Ok(Some(Trust::Only(ca))),
        (None, _, true, _) => Err(wrong(&ONLY_CA, "give the issuers in ca or ca_file")),
        (Some(_), Some(_), ..) => Err(wrong(&EXACTLY, "give either it or issuers")),
        (_, _, _, true) => Err(wrong(&DANGEROUS, "it makes given certificates meaningless")),
    }
}

/// Certificates as text or from a file.
pub(crate) fn certificates(
    options: &mut Options,
    text: &OptionRow,
    file: &OptionRow,
) -> Result<Option<Certificates>, Fault> {
    let given = (options.take::<String>(text)?, options.take::<String>(file)?);
    let (row, read) = match given {
        (None, None) => return Ok(None),
        (Some(pem), None) => (text, Certificates::from_pem(pem.as_bytes())),
        (None, Some(path)) => (file, Certificates::from_file(path)),
        (Some(_), Some(_)) => {
            let either = format!("give either {} or {}", text.name.en, file.name.en);
            return Err(wrong(text, either));
        }
    };
    read.map(Some).map_err(|error| Fault::from(error).about(row))
}
