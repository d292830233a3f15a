//! The plain clients that the proofs use.

use std::{net::SocketAddr, sync::Arc};

use harness::watch;
use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

pub(crate) async fn connect(address: SocketAddr) -> TcpStream {
    let connecting = watch("the connection", TcpStream::connect(address));
    connecting.await.expect("the server listens")
}

pub(crate) async fn shake_hands<S>(
    config: Arc<ClientConfig>,
    name: &str,
    stream: S,
) -> std::io::Result<TlsStream<S>>
where
    S: AsyncRead + AsyncWriteExt + Unpin,
{
    let name = ServerName::try_from(name.to_owned()).expect("the name is a name or an address");
    watch("the handshake", TlsConnector::from(config).connect(name, stream)).await
}

/// Connects, sends `bytes`, and reads to the end.
pub(crate) async fn talk(address: SocketAddr, bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut client = connect(address).await;
    client.write_all(bytes.as_ref()).await.expect("the server reads");
    read_all(&mut client).await
}

pub(crate) async fn read_all(stream: &mut (impl AsyncRead + Unpin)) -> Vec<u8> {
    let mut answer = Vec::new();
    watch("the answer's end", stream.read_to_end(&mut answer)).await.expect("the end is in order");
    answer
}

pub(crate) async fn exact(stream: &mut (impl AsyncRead + Unpin), count: usize) -> Vec<u8> {
    let mut answer = vec![0; count];
    watch("the answer", stream.read_exact(&mut answer)).await.expect("the server answers");
    answer
}
