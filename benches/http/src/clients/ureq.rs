//! ureq.

use std::fs::File;
use std::io::Read;
use std::sync::Arc;
use std::thread;

use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::multipart::Form;
use ureq::{Agent, Proxy};

use super::{Concurrent, Gets, LIMIT, Transfer};
use crate::site::Setup;

pub(super) fn gets(setup: &Setup) -> Gets {
    let (agent, url) = (agent(setup), setup.url.clone());
    if let Some(url) = &setup.cookies {
        for part in 0..25 {
            get(&agent, &format!("{url}/{}", part * 20));
        }
    }
    Box::new(move |count| {
        for _ in 0..count {
            get(&agent, &url);
        }
    })
}

pub(super) fn json(setup: &Setup) -> Gets {
    let (agent, url) = (agent(setup), setup.url.clone());
    Box::new(move |count| {
        for _ in 0..count {
            let mut answer = agent.get(&url).call().unwrap();
            let body = answer.body_mut().with_config().limit(u64::MAX);
            drop(body.read_json::<serde_json::Value>().unwrap());
        }
    })
}

/// A thread for each.
pub(super) fn concurrent(setup: &Setup) -> Concurrent {
    let (agent, url) = (agent(setup), setup.url.clone());
    Box::new(move |count| {
        thread::scope(|scope| {
            for _ in 0..64 {
                scope.spawn(|| {
                    for _ in 0..count / 64 {
                        get(&agent, &url);
                    }
                });
            }
        });
    })
}

pub(super) fn download(setup: &Setup) -> Transfer {
    let (agent, url) = (agent(setup), setup.url.clone());
    Box::new(move || {
        let mut buffer = vec![0; 64 * 1024];
        let mut body = agent.get(&url).call().unwrap().into_body().into_with_config();
        body = body.limit(u64::MAX);
        let mut reader = body.reader();
        while reader.read(&mut buffer).unwrap() > 0 {}
        None
    })
}

pub(super) fn upload(setup: &Setup) -> Transfer {
    let (agent, setup) = (agent(setup), setup.clone());
    Box::new(move || {
        let file = File::open(&setup.file).unwrap();
        let mut answer = agent.post(&setup.url).send(file).unwrap();
        assert!(!answer.body_mut().read_to_vec().unwrap().is_empty());
        None
    })
}

pub(super) fn multipart(setup: &Setup) -> Transfer {
    let (agent, setup) = (agent(setup), setup.clone());
    Box::new(move || {
        let form = Form::new().text("kind", "bench").file("file", &setup.file).unwrap();
        let mut answer = agent.post(&setup.url).send(form).unwrap();
        assert!(!answer.body_mut().read_to_vec().unwrap().is_empty());
        None
    })
}

fn agent(setup: &Setup) -> Agent {
    let mut config = Agent::config_builder()
        .timeout_global(Some(LIMIT))
        .max_idle_connections(100)
        .max_idle_connections_per_host(100);
    let roots = setup.pem().map_or(RootCerts::PlatformVerifier, |pem| {
        RootCerts::Specific(Arc::new(vec![Certificate::from_pem(&pem).unwrap()]))
    });
    config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
    let proxy = setup.socks.map(|it| Proxy::new(&format!("socks5://{it}")).unwrap());
    config.proxy(proxy).build().into()
}

fn get(agent: &Agent, url: &str) {
    let mut answer = agent.get(url).call().unwrap();
    assert!(!answer.body_mut().read_to_vec().unwrap().is_empty());
}
