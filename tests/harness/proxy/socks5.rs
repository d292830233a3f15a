//! A SOCKS5 proxy (RFC 1928) with passwords (RFC 1929).

use super::{
    routes::NoRoute,
    session::{Manners, Negotiate, Next, ProxyKind, ProxyStep, Session},
    socks::{Address, SocksRequest},
};
use crate::http::Broken;

/// How a SOCKS5 proxy behaves.
///
/// ```
/// use harness::Socks5;
///
/// let strict = Socks5::new().password("user", "secret");
/// let refusing = Socks5::new().refuse(0x05);
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct Socks5 {
    manners: Manners,
    password: Option<(String, String)>,
    refusal: Option<u8>,
    reply: Vec<u8>,
}

impl Socks5 {
    /// A proxy that serves everyone.
    pub fn new() -> Self {
        let reply = vec![5, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        Self { manners: Manners::new(), password: None, refusal: None, reply }
    }

    /// Serves only those who give this name and password.
    pub fn password(self, user: &str, password: &str) -> Self {
        Self { password: Some((user.to_owned(), password.to_owned())), ..self }
    }

    /// Answers every request with this code.
    pub fn refuse(self, code: u8) -> Self {
        Self { refusal: Some(code), ..self }
    }

    /// Grants requests with these bytes, for the many forms that a bound address may have.
    pub fn reply(self, bytes: impl Into<Vec<u8>>) -> Self {
        Self { reply: bytes.into(), ..self }
    }

    /// How answers are given.
    pub fn manners(self, manners: Manners) -> Self {
        Self { manners, ..self }
    }

    /// Reads the greeting and chooses a method; none when the client was turned away.
    async fn greet(
        &self,
        session: &mut Session<SocksRequest>,
        request: &mut SocksRequest,
    ) -> Result<Option<Next>, Broken> {
        let [version, count] = session.exact().await?;
        request.methods = session.wire()?.exact(count.into()).await?;
        if version != 5 || count == 0 {
            return wrong(format!("a greeting of version {version} with {count} methods"));
        }
        if let Some(next) = self.manners.at(ProxyStep::Greeting) {
            return Ok(Some(next));
        }
        let method = if self.password.is_some() { PASSWORD } else { NOTHING };
        if !request.methods.contains(&method) {
            session.send(&[5, UNACCEPTABLE], &self.manners).await?;
            return Ok(Some(Next::End));
        }
        session.send(&[5, method], &self.manners).await?;
        match &self.password {
            Some(wanted) => self.check_password(wanted, session, request).await,
            None => Ok(None),
        }
    }

    async fn check_password(
        &self,
        wanted: &(String, String),
        session: &mut Session<SocksRequest>,
        request: &mut SocksRequest,
    ) -> Result<Option<Next>, Broken> {
        let [version, length] = session.exact().await?;
        let user = session.wire()?.exact(length.into()).await?;
        let [length] = session.exact().await?;
        let password = session.wire()?.exact(length.into()).await?;
        if version != 1 || user.is_empty() || password.is_empty() {
            return wrong(format!(
                "a password message of version {version}, or with an empty part"
            ));
        }
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let given = request.credentials.insert((text(user), text(password)));
        if let Some(next) = self.manners.at(ProxyStep::Password) {
            return Ok(Some(next));
        }
        let right = given == wanted;
        session.send(&[1, u8::from(!right)], &self.manners).await?;
        Ok((!right).then_some(Next::End))
    }

    async fn read_target(
        session: &mut Session<SocksRequest>,
        request: &mut SocksRequest,
    ) -> Result<(), Broken> {
        let [version, command, reserved, kind] = session.exact().await?;
        if (version, command, reserved) != (5, CONNECT, 0) {
            return wrong(format!("a request that begins {version} {command} {reserved}"));
        }
        let address = match kind {
            1 => session.exact::<4>().await?.into(),
            3 => {
                let [length] = session.exact().await?;
                let name = session.wire()?.exact(length.into()).await?;
                let name = String::from_utf8(name).unwrap_or_default();
                if name.is_empty() {
                    return wrong("a name that is empty or not UTF-8".to_owned());
                }
                Address::Name(name)
            }
            4 => session.exact::<16>().await?.into(),
            _ => return wrong(format!("an address of type {kind}")),
        };
        request.address = Some(address);
        request.port = u16::from_be_bytes(session.exact().await?);
        Ok(())
    }

    async fn talk(
        &self,
        session: &mut Session<SocksRequest>,
        request: &mut SocksRequest,
    ) -> Result<Option<Next>, Broken> {
        if let Some(next) = self.manners.at(ProxyStep::Accept) {
            return Ok(Some(next));
        }
        if let Some(next) = self.greet(session, request).await? {
            return Ok(Some(next));
        }
        Self::read_target(session, request).await?;
        Ok(self.manners.at(ProxyStep::Request))
    }
}

impl Default for Socks5 {
    fn default() -> Self {
        Self::new()
    }
}

impl ProxyKind for Socks5 {
    type Request = SocksRequest;
}

impl Negotiate for Socks5 {
    const NOUN: &'static str = "SOCKS5 proxy";

    async fn negotiate(&self, session: &mut Session<SocksRequest>) -> Result<Next, Broken> {
        let mut request = SocksRequest::new(session.index);
        let talked = self.talk(session, &mut request).await;
        session.note(request.clone());
        if let Some(next) = talked? {
            return Ok(next);
        }
        let host = request.address.map(|address| address.to_string()).unwrap_or_default();
        let code = match (self.refusal, session.routes.connect(&host, request.port).await) {
            (None, Ok(target)) => return session.grant(&self.reply, &self.manners, target).await,
            (Some(code), _) => code,
            (None, Err(NoRoute::Refused)) => 0x05,
            (None, Err(NoRoute::Unknown)) => 0x04,
        };
        session.send(&[5, code, 0, 1, 0, 0, 0, 0, 0, 0], &self.manners).await?;
        Ok(Next::End)
    }
}

fn wrong<T>(what: String) -> Result<T, Broken> {
    Err(Broken::Wrong(what))
}

const CONNECT: u8 = 1;
const NOTHING: u8 = 0;
const PASSWORD: u8 = 2;
const UNACCEPTABLE: u8 = 0xFF;
