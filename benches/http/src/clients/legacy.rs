//! hyper-util's client, with its pool.

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::Uri;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::task::JoinSet;

use super::bare::runtime;
use super::{Concurrent, Gets};
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
