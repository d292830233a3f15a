//! From options to the sockets and the trust of a connection.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use opi::net::tls::{Certificates, Clients, Name, Pin, ServerTls, Tls, Trust, Version, Versions};
use opi::net::{Dialer, Family, Target};

use crate::args::{ServingArgs, SocketArgs, TrustArgs};
use crate::failure::{ErrorKind, Failure};
use crate::identity::{self, Place};
use crate::redact::Veil;
use crate::{file, output};

/// How sockets are opened.
///
/// # Errors
///
/// An option is no place or no address.
pub(crate) fn dialer(args: &SocketArgs) -> Result<Dialer, Failure> {
    let mut dialer = Dialer::new().family(match (args.ipv4, args.ipv6) {
        (true, _) => Family::Ipv4Only,
        (_, true) => Family::Ipv6Only,
        _ => Family::Any,
    });
    for text in &args.resolve {
        let (target, addresses) = resolve(text)?;
        dialer = dialer.resolve_port(&target, addresses);
    }
    for text in &args.connect_to {
        let Some((from, to)) = text.split_once('=') else {
            return Err(wrong("--connect-to", text, "HOST:PORT=HOST:PORT"));
        };
        dialer = dialer.connect_to(&from.parse()?, to.parse()?);
    }
    match &args.local_address {
        None => Ok(dialer),
        Some(text) => Ok(dialer.local_address(local(text)?)),
    }
}

/// `HOST:PORT:ADDRESS[,ADDRESS]`.
fn resolve(text: &str) -> Result<(Target, Vec<IpAddr>), Failure> {
    let wrong = || wrong("--resolve", text, "HOST:PORT:ADDRESS");
    let (host, rest) = text.split_once(':').ok_or_else(wrong)?;
    let (port, list) = rest.split_once(':').ok_or_else(wrong)?;
    let target: Target = format!("{host}:{port}").parse()?;
    let bare = |text: &str| text.trim_matches(|it| it == '[' || it == ']').parse::<IpAddr>();
    let addresses: Result<Vec<_>, _> = list.split(',').map(bare).collect();
    Ok((target, addresses.map_err(|_| wrong())?))
}

fn local(text: &str) -> Result<SocketAddr, Failure> {
    let alone = text.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 0));
    alone.or_else(|_| text.parse()).map_err(|_| wrong("--local-address", text, "IP or IP:port"))
}

/// The failure of an option whose value is not what is expected.
pub(crate) fn wrong(option: &str, text: &str, expected: &str) -> Failure {
    Failure::new(ErrorKind::Usage, format!("{option}: expected {expected}, got {text:?}"))
}

/// Whose certificates are accepted, and which are shown; passwords go behind the veil.
///
/// # Errors
///
/// A file of certificates or the key cannot be read, or an option is wrong.
pub(crate) fn tls(args: &TrustArgs, veil: &mut Veil) -> Result<Tls, Failure> {
    let pins = args.pin.iter().map(|text| text.parse()).collect::<Result<Vec<Pin>, _>>()?;
    let tls = Tls::new(trust(args, &pins)?).versions(versions(args)?).name(name(args));
    let tls = if args.insecure { tls } else { tls.pins(&pins) };
    let place = Place {
        cert: args.cert.as_deref(),
        key: args.key.as_deref(),
        p12: args.p12.as_deref(),
        password: args.key_password.as_deref(),
    };
    Ok(match identity::read(place, veil)? {
        Some(identity) => tls.identity(identity),
        None if args.key_password.is_some() => {
            let message = "--key-password needs --cert with --key, or --p12";
            return Err(Failure::new(ErrorKind::Usage, message));
        }
        None => tls,
    })
}

fn trust(args: &TrustArgs, pins: &[Pin]) -> Result<Trust, Failure> {
    if args.insecure && !pins.is_empty() {
        return Ok(Trust::Pinned(pins.to_vec()));
    }
    if args.insecure {
        output::note(
            "opi: warning: --insecure: certificates are not checked, anyone can read along",
        );
        return Ok(Trust::DangerousAnyone);
    }
    if args.ca.is_empty() {
        return Ok(Trust::System);
    }
    Ok(Trust::SystemAnd(certificates(&args.ca)?))
}

/// The certificates of all files together.
fn certificates(paths: &[PathBuf]) -> Result<Certificates, Failure> {
    let mut all = Vec::new();
    for path in paths {
        let pem = file::read(path, "the CA certificates", file::SETTINGS)?;
        Certificates::from_pem(&pem)
            .map_err(|error| Failure::from(error).detail(format!("in {}", path.display())))?;
        all.extend_from_slice(&pem);
        all.push(b'\n');
    }
    Ok(Certificates::from_pem(&all)?)
}

fn name(args: &TrustArgs) -> Name {
    if args.any_name {
        output::note(
            "opi: warning: --any-name: names are not checked, every owner of a certificate can read along",
        );
        return Name::DangerousAny;
    }
    args.server_name.clone().map_or(Name::Host, Name::Other)
}

fn versions(args: &TrustArgs) -> Result<Versions, Failure> {
    let lowest = args.tls_min.unwrap_or(Version::Tls12);
    let highest = args.tls_max.unwrap_or(Version::Tls13);
    Versions::between(lowest, highest).ok_or_else(|| {
        Failure::new(ErrorKind::Usage, "--tls-min is above --tls-max, so there is no version")
    })
}

/// How TLS is spoken to who connects, if it is; passwords go behind the veil.
///
/// # Errors
///
/// A file of certificates or the key cannot be read.
pub(crate) fn serving(args: &ServingArgs, veil: &mut Veil) -> Result<Option<ServerTls>, Failure> {
    let place = Place {
        cert: args.listen_cert.as_deref(),
        key: args.listen_key.as_deref(),
        p12: args.listen_p12.as_deref(),
        password: args.listen_key_password.as_deref(),
    };
    let Some(identity) = identity::read(place, veil)? else {
        let Some(option) = args.given() else { return Ok(None) };
        let message = format!("{option} needs a certificate to speak TLS with");
        return Err(Failure::new(ErrorKind::Usage, message));
    };
    let tls = ServerTls::new(identity)?;
    match &args.client_ca {
        None => Ok(Some(tls)),
        Some(path) => {
            let issuers = certificates(std::slice::from_ref(path))?;
            Ok(Some(tls.clients(Clients::Required(issuers))?))
        }
    }
}
