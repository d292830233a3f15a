//! hyper-util's client, with its pool.

use std::fs::File;
use std::io::Read;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::Uri;
use hyper::body::{Frame, SizeHint};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::task::JoinSet;

use super::bare::runtime;
use super::{Concurrent, Gets, Transfer};
use crate::site::Setup;

type Ours = Client<HttpConnector, Empty<Bytes>>;

pub(super) fn gets(setup: &Setup) -> Gets {
    let (runtime, client, uri) = (runtime(), client(), setup.url.parse::<Uri>().unwrap());
    Box::new(move |count| {
        runtime.block_on(async {
            for _ in 0..count {
                get(&client, &uri).await;
            }
        });
    })
}

pub(super) fn json(setup: &Setup) -> Gets {
    let (runtime, client, uri) = (runtime(), client(), setup.url.parse::<Uri>().unwrap());
    Box::new(move |count| {
        for _ in 0..count {
            let body = runtime.block_on(async {
                let answer = client.get(uri.clone()).await.unwrap();
                answer.into_body().collect().await.unwrap()
            });
            drop(serde_json::from_slice::<serde_json::Value>(&body.to_bytes()).unwrap());
        }
    })
}

pub(super) fn concurrent(setup: &Setup) -> Concurrent {
    let (runtime, client, uri) = (runtime(), client(), setup.url.parse::<Uri>().unwrap());
    Box::new(move |count| {
        runtime.block_on(async {
            let mut running = JoinSet::new();
            for _ in 0..64 {
                let (client, uri) = (client.clone(), uri.clone());
                running.spawn(async move {
                    for _ in 0..count / 64 {
                        get(&client, &uri).await;
                    }
                });
            }
            drop(running.join_all().await);
        });
    })
}

/// 256 KiB are read at a time, in the future that sends.
pub(super) fn upload(setup: &Setup) -> Transfer {
    let (runtime, setup) = (runtime(), setup.clone());
    let client = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
    Box::new(move || {
        runtime.block_on(async {
            let file = File::open(&setup.file).unwrap();
            let left = file.metadata().unwrap().len();
            let request = hyper::Request::post(&setup.url).body(Pieces { file, left }).unwrap();
            drop(client.request(request).await.unwrap().into_body().collect().await.unwrap());
        });
        None
    })
}

struct Pieces {
    file: File,
    left: u64,
}

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let mut piece = Vec::with_capacity(256 * 1024);
        let read = (&self.file).take(256 * 1024).read_to_end(&mut piece)?;
        self.left -= read as u64;
        Poll::Ready((read > 0).then(|| Ok(Frame::data(piece.into()))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

fn client() -> Ours {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    Client::builder(TokioExecutor::new()).build(connector)
}

async fn get(client: &Ours, uri: &Uri) {
    let mut body = client.get(uri.clone()).await.unwrap().into_body();
    while let Some(frame) = body.frame().await {
        drop(frame.unwrap());
    }
}
