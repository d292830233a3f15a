//! Who makes the requests.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::TokioIo;
use opi_http_connector::{PoolConfig, Request, Session, SessionConfig};
use opi_net::Deadline;
use opi_net::blocking::Runtime;
use tokio::runtime::Builder;

/// opi, in a runtime of one thread.
pub(crate) fn by_a_runtime(server: SocketAddr, count: usize, keeps: bool) {
    let (session, url) = (Session::new(config(keeps)), format!("http://{server}/item"));
    Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        for _ in 0..count {
            get(&session, &url).await;
        }
    });
}

/// opi, as the add-in and the command use it.
pub(crate) fn by_calls_that_block(server: SocketAddr, count: usize, keeps: bool) {
    let (session, url) = (Session::new(config(keeps)), format!("http://{server}/item"));
    let runtime = Runtime::new().unwrap();
    for _ in 0..count {
        runtime.run(LIMIT, get(&session, &url)).unwrap();
    }
}

/// A session that `keeps` its connections, or opens one for each request.
fn config(keeps: bool) -> SessionConfig {
    let pool = PoolConfig::new();
    SessionConfig::new().pool(if keeps { pool } else { pool.max_idle(0) })
}

async fn get(session: &Session, url: &str) {
    let request = Request::get(url).unwrap();
    let answer = session.send(request, &Deadline::after(LIMIT)).await.unwrap();
    assert_eq!(answer.body().len(), 200);
}

/// hyper's connection without anything around it.
pub(crate) fn by_hyper_alone(server: SocketAddr, count: usize, keeps: bool) {
    let (connections, each) = if keeps { (1, count) } else { (count, 1) };
    Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        for _ in 0..connections {
            ask_hyper(server, each).await;
        }
    });
}

/// So many requests on one connection.
async fn ask_hyper(server: SocketAddr, count: usize) {
    let socket = tokio::net::TcpStream::connect(server).await.unwrap();
    socket.set_nodelay(true).unwrap();
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(socket)).await.unwrap();
    let requests = async {
        for _ in 0..count {
            sender.ready().await.unwrap();
            let request = http_request(server);
            let answer = sender.send_request(request).await.unwrap();
            assert_eq!(answer.into_body().collect().await.unwrap().to_bytes().len(), 200);
        }
    };
    drop(opi_net::drive(std::pin::pin!(connection), requests).await);
}

fn http_request(server: SocketAddr) -> hyper::Request<Empty<Bytes>> {
    let request = hyper::Request::get("/item").header("Host", server.to_string());
    request.body(Empty::new()).unwrap()
}

const LIMIT: Duration = Duration::from_secs(60);
