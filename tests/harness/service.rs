//! The accept loop under every server of the harness: it owns its tasks, and collects what went wrong.

use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use rustls::ServerConfig;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{JoinError, JoinSet},
};

use crate::{
    connection::Connection,
    listen::Listen,
    verdict::{Verdict, panic_text},
    watch::within,
};

/// A running server. Dropping it ends all its connections, and fails the test when there was a failure.
#[derive(Debug)]
pub(crate) struct Service {
    noun: &'static str,
    address: SocketAddr,
    watchdog: Duration,
    accepted: watch::Receiver<usize>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    verdict: Verdict,
}

/// A connection that was accepted and has not shaken hands yet.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) index: usize,
    pub(crate) stop: Stop,
    pub(crate) watchdog: Duration,
    tcp: TcpStream,
    peer: SocketAddr,
    tls: Option<Arc<ServerConfig>>,
}

/// Tells a connection's task that its server is being finished.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Service {
    /// Listens, and runs `serve` for each connection, all of them at once.
    pub(crate) fn start<S, F>(noun: &'static str, listen: &Listen, serve: S) -> Self
    where
        S: Fn(Incoming) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        let listener = listen.bind().expect("a loopback port can be had");
        let address = listener.local_addr().expect("a bound socket has an address");
        let (count, accepted) = watch::channel(0);
        let (stop, stopped) = watch::channel(false);
        let verdict = Verdict::default();
        let accepting = Accepting {
            noun,
            count,
            listen: listen.clone(),
            stop: Stop(stopped),
            verdict: verdict.clone(),
        };
        let mut tasks = JoinSet::new();
        tasks.spawn(accepting.run(listener, serve));
        Self { noun, address, watchdog: listen.watchdog, accepted, stop, tasks, verdict }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn accepted(&self) -> usize {
        *self.accepted.borrow()
    }

    pub(crate) fn fail(&self, failure: String) {
        self.verdict.fail(failure);
    }

    /// Waits until at least `wanted` connections have been accepted.
    pub(crate) async fn wait_accepted(&self, wanted: usize) {
        let mut accepted = self.accepted.clone();
        let what = format!("connection {wanted} to the {}", self.noun);
        let waiting = accepted.wait_for(|count| *count >= wanted);
        if let Err(fault) = within(self.watchdog, &what, waiting).await {
            self.verdict.fail(fault);
        }
    }

    /// Takes no more connections, lets the open ones come to their end, and fails the test if any failed.
    pub(crate) async fn finish(mut self) {
        self.stop.send_replace(true);
        // Twice the limit: a step that waits in vain reports itself first, and better.
        let limit = self.watchdog * 2;
        let what = format!("the connections of the {} to end", self.noun);
        if let Err(fault) = within(limit, &what, self.tasks.join_next()).await {
            self.verdict.fail(fault);
        }
        self.verdict.judge();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.verdict.judge();
    }
}

impl Incoming {
    /// Shakes hands when the server is under TLS.
    pub(crate) async fn open(self) -> io::Result<Connection> {
        Connection::open(self.tcp, self.peer, self.tls, self.index).await
    }
}

impl Stop {
    /// Waits until the server is being finished.
    pub(crate) async fn wait(&mut self) {
        // An error means that the server is gone, which is a reason to stop as well.
        self.0.wait_for(|stopped| *stopped).await.ok();
    }
}

struct Accepting {
    noun: &'static str,
    count: watch::Sender<usize>,
    listen: Listen,
    stop: Stop,
    verdict: Verdict,
}

impl Accepting {
    async fn run<S, F>(mut self, listener: TcpListener, serve: S)
    where
        S: Fn(Incoming) -> F,
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        let mut connections = JoinSet::new();
        loop {
            // Accepting comes first, so that a client that is already there when the server is
            // finished is still seen.
            tokio::select! {
                biased;
                accepted = listener.accept() => match accepted {
                    Ok((tcp, peer)) => {
                        let serving = serve(self.incoming(tcp, peer));
                        connections.spawn(self.reporting(serving));
                        self.count.send_modify(|count| *count += 1);
                    }
                    Err(error) => self.verdict.fail(format!("{}: accept: {error}", self.noun)),
                },
                Some(ended) = connections.join_next() => self.note_panic(ended),
                () = self.stop.wait() => break,
            }
        }
        drop(listener);
        while let Some(ended) = connections.join_next().await {
            self.note_panic(ended);
        }
    }

    fn incoming(&self, tcp: TcpStream, peer: SocketAddr) -> Incoming {
        let (stop, tls) = (self.stop.clone(), self.listen.tls.clone());
        Incoming {
            index: *self.count.borrow(),
            stop,
            watchdog: self.listen.watchdog,
            tcp,
            peer,
            tls,
        }
    }

    fn reporting<F>(&self, serving: F) -> impl Future<Output = ()> + Send + 'static
    where
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        let (verdict, noun, index) = (self.verdict.clone(), self.noun, *self.count.borrow());
        async move {
            if let Err(fault) = serving.await {
                verdict.fail(format!("{noun}, connection {}: {fault}", index + 1));
            }
        }
    }

    fn note_panic(&self, ended: Result<(), JoinError>) {
        let Err(error) = ended else { return };
        if let Ok(panic) = error.try_into_panic() {
            self.verdict.fail(format!("{} panicked: {}", self.noun, panic_text(&*panic)));
        }
    }
}
