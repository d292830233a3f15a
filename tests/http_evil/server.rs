//! The server that plays a case on its first connection and is honest on all others.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use harness::{Gate, watch};
use rustls::ServerConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch::Sender;
use tokio::task::JoinSet;

use crate::case::{Case, Step};
use crate::road::{Io, Road, until};
use crate::writing::Writing;

/// The answer of an honest connection.
pub(crate) const HONEST: &str = "honest";

/// A server that misbehaves.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    play: Arc<Play>,
    tasks: JoinSet<()>,
}

/// What its connections share.
struct Play {
    case: Case,
    road: Road,
    tls: Arc<ServerConfig>,
    writing: Writing,
    /// The script is at its end.
    played: Gate,
    /// The client is done: what it left open must go now.
    released: Sender<bool>,
    /// What came on each connection, after the proxy's part and TLS.
    came: Mutex<Vec<Vec<u8>>>,
}

impl Server {
    pub(crate) async fn start(
        case: &Case,
        road: Road,
        writing: Writing,
        tls: &Arc<ServerConfig>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let play = Arc::new(Play {
            case: case.clone(),
            road,
            tls: tls.clone(),
            writing,
            played: Gate::new("the end of the script"),
            released: Sender::new(false),
            came: Mutex::default(),
        });
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, play.clone()));
        Self { address, play, tasks }
    }

    /// Waits until the script has come to its end.
    pub(crate) async fn played(&self) {
        self.play.played.wait().await;
    }

    /// What came, connection by connection, once the client has closed each of them.
    pub(crate) async fn finish(mut self) -> Vec<Vec<u8>> {
        self.play.released.send_replace(true);
        let ended = async { while self.tasks.join_next().await.is_some_and(|it| it.is_ok()) {} };
        watch("the client to close its sockets", ended).await;
        self.play.came.lock().unwrap().clone()
    }
}

async fn accept(listener: TcpListener, play: Arc<Play>) {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = play.released() => break,
        };
        let (socket, _) = accepted.unwrap();
        connections.spawn(connection(socket, play.clone()));
    }
    while let Some(ended) = connections.join_next().await {
        ended.unwrap();
    }
}

async fn connection(socket: TcpStream, play: Arc<Play>) {
    socket.set_nodelay(true).unwrap();
    // A client that goes away in the handshake has its reasons, which its own error tells.
    let Ok(mut io) = play.road.enter(socket, play.tls.clone()).await else { return };
    let index = {
        let mut came = play.came.lock().unwrap();
        came.push(Vec::new());
        came.len() - 1
    };
    let honest_first = play.case.has(|step| matches!(step, Step::Early));
    let outcome = match index {
        0 if honest_first => match answer(&mut io, &play, index).await {
            Ok(()) => play.script(io, index).await,
            Err(cause) => Err(cause),
        },
        _ if index == 0 || play.case.always => play.script(io, index).await,
        _ => honest(io, &play, index).await,
    };
    // The client may go away in the middle of anything.
    drop(outcome);
    play.played.open();
}

/// Answers every request.
async fn honest(mut io: Io, play: &Play, index: usize) -> io::Result<()> {
    loop {
        answer(&mut io, play, index).await?;
    }
}

async fn answer(io: &mut Io, play: &Play, index: usize) -> io::Result<()> {
    play.request(io, index).await?;
    let text = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{HONEST}", HONEST.len());
    io.write_all(text.as_bytes()).await?;
    io.flush().await
}

impl Play {
    /// Waits for the client to be done; how long that takes is watched where it is asked.
    async fn released(&self) {
        drop(self.released.subscribe().wait_for(|released| *released).await);
    }

    async fn script(&self, mut io: Io, index: usize) -> io::Result<()> {
        let mut writing = self.writing;
        if !self.case.has(|step| matches!(step, Step::Early | Step::NoRead)) {
            self.request(&mut io, index).await?;
        }
        for step in &self.case.steps {
            match step {
                Step::Early | Step::NoRead => {}
                Step::Endless { data, most } => self.endless(&mut io, data, *most).await?,
                Step::Fin => io.shutdown().await?,
                Step::Hold => {
                    self.played.open();
                    self.released().await;
                }
                Step::Pause(time) => tokio::time::sleep(Duration::from_millis(*time)).await,
                Step::Repeat { data, times } => io.write_all(&data.repeat(*times)).await?,
                Step::Reset => {
                    io.reset();
                    return Ok(());
                }
                Step::Send(data) => writing.write(&mut io, data).await?,
            }
        }
        self.played.open();
        self.released().await;
        self.drain(io, index).await
    }

    /// Reads one request and notes it.
    async fn request(&self, io: &mut Io, index: usize) -> io::Result<()> {
        let head = until(io, b"\r\n\r\n").await?;
        let length = String::from_utf8_lossy(&head).to_lowercase();
        let length =
            length.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
        let length = length.map_or(0, |text| text.parse::<usize>().unwrap());
        self.note(index, &head);
        // A long upload is left lying where it is.
        let mut body = vec![0; if length < 1024 * 1024 { length } else { 0 }];
        io.read_exact(&mut body).await?;
        self.note(index, &body);
        Ok(())
    }

    async fn endless(&self, io: &mut Io, data: &[u8], most: usize) -> io::Result<()> {
        let data = data.repeat(65_536_usize.div_ceil(data.len()));
        for _ in 0..most.div_ceil(data.len()) {
            tokio::select! {
                written = io.write_all(&data) => written?,
                () = self.released() => return Ok(()),
            }
        }
        Ok(())
    }

    /// Reads until the client has closed the connection.
    async fn drain(&self, mut io: Io, index: usize) -> io::Result<()> {
        let mut buffer = vec![0; 65_536];
        loop {
            let count = io.read(&mut buffer).await?;
            if count == 0 {
                return Ok(());
            }
            self.note(index, &buffer[..count]);
        }
    }

    fn note(&self, index: usize, data: &[u8]) {
        let came = &mut self.came.lock().unwrap()[index];
        let room = 65_536_usize.saturating_sub(came.len());
        came.extend_from_slice(&data[..data.len().min(room)]);
    }
}
