//! The options of curl that mean the same as ours.

use std::time::Duration;

use super::render::Secrets;
use crate::args::{AuthType, HttpArgs, SocketArgs, TimesArgs, TrustArgs};
use crate::failure::{ErrorKind, Failure};
use crate::{redact, secret};

/// The options, each a word.
///
/// # Errors
///
/// An option means what curl cannot do.
pub(super) fn options(args: &HttpArgs, secrets: Secrets<'_>) -> Result<Vec<String>, Failure> {
    let mut words = Words::default();
    if !args.answer.no_follow {
        words.flag("-L", true);
        words.value("--max-redirs", args.answer.max_redirects.as_ref());
    }
    words.flag("--compressed", !super::asked::leaves_out(args, "accept-encoding"));
    words.flag("-f", !args.answer.no_check_status && args.saving.output.is_some());
    words.value("-o", args.saving.output.as_ref().map(|path| path.display()));
    words.flag("-OJ", args.saving.download && args.saving.output.is_none());
    words.flag("-N", args.shown.stream);
    words.value("--retry", args.again.retry);
    words.value("--retry-max-time", args.again.retry_max_time.map(seconds));
    words.value("--retry-delay", args.again.retry_delay.map(seconds));
    words.value("-b", args.cookies.as_ref().map(|path| path.display()));
    words.value("-c", args.cookies.as_ref().map(|path| path.display()));
    login(&mut words, args, secrets)?;
    times(&mut words, &args.times);
    way(&mut words, args, secrets)?;
    socket(&mut words, &args.socket);
    trust(&mut words, &args.trust, secrets)?;
    Ok(words.0)
}

/// Whether the login is answered to a challenge, so that no header of it can be written.
fn is_digest(args: &HttpArgs) -> bool {
    args.login.auth_type == Some(AuthType::Digest)
}

#[derive(Default)]
struct Words(Vec<String>);

impl Words {
    fn flag(&mut self, option: &str, given: bool) {
        self.0.extend(given.then(|| option.to_owned()));
    }

    fn value(&mut self, option: &str, value: Option<impl ToString>) {
        self.0.extend(value.into_iter().flat_map(|value| [option.to_owned(), value.to_string()]));
    }
}

fn login(words: &mut Words, args: &HttpArgs, secrets: Secrets<'_>) -> Result<(), Failure> {
    if args.login.aws_signed_chunks {
        return Err(cannot("chunks that are signed"));
    }
    let (true, Some(auth)) = (is_digest(args), &args.login.auth) else { return Ok(()) };
    let pair = secret::read(auth)?;
    let user = pair.expose().split_once(':').map_or("", |(user, _)| user);
    words.flag("--digest", true);
    let shown = match secrets {
        Secrets::Hidden(_) => format!("{user}:{}", redact::HIDDEN),
        Secrets::Shown => pair.expose().to_owned(),
    };
    words.value("-u", Some(shown));
    Ok(())
}

fn times(words: &mut Words, args: &TimesArgs) {
    words.value("--max-time", args.timeout.map(seconds));
    words.value("--connect-timeout", args.connect_timeout.map(seconds));
}

fn way(words: &mut Words, args: &HttpArgs, secrets: Secrets<'_>) -> Result<(), Failure> {
    let proxies = args.way.proxy.iter().map(|text| secret::read(text));
    let proxies = proxies.collect::<Result<Vec<_>, _>>()?;
    match proxies.as_slice() {
        [] => {}
        [proxy] if !proxy.expose().contains([' ', '|']) => {
            words.value("-x", Some(proxy_url(proxy.expose(), secrets)));
        }
        _ => return Err(cannot("a row or a list of proxies")),
    }
    words.value("--noproxy", args.socket.no_proxy.as_ref());
    Ok(())
}

/// The proxy as curl writes it: names of SOCKS5 are looked up there by socks5h.
fn proxy_url(text: &str, secrets: Secrets<'_>) -> String {
    let (plain, options) = text.split_once('?').unwrap_or((text, ""));
    let plain = match (plain.strip_prefix("socks5://"), options.contains("names=local")) {
        (Some(rest), false) => format!("socks5h://{rest}"),
        _ => plain.to_owned(),
    };
    secrets.url(&plain)
}

fn socket(words: &mut Words, args: &SocketArgs) {
    args.resolve.iter().for_each(|text| words.value("--resolve", Some(text)));
    let pairs = args.connect_to.iter().map(|text| text.replacen('=', ":", 1));
    pairs.for_each(|text| words.value("--connect-to", Some(text)));
    words.value("--interface", args.local_address.as_ref());
    words.flag("-4", args.ipv4);
    words.flag("-6", args.ipv6);
}

fn trust(words: &mut Words, args: &TrustArgs, secrets: Secrets<'_>) -> Result<(), Failure> {
    words.flag("-k", args.insecure);
    match args.ca.as_slice() {
        [] => {}
        [ca] => words.value("--cacert", Some(ca.display())),
        _ => return Err(cannot("several files of --ca")),
    }
    if args.any_name || args.server_name.is_some() {
        return Err(cannot("another name in the certificate"));
    }
    if !args.pin.is_empty() {
        words.value("--pinnedpubkey", Some(args.pin.join(";")));
    }
    words.value("--cert", args.cert.as_ref().or(args.p12.as_ref()).map(|path| path.display()));
    words.value("--cert-type", args.p12.as_ref().map(|_| "P12"));
    words.value("--key", args.key.as_ref().map(|path| path.display()));
    if let Some(password) = &args.key_password {
        words.value(
            "--pass",
            Some(match secrets {
                Secrets::Hidden(_) => redact::HIDDEN.to_owned(),
                Secrets::Shown => secret::read(password)?.expose().to_owned(),
            }),
        );
    }
    let version = |version| match version {
        opi::net::tls::Version::Tls13 => "1.3",
        _ => "1.2",
    };
    words.0.extend(args.tls_min.map(|lowest| format!("--tlsv{}", version(lowest))));
    words.value("--tls-max", args.tls_max.map(version));
    Ok(())
}

fn seconds(time: Duration) -> String {
    time.as_secs_f64().to_string()
}

fn cannot(what: &str) -> Failure {
    Failure::new(ErrorKind::Usage, format!("--curl: curl does not know {what}"))
}
