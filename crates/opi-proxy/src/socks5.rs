//! SOCKS5 (RFC 1928) with a password (RFC 1929); names are resolved by the proxy.

use std::io;

use async_socks5::{AddrKind, Auth, Error as SocksError, UnsuccessfulReply};
use opi_net::{Deadline, Error as NetError, Phase, Stream, Target};
use tokio::io::BufWriter;

use crate::{Error, ErrorKind, Hop, Login};

/// Has the SOCKS5 proxy at the other end of `stream` connect to `next`.
pub(crate) async fn open(
    hop: &Hop,
    stream: Stream,
    next: &Target,
    deadline: &Deadline,
) -> Result<Stream, Error> {
    let login = hop.credentials().map(checked).transpose()?;
    let wanted = match next.address() {
        Some(address) => AddrKind::Ip(address),
        None => AddrKind::Domain(next.ascii_host()?.into_owned(), next.port()),
    };
    // The library writes field by field; the buffer makes a packet of each message. Reads are not
    // buffered, so no byte of the target is taken.
    let mut stream = BufWriter::with_capacity(LONGEST_MESSAGE, stream);
    let asking = async_socks5::connect(&mut stream, wanted, login);
    deadline.run(Phase::Proxy, asking).await?.map_err(failed)?;
    Ok(stream.into_inner())
}

/// Version, length and user, length and password: 3 + 255 + 255 bytes.
const LONGEST_MESSAGE: usize = 513;

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
    match cause {
        SocksError::Io(cause) => from_io(cause),
        SocksError::Response(reply) => from_reply(reply),
        SocksError::NoAcceptableMethods => Error::new(ErrorKind::Auth)
            .detail("the proxy accepts none of the offered ways to log in"),
        SocksError::InvalidAuthStatus(status) => Error::new(ErrorKind::Auth)
            .detail(format!("the proxy refuses user and password (status {status})")),
        SocksError::TooLongString(_) => {
            Error::new(ErrorKind::BadRequest).detail("the host is longer than 255 bytes")
        }
        other => Error::new(ErrorKind::Protocol).because(other),
    }
}

fn from_io(cause: io::Error) -> Error {
    if cause.kind() == io::ErrorKind::UnexpectedEof {
        let closed = NetError::new(opi_net::ErrorKind::Closed).in_phase(Phase::Proxy);
        return closed.detail("the proxy closed the connection in the handshake").into();
    }
    NetError::from_io(cause, Phase::Proxy).into()
}

/// The reply's meaning by RFC 1928 section 6.
fn from_reply(reply: UnsuccessfulReply) -> Error {
    use UnsuccessfulReply as Reply;
    let (kind, code, words) = match reply {
        Reply::GeneralFailure => (ErrorKind::Target, 1, "general failure"),
        Reply::ConnectionNotAllowedByRules => (ErrorKind::Refused, 2, "not allowed by its rules"),
        Reply::NetworkUnreachable => (ErrorKind::Target, 3, "network unreachable"),
        Reply::HostUnreachable => (ErrorKind::Target, 4, "host unreachable"),
        Reply::ConnectionRefused => (ErrorKind::Target, 5, "connection refused"),
        Reply::TtlExpired => (ErrorKind::Target, 6, "TTL expired"),
        Reply::CommandNotSupported => (ErrorKind::Protocol, 7, "command not supported"),
        Reply::AddressTypeNotSupported => (ErrorKind::Target, 8, "address type not supported"),
        Reply::Unassigned(code) => (ErrorKind::Target, code, "unassigned code"),
    };
    Error::new(kind).detail(format!("the proxy replied {code}: {words}"))
}
