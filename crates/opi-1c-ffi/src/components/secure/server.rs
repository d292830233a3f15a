//! The options of a server's encryption: who it is, and whom it asks for a certificate.

use opi::net::tls::{Clients, ServerTls};

use super::identity::{IdentityRows, Source};
use super::rows::{TLS_MAX, TLS_MIN};
use super::{trust, versions, wrong};
use crate::fault::Fault;
use crate::language::Bilingual;
use crate::options::Options;
use crate::table::{Kind, OptionRow};

/// Every option of a server's TLS, in the order of the reference page.
pub(crate) const ROWS: &[&OptionRow] = &[
    &CERTIFICATE,
    &KEY,
    &CERTIFICATE_FILE,
    &KEY_FILE,
    &PKCS12,
    &PKCS12_FILE,
    &PASSWORD,
    &CLIENTS,
    &CLIENT_CA,
    &CLIENT_CA_FILE,
    &ALPN,
    &TLS_MIN,
    &TLS_MAX,
];

/// The encryption that the options ask for; none without a certificate.
pub(crate) fn tls(options: &mut Options) -> Result<Option<ServerTls>, Fault> {
    let given = options.has_any(ROWS);
    let source = IDENTITY.source(options)?;
    let (versions, clients) = (versions(options)?, clients(options)?);
    let alpn = options.take::<Vec<String>>(&ALPN)?.unwrap_or_default();
    match source {
        None if given => Err(wrong(&CERTIFICATE, "other options of TLS are given, and not it")),
        None => Ok(None),
        Some(source) => {
            let alpn: Vec<_> = alpn.iter().map(String::as_str).collect();
            let tls = identified(source)?.versions(versions)?.clients(clients)?;
            Ok(Some(tls.alpn(&alpn)?))
        }
    }
}

fn identified(source: Source) -> Result<ServerTls, Fault> {
    match source {
        Source::Files(files, row) => {
            ServerTls::from_files(files).map_err(|error| Fault::from(error).about(row))
        }
        Source::Texts(identity) => Ok(ServerTls::new(identity)?),
    }
}

fn clients(options: &mut Options) -> Result<Clients, Fault> {
    let issuers = trust::certificates(options, &CLIENT_CA, &CLIENT_CA_FILE)?;
    let asked = options.take::<String>(&CLIENTS)?;
    match (asked.as_deref(), issuers) {
        (None | Some("none"), None) => Ok(Clients::Anyone),
        (None | Some("required"), Some(issuers)) => Ok(Clients::Required(issuers)),
        (Some("asked"), Some(issuers)) => Ok(Clients::Asked(issuers)),
        (Some("asked" | "required"), None) => {
            Err(wrong(&CLIENTS, "give the issuers in client_ca or client_ca_file"))
        }
        (Some("none"), Some(_)) => Err(wrong(&CLIENTS, "it makes client_ca meaningless")),
        (Some(other), _) => {
            Err(wrong(&CLIENTS, format!("expected none, asked or required, got {other:?}")))
        }
    }
}

const IDENTITY: IdentityRows = IdentityRows {
    certificate: &CERTIFICATE,
    key: &KEY,
    certificate_file: &CERTIFICATE_FILE,
    key_file: &KEY_FILE,
    pkcs12: &PKCS12,
    pkcs12_file: &PKCS12_FILE,
    password: &PASSWORD,
};

const CERTIFICATE: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("certificate", "Сертификат"),
    Bilingual::new(
        "The server's certificate and its chain, as PEM text; with it every connection is encrypted. \
         None.",
        "Сертификат сервера и его цепочка, текстом PEM; с ним все соединения шифруются. Нет.",
    ),
);

const KEY: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("key", "Ключ"),
    Bilingual::new(
        "The key of that certificate, as PEM text.",
        "Ключ этого сертификата, текстом PEM.",
    ),
);

const CERTIFICATE_FILE: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("certificate_file", "ФайлСертификата"),
    Bilingual::new(
        "The path of a PEM file with the certificate and its chain; ReloadCertificate reads it again.",
        "Путь к файлу PEM с сертификатом и его цепочкой; ПеречитатьСертификат читает его снова.",
    ),
);

const KEY_FILE: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("key_file", "ФайлКлюча"),
    Bilingual::new(
        "The path of a PEM file with the key of the certificate.",
        "Путь к файлу PEM с ключом сертификата.",
    ),
);

const PKCS12: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("pkcs12", "PKCS12"),
    Bilingual::new(
        "The bytes of a PKCS#12 file with the certificate and the key, in Base64.",
        "Содержимое файла PKCS#12 с сертификатом и ключом, в Base64.",
    ),
);

const PKCS12_FILE: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("pkcs12_file", "ФайлPKCS12"),
    Bilingual::new(
        "The path of a PKCS#12 file (.p12, .pfx) with the certificate and the key.",
        "Путь к файлу PKCS#12 (.p12, .pfx) с сертификатом и ключом.",
    ),
);

const PASSWORD: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("key_password", "ПарольКлюча"),
    Bilingual::new(
        "What the key or the PKCS#12 file is encrypted with. Nothing.",
        "Пароль, которым зашифрован ключ или файл PKCS#12. Нет.",
    ),
);

const CLIENTS: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("clients", "СертификатыКлиентов"),
    Bilingual::new(
        "Whether clients show certificates: none, asked or required. required with client_ca, else \
         none.",
        "Показывают ли клиенты сертификаты: none, asked или required. С client_ca - required, иначе \
         none.",
    ),
);

const CLIENT_CA: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("client_ca", "ЦСКлиентов"),
    Bilingual::new(
        "Certificates of the issuers that clients' certificates must have, as PEM text.",
        "Сертификаты ЦС, выпустивших сертификаты клиентов, текстом PEM.",
    ),
);

const CLIENT_CA_FILE: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("client_ca_file", "ФайлЦСКлиентов"),
    Bilingual::new(
        "The path of a PEM or DER file with such certificates, 1 MiB at most.",
        "Путь к файлу PEM или DER с такими сертификатами, не больше 1 МиБ.",
    ),
);

const ALPN: OptionRow = OptionRow::new(
    Kind::List,
    Bilingual::new("alpn", "ПротоколыALPN"),
    Bilingual::new(
        "The application protocols that are accepted, best first; a client that offers only others is \
         refused. Offers are ignored.",
        "Принимаемые прикладные протоколы, лучшие первыми; клиент, предлагающий только другие, получит \
         отказ. Предложения не учитываются.",
    ),
);
