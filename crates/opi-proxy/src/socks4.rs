//! SOCKS4 and its extension 4a, which hands names to the proxy.

use std::net::{Ipv4Addr, SocketAddr};

use opi_net::{Deadline, Phase, Stream, Target};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{Error, ErrorKind, Hop, Reply};

/// Has the SOCKS4 proxy at the other end of `stream` connect to `next`.
pub(crate) async fn open(
    hop: &Hop,
    mut stream: Stream,
    next: &Target,
    deadline: &Deadline,
) -> Result<Stream, Error> {
    let request = request(&Host::of(next)?, next.port(), user_id(hop)?);
    let mut reply = [0; REPLY];
    let talk = async {
        stream.write_all(&request).await?;
        stream.flush().await?;
        // Exactly the reply: what follows belongs to the target.
        stream.read_exact(&mut reply).await.map(drop)
    };
    deadline.run(Phase::Proxy, talk).await?.map_err(Error::broken_off)?;
    judge(reply)?;
    Ok(stream)
}

/// How the target's host goes into a request.
#[derive(Debug, PartialEq)]
enum Host {
    Address(Ipv4Addr),
    Name(String),
}

impl Host {
    fn of(next: &Target) -> Result<Self, Error> {
        match next.address() {
            Some(SocketAddr::V4(address)) => return Ok(Self::Address(*address.ip())),
            Some(SocketAddr::V6(_)) => return Err(bad("SOCKS4 has no IPv6 addresses; use SOCKS5")),
            None => {}
        }
        let host = next.ascii_host()?;
        if host.len() > 255 || host.contains('\0') {
            return Err(bad("the host must have at most 255 bytes and no NUL for SOCKS4"));
        }
        Ok(Self::Name(host.into_owned()))
    }
}

/// The user goes as the user id; the protocol has no password.
fn user_id(hop: &Hop) -> Result<&str, Error> {
    let Some(login) = hop.credentials() else { return Ok("") };
    if !login.password.expose().is_empty() {
        return Err(bad("SOCKS4 has no password; give the user only, or use SOCKS5"));
    }
    if login.user.contains('\0') || login.user.len() > 255 {
        return Err(bad("the user must have at most 255 bytes and no NUL for SOCKS4"));
    }
    Ok(&login.user)
}

fn request(host: &Host, port: u16, user_id: &str) -> Vec<u8> {
    let mut request = vec![4, 1];
    request.extend(port.to_be_bytes());
    // 4a marks a name behind the user id by an address that no host has.
    let (address, name) = match host {
        Host::Address(address) => (address.octets(), None),
        Host::Name(name) => ([0, 0, 0, 1], Some(name)),
    };
    request.extend(address);
    request.extend(user_id.bytes().chain([0]));
    request.extend(name.into_iter().flat_map(|name| name.bytes().chain([0])));
    request
}

/// The length of a reply: version, code, port and address.
const REPLY: usize = 8;

fn judge(reply: [u8; REPLY]) -> Result<(), Error> {
    let (kind, words) = match reply {
        [0, 90, ..] => return Ok(()),
        [0, 91, ..] => (ErrorKind::Target, "request rejected or failed"),
        [0, 92, ..] => (ErrorKind::Auth, "the proxy cannot ask this machine for the user"),
        [0, 93, ..] => (ErrorKind::Auth, "the user is another than this machine says"),
        [0, ..] => (ErrorKind::Target, "unassigned code"),
        _ => return Err(Error::new(ErrorKind::Protocol)),
    };
    let error = Error::new(kind).detail(format!("the proxy replied {}: {words}", reply[1]));
    Err(error.reply(Reply::Socks4(reply[1])))
}

fn bad(detail: &str) -> Error {
    Error::new(ErrorKind::BadRequest).detail(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_those_of_the_protocol() {
        let address = Host::Address([66, 102, 7, 99].into());
        assert_eq!(request(&address, 80, "Fred"), b"\x04\x01\0\x50\x42\x66\x07\x63Fred\0");
        let name = Host::Name("db.test".to_owned());
        assert_eq!(request(&name, 5432, ""), b"\x04\x01\x15\x38\0\0\0\x01\0db.test\0");
    }

    #[track_caller]
    fn check(version: u8, code: u8, expected: Result<(), ErrorKind>) {
        let outcome = judge([version, code, 0, 0, 0, 0, 0, 0]);
        assert_eq!(outcome.map_err(|error| error.kind()), expected, "{code}");
    }

    #[test]
    fn replies_are_told_by_their_meaning() {
        check(0, 90, Ok(()));
        check(0, 91, Err(ErrorKind::Target));
        check(0, 92, Err(ErrorKind::Auth));
        check(0, 93, Err(ErrorKind::Auth));
        check(0, 0, Err(ErrorKind::Target));
        check(5, 90, Err(ErrorKind::Protocol));
        check(b'H', b'T', Err(ErrorKind::Protocol));
    }
}
