//! The rows of the options of encrypted connections.

use crate::language::Bilingual;
use crate::table::{Kind, OptionRow};

/// Every option of a client's TLS, in the order of the reference page.
pub(crate) const ROWS: &[&OptionRow] = &[
    &CA,
    &CA_FILE,
    &ONLY_CA,
    &EXACTLY,
    &EXACTLY_FILE,
    &PINS,
    &SERVER_NAME,
    &ANY_NAME,
    &DANGEROUS,
    &CLIENT_CERTIFICATE,
    &CLIENT_KEY,
    &CLIENT_CERTIFICATE_FILE,
    &CLIENT_KEY_FILE,
    &CLIENT_PKCS12,
    &CLIENT_PKCS12_FILE,
    &CLIENT_PASSWORD,
    &TLS_MIN,
    &TLS_MAX,
    &KEY_LOG,
];

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
        "The path of a PEM or DER file with such certificates, 1 MiB at most.",
        "Путь к файлу PEM или DER с такими сертификатами, не больше 1 МиБ.",
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

pub(super) const EXACTLY: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("exact_certificate", "ТочныйСертификат"),
    Bilingual::new(
        "The server's own certificate as PEM text: it alone is accepted, whoever signed it and \
         whatever its names.",
        "Сертификат самого сервера текстом PEM: принимается только он, кто бы его ни подписал и \
         какие бы имена в нём ни были.",
    ),
);

pub(super) const EXACTLY_FILE: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("exact_certificate_file", "ФайлТочногоСертификата"),
    Bilingual::new(
        "The path of a PEM or DER file with that certificate, 1 MiB at most.",
        "Путь к файлу PEM или DER с этим сертификатом, не больше 1 МиБ.",
    ),
);

pub(super) const PINS: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("pins", "ОтпечаткиКлючей"),
    Bilingual::new(
        "The public keys a server may have, besides being trusted: sha256//Base64, several \
         separated by semicolons. Any.",
        "Открытые ключи, которые может иметь сервер, помимо доверия к нему: sha256//Base64, \
         несколько через точку с запятой. Любые.",
    ),
);

pub(super) const SERVER_NAME: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("server_name", "ИмяСервера"),
    Bilingual::new(
        "The name that is sent and checked in place of the host. The host.",
        "Имя, которое отправляется и проверяется вместо узла. Узел.",
    ),
);

pub(super) const ANY_NAME: OptionRow = OptionRow::new(
    Kind::Bool,
    Bilingual::new("dangerous_accept_any_name", "ОпасноПриниматьЛюбоеИмя"),
    Bilingual::new(
        "Accept a trusted certificate of any name: any site's owner in the middle can read \
         along. False.",
        "Принимать доверенный сертификат на любое имя: владелец любого сайта, став посредником, \
         сможет читать данные. Ложь.",
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
        "The key of the client's certificate, as PEM text.",
        "Ключ сертификата клиента, текстом PEM.",
    ),
);

pub(super) const CLIENT_CERTIFICATE_FILE: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("client_certificate_file", "ФайлКлиентскогоСертификата"),
    Bilingual::new(
        "The path of a PEM file with the client's certificate and its chain.",
        "Путь к файлу PEM с сертификатом клиента и его цепочкой.",
    ),
);

pub(super) const CLIENT_KEY_FILE: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("client_key_file", "ФайлКлиентскогоКлюча"),
    Bilingual::new(
        "The path of a PEM file with the key of the client's certificate.",
        "Путь к файлу PEM с ключом сертификата клиента.",
    ),
);

pub(super) const CLIENT_PKCS12: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("client_pkcs12", "КлиентPKCS12"),
    Bilingual::new(
        "The bytes of a PKCS#12 file with the client's certificate and key, in Base64.",
        "Содержимое файла PKCS#12 с сертификатом и ключом клиента, в Base64.",
    ),
);

pub(super) const CLIENT_PKCS12_FILE: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("client_pkcs12_file", "ФайлКлиентаPKCS12"),
    Bilingual::new(
        "The path of a PKCS#12 file (.p12, .pfx) with the client's certificate and key.",
        "Путь к файлу PKCS#12 (.p12, .pfx) с сертификатом и ключом клиента.",
    ),
);

pub(super) const CLIENT_PASSWORD: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("client_key_password", "ПарольКлиентскогоКлюча"),
    Bilingual::new(
        "What the key or the PKCS#12 file is encrypted with. Nothing.",
        "Пароль, которым зашифрован ключ или файл PKCS#12. Нет.",
    ),
);

pub(super) const TLS_MIN: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("tls_min", "МинимальнаяВерсияTLS"),
    Bilingual::new(
        "The lowest version of TLS: 1.2 or 1.3. 1.2.",
        "Самая низкая версия TLS: 1.2 или 1.3. 1.2.",
    ),
);

pub(super) const TLS_MAX: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("tls_max", "МаксимальнаяВерсияTLS"),
    Bilingual::new(
        "The highest version of TLS: 1.2 or 1.3. 1.3.",
        "Самая высокая версия TLS: 1.2 или 1.3. 1.3.",
    ),
);

pub(super) const KEY_LOG: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("key_log_file", "ФайлЖурналаКлючей"),
    Bilingual::new(
        "A file to which the secrets of sessions are added, for Wireshark: whoever has it can \
         read the connections. None.",
        "Файл, куда дописываются секреты сеансов для Wireshark: получивший его сможет читать \
         соединения. Нет.",
    ),
);
