//! Echo servers of the peers.

use std::future::poll_fn;
use std::io::{Read, Write};
use std::pin::Pin;
use std::thread;

use bytes::Bytes;
use futures_core::Stream;
use futures_sink::Sink;
use opi_benches::Role;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::codec::{BytesCodec, Framed};

use super::one_thread;

/// A task for each connection.
pub(super) fn tokio() {
    accepting(|mut socket| async move {
        let mut buffer = vec![0; BUFFER];
        while let Ok(count @ 1..) = socket.read(&mut buffer).await {
            if socket.write_all(&buffer[..count]).await.is_err() {
                return;
            }
        }
    });
}

/// A task for each connection, with tokio-util's codec of plain bytes.
pub(super) fn framed() {
    accepting(|socket| async move {
        let mut framed = Framed::new(socket, BytesCodec::new());
        while let Some(Ok(piece)) = poll_fn(|it| Pin::new(&mut framed).poll_next(it)).await {
            if send(&mut framed, piece.freeze()).await.is_err() {
                return;
            }
        }
    });
}

/// What `SinkExt::send` does.
async fn send(framed: &mut Framed<TcpStream, BytesCodec>, piece: Bytes) -> std::io::Result<()> {
    let mut framed = Pin::new(framed);
    poll_fn(|context| Sink::<Bytes>::poll_ready(framed.as_mut(), context)).await?;
    framed.as_mut().start_send(piece)?;
    poll_fn(|context| Sink::<Bytes>::poll_flush(framed.as_mut(), context)).await
}

/// A thread for each connection.
pub(super) fn std() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    Role::ready(listener.local_addr().unwrap());
    for socket in listener.incoming() {
        let mut socket = socket.unwrap();
        socket.set_nodelay(true).unwrap();
        let serve = move || {
            let mut buffer = vec![0; BUFFER];
            while let Ok(count @ 1..) = socket.read(&mut buffer) {
                if socket.write_all(&buffer[..count]).is_err() {
                    return;
                }
            }
        };
        thread::Builder::new().stack_size(64 * 1024).spawn(serve).unwrap();
    }
}

fn accepting<F: Future<Output = ()> + Send + 'static>(serve: impl Fn(TcpStream) -> F) {
    one_thread().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Role::ready(listener.local_addr().unwrap());
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            socket.set_nodelay(true).unwrap();
            tokio::spawn(serve(socket));
        }
    });
}

const BUFFER: usize = 4096;
