//! Where the names lead that clients ask a proxy for. No DNS: a name that was not given is unknown.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
};

use tokio::net::TcpStream;

#[derive(Clone, Debug, Default)]
pub(crate) struct Routes(Arc<Mutex<HashMap<String, SocketAddr>>>);

/// Why a target cannot be reached.
#[derive(Debug)]
pub(crate) enum NoRoute {
    Refused,
    Unknown,
}

impl Routes {
    pub(super) fn map(&self, target: &str, address: SocketAddr) {
        self.0.lock().expect("no holder panics").insert(target.to_ascii_lowercase(), address);
    }

    pub(super) async fn connect(&self, host: &str, port: u16) -> Result<TcpStream, NoRoute> {
        let address = self.address(host, port).ok_or(NoRoute::Unknown)?;
        let target = TcpStream::connect(address).await.map_err(|_| NoRoute::Refused)?;
        target.set_nodelay(true).map_err(|_| NoRoute::Refused)?;
        Ok(target)
    }

    fn address(&self, host: &str, port: u16) -> Option<SocketAddr> {
        let literal = host.parse::<IpAddr>().ok();
        let key = match literal {
            Some(IpAddr::V6(ip)) => format!("[{ip}]:{port}"),
            _ => format!("{}:{port}", host.to_ascii_lowercase()),
        };
        let mapped = self.0.lock().expect("no holder panics").get(&key).copied();
        let local = || (host == "localhost").then_some(IpAddr::V4(Ipv4Addr::LOCALHOST));
        mapped.or_else(|| Some((literal.or_else(local)?, port).into()))
    }
}
