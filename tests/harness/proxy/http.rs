//! An HTTP proxy: CONNECT for tunnels, and the forwarding of plain requests in absolute form.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::session::{Manners, Negotiate, Next, ProxyKind, ProxyStep, Session};
use crate::http::{Answer, Broken, Head, Request, Sent};

/// How an HTTP proxy behaves; under TLS it is an HTTPS proxy.
///
/// ```
/// use harness::{Answer, HttpProxy};
///
/// let strict = HttpProxy::new().password("user", "secret");
/// let blocking = HttpProxy::new().refuse(Answer::status(403).text("not from here"));
/// let wordy = HttpProxy::new().established("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n");
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct HttpProxy {
    challenge: Answer,
    credentials: Option<String>,
    established: Vec<u8>,
    manners: Manners,
    refusal: Option<Answer>,
}

impl HttpProxy {
    /// A proxy that serves everyone.
    pub fn new() -> Self {
        Self {
            challenge: Answer::status(407).header("Proxy-Authenticate", "Basic realm=\"proxy\""),
            credentials: None,
            established: b"HTTP/1.1 200 Connection established\r\n\r\n".to_vec(),
            manners: Manners::new(),
            refusal: None,
        }
    }

    /// Serves only those who give this name and password by Basic.
    pub fn password(self, user: &str, password: &str) -> Self {
        let pair = STANDARD.encode(format!("{user}:{password}"));
        Self { credentials: Some(format!("Basic {pair}")), ..self }
    }

    /// What those are told who gave no password or a wrong one.
    /// Default: 407 with a Basic challenge, no body, and the connection kept.
    pub fn challenge(self, answer: Answer) -> Self {
        Self { challenge: answer, ..self }
    }

    /// Answers every request so, and connects to nothing.
    pub fn refuse(self, answer: Answer) -> Self {
        Self { refusal: Some(answer), ..self }
    }

    /// Grants CONNECT with these bytes: 1xx answers before, another version, fields that must be ignored.
    pub fn established(self, bytes: impl Into<Vec<u8>>) -> Self {
        Self { established: bytes.into(), ..self }
    }

    /// How CONNECT is granted.
    pub fn manners(self, manners: Manners) -> Self {
        Self { manners, ..self }
    }

    /// The answer for a request that is not let through.
    fn turned_away(&self, request: &Request) -> Option<&Answer> {
        let given = request.header("proxy-authorization");
        match &self.credentials {
            Some(wanted) if given != Some(wanted) => Some(&self.challenge),
            _ => self.refusal.as_ref(),
        }
    }

    async fn connect(
        &self,
        session: &mut Session<Request>,
        request: &Request,
    ) -> Result<Option<Next>, Broken> {
        let (host, port) = authority(&request.target, None)?;
        if request.header("host") != Some(&request.target) {
            return wrong(format!("CONNECT to {} with another Host", request.target));
        }
        match session.routes.connect(&host, port).await {
            Ok(target) => session.grant(&self.established, &self.manners, target).await.map(Some),
            Err(_) => answer(session, &Answer::status(502), request).await,
        }
    }

    /// Sends the request to the server it names, and relays what comes back until that server closes.
    async fn forward(
        &self,
        session: &mut Session<Request>,
        request: &Request,
    ) -> Result<Option<Next>, Broken> {
        let Some(rest) = request.target.strip_prefix("http://") else {
            return wrong(format!("a proxy was asked for {:?}", request.target));
        };
        let (named, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (host, port) = authority(named, Some(80))?;
        if request.header("host") != Some(named) {
            return wrong(format!("a request for {named} with another Host"));
        }
        let Ok(mut target) = session.routes.connect(&host, port).await else {
            return answer(session, &Answer::status(502), request).await;
        };
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let message = origin_form(request, &path);
        tokio::io::AsyncWriteExt::write_all(&mut target, &message).await?;
        Ok(Some(Next::Relay(target)))
    }
}

impl Default for HttpProxy {
    fn default() -> Self {
        Self::new()
    }
}

impl ProxyKind for HttpProxy {
    type Request = Request;
}

impl Negotiate for HttpProxy {
    const NOUN: &'static str = "HTTP proxy";

    async fn negotiate(&self, session: &mut Session<Request>) -> Result<Next, Broken> {
        if let Some(next) = self.manners.at(ProxyStep::Accept) {
            return Ok(next);
        }
        loop {
            let request = read(session).await?;
            session.note(request.clone());
            if let Some(next) = self.manners.at(ProxyStep::Request) {
                return Ok(next);
            }
            let done = match self.turned_away(&request) {
                Some(refusal) => answer(session, refusal, &request).await?,
                None if request.method == "CONNECT" => self.connect(session, &request).await?,
                None => self.forward(session, &request).await?,
            };
            if let Some(next) = done {
                return Ok(next);
            }
        }
    }
}

async fn read(session: &mut Session<Request>) -> Result<Request, Broken> {
    let (index, mut stop) = (session.index, session.stop.clone());
    let wire = session.wire()?;
    let head: Head = wire.head(&mut stop).await?;
    let body = wire.body(&head).await?;
    Ok(Request::new(head, body, index, wire.connection.is_tls()))
}

/// Sends an answer of the proxy's own; the client may ask again when the connection is kept.
async fn answer(
    session: &mut Session<Request>,
    answer: &Answer,
    request: &Request,
) -> Result<Option<Next>, Broken> {
    let wire = session.wire.take().ok_or(Broken::Gone)?;
    match answer.send(wire, &request.method, &mut session.stop.clone()).await? {
        Sent::Closed => Ok(Some(Next::End)),
        Sent::KeptAlive(wire) => {
            session.wire = Some(wire);
            Ok(None)
        }
    }
}

/// The request as its server wants it: without what was meant for the proxy, and for one time only.
fn origin_form(request: &Request, path: &str) -> Vec<u8> {
    let mut message = format!("{} {path} {}\r\n", request.method, request.version);
    for (name, value) in request.headers.iter() {
        let lower = name.to_ascii_lowercase();
        let own = matches!(lower.as_str(), "connection" | "transfer-encoding" | "content-length");
        if !own && !lower.starts_with("proxy-") {
            message += &format!("{name}: {value}\r\n");
        }
    }
    if !request.body.is_empty() {
        message += &format!("Content-Length: {}\r\n", request.body.len());
    }
    message += "Connection: close\r\n\r\n";
    [message.as_bytes(), &request.body].concat()
}

fn authority(text: &str, default: Option<u16>) -> Result<(String, u16), Broken> {
    let bracketed = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let (host, port) = match bracketed {
        Some((host, rest)) => (host, rest.strip_prefix(':')),
        None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
    };
    let port = match port {
        Some(port) => port.parse().ok(),
        None => default,
    };
    match port {
        Some(port) if !host.is_empty() && !host.contains('@') => Ok((host.to_owned(), port)),
        _ => wrong(format!("{text:?} is not a host and a port")),
    }
}

fn wrong<T>(what: String) -> Result<T, Broken> {
    Err(Broken::Wrong(what))
}
