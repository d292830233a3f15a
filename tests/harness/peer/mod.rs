//! Scripted TCP peers: what a client must meet, written step by step, and checked against what it sends.

mod dead;
mod play;
mod script;

use std::{
    fmt,
    future::Future,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex},
};

use crate::{
    connection::Connection,
    listen::Listen,
    service::{Incoming, Service},
    watch::within,
};

pub use self::{
    dead::{HungPort, RefusingPort},
    script::Script,
};

/// A server that plays scripts. It fails its test when a client does not do what its script expects.
///
/// Call [`finish`](Self::finish) at the end of the test: it waits for the scripts to be played out.
///
/// ```
/// use harness::{Peer, Script};
/// use tokio::io::{AsyncReadExt, AsyncWriteExt};
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let peer = Peer::start(Script::new().expect("PING\r\n").send_pieces("PONG\r\n", 1).close()).await;
///
/// let mut client = tokio::net::TcpStream::connect(peer.address()).await.unwrap();
/// client.write_all(b"PING\r\n").await.unwrap();
/// let mut answer = String::new();
/// client.read_to_string(&mut answer).await.unwrap();
///
/// assert_eq!(answer, "PONG\r\n");
/// assert_eq!(peer.finish().await, [b"PING\r\n"]);
/// # });
/// ```
#[must_use = "a peer that is not finished may not have seen its whole script"]
#[derive(Debug)]
pub struct Peer {
    service: Service,
    expected: usize,
    received: Received,
}

/// Which script which connection meets.
#[non_exhaustive]
#[derive(Clone)]
pub enum Plan {
    /// Every connection is handed to a function.
    Custom(Custom),
    /// Every connection meets the same script.
    Every(Script),
    /// The first connection meets the first script, and so on; one connection more is a failure.
    InOrder(Vec<Script>),
}

/// A function that plays a whole connection; its panic fails the test.
pub type Custom = Arc<dyn Fn(Connection) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

type Received = Arc<Mutex<Vec<Vec<u8>>>>;

impl Peer {
    /// Plays `plan` (a [`Script`], a list of them, or a [`Plan`]) on 127.0.0.1, without TLS.
    pub async fn start(plan: impl Into<Plan>) -> Self {
        Self::start_on(Listen::plain(), plan).await
    }

    /// Plays `plan` on a server that listens as told.
    pub async fn start_on(listen: Listen, plan: impl Into<Plan>) -> Self {
        let plan = plan.into();
        let expected = match &plan {
            Plan::InOrder(scripts) => scripts.len(),
            Plan::Custom(_) | Plan::Every(_) => 0,
        };
        let received = Received::default();
        let shared = Arc::clone(&received);
        let serve = move |incoming| serve(incoming, plan.clone(), Arc::clone(&shared));
        Self { service: Service::start("peer", &listen, serve), expected, received }
    }

    /// A peer that takes every connection and never says a word; to a TLS client, one that never shakes hands.
    pub async fn silent() -> Self {
        Self::start(Plan::Every(Script::new().hold())).await
    }

    /// Where the peer listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.service.address()
    }

    /// How many connections have been accepted.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.service.accepted()
    }

    /// What each connection has sent so far, in the order in which they came.
    ///
    /// # Panics
    ///
    /// A task of the peer panicked.
    #[must_use]
    pub fn received(&self) -> Vec<Vec<u8>> {
        self.received.lock().expect("no holder panics").clone()
    }

    /// Waits for all scripts to be played out, and returns what each connection sent.
    ///
    /// # Panics
    ///
    /// A script failed, or a connection it was written for never came.
    pub async fn finish(self) -> Vec<Vec<u8>> {
        self.service.wait_accepted(self.expected).await;
        self.service.finish().await;
        self.received.lock().expect("no holder panics").clone()
    }
}

impl Plan {
    /// Hands every connection to `play`, for what no script can say.
    ///
    /// ```
    /// use harness::{Connection, Peer, Plan};
    /// use tokio::io::AsyncWriteExt;
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let plan = Plan::custom(async |mut connection: Connection| {
    ///     connection.write_all(b"hello").await.expect("the client reads");
    /// });
    /// Peer::start(plan).await.finish().await;
    /// # });
    /// ```
    pub fn custom<P, F>(play: P) -> Self
    where
        P: Fn(Connection) -> F + Send + Sync + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        Self::Custom(Arc::new(move |connection| Box::pin(play(connection))))
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Custom(_) => f.write_str("Custom(..)"),
            Self::Every(script) => f.debug_tuple("Every").field(script).finish(),
            Self::InOrder(scripts) => f.debug_tuple("InOrder").field(scripts).finish(),
        }
    }
}

impl From<Script> for Plan {
    fn from(script: Script) -> Self {
        Self::InOrder(vec![script])
    }
}

impl From<Vec<Script>> for Plan {
    fn from(scripts: Vec<Script>) -> Self {
        Self::InOrder(scripts)
    }
}

async fn serve(incoming: Incoming, plan: Plan, received: Received) -> Result<(), String> {
    let script = match plan {
        Plan::Custom(play) => {
            let handshake = within(incoming.watchdog, "the TLS handshake", incoming.open()).await?;
            play(handshake.map_err(|error| format!("TLS handshake: {error}"))?).await;
            return Ok(());
        }
        Plan::Every(script) => script,
        Plan::InOrder(scripts) => match scripts.into_iter().nth(incoming.index) {
            Some(script) => script,
            None => return Err("no script was written for it".to_owned()),
        },
    };
    play::play(incoming, &script, received).await
}
