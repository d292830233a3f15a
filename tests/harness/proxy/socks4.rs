//! A SOCKS4 proxy with the 4a extension: names travel behind the address 0.0.0.x.

use super::{
    session::{Manners, Negotiate, Next, ProxyKind, ProxyStep, Session},
    socks::{Address, SocksRequest},
};
use crate::http::Broken;

/// How a SOCKS4 proxy behaves; it understands SOCKS4a as well.
#[must_use]
#[derive(Clone, Debug, Default)]
pub struct Socks4 {
    manners: Manners,
    refusal: Option<u8>,
}

impl Socks4 {
    /// A proxy that serves everyone.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers every request with this code: 91, 92 or 93.
    pub fn refuse(self, code: u8) -> Self {
        Self { refusal: Some(code), ..self }
    }

    /// How answers are given.
    pub fn manners(self, manners: Manners) -> Self {
        Self { manners, ..self }
    }

    async fn read(
        session: &mut Session<SocksRequest>,
        request: &mut SocksRequest,
    ) -> Result<(), Broken> {
        let [version, command] = session.exact().await?;
        if (version, command) != (4, 1) {
            return Err(Broken::Wrong(format!("a request that begins {version} {command}")));
        }
        request.port = u16::from_be_bytes(session.exact().await?);
        let ip = session.exact::<4>().await?;
        request.user_id = Some(text(session).await?);
        let address = match ip {
            [0, 0, 0, last] if last != 0 => Address::Name(text(session).await?),
            _ => ip.into(),
        };
        request.address = Some(address);
        Ok(())
    }
}

impl ProxyKind for Socks4 {
    type Request = SocksRequest;
}

impl Negotiate for Socks4 {
    const NOUN: &'static str = "SOCKS4 proxy";

    async fn negotiate(&self, session: &mut Session<SocksRequest>) -> Result<Next, Broken> {
        if let Some(next) = self.manners.at(ProxyStep::Accept) {
            return Ok(next);
        }
        let mut request = SocksRequest::new(session.index);
        let read = Self::read(session, &mut request).await;
        session.note(request.clone());
        read?;
        if let Some(next) = self.manners.at(ProxyStep::Request) {
            return Ok(next);
        }
        let host = request.address.map(|address| address.to_string()).unwrap_or_default();
        let code = match (self.refusal, session.routes.connect(&host, request.port).await) {
            (None, Ok(target)) => {
                return session.grant(&reply(GRANTED), &self.manners, target).await;
            }
            (Some(code), _) => code,
            (None, Err(_)) => REJECTED,
        };
        session.send(&reply(code), &self.manners).await?;
        Ok(Next::End)
    }
}

async fn text(session: &mut Session<SocksRequest>) -> Result<String, Broken> {
    let bytes = session.wire()?.until(&[0]).await?;
    String::from_utf8(bytes).map_err(|_| Broken::Wrong("a text that is not UTF-8".to_owned()))
}

fn reply(code: u8) -> [u8; 8] {
    [0, code, 0, 0, 0, 0, 0, 0]
}

const GRANTED: u8 = 90;
const REJECTED: u8 = 91;
