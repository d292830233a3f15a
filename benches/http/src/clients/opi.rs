//! opi: on a runtime of one thread, and for callers that block.

use std::sync::Arc;

use opi_http_connector::{Body, Multipart, Request, Session, SessionConfig};
use opi_net::Deadline;
use opi_net::blocking::Runtime;
use opi_net::tls::{Certificates, Tls, Trust};
use opi_proxy::Route;
use tokio::task::JoinSet;

use super::bare::runtime;
use super::{Concurrent, Gets, LIMIT, Transfer};
use crate::site::Setup;

pub(super) fn gets(setup: &Setup) -> Gets {
    let (runtime, session, url) = (runtime(), session(setup), setup.url.clone());
    if let Some(url) = &setup.cookies {
        for part in 0..25 {
            runtime.block_on(get(&session, &format!("{url}/{}", part * 20)));
        }
    }
    Box::new(move |count| {
        runtime.block_on(async {
            for _ in 0..count {
                get(&session, &url).await;
            }
        });
    })
}

/// Each request is a call that blocks, as the add-in and the command make them.
pub(super) fn blocking(setup: &Setup) -> Gets {
    let (runtime, session, url) = (Runtime::new().unwrap(), session(setup), setup.url.clone());
    if let Some(url) = &setup.cookies {
        for part in 0..25 {
            runtime.run(LIMIT, get(&session, &format!("{url}/{}", part * 20))).unwrap();
        }
    }
    Box::new(move |count| {
        for _ in 0..count {
            runtime.run(LIMIT, get(&session, &url)).unwrap();
        }
    })
}

pub(super) fn json(setup: &Setup) -> Gets {
    let (runtime, session, url) = (runtime(), session(setup), setup.url.clone());
    Box::new(move |count| {
        for _ in 0..count {
            drop(runtime.block_on(value(&session, &url)));
        }
    })
}

pub(super) fn json_blocking(setup: &Setup) -> Gets {
    let (runtime, session, url) = (Runtime::new().unwrap(), session(setup), setup.url.clone());
    Box::new(move |count| {
        for _ in 0..count {
            drop(runtime.run(LIMIT, value(&session, &url)).unwrap());
        }
    })
}

pub(super) fn concurrent(setup: &Setup) -> Concurrent {
    let (runtime, session, url) = (runtime(), Arc::new(session(setup)), setup.url.clone());
    Box::new(move |count| {
        runtime.block_on(async {
            let mut running = JoinSet::new();
            for _ in 0..64 {
                let (session, url) = (session.clone(), url.clone());
                running.spawn(async move {
                    for _ in 0..count / 64 {
                        get(&session, &url).await;
                    }
                });
            }
            drop(running.join_all().await);
        });
    })
}

pub(super) fn download(setup: &Setup) -> Transfer {
    let (runtime, session, url) = (runtime(), session(setup), setup.url.clone());
    Box::new(move || {
        runtime.block_on(pour(&session, Request::get(&url).unwrap()));
        None
    })
}

pub(super) fn download_blocking(setup: &Setup) -> Transfer {
    let (runtime, session, url) = (Runtime::new().unwrap(), session(setup), setup.url.clone());
    Box::new(move || {
        runtime.run(LIMIT, pour(&session, Request::get(&url).unwrap())).unwrap();
        None
    })
}

pub(super) fn upload(setup: &Setup) -> Transfer {
    let (runtime, session, setup) = (runtime(), session(setup), setup.clone());
    Box::new(move || {
        runtime.block_on(pour(&session, plain(&setup)));
        None
    })
}

pub(super) fn upload_blocking(setup: &Setup) -> Transfer {
    let (runtime, session, setup) = (Runtime::new().unwrap(), session(setup), setup.clone());
    Box::new(move || {
        runtime.run(LIMIT, pour(&session, plain(&setup))).unwrap();
        None
    })
}

pub(super) fn multipart(setup: &Setup) -> Transfer {
    let (runtime, session, setup) = (runtime(), session(setup), setup.clone());
    Box::new(move || {
        runtime.block_on(pour(&session, form(&setup)));
        None
    })
}

pub(super) fn multipart_blocking(setup: &Setup) -> Transfer {
    let (runtime, session, setup) = (Runtime::new().unwrap(), session(setup), setup.clone());
    Box::new(move || {
        runtime.run(LIMIT, pour(&session, form(&setup))).unwrap();
        None
    })
}

fn plain(setup: &Setup) -> Request {
    Request::post(&setup.url).unwrap().body(Body::file(&setup.file).unwrap())
}

fn form(setup: &Setup) -> Request {
    let form = Multipart::new().field("kind", "bench").file("file", &setup.file).unwrap();
    Request::post(&setup.url).unwrap().multipart(form).unwrap()
}

async fn pour(session: &Session, request: Request) {
    let mut answer = session.open(request, &Deadline::after(LIMIT)).await.unwrap();
    while let Some(piece) = answer.chunk().await.unwrap() {
        drop(piece);
    }
}

fn session(setup: &Setup) -> Session {
    let mut config = SessionConfig::new().max_body(2 << 30);
    if let Some(pem) = setup.pem() {
        config = config.tls(Tls::new(Trust::Only(Certificates::from_pem(&pem).unwrap())));
    }
    if let Some(proxy) = setup.socks {
        let route: Route = format!("socks5://{proxy}").parse().unwrap();
        config = config.route(route);
    }
    Session::new(config)
}

async fn value(session: &Session, url: &str) -> serde_json::Value {
    let request = Request::get(url).unwrap();
    session.send(request, &Deadline::after(LIMIT)).await.unwrap().json().unwrap()
}

async fn get(session: &Session, url: &str) {
    let request = Request::get(url).unwrap();
    let answer = session.send(request, &Deadline::after(LIMIT)).await.unwrap();
    assert_eq!(answer.status(), 200);
}
