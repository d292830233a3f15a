//! What opi is tested with: scripted peers, certificates, proxies and HTTP servers, all on loopback.
//!
//! Nothing here uses opi: the other side of a test must not share the mistakes of what it tests.
//!
//! ```
//! use harness::{Peer, Script};
//! use tokio::io::{AsyncReadExt, AsyncWriteExt};
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! let peer = Peer::start(Script::new().expect("PING\r\n").send("PONG\r\n").close()).await;
//!
//! let mut client = tokio::net::TcpStream::connect(peer.address()).await.unwrap();
//! client.write_all(b"PING\r\n").await.unwrap();
//! let mut answer = String::new();
//! client.read_to_string(&mut answer).await.unwrap();
//! assert_eq!(answer, "PONG\r\n");
//!
//! peer.finish().await;
//! # });
//! ```
//!
//! Rules that all servers keep:
//! * They listen on port 0 of 127.0.0.1 or `::1`, and own their tasks: dropping one ends its connections.
//! * A failed expectation fails the test: `finish().await` panics with the reason, and so does a drop without it.
//! * They never sleep. Tests and peers wait for each other by [`Gate`]s, and each wait has a watchdog that says what it waited for.
#![deny(unsafe_code)]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "test code: a failure here must fail the test"
)]

#[expect(unsafe_code, reason = "the mirror of the add-in's interface, which is made of pointers")]
pub mod addin;
mod background;
mod ca;
mod connection;
mod echo;
mod fixtures;
mod gate;
mod handshakes;
mod http;
mod listen;
mod log;
mod peer;
mod proxy;
mod service;
mod told;
mod verdict;
mod watch;

pub use crate::{
    background::Background,
    ca::{Ca, Identity, IdentityFiles},
    connection::Connection,
    echo::EchoServer,
    fixtures::{fixture, fixture_bytes, fixture_text},
    gate::{Gate, Meter},
    http::{Answer, Headers, HttpServer, Request, httpbin},
    listen::Listen,
    log::LogCapture,
    peer::{Custom, HungPort, Peer, Plan, RefusingPort, Script},
    proxy::{
        Address, HttpProxy, Manners, Misdeed, Proxy, ProxyKind, ProxyStep, Socks4, Socks5,
        SocksRequest,
    },
    told::told,
    watch::{WATCHDOG, watch, watch_for},
};

/// The README's examples run as those of this library.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
