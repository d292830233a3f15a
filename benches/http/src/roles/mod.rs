//! The other processes of the contests: servers, a proxy, and clients that start cold.

mod answers;
mod server;
mod socks;

use opi_benches::Role;

pub(crate) use answers::gzip;

use crate::clients;

/// Plays `role` until the parent goes.
pub(crate) fn play(role: &Role) {
    match role.words()[..] {
        ["plain"] => server::plain(),
        ["tls", certificate, key] => server::tls(certificate, key),
        ["socks"] => socks::serve(),
        ["count", who, url, count] => clients::count(who, url, count),
        ["cold", who, url] => clients::cold(who, url, None),
        ["cold", who, url, trust] => clients::cold(who, url, Some(trust)),
        ref other => panic!("no such role: {other:?}"),
    }
}
