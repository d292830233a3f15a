//! Replies of SOCKS proxies: none is a panic, and every cut gives the same.
#![no_main]

mod proxy;

use libfuzzer_sys::fuzz_target;
use opi_proxy::Hop;

const HOPS: [&str; 4] = [
    "socks5://p.test:1",
    "socks5://user:hunter2@p.test:1",
    "socks4a://user@p.test:1",
    "socks4a://p.test:1",
];

// The kind of the proxy, the size of the pieces, and what the proxy says.
fuzz_target!(|input: &[u8]| {
    let [kind, pieces, answers @ ..] = input else { return };
    let hop: Hop = HOPS[usize::from(*kind) % HOPS.len()].parse().expect("a proxy");
    proxy::check(&hop, answers, usize::from(*pieces));
});
