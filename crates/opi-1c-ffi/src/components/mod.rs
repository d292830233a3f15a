//! The classes of the add-in.

mod http;
mod tcp_client;
mod tcp_server;

use crate::dispatch::info;
use crate::table::ComponentInfo;

/// The classes of the add-in, in the order in which it names them to the platform.
#[must_use]
pub fn components() -> &'static [ComponentInfo] {
    const ALL: &[ComponentInfo] = &[
        info::<tcp_client::TcpClient>(),
        info::<tcp_server::TcpServer>(),
        info::<http::HttpConnector>(),
    ];
    ALL
}
