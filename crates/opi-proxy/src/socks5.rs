//! SOCKS5 (RFC 1928) with a password (RFC 1929).

use async_socks5::{AddrKind, Auth, AuthMethod, Error as SocksError, UnsuccessfulReply};
use opi_net::{Deadline, Phase, Stream, Target};
use tokio::io::BufWriter;

use crate::bound::Bound;
use crate::{Error, ErrorKind, Hop, Login, Reply};

/// Has the SOCKS5 proxy at the other end of `stream` connect to `next`.
pub(crate) async fn open(
    hop: &Hop,
    stream: Stream,
    next: &Target,
    deadline: &Deadline,
) -> Result<Stream, Error> {
    let login = hop.credentials().map(checked).transpose()?;
    let wanted = wanted(next)?;
    // The library writes field by field; the buffer makes a packet of each message. Reads are not
    // buffered, so no byte of the target is taken.
    let mut stream = BufWriter::with_capacity(LONGEST_MESSAGE, Bound::new(stream));
    let asking = async_socks5::connect(&mut stream, wanted, login);
    deadline.run(Phase::Proxy, asking).await?.map_err(failed)?;
    Ok(stream.into_inner().into_inner())
}

/// Version, length and user, length and password: 3 + 255 + 255 bytes.
const LONGEST_MESSAGE: usize = 513;

/// A host of more than 255 bytes is refused here, before anything is sent; it is never looked up
/// instead.
fn wanted(next: &Target) -> Result<AddrKind, Error> {
    if let Some(address) = next.address() {
        return Ok(AddrKind::Ip(address));
    }
    let host = next.ascii_host()?;
    if host.len() > 255 {
        return Err(Error::new(ErrorKind::BadRequest).detail(LONG_HOST));
    }
    Ok(AddrKind::Domain(host.into_owned(), next.port()))
}

const LONG_HOST: &str = "the host is longer than 255 bytes, and SOCKS5 cannot carry it";

/// RFC 1929 gives both parts a length of 1 to 255.
fn checked(login: &Login) -> Result<Auth, Error> {
    let fits = |text: &str| (1..=255).contains(&text.len());
    if !fits(&login.user) || !fits(login.password.expose()) {
        let detail = "user and password must have 1 to 255 bytes each for SOCKS5";
        return Err(Error::new(ErrorKind::BadRequest).detail(detail));
    }
    Ok(Auth::new(&login.user, login.password.expose()))
}

fn failed(cause: SocksError) -> Error {
    let auth = || Error::new(ErrorKind::Auth);
    match cause {
        SocksError::Io(cause) => Error::broken_off(cause),
        SocksError::Response(reply) => from_reply(reply),
        SocksError::NoAcceptableMethods => {
            auth().detail("the proxy accepts none of the offered ways to log in")
        }
        SocksError::InvalidAuthMethod(AuthMethod::UsernamePassword) => {
            auth().detail("the proxy asks for user and password, and the route has none")
        }
        SocksError::InvalidAuthMethod(method) => Error::new(ErrorKind::Protocol)
            .detail(format!("the proxy wants a login that was not offered ({method:?})")),
        SocksError::InvalidAuthStatus(status) => {
            auth().detail(format!("the proxy refuses user and password (status {status})"))
        }
        SocksError::TooLongString(_) => Error::new(ErrorKind::BadRequest).detail(LONG_HOST),
        other => Error::new(ErrorKind::Protocol).because(other),
    }
}

/// The reply's meaning by RFC 1928 section 6.
fn from_reply(reply: UnsuccessfulReply) -> Error {
    use UnsuccessfulReply as Said;
    let (kind, code, words) = match reply {
        Said::GeneralFailure => (ErrorKind::Target, 1, "general failure"),
        Said::ConnectionNotAllowedByRules => (ErrorKind::Refused, 2, "not allowed by its rules"),
        Said::NetworkUnreachable => (ErrorKind::Target, 3, "network unreachable"),
        Said::HostUnreachable => (ErrorKind::Target, 4, "host unreachable"),
        Said::ConnectionRefused => (ErrorKind::Target, 5, "connection refused"),
        Said::TtlExpired => (ErrorKind::Target, 6, "TTL expired"),
        Said::CommandNotSupported => (ErrorKind::Protocol, 7, "command not supported"),
        Said::AddressTypeNotSupported => (ErrorKind::Target, 8, "address type not supported"),
        Said::Unassigned(code) => (ErrorKind::Target, code, "unassigned code"),
    };
    let error = Error::new(kind).detail(format!("the proxy replied {code}: {words}"));
    error.reply(Reply::Socks5(code))
}
