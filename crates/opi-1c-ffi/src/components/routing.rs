//! The options of the way to a host: proxies in the order they are tried, and hosts without one.

use opi::net::Target;
use opi::net::tls::{Tls, Trust};
use opi::proxy::{Bypass, ParseRouteError, ProxySettings, Route, Routes, Traffic};

use super::secure::certificates;
use crate::fault::{Fault, FaultKind};
use crate::language::Bilingual;
use crate::options::Options;
use crate::table::{Kind, OptionRow};

/// Every option of the way, in the order of the reference page.
pub(super) const ROWS: &[&OptionRow] =
    &[&PROXY, &NO_PROXY, &FROM_ENVIRONMENT, &PROXY_CA, &PROXY_CA_FILE, &PROXY_DANGEROUS];

/// The ways to `target` that the options describe.
pub(super) fn routes(
    options: &mut Options,
    target: &Target,
    traffic: Traffic,
) -> Result<Routes, Fault> {
    let bypass = bypass(options)?;
    let trust = trust(options)?;
    let routes = match untrusted(options)? {
        Given::Environment(settings) => settings.route(traffic, target).into(),
        Given::Nothing => Routes::from(Route::direct()),
        Given::Routes(routes) => routes,
    };
    match (bypass, trust) {
        (Some(bypass), _) if bypass.covers(target) => Ok(Route::direct().into()),
        (_, Some(trust)) => trusting(&routes, &Tls::new(trust)),
        (_, None) => Ok(routes),
    }
}

/// Where proxies come from.
#[derive(Debug)]
pub(super) enum Given {
    Environment(ProxySettings),
    Nothing,
    Routes(Routes),
}

/// The proxies that the options describe, whatever the server is.
pub(super) fn given(options: &mut Options) -> Result<Given, Fault> {
    let trust = trust(options)?;
    match (untrusted(options)?, trust) {
        (Given::Routes(routes), Some(trust)) => {
            Ok(Given::Routes(trusting(&routes, &Tls::new(trust))?))
        }
        (_, Some(_)) => Err(wrong(&PROXY_CA, "give it together with proxy")),
        (given, None) => Ok(given),
    }
}

fn untrusted(options: &mut Options) -> Result<Given, Fault> {
    let text = options.take::<String>(&PROXY)?;
    match (text, options.take::<bool>(&FROM_ENVIRONMENT)?.unwrap_or_default()) {
        (Some(_), true) => Err(wrong(&FROM_ENVIRONMENT, "give either it or proxy")),
        (Some(text), false) => {
            text.parse().map(Given::Routes).map_err(|error| about(error, &PROXY))
        }
        (None, true) => {
            let settings = ProxySettings::from_environment();
            settings.map(Given::Environment).map_err(|error| about(error, &FROM_ENVIRONMENT))
        }
        (None, false) => Ok(Given::Nothing),
    }
}

/// The hosts that are reached without a proxy.
pub(super) fn bypass(options: &mut Options) -> Result<Option<Bypass>, Fault> {
    let Some(list) = options.take::<String>(&NO_PROXY)? else { return Ok(None) };
    let bypass = Bypass::new(&list);
    match bypass.unknown().first() {
        Some(entry) => Err(wrong(&NO_PROXY, format!("{entry:?} is no host, address or network"))),
        None => Ok(Some(bypass)),
    }
}

/// Whom proxies under TLS are trusted by, when it is told.
fn trust(options: &mut Options) -> Result<Option<Trust>, Fault> {
    let issuers = certificates(options, &PROXY_CA, &PROXY_CA_FILE)?;
    let dangerous = options.take::<bool>(&PROXY_DANGEROUS)?.unwrap_or_default();
    match (issuers, dangerous) {
        (None, false) => Ok(None),
        (Some(issuers), false) => Ok(Some(Trust::SystemAnd(issuers))),
        (None, true) => Ok(Some(Trust::DangerousAnyone)),
        (Some(_), true) => Err(wrong(&PROXY_DANGEROUS, "it makes proxy_ca meaningless")),
    }
}

/// The same ways, whose proxies under TLS are checked by `tls`.
fn trusting(routes: &Routes, tls: &Tls) -> Result<Routes, Fault> {
    let hops = routes.iter().flat_map(Route::hops);
    if hops.filter(|hop| hop.is_encrypted()).count() == 0 {
        return Err(wrong(&PROXY_CA, "no proxy is spoken to under TLS"));
    }
    let route = |route: &Route| {
        let hops = route.hops().iter().cloned();
        hops.map(|hop| if hop.is_encrypted() { hop.tls(tls.clone()) } else { hop }).collect()
    };
    Routes::new(routes.iter().map(route)).map_err(|error| about(error, &PROXY))
}

fn about(error: ParseRouteError, row: &OptionRow) -> Fault {
    Fault::from(error).about(row)
}

fn wrong(row: &OptionRow, why: impl std::fmt::Display) -> Fault {
    Fault::new(FaultKind::Option, format!("{row}: {why}"))
}

const PROXY: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("proxy", "Прокси"),
    Bilingual::new(
        "The way through proxies: socks5://user:password@host:port, socks4a://..., http://..., \
         https://..., several in a row separated by spaces, or direct. Ways separated by | are tried in \
         turn. direct.",
        "Путь через прокси: socks5://имя:пароль@узел:порт, socks4a://..., http://..., https://..., \
         несколько подряд через пробел, либо direct. Пути через | пробуются по очереди. direct.",
    ),
);

const NO_PROXY: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("no_proxy", "БезПрокси"),
    Bilingual::new(
        "The hosts that are reached without a proxy, separated by commas: corp, *.corp, 10.0.0.0/8, \
         host:port, <local>. None.",
        "Узлы, доступные без прокси, через запятую: corp, *.corp, 10.0.0.0/8, узел:порт, <local>. Нет.",
    ),
);

const FROM_ENVIRONMENT: OptionRow = OptionRow::new(
    Kind::Bool,
    Bilingual::new("proxy_from_environment", "ПроксиИзСреды"),
    Bilingual::new(
        "Take the proxy from the variables ALL_PROXY and NO_PROXY of the process, for web requests from \
         HTTP_PROXY and HTTPS_PROXY too. False.",
        "Взять прокси из переменных ALL_PROXY и NO_PROXY процесса, для веб-запросов также из \
         HTTP_PROXY и HTTPS_PROXY. Ложь.",
    ),
);

const PROXY_CA: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("proxy_ca", "ЦСПрокси"),
    Bilingual::new(
        "Certificates of issuers to trust besides the system's for proxies under TLS, as PEM text.",
        "Сертификаты ЦС, которым доверять помимо системных для прокси под TLS, текстом PEM.",
    ),
);

const PROXY_CA_FILE: OptionRow = OptionRow::new(
    Kind::Text,
    Bilingual::new("proxy_ca_file", "ФайлЦСПрокси"),
    Bilingual::new(
        "The path of a PEM or DER file with such certificates, 1 MiB at most.",
        "Путь к файлу PEM или DER с такими сертификатами, не больше 1 МиБ.",
    ),
);

const PROXY_DANGEROUS: OptionRow = OptionRow::new(
    Kind::Bool,
    Bilingual::new(
        "dangerous_accept_any_proxy_certificate",
        "ОпасноПриниматьЛюбойСертификатПрокси",
    ),
    Bilingual::new(
        "Check no certificate of a proxy: anyone between can read its password. False.",
        "Не проверять сертификат прокси: посредник сможет прочитать его пароль. Ложь.",
    ),
);
