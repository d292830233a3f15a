//! hyper's connection alone, on a runtime of one thread: no pool, no URL, no cookies.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::Request;
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;

use super::{Concurrent, Gets, Transfer};
use crate::site::Setup;

pub(super) fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

pub(super) fn gets(setup: &Setup) -> Gets {
    let (runtime, mut client) = (runtime(), Client::new(setup));
    Box::new(move |count| {
        runtime.block_on(async {
            for _ in 0..count {
                client.get().await;
            }
        });
    })
}

pub(super) fn json(setup: &Setup) -> Gets {
    let (runtime, mut client) = (runtime(), Client::new(setup));
    Box::new(move |count| {
        for _ in 0..count {
            let body = runtime.block_on(async { client.answer().await.collect().await.unwrap() });
            drop(serde_json::from_slice::<Value>(&body.to_bytes()).unwrap());
        }
    })
}

pub(super) fn concurrent(setup: &Setup) -> Concurrent {
    let runtime = runtime();
    let mut clients: Vec<_> = (0..64).map(|_| Client::new(setup)).collect();
    Box::new(move |count| {
        clients = runtime.block_on(async {
            let mut running = JoinSet::new();
            for mut client in clients.drain(..) {
                running.spawn(async move {
                    for _ in 0..count / 64 {
                        client.get().await;
                    }
                    client
                });
            }
            running.join_all().await
        });
    })
}

pub(super) fn download(setup: &Setup) -> Transfer {
    let mut gets = gets(setup);
    Box::new(move || {
        gets(1);
        None
    })
}

struct Client {
    setup: Setup,
    tls: Option<TlsConnector>,
    sender: Option<SendRequest<Empty<Bytes>>>,
}

impl Client {
    fn new(setup: &Setup) -> Self {
        let tls = setup.url.starts_with("https:").then(|| {
            let mut roots = RootCertStore::empty();
            match &setup.trust {
                Some(path) => roots.add(CertificateDer::from_pem_file(path).unwrap()).unwrap(),
                None => {
                    let all = rustls_native_certs::load_native_certs().certs;
                    roots.add_parsable_certificates(all);
                }
            }
            let config = ClientConfig::builder().with_root_certificates(roots);
            TlsConnector::from(Arc::new(config.with_no_client_auth()))
        });
        Self { setup: setup.clone(), tls, sender: None }
    }

    async fn get(&mut self) {
        let mut body = self.answer().await;
        while let Some(frame) = body.frame().await {
            drop(frame.unwrap());
        }
    }

    /// The body of an answer.
    async fn answer(&mut self) -> Incoming {
        if self.sender.as_mut().is_none_or(|it| it.is_closed()) {
            self.sender = Some(self.open().await);
        }
        let sender = self.sender.as_mut().unwrap();
        sender.ready().await.unwrap();
        let request = Request::get(self.setup.path()).header("Host", self.setup.authority());
        let answer = sender.send_request(request.body(Empty::new()).unwrap()).await.unwrap();
        if answer.headers().get("connection").is_some_and(|it| it == "close") {
            self.sender = None;
        }
        answer.into_body()
    }

    async fn open(&self) -> SendRequest<Empty<Bytes>> {
        let socket = TcpStream::connect(self.setup.authority()).await.unwrap();
        socket.set_nodelay(true).unwrap();
        let io = match &self.tls {
            None => Io::Plain(socket),
            Some(tls) => {
                let name = ServerName::try_from("127.0.0.1").unwrap();
                Io::Tls(Box::new(tls.connect(name, socket).await.unwrap()))
            }
        };
        let (sender, connection) = handshake(TokioIo::new(io)).await.unwrap();
        drop(tokio::spawn(connection));
        sender
    }
}

enum Io {
    Plain(TcpStream),
    Tls(Box<tokio_rustls::client::TlsStream<TcpStream>>),
}

impl AsyncRead for Io {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Self::Plain(io) => Pin::new(io).poll_read(context, buffer),
            Self::Tls(io) => Pin::new(io).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Io {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(io) => Pin::new(io).poll_write(context, data),
            Self::Tls(io) => Pin::new(io).poll_write(context, data),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(io) => Pin::new(io).poll_write_vectored(context, data),
            Self::Tls(io) => Pin::new(io).poll_write_vectored(context, data),
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Self::Plain(io) => Pin::new(io).poll_flush(context),
            Self::Tls(io) => Pin::new(io).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Self::Plain(io) => Pin::new(io).poll_shutdown(context),
            Self::Tls(io) => Pin::new(io).poll_shutdown(context),
        }
    }
}
