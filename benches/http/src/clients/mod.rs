//! The clients: each does the same work for a [`Setup`].

mod bare;
mod curl_crate;
mod floor;
mod isahc;
mod legacy;
mod opi;
mod program;
mod python;
mod reqwest;
mod ureq;

use std::net::SocketAddr;

use opi_benches::{Role, Sample};

use crate::site::Setup;

/// Makes so many requests, one after another, on what is kept from call to call.
pub(crate) type Gets = Box<dyn FnMut(usize)>;

/// Makes so many requests, 64 at a time.
pub(crate) type Concurrent = Box<dyn FnMut(usize)>;

/// Transfers once, and tells what is not of this process, or nothing.
pub(crate) type Transfer = Box<dyn FnMut() -> Option<Sample>>;

/// A maker of clients for one kind of work.
pub(crate) type Maker<T> = fn(&Setup) -> T;

/// Clients that make requests in turn.
pub(crate) const SEQUENTIAL: &[(&str, Maker<Gets>)] = &[
    ("hyper-conn", bare::gets),
    ("hyper-util legacy", legacy::gets),
    ("opi", opi::gets),
    ("opi, blocking", opi::blocking),
    ("reqwest", reqwest::gets),
    ("reqwest blocking", reqwest::blocking),
    ("ureq", ureq::gets),
    ("isahc", isahc::gets),
    ("curl crate", curl_crate::gets),
    ("floor", floor::gets),
];

/// Clients that make a value of JSON.
pub(crate) const JSON: &[(&str, Maker<Gets>)] = &[
    ("hyper-conn", bare::json),
    ("hyper-util legacy", legacy::json),
    ("opi", opi::json),
    ("opi, blocking", opi::json_blocking),
    ("reqwest", reqwest::json),
    ("reqwest blocking", reqwest::json_blocking),
    ("ureq", ureq::json),
    ("curl crate", curl_crate::json),
];

/// Clients that make 64 requests at a time.
pub(crate) const CONCURRENT: &[(&str, Maker<Concurrent>)] = &[
    ("hyper-conn", bare::concurrent),
    ("hyper-util legacy", legacy::concurrent),
    ("opi", opi::concurrent),
    ("reqwest", reqwest::concurrent),
    ("ureq", ureq::concurrent),
];

/// Clients that throw away what they download.
pub(crate) const DOWNLOAD: &[(&str, Maker<Transfer>)] = &[
    ("hyper-conn", bare::download),
    ("opi", opi::download),
    ("opi, blocking", opi::download_blocking),
    ("reqwest", reqwest::download),
    ("reqwest blocking", reqwest::download_blocking),
    ("ureq", ureq::download),
    ("isahc", isahc::download),
    ("curl crate", curl_crate::download),
    ("curl", program::download),
    ("requests", python::download),
];

/// Clients that send a file as it is.
pub(crate) const UPLOAD: &[(&str, Maker<Transfer>)] = &[
    ("hyper-util legacy", legacy::upload),
    ("opi", opi::upload),
    ("opi, blocking", opi::upload_blocking),
    ("reqwest", reqwest::upload),
    ("ureq", ureq::upload),
    ("curl", program::upload),
];

/// Clients that send a file as a part of a form.
pub(crate) const MULTIPART: &[(&str, Maker<Transfer>)] = &[
    ("curl", program::multipart),
    ("opi", opi::multipart),
    ("opi, blocking", opi::multipart_blocking),
    ("reqwest", reqwest::multipart),
    ("ureq", ureq::multipart),
];

/// The client that measures itself, for requests in turn and for JSON.
pub(crate) use python::{gets as python, json as python_json};

/// Plays a client that starts, makes one request and tells what it used.
pub(crate) fn cold(who: &str, url: &str, trust: Option<&str>) {
    let setup = Setup { url: url.to_owned(), trust: trust.map(Into::into), ..Setup::default() };
    if let Some((_, make)) = SEQUENTIAL.iter().find(|(name, _)| name.replace(' ', "_") == who) {
        make(&setup)(1);
    }
    Role::ready(SocketAddr::from(([127, 0, 0, 1], 0)));
    loop {
        std::thread::park();
    }
}

/// Plays a client that makes so many requests and ends, for those who count what it calls.
pub(crate) fn count(who: &str, url: &str, count: &str) {
    let setup = Setup { url: url.to_owned(), ..Setup::default() };
    if let Some((_, make)) = SEQUENTIAL.iter().find(|(name, _)| name.replace(' ', "_") == who) {
        make(&setup)(count.parse().unwrap());
    }
}

/// The least that a limit may be.
const LIMIT: std::time::Duration = std::time::Duration::from_secs(600);
