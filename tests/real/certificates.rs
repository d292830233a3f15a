//! The certificates of the fixtures shown by openssl: for whom each is good, and how it is refused.

use std::path::Path;

use harness::fixture_text;
use opi_http_connector::{Request, Session, SessionConfig};
use opi_net::tls::{Certificates, Tls, Trust};
use opi_net::{Dialer, Target};
use opi_proxy::Route;
use opi_tcp_client::{Config, Connection};
use tempfile::TempDir;

use crate::process::{Running, run};
use crate::proxies::{PROXIES, Proxy};
use crate::servers::soon;

const NAME: &str = "tls_certificate_name";
const TIME: &str = "tls_certificate_time";
const UNTRUSTED: &str = "tls_certificate_untrusted";

/// The certificate, what is sent with it, and its outcome for each name it is asked by.
type Row = (&'static str, Option<&'static str>, &'static [(&'static str, &'static str)]);

const ROWS: &[Row] = &[
    ("good", None, &[("localhost", "ok"), ("127.0.0.1", "ok"), ("::1", "ok"), ("a.test", "ok")]),
    ("good", None, &[("b.test", NAME), ("x.a.test", NAME), ("127.0.0.2", NAME)]),
    ("rsa2048", None, &[("localhost", "ok"), ("127.0.0.1", "ok"), ("::1", NAME)]),
    ("via-inter", Some("inter"), &[("localhost", "ok"), ("127.0.0.1", "ok"), ("a.test", NAME)]),
    ("via-inter", None, &both(UNTRUSTED)),
    ("expired", None, &both(TIME)),
    ("not-yet-valid", None, &both(TIME)),
    ("wrong-host", None, &[("localhost", NAME), ("127.0.0.1", NAME), ("other.test", "ok")]),
    // The subject's common name is localhost, and is no name.
    ("cn-only", None, &both(NAME)),
    ("client-eku", None, &both(UNTRUSTED)),
    ("client", None, &[("client", UNTRUSTED)]),
    ("unknown-ca", None, &both(UNTRUSTED)),
    ("unknown-ca", Some("ca-other"), &both(UNTRUSTED)),
    ("self-signed", None, &both(UNTRUSTED)),
    ("leaf-as-ca", None, &[("intermediate.test", "ok"), ("localhost", NAME)]),
    // Its issuer is trusted, but is no CA.
    ("signed-by-leaf", Some("leaf-as-ca"), &both(UNTRUSTED)),
    ("nc-violation", Some("nc"), &[("localhost", UNTRUSTED)]),
    ("nc-violation", None, &[("localhost", UNTRUSTED)]),
    ("nc", None, &both(UNTRUSTED)),
    ("no-ip-san", None, &[("localhost", "ok"), ("127.0.0.1", NAME), ("::1", NAME)]),
    ("ip-as-dns", None, &both(NAME)),
    ("wildcard", None, &[("x.a.test", "ok"), ("a.test", NAME), ("x.y.a.test", NAME)]),
    ("wildcard-tld", None, &[("a.test", NAME), ("x.a.test", NAME)]),
    ("partial-wildcard", None, &[("wx.a.test", NAME), ("w.a.test", NAME)]),
    ("rsa1024", None, &both(UNTRUSTED)),
    ("sha1-sig", None, &both(UNTRUSTED)),
];

/// One outcome for the name and for the address.
const fn both(code: &'static str) -> [(&'static str, &'static str); 2] {
    [("localhost", code), ("127.0.0.1", code)]
}

#[tokio::test]
async fn every_certificate_is_good_for_its_own_names_only() {
    let Some(folder) = made().await else { return };
    for (certificate, chain, outcomes) in ROWS {
        let server = Server::start(folder.path(), certificate, *chain).await;
        for (host, expected) in *outcomes {
            for (by, code, words) in server.greeted(host).await {
                assert_eq!(
                    code, *expected,
                    "{certificate} with {chain:?} for {host}, {by}: {words}"
                );
            }
        }
    }
}

/// The certificates, in a folder that goes with the value.
async fn made() -> Option<TempDir> {
    let script = fixture_text("tls-certs/mkcerts.sh")?;
    let folder = tempfile::tempdir().unwrap();
    let within = format!("cd '{}' && {script}", folder.path().display());
    let made = run("bash", &["-c", &within], b"").await;
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Some(folder)
}

/// openssl with one certificate.
struct Server {
    _running: Running,
    port: u16,
    tls: Tls,
}

/// By which client, the code, and the words.
type Greeting = (String, String, String);

impl Server {
    /// Weak certificates are shown too.
    async fn start(folder: &Path, certificate: &str, chain: Option<&str>) -> Self {
        let [pem, key] = [".pem", ".key"].map(|end| format!("{certificate}{end}"));
        let chain = chain.map(|chain| format!("{chain}.pem"));
        let mut arguments = vec!["s_server", "-accept", "127.0.0.1:0", "-www"];
        arguments.extend(["-cert", &pem, "-key", &key, "-cipher", "DEFAULT@SECLEVEL=0"]);
        arguments.extend(chain.iter().flat_map(|chain| ["-cert_chain", chain]));
        let mut running = Running::start("openssl", &arguments, folder);
        let port = running.told("ACCEPT 127.0.0.1:").await.parse().unwrap();
        let ca = std::fs::read(folder.join("ca-good.pem")).unwrap();
        let tls = Tls::new(Trust::Only(Certificates::from_pem(&ca).unwrap()));
        Self { _running: running, port, tls }
    }

    /// Shakes hands as `host` by every client there is, straight and through proxies.
    async fn greeted(&self, host: &str) -> Vec<Greeting> {
        let mut greetings = vec![self.by_net(host).await];
        if ["localhost", "127.0.0.1"].contains(&host) {
            greetings.push(self.by_http(host).await);
            greetings.push(self.by_tcp(host, Route::direct()).await);
            let open = |proxy: &&Proxy| WAYS.contains(&(proxy.scheme, proxy.endpoint));
            for proxy in PROXIES.iter().filter(open) {
                greetings.push(self.by_tcp(host, proxy.route(proxy.login)).await);
            }
        }
        greetings
    }

    async fn by_net(&self, host: &str) -> Greeting {
        let target = Target::new(host, self.port).unwrap();
        let here = Target::new("127.0.0.1", self.port).unwrap();
        let dialer = Dialer::new().connect_to(&target, here);
        let stream = dialer.connect(&target, &soon()).await.unwrap();
        let greeted = self.tls.handshake(stream, &target, &soon()).await;
        let error = greeted.map(|_| ()).map_err(|error| (error.code(), error.to_string()));
        told("opi-net", error)
    }

    async fn by_tcp(&self, host: &str, route: Route) -> Greeting {
        let by = format!("opi-tcp-client, route {route}");
        let target = Target::new(host, self.port).unwrap();
        let config = Config::new(target).tls(self.tls.clone()).route(route);
        let greeted = Connection::open(&config, &soon()).await;
        let error = greeted.map(|_| ()).map_err(|error| (error.code(), error.to_string()));
        told(&by, error)
    }

    async fn by_http(&self, host: &str) -> Greeting {
        let session = Session::new(SessionConfig::new().tls(self.tls.clone()));
        let request = Request::get(&format!("https://{host}:{}/", self.port)).unwrap();
        let answer = session.send(request, &soon()).await;
        let error = answer.map(|_| ()).map_err(|error| (error.code(), error.to_string()));
        told("opi-http-connector", error)
    }
}

/// Proxies of each kind, without limits on ports.
const WAYS: [(&str, &str); 4] = [
    ("http", "squid-basic"),
    ("socks4", "dante"),
    ("socks4a", "ssh-socks"),
    ("socks5", "microsocks-password"),
];

fn told(by: &str, outcome: Result<(), (&str, String)>) -> Greeting {
    let (code, words) = outcome.err().unwrap_or(("ok", String::new()));
    (by.to_owned(), code.to_owned(), words)
}
