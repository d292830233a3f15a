//! The classes of the add-in.

mod dialing;
mod http;
mod logs;
mod routing;
mod secure;
mod tcp_client;
mod tcp_server;
mod words;

use crate::dispatch::info;
use crate::table::ComponentInfo;

/// The classes of the add-in, in the order in which it names them to the platform.
#[must_use]
pub fn components() -> &'static [ComponentInfo] {
    const ALL: &[ComponentInfo] =
        &[info::<tcp_client::Class>(), info::<tcp_server::Class>(), info::<http::Class>()];
    ALL
}
