//! reqwest, on a runtime of one thread and blocking.

use std::io;

use reqwest::Certificate;
use reqwest::multipart::{Form, Part};
use tokio::task::JoinSet;

use super::bare::runtime;
use super::{Concurrent, Gets, LIMIT, Transfer};
use crate::site::Setup;

pub(super) fn gets(setup: &Setup) -> Gets {
    let (runtime, client, url) = (runtime(), client(setup), setup.url.clone());
    if let Some(url) = &setup.cookies {
        for part in 0..25 {
            runtime.block_on(get(&client, &format!("{url}/{}", part * 20)));
        }
    }
    Box::new(move |count| {
        runtime.block_on(async {
            for _ in 0..count {
                get(&client, &url).await;
            }
        });
    })
}

pub(super) fn blocking(setup: &Setup) -> Gets {
    let (client, url) = (blocking_client(setup), setup.url.clone());
    if let Some(url) = &setup.cookies {
        for part in 0..25 {
            drop(client.get(format!("{url}/{}", part * 20)).send().unwrap().bytes().unwrap());
        }
    }
    Box::new(move |count| {
        for _ in 0..count {
            drop(client.get(&url).send().unwrap().bytes().unwrap());
        }
    })
}

pub(super) fn json(setup: &Setup) -> Gets {
    let (runtime, client, url) = (runtime(), client(setup), setup.url.clone());
    Box::new(move |count| {
        for _ in 0..count {
            let value =
                runtime.block_on(async { client.get(&url).send().await.unwrap().json().await });
            drop::<serde_json::Value>(value.unwrap());
        }
    })
}

pub(super) fn json_blocking(setup: &Setup) -> Gets {
    let (client, url) = (blocking_client(setup), setup.url.clone());
    Box::new(move |count| {
        for _ in 0..count {
            drop::<serde_json::Value>(client.get(&url).send().unwrap().json().unwrap());
        }
    })
}

pub(super) fn concurrent(setup: &Setup) -> Concurrent {
    let (runtime, client, url) = (runtime(), client(setup), setup.url.clone());
    Box::new(move |count| {
        runtime.block_on(async {
            let mut running = JoinSet::new();
            for _ in 0..64 {
                let (client, url) = (client.clone(), url.clone());
                running.spawn(async move {
                    for _ in 0..count / 64 {
                        get(&client, &url).await;
                    }
                });
            }
            drop(running.join_all().await);
        });
    })
}

pub(super) fn download(setup: &Setup) -> Transfer {
    let (runtime, client, url) = (runtime(), client(setup), setup.url.clone());
    Box::new(move || {
        runtime.block_on(async {
            let mut answer = client.get(&url).send().await.unwrap();
            while let Some(piece) = answer.chunk().await.unwrap() {
                drop(piece);
            }
        });
        None
    })
}

pub(super) fn download_blocking(setup: &Setup) -> Transfer {
    let (client, url) = (blocking_client(setup), setup.url.clone());
    Box::new(move || {
        let mut answer = client.get(&url).send().unwrap();
        let copied = answer.copy_to(&mut io::sink()).unwrap();
        assert!(copied > 0);
        None
    })
}

pub(super) fn upload(setup: &Setup) -> Transfer {
    let (runtime, client, setup) = (runtime(), client(setup), setup.clone());
    Box::new(move || {
        runtime.block_on(async {
            let file = tokio::fs::File::open(&setup.file).await.unwrap();
            let length = file.metadata().await.unwrap().len();
            let request = client.post(&setup.url).header("Content-Length", length).body(file);
            drop(request.send().await.unwrap().bytes().await.unwrap());
        });
        None
    })
}

pub(super) fn multipart(setup: &Setup) -> Transfer {
    let (runtime, client, setup) = (runtime(), client(setup), setup.clone());
    Box::new(move || {
        runtime.block_on(async {
            let file = tokio::fs::File::open(&setup.file).await.unwrap();
            let length = file.metadata().await.unwrap().len();
            let part = Part::stream_with_length(file, length).file_name("upload");
            let form = Form::new().text("kind", "bench").part("file", part);
            let request = client.post(&setup.url).multipart(form);
            drop(request.send().await.unwrap().bytes().await.unwrap());
        });
        None
    })
}

fn client(setup: &Setup) -> reqwest::Client {
    let mut builder = reqwest::Client::builder().timeout(LIMIT).cookie_store(true);
    if let Some(pem) = setup.pem() {
        builder = builder.tls_certs_only([Certificate::from_pem(&pem).unwrap()]);
    }
    builder = match setup.socks {
        Some(proxy) => builder.proxy(reqwest::Proxy::all(format!("socks5://{proxy}")).unwrap()),
        None => builder.no_proxy(),
    };
    builder.build().unwrap()
}

fn blocking_client(setup: &Setup) -> reqwest::blocking::Client {
    let mut builder = reqwest::blocking::Client::builder().timeout(LIMIT).cookie_store(true);
    if let Some(pem) = setup.pem() {
        builder = builder.tls_certs_only([Certificate::from_pem(&pem).unwrap()]);
    }
    builder = match setup.socks {
        Some(proxy) => builder.proxy(reqwest::Proxy::all(format!("socks5://{proxy}")).unwrap()),
        None => builder.no_proxy(),
    };
    builder.build().unwrap()
}

async fn get(client: &reqwest::Client, url: &str) {
    let answer = client.get(url).send().await.unwrap();
    assert!(!answer.bytes().await.unwrap().is_empty());
}
