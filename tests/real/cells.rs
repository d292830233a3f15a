//! The kinds of targets, and what the rule says a proxy makes of each.

use opi_net::Target;
use opi_tcp_client::{Config, Connection, Error, Until};

use crate::proxies::Proxy;
use crate::servers::{soon, target, tls};

/// An outcome that is not `ok` and may be one thing or another, by the order in which bytes meet.
pub(crate) const FAILS: &str = "anything but ok";

/// What is wanted beyond the proxy.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum To {
    Name,
    Ipv4,
    Ipv6,
    TlsByName,
    TlsByIpv4,
    TlsByIpv6,
    /// A server that speaks first, so that its bytes may come with the proxy's answer.
    Banner,
    /// A port that nobody listens on.
    Nobody,
    /// A name without an address.
    NoName,
}

impl To {
    pub(crate) const ALL: [Self; 9] = [
        Self::Name,
        Self::Ipv4,
        Self::Ipv6,
        Self::TlsByName,
        Self::TlsByIpv4,
        Self::TlsByIpv6,
        Self::Banner,
        Self::Nobody,
        Self::NoName,
    ];

    /// How it ends through a proxy that does all its protocol can: a code, or `ok`.
    pub(crate) fn rule(self, proxy: &Proxy) -> &'static str {
        match (self, proxy.scheme) {
            // Told before anything is sent: the protocol has no IPv6, and SOCKS4 no names.
            (Self::Ipv6 | Self::TlsByIpv6, "socks4" | "socks4a") => "proxy_bad_request",
            (Self::NoName, "socks4") => "resolve_failed",
            (Self::NoName, _) if proxy.options == "?names=local" => "resolve_failed",
            (Self::Nobody | Self::NoName, _) => "proxy_target",
            _ => "ok",
        }
    }

    /// Whether the proxy is not even asked, so that no login matters.
    pub(crate) fn is_told_before(self, proxy: &Proxy) -> bool {
        ["proxy_bad_request", "resolve_failed"].contains(&self.rule(proxy))
    }

    pub(crate) fn config(self) -> Config {
        let config = Config::new(self.target());
        match self {
            Self::TlsByName | Self::TlsByIpv4 | Self::TlsByIpv6 => config.tls(tls()),
            _ => config,
        }
    }

    fn target(self) -> Target {
        let (host, endpoint) = match self {
            Self::Name => ("localhost", "echo"),
            Self::Ipv4 => ("127.0.0.1", "echo"),
            Self::Ipv6 => ("::1", "echo-ipv6"),
            Self::TlsByName => ("localhost", "echo-tls"),
            Self::TlsByIpv4 => ("127.0.0.1", "echo-tls"),
            Self::TlsByIpv6 => ("::1", "echo-tls-ipv6"),
            Self::Banner => ("127.0.0.1", "echo-banner"),
            Self::Nobody => ("127.0.0.1", "nobody"),
            Self::NoName => ("nothing.invalid", "echo"),
        };
        target(host, endpoint)
    }

    /// Opens the connection and has two messages echoed, the second one large; tells how it ended.
    pub(crate) async fn talk(self, config: &Config) -> (&'static str, String) {
        let large = [vec![b'x'; 100_000], b"\n".to_vec()].concat();
        let messages = [b"through\n", &large[..]];
        let banner = if self == Self::Banner { b"welcome\n" } else { &b""[..] };
        match echoes(config, &messages, banner).await {
            Ok(came) if came == [banner, &messages.concat()].concat() => ("ok", String::new()),
            Ok(came) => ("other_bytes", String::from_utf8_lossy(&came).into_owned()),
            Err(error) => (error.code(), error.to_string()),
        }
    }
}

/// Sends each message when the line before has come; returns all that came.
async fn echoes(config: &Config, messages: &[&[u8]], banner: &[u8]) -> Result<Vec<u8>, Error> {
    let mut connection = Connection::open(config, &soon()).await?;
    let mut came = Vec::new();
    for message in [&[][..]].iter().filter(|_| !banner.is_empty()).chain(messages) {
        connection.send(message, &soon()).await?;
        let line = connection.receive(Until::marker("\n").unwrap(), &soon()).await?;
        came.extend_from_slice(&line.data);
    }
    connection.close(&soon()).await?;
    Ok(came)
}
