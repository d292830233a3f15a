//! Answers of HTTP proxies, logins included: none is a panic, and every cut gives the same.
#![no_main]

mod proxy;

use libfuzzer_sys::fuzz_target;
use opi_proxy::Hop;

const HOPS: [&str; 3] =
    ["http://p.test:1", "http://user:hunter2@p.test:1", "http://user:hunter2@p.test:1?auth=digest"];

// The login, the size of the pieces, and what the proxy says.
fuzz_target!(|input: &[u8]| {
    let [kind, pieces, answers @ ..] = input else { return };
    let hop: Hop = HOPS[usize::from(*kind) % HOPS.len()].parse().expect("a proxy");
    proxy::check(&hop, answers, usize::from(*pieces));
});
