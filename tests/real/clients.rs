//! The TCP server with clients that are not ours: netcat of two kinds, socat, curl, Python.

use opi_net::tls::{Certificates, Clients, ServerTls};
use opi_tcp_server::{Config, Message, Server};

use crate::process::run;
use crate::servers::{client, file, path, server_identity, soon};

/// Half a megabyte and its first four bytes, so that a loss anywhere is seen.
fn load() -> Vec<u8> {
    (0..500_000_u32).map(|number| u8::try_from(number % 251).unwrap()).collect()
}

#[tokio::test]
async fn a_client_that_half_closed_gets_its_answer() {
    for address in ["127.0.0.1", "::1"] {
        let socat = if address == "::1" { "TCP6:[::1]" } else { "TCP4:127.0.0.1" };
        let server = listening(address);
        let port = server.address().port().to_string();
        let socat = format!("{socat}:{port}");
        for (program, arguments) in [
            ("nc.openbsd", vec!["-N", address, &port]),
            ("ncat", vec![address, &port]),
            ("socat", vec!["-t", "20", "-", &socat]),
            ("python3", vec!["-c", HALF_CLOSE, address, &port]),
        ] {
            let running = run(client(program), &arguments, &load());
            let serving = async {
                let message = whole(&server).await;
                assert_eq!(message.data.len(), 500_000, "{program} to {address}");
                assert!(message.data[..] == load()[..], "{program}: other bytes came");
                let answer = [&message.data[..], b"end"].concat();
                server.send(message.connection, &answer, &soon()).await.unwrap();
                server.finish_sending(message.connection).unwrap();
            };
            let (ended, ()) = tokio::join!(running, serving);
            let words = String::from_utf8_lossy(&ended.stderr);
            assert!(ended.status.success(), "{program} to {address}: {words}");
            let expected = [&load()[..], b"end"].concat();
            assert!(ended.stdout == expected, "{program} to {address}: other bytes went");
        }
        server.stop().await;
    }
}

const HALF_CLOSE: &str = "
import asyncio, sys
async def main():
    reader, writer = await asyncio.open_connection(sys.argv[1], int(sys.argv[2]))
    answer = asyncio.create_task(reader.read())
    writer.write(sys.stdin.buffer.read())
    writer.write_eof()
    sys.stdout.buffer.write(await answer)
    writer.close()
    await writer.wait_closed()
asyncio.run(main())
";

#[tokio::test]
async fn clients_under_tls_are_known_and_get_their_answer() {
    let ca = Certificates::from_pem(&file("tls/ca.pem")).unwrap();
    let identity = ServerTls::new(server_identity()).unwrap();
    let tls = identity.clients(Clients::Asked(ca)).unwrap();
    let server = Server::start(Config::loopback(0).tls(tls)).unwrap();
    let port = server.address().port().to_string();
    let address = format!("localhost:{port}");
    let [ca, pem, key] = ["ca.pem", "client.pem", "client.key"].map(path);
    let socat = format!("OPENSSL:{address},cafile={ca},cert={pem},key={key},verify=1");
    let request = [&load()[..], b"--end--"].concat();
    for (program, arguments) in [
        ("socat", vec!["-t", "20", "-", &socat]),
        // It cannot send the intermediate of its certificate, and ends TLS without a farewell when
        // its input ends, which is a cut.
        ("ncat", vec!["--no-shutdown", "--ssl-verify", "--ssl-trustfile", &ca, "localhost", &port]),
        (
            "openssl",
            vec![
                "s_client",
                "-quiet",
                "-connect",
                &address,
                "-CAfile",
                &ca,
                "-verify_return_error",
                "-cert",
                &pem,
                "-cert_chain",
                &pem,
                "-key",
                &key,
            ],
        ),
        ("python3", vec!["-c", TLS, &port, &ca, &pem, &key]),
    ] {
        let running = run(client(program), &arguments, &request);
        let serving = async {
            let message = until_end(&server).await;
            assert!(message.data == request, "{program}: other bytes came");
            let facts = server.facts(message.connection).unwrap().tls.unwrap();
            assert_eq!(facts.peer_chain.is_empty(), program == "ncat", "{program}: {facts:?}");
            let sent = server.send(message.connection, &message.data, &soon()).await;
            assert!(sent.is_ok(), "{program}: {sent:?}, {:?}", server.facts(message.connection));
            server.finish_sending(message.connection).unwrap();
        };
        let (ended, ()) = tokio::join!(running, serving);
        let words = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.stdout == request, "{program}: {} bytes came: {words}", ended.stdout.len());
    }
    server.stop().await;
}

const TLS: &str = "
import asyncio, ssl, sys
async def main():
    port, ca, certificate, key = sys.argv[1:]
    context = ssl.create_default_context(cafile=ca)
    context.load_cert_chain(certificate, key)
    reader, writer = await asyncio.open_connection('localhost', int(port), ssl=context)
    answer = asyncio.create_task(reader.read())
    writer.write(sys.stdin.buffer.read())
    sys.stdout.buffer.write(await answer)
asyncio.run(main())
";

#[tokio::test]
async fn curl_gets_an_answer_of_http() {
    let server = listening("127.0.0.1");
    let url = format!("http://{}/path", server.address());
    let running = run(
        "curl",
        &["--disable", "--silent", "--noproxy", "*", "--data-binary", "@-", &url],
        b"body\n",
    );
    let serving = async {
        let mut came = Vec::new();
        while !came.ends_with(b"body\n") {
            let message = server.next(1000, &soon()).await.unwrap().unwrap();
            came.extend_from_slice(&message.data);
            if came.ends_with(b"body\n") {
                let answer = b"HTTP/1.0 200 OK\r\n\r\nhello";
                server.send(message.connection, answer, &soon()).await.unwrap();
                server.finish_sending(message.connection).unwrap();
            }
        }
        assert!(came.starts_with(b"POST /path HTTP/1.1\r\n"));
    };
    let (ended, ()) = tokio::join!(running, serving);
    assert_eq!((ended.stdout.as_slice(), ended.status.code()), (&b"hello"[..], Some(0)));
}

#[tokio::test]
async fn a_client_that_keeps_talking_is_answered_line_by_line() {
    let server = listening("127.0.0.1");
    let port = server.address().port().to_string();
    let echoing = echo(&server, 3 * 200);
    let talking = run("python3", &["-c", TALK, &port], b"");
    let (ended, ()) = tokio::join!(talking, echoing);
    let words = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(String::from_utf8_lossy(&ended.stdout), "600 echoed\n", "{words}");
    server.stop().await;
}

/// Two hundred connections at once, three lines on each, each sent when the answer before has come.
const TALK: &str = "
import asyncio, sys
async def talk(number):
    reader, writer = await asyncio.open_connection('127.0.0.1', int(sys.argv[1]))
    echoed = 0
    for count in range(3):
        line = f'{number} says {count}\\n'.encode()
        writer.write(line)
        echoed += await reader.readexactly(len(line)) == line
    writer.close()
    await writer.wait_closed()
    return echoed
async def main():
    print(sum(await asyncio.gather(*[talk(number) for number in range(200)])), 'echoed')
asyncio.run(main())
";

#[tokio::test]
async fn a_client_that_resets_harms_no_other() {
    let server = listening("127.0.0.1");
    let port = server.address().port().to_string();
    let reset = run("python3", &["-c", RESET, &port], b"").await;
    assert!(reset.status.success(), "{}", String::from_utf8_lossy(&reset.stderr));
    let calm = run(client("nc.openbsd"), &["-N", "127.0.0.1", &port], b"calm");
    let serving = async {
        loop {
            let message = whole(&server).await;
            if message.data[..] == b"calm"[..] {
                server.send(message.connection, b"still here", &soon()).await.unwrap();
                server.close(message.connection).unwrap();
                return;
            }
        }
    };
    let (ended, ()) = tokio::join!(calm, serving);
    assert_eq!(ended.stdout, b"still here");
}

const RESET: &str = "
import socket, struct, sys
for _ in range(20):
    client = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    client.sendall(b'gone')
    client.close()
";

fn listening(address: &str) -> Server {
    let address = std::net::SocketAddr::new(address.parse().unwrap(), 0);
    Server::start(Config::new(address).max_connections(300)).unwrap()
}

/// All that the next connection sent until it finished.
async fn whole(server: &Server) -> Message {
    let mut message = server.next(64 * 1024, &soon()).await.unwrap().unwrap();
    let mut all = message.data.to_vec();
    while message.open {
        // A connection that was reset may be forgotten already.
        let next = server.next_of(message.connection, 64 * 1024, &soon()).await;
        let Ok(next) = next else { break };
        message = next.unwrap();
        all.extend_from_slice(&message.data);
    }
    message.data = all.into();
    message
}

/// All that the next connection sent up to the end mark.
async fn until_end(server: &Server) -> Message {
    let mut all = Vec::new();
    loop {
        let mut message = server.next(64 * 1024, &soon()).await.unwrap().unwrap();
        all.extend_from_slice(&message.data);
        if all.ends_with(b"--end--") {
            message.data = all.into();
            return message;
        }
    }
}

/// Sends everything back until `lines` lines have come.
async fn echo(server: &Server, lines: usize) {
    let mut seen = 0;
    while seen < lines {
        let message = server.next(1000, &soon()).await.unwrap().unwrap();
        seen += message.data.iter().filter(|byte| **byte == b'\n').count();
        server.send(message.connection, &message.data, &soon()).await.unwrap();
    }
}
