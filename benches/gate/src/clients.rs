//! Who makes the requests.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::TokioIo;
use opi_http_connector::{Request, Session, SessionConfig};
use opi_net::Deadline;
use opi_net::blocking::Runtime;
use tokio::runtime::Builder;

/// opi, in a runtime of one thread.
pub(crate) fn by_a_runtime(server: SocketAddr, count: usize) {
    let (session, url) = (Session::new(SessionConfig::new()), format!("http://{server}/item"));
    Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        for _ in 0..count {
            get(&session, &url).await;
        }
    });
}

/// opi, as the add-in and the command use it.
pub(crate) fn by_calls_that_block(server: SocketAddr, count: usize) {
    let (session, url) = (Session::new(SessionConfig::new()), format!("http://{server}/item"));
    let runtime = Runtime::new().unwrap();
    for _ in 0..count {
        runtime.run(LIMIT, get(&session, &url)).unwrap();
    }
}

async fn get(session: &Session, url: &str) {
    let request = Request::get(url).unwrap();
    let answer = session.send(request, &Deadline::after(LIMIT)).await.unwrap();
    assert_eq!(answer.body().len(), 200);
}

/// hyper's connection without anything around it.
pub(crate) fn by_hyper_alone(server: SocketAddr, count: usize) {
    Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let socket = tokio::net::TcpStream::connect(server).await.unwrap();
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
    });
}

fn http_request(server: SocketAddr) -> hyper::Request<Empty<Bytes>> {
    let request = hyper::Request::get("/item").header("Host", server.to_string());
    request.body(Empty::new()).unwrap()
}

const LIMIT: Duration = Duration::from_secs(60);
