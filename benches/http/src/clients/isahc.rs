//! isahc, which has curl inside and a thread that drives it.

use std::io::Read;

use isahc::HttpClient;
use isahc::config::{CaCertificate, Configurable};

use super::{Gets, LIMIT, Transfer};
use crate::site::Setup;

pub(super) fn gets(setup: &Setup) -> Gets {
    let (client, url) = (client(setup), setup.url.clone());
    let mut buffer = vec![0; 64 * 1024];
    Box::new(move |count| {
        for _ in 0..count {
            get(&client, &url, &mut buffer);
        }
    })
}

pub(super) fn download(setup: &Setup) -> Transfer {
    let (client, url) = (client(setup), setup.url.clone());
    let mut buffer = vec![0; 64 * 1024];
    Box::new(move || {
        get(&client, &url, &mut buffer);
        None
    })
}

fn client(setup: &Setup) -> HttpClient {
    let mut builder = HttpClient::builder().timeout(LIMIT);
    if let Some(path) = &setup.trust {
        builder = builder.ssl_ca_certificate(CaCertificate::file(path.clone()));
    }
    if let Some(proxy) = setup.socks {
        builder = builder.proxy(Some(format!("socks5://{proxy}").parse().unwrap()));
    }
    builder.build().unwrap()
}

fn get(client: &HttpClient, url: &str, buffer: &mut [u8]) {
    let mut body = client.get(url).unwrap().into_body();
    while body.read(buffer).unwrap() > 0 {}
}
