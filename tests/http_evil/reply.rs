//! What our client makes of a reply that a server sends and closes behind.

use std::time::Duration;

use opi_http_connector::{Error, Redirects, Request, Response, Session, SessionConfig};
use opi_net::Deadline;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::writing::Writing;

/// The answer that `reply` is to a request of `method`, or why it is none. The server closes its
/// side behind it.
pub(crate) async fn answer(
    method: &str,
    reply: &[u8],
    mut writing: Writing,
) -> Result<Response, Error> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let serving = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        socket.set_nodelay(true).unwrap();
        crate::road::until(&mut socket, b"\r\n\r\n").await.unwrap();
        // The client may have seen enough before all is written.
        if writing.write(&mut socket, reply).await.is_ok() && socket.shutdown().await.is_ok() {
            drop(socket.read_to_end(&mut Vec::new()).await);
        }
    };
    let asking = async {
        let config = SessionConfig::new().redirects(Redirects::Return);
        let request = Request::new(method, &url).unwrap();
        Session::new(config).send(request, &Deadline::after(Duration::from_secs(10))).await
    };
    tokio::join!(serving, asking).1
}

/// `answer` for the whole reply, for single bytes and for its lines, which must be the same.
pub(crate) async fn same(method: &str, reply: &[u8]) -> Result<(u16, Vec<u8>), String> {
    let mut seen = Vec::new();
    for writing in [Writing::Whole, Writing::Single, Writing::Lines, Writing::Random(0x5eed)] {
        let outcome = answer(method, reply, writing).await;
        seen.push(match outcome {
            Ok(answer) => Ok((answer.status().as_u16(), answer.body().to_vec())),
            // A refusal may come before the end does, or behind it.
            Err(_) => Err("refused".to_owned()),
        });
    }
    let first = seen[0].clone();
    assert!(seen.iter().all(|it| *it == first), "{reply:?} is read in different ways: {seen:?}");
    first
}
