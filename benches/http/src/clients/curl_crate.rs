//! The crate curl: libcurl by one handle.

use curl::easy::Easy;

use super::{Gets, LIMIT, Transfer};
use crate::site::Setup;

pub(super) fn gets(setup: &Setup) -> Gets {
    let mut handle = handle(setup);
    if let Some(url) = &setup.cookies {
        for part in 0..25 {
            handle.url(&format!("{url}/{}", part * 20)).unwrap();
            get(&mut handle);
        }
        handle.url(&setup.url).unwrap();
    }
    Box::new(move |count| {
        for _ in 0..count {
            get(&mut handle);
        }
    })
}

pub(super) fn json(setup: &Setup) -> Gets {
    let mut handle = handle(setup);
    Box::new(move |count| {
        for _ in 0..count {
            let mut body = Vec::new();
            let mut transfer = handle.transfer();
            transfer
                .write_function(|data| {
                    body.extend_from_slice(data);
                    Ok(data.len())
                })
                .unwrap();
            transfer.perform().unwrap();
            drop(transfer);
            drop(serde_json::from_slice::<serde_json::Value>(&body).unwrap());
        }
    })
}

pub(super) fn download(setup: &Setup) -> Transfer {
    let mut handle = handle(setup);
    Box::new(move || {
        get(&mut handle);
        None
    })
}

fn handle(setup: &Setup) -> Easy {
    let mut handle = Easy::new();
    handle.url(&setup.url).unwrap();
    handle.timeout(LIMIT).unwrap();
    handle.accept_encoding("gzip").unwrap();
    handle.buffer_size(256 * 1024).unwrap();
    if setup.cookies.is_some() {
        handle.cookie_file("").unwrap();
    }
    if let Some(path) = &setup.trust {
        handle.cainfo(path).unwrap();
    }
    if let Some(proxy) = setup.socks {
        handle.proxy(&format!("socks5://{proxy}")).unwrap();
    }
    handle
}

fn get(handle: &mut Easy) {
    let mut total = 0;
    let mut transfer = handle.transfer();
    transfer
        .write_function(|data| {
            total += data.len();
            Ok(data.len())
        })
        .unwrap();
    transfer.perform().unwrap();
    drop(transfer);
    assert!(total > 0);
}
