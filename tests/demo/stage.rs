//! The servers of the demo, all on loopback and none of them opi's.

use std::path::PathBuf;

use harness::{Ca, EchoServer, HttpProxy, HttpServer, Listen, Proxy, Socks5, httpbin};
use tempfile::TempDir;

use crate::job::{Host, Road};

/// The servers, and the CA that signed their certificates.
pub(crate) struct Stage {
    ca: Ca,
    folder: TempDir,
    echo: EchoServer,
    echo_tls: EchoServer,
    bin: HttpServer,
    bin_tls: HttpServer,
    socks5: Proxy<Socks5>,
    http_proxy: Proxy<HttpProxy>,
}

impl Stage {
    pub(crate) async fn start() -> Self {
        let ca = Ca::new();
        let folder = TempDir::new().expect("a folder for the CA");
        let _pem: PathBuf = ca.write_to(&folder);
        let secure = || {
            let names = ["localhost", ECHO, BIN];
            Listen::tls(ca.issue(&names).server_config())
        };
        let stage = Self {
            echo: EchoServer::start().await,
            echo_tls: EchoServer::start_on(secure()).await,
            bin: HttpServer::start_handling(Listen::plain(), httpbin).await,
            bin_tls: HttpServer::start_handling(secure(), httpbin).await,
            socks5: Proxy::start(Socks5::new().password(USER, PASSWORD)).await,
            http_proxy: Proxy::start(HttpProxy::new().password(USER, PASSWORD)).await,
            ca,
            folder,
        };
        stage.tell_names();
        stage
    }

    pub(crate) async fn finish(self) {
        self.echo.finish().await;
        self.echo_tls.finish().await;
        self.bin.finish().await;
        self.bin_tls.finish().await;
        self.socks5.finish().await;
        self.http_proxy.finish().await;
    }

    /// Only the proxies know where the named servers are.
    fn tell_names(&self) {
        for (name, address) in [
            (format!("{ECHO}:7000"), self.echo.address()),
            (format!("{ECHO}:7001"), self.echo_tls.address()),
            (format!("{BIN}:80"), self.bin.address()),
            (format!("{BIN}:443"), self.bin_tls.address()),
        ] {
            self.socks5.map(&name, address);
            self.http_proxy.map(&name, address);
        }
    }

    /// Makes the proxies lead nowhere, so that a test sees rows fail.
    #[cfg(test)]
    pub(crate) fn forget_names(&self) {
        let nowhere = harness::RefusingPort::new();
        for name in [format!("{ECHO}:7000"), format!("{ECHO}:7001")] {
            self.socks5.map(&name, nowhere.address());
            self.http_proxy.map(&name, nowhere.address());
        }
    }

    /// The CA as a PEM text.
    pub(crate) fn ca_pem(&self) -> String {
        self.ca.pem()
    }

    /// The CA as a PEM file.
    pub(crate) fn ca_file(&self) -> PathBuf {
        self.ca.write_to(&self.folder)
    }

    /// The address of the echo server that `host` means.
    pub(crate) fn echo(&self, host: Host) -> String {
        match host {
            Host::Local => self.echo.address().to_string(),
            Host::LocalTls => format!("localhost:{}", self.echo_tls.address().port()),
            Host::Named => format!("{ECHO}:7000"),
            Host::NamedTls => format!("{ECHO}:7001"),
        }
    }

    /// The URL of `path` at the web server that `host` means.
    pub(crate) fn url(&self, host: Host, path: &str) -> String {
        match host {
            Host::Local => self.bin.url(path),
            Host::LocalTls => self.bin_tls.url_as("localhost", path),
            Host::Named => format!("http://{BIN}{path}"),
            Host::NamedTls => format!("https://{BIN}{path}"),
        }
    }

    /// The route's text.
    pub(crate) fn route(&self, road: Road) -> String {
        let login = format!("{USER}:{PASSWORD}");
        match road {
            Road::HttpProxy => format!("http://{login}@{}", self.http_proxy.address()),
            Road::Socks5 => format!("socks5://{login}@{}", self.socks5.address()),
            Road::Straight => "direct".to_owned(),
        }
    }
}

impl Host {
    pub(crate) fn is_tls(self) -> bool {
        matches!(self, Self::LocalTls | Self::NamedTls)
    }
}

const ECHO: &str = "echo.test";
const BIN: &str = "bin.test";
const USER: &str = "user";
const PASSWORD: &str = "secret";
