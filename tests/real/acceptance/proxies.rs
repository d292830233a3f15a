//! every proxy that is set up leads to httpbin, and its log tells where it leads.

use harness::{HttpServer, Listen, httpbin, watch};
use opi_http_connector::{Request, Session, SessionConfig};

use super::setting::{encrypted, plain};
use crate::proxies::{PROXIES, Proxy};
use crate::servers::{file, soon, tls};

/// The log of the proxy; none for those that write nothing of what they lead to.
fn log(proxy: &Proxy) -> Option<&'static str> {
    match proxy.endpoint {
        "apache-basic" | "apache-digest" => Some("apache"),
        "squid-basic" | "squid-basic-tls" => Some("squid-basic"),
        "squid-digest" => Some("squid-digest"),
        "squid-open" => Some("squid-open"),
        "dante" => Some("dante"),
        "haproxy-socks-tls" | "microsocks-password" => Some("microsocks-password"),
        "microsocks" => Some("microsocks"),
        "microsocks-ipv6" => Some("microsocks-ipv6"),
        "tinyproxy" => Some("tinyproxy"),
        _ => None,
    }
}

async fn ok(session: &Session, url: &str, proxy: &Proxy) {
    let answer = session.send(Request::get(url).unwrap(), &soon()).await;
    let status = answer.as_ref().map(|it| it.status().as_u16()).map_err(ToString::to_string);
    assert_eq!(status, Ok(200), "{} to {url}", proxy.endpoint);
    let answer = answer.unwrap();
    let host = &answer.json().unwrap()["headers"]["Host"];
    assert!(host.as_str().is_some_and(|host| url.contains(host)), "{} told {host}", proxy.endpoint);
}

/// Waits until the log names the server, whose port no other test has.
async fn logged(log: &str, port: u16) {
    let name = format!("logs/{log}.log");
    // The last form is dante's.
    let forms =
        [format!("localhost:{port}"), format!("127.0.0.1:{port}"), format!("127.0.0.1.{port}\n")];
    let written = async {
        loop {
            let log = file(&name);
            let log = String::from_utf8_lossy(&log);
            if forms.iter().any(|form| log.contains(form)) {
                break;
            }
            tokio::task::yield_now().await;
        }
    };
    watch(&format!("port {port} in {name}"), written).await;
}

#[tokio::test]
async fn a_073_every_proxy_leads_to_httpbin_and_logs_it() {
    for proxy in PROXIES {
        let url = match (proxy.scheme, proxy.endpoint) {
            // They have no SOCKS4a.
            ("socks4a", "dante" | "pproxy-socks4") => continue,
            // It opens tunnels only.
            (_, "tiny-http") => encrypted("/headers"),
            _ => plain("/headers"),
        };
        let session = Session::new(SessionConfig::new().tls(tls()).route(proxy.route(proxy.login)));
        ok(&session, &url, proxy).await;
        if let Some(log) = log(proxy) {
            let server = HttpServer::start_handling(Listen::plain(), httpbin).await;
            let port = server.address().port();
            ok(&session, &format!("http://localhost:{port}/headers"), proxy).await;
            assert_eq!(server.requests().len(), 1);
            logged(log, port).await;
        }
    }
}
