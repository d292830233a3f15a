//! Dialing on real sockets of the loopback interface.

use std::error::Error as _;
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use super::*;
use crate::ErrorKind;

fn deadline() -> Deadline {
    Deadline::after(Duration::from_secs(20))
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

async fn listener(ip: &str) -> (TcpListener, u16) {
    let listener = TcpListener::bind((ip, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

fn target(host: &str, port: u16) -> Target {
    Target::new(host, port).unwrap()
}

/// The peer's address of a connection to `db.test` as `dialer` opens it.
async fn reached(dialer: &Dialer, port: u16) -> Result<SocketAddr, Error> {
    let opened = dialer.connect(&target("db.test", port), &deadline()).await;
    opened.map(|stream| stream.peer().unwrap())
}

#[test]
fn dialers_that_open_alike_are_equal() {
    let at = |ip: &str| Dialer::new().resolve("db.test", [ip.parse().unwrap()]).unwrap();
    assert_eq!(at("127.0.0.1"), at("127.0.0.1"));
    let tcp = TcpOptions::new().keepalive(None);
    let from = ([127, 0, 0, 2], 0);
    for other in [
        at("127.0.0.2"),
        at("127.0.0.1").local_address(from),
        at("127.0.0.1").family(Family::Ipv4Only),
        at("127.0.0.1").tcp(tcp),
        at("127.0.0.1").connect_to(&target("a.test", 1), target("b.test", 1)),
        Dialer::new(),
    ] {
        assert_ne!(other, at("127.0.0.1"));
    }
}

#[tokio::test]
async fn a_refused_connection_names_target_and_address() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let target = Target::from(free);
    let error = connect(&target, &deadline()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert_eq!(error.to_string(), format!("connect {target}: the connection was refused"));
    assert!(error.source().unwrap().to_string().starts_with(&target.to_string()));
}

#[tokio::test]
async fn given_addresses_are_tried_to_the_last_and_no_name_server_is_asked() {
    let (_listener, port) = listener("127.0.0.4").await;
    let ips = ["127.0.0.2", "::1", "127.0.0.3", "127.0.0.4"].map(ip);
    let dialer = Dialer::new().resolve("DB.Test", ips).unwrap();
    assert_eq!(reached(&dialer, port).await.unwrap(), (ip("127.0.0.4"), port).into());

    let dialer = Dialer::new().resolve("db.test", ips.into_iter().take(3)).unwrap();
    let error = reached(&dialer, port).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    let cause = error.source().unwrap().to_string();
    for address in ["127.0.0.2", "[::1]", "127.0.0.3"] {
        assert!(cause.contains(&format!("{address}:{port}: ")), "{cause}");
    }
}

#[tokio::test]
async fn addresses_given_for_a_port_are_for_it_alone() {
    let (_listener, port) = listener("127.0.0.2").await;
    let dialer = Dialer::new().resolve_port(&target("db.test", port), [ip("127.0.0.2")]);
    assert_eq!(reached(&dialer, port).await.unwrap(), (ip("127.0.0.2"), port).into());
    let dialer = dialer.resolve("db.test", []).unwrap();
    let error = reached(&dialer, port.wrapping_add(1).max(1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Resolve);
    assert!(error.to_string().ends_with("the name does not have an address"), "{error}");
}

#[tokio::test]
async fn another_place_is_connected_to_and_may_have_given_addresses() {
    let (_listener, port) = listener("127.0.0.2").await;
    let dialer = Dialer::new()
        .connect_to(&target("db.test", 5432), target("standby.test", port))
        .resolve("standby.test", [ip("127.0.0.2")])
        .unwrap();
    assert_eq!(reached(&dialer, 5432).await.unwrap(), (ip("127.0.0.2"), port).into());
}

#[tokio::test]
async fn the_family_decides_which_address_is_used() {
    let (_v4, port) = listener("127.0.0.1").await;
    let _v6 = TcpListener::bind(("::1", port)).await.unwrap();
    let both = Dialer::new().resolve("db.test", [ip("127.0.0.1"), ip("::1")]).unwrap();
    for (family, expected) in [
        (Family::Any, "127.0.0.1"),
        (Family::Ipv4First, "127.0.0.1"),
        (Family::Ipv4Only, "127.0.0.1"),
        (Family::Ipv6First, "::1"),
        (Family::Ipv6Only, "::1"),
    ] {
        let found = reached(&both.clone().family(family), port).await.unwrap();
        assert_eq!(found.ip(), ip(expected), "{family:?}");
    }
    let only = Dialer::new().resolve("db.test", [ip("127.0.0.1")]).unwrap();
    let error = reached(&only.family(Family::Ipv6Only), port).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Resolve);
    assert!(error.to_string().ends_with("does not have an IPv6 address"), "{error}");
}

#[tokio::test]
async fn the_local_address_and_port_are_those_asked_for() {
    let (peer, port) = listener("127.0.0.1").await;
    let dialer = Dialer::new().resolve("db.test", [ip("::1"), ip("127.0.0.1")]).unwrap();
    let from = dialer.clone().local_address((ip("127.0.0.7"), 0));
    let stream = from.connect(&target("db.test", port), &deadline()).await.unwrap();
    assert_eq!(peer.accept().await.unwrap().1, stream.local().unwrap());
    assert_eq!(stream.local().unwrap().ip(), ip("127.0.0.7"));

    // A port that was in use a moment ago.
    let local = stream.local().unwrap();
    drop(stream);
    let again = dialer.local_address(local);
    let stream = again.connect(&target("db.test", port), &deadline()).await.unwrap();
    assert_eq!(stream.local(), Some(local));
}

#[tokio::test]
async fn a_local_address_that_cannot_be_used_is_named() {
    let (_listener, port) = listener("127.0.0.1").await;
    let dialer = Dialer::new().resolve("db.test", [ip("127.0.0.1")]).unwrap();
    for local in ["192.0.2.77:0", "[::1]:0"] {
        let local: SocketAddr = local.parse().unwrap();
        let error = reached(&dialer.clone().local_address(local), port).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LocalAddress);
        assert!(error.to_string().contains(&local.to_string()), "{error}");
        assert!(error.source().is_some(), "{error}");
    }
}

/// A connection made with `options`, for a look at its socket.
async fn opened(options: TcpOptions) -> TcpStream {
    let (_listener, port) = listener("127.0.0.1").await;
    let dialer = Dialer::new().tcp(options);
    dialer.connect(&target("127.0.0.1", port), &deadline()).await.unwrap().into_tcp().unwrap()
}

#[tokio::test]
async fn a_connection_without_any_setting_sends_small_writes_at_once() {
    let (_listener, port) = listener("127.0.0.1").await;
    let stream = connect(&target("127.0.0.1", port), &deadline()).await.unwrap();
    assert!(stream.into_tcp().unwrap().nodelay().unwrap());
}

#[tokio::test]
async fn small_writes_are_sent_at_once_unless_asked_otherwise() {
    assert!(opened(TcpOptions::new()).await.nodelay().unwrap());
    assert!(!opened(TcpOptions::new().nagle(Nagle::On)).await.nodelay().unwrap());
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
#[tokio::test]
async fn probes_are_set_as_asked_for() {
    let seconds = Duration::from_secs;
    let socket = opened(TcpOptions::new()).await;
    let found = SockRef::from(&socket);
    assert!(found.keepalive().unwrap());
    assert_eq!(found.tcp_keepalive_time().unwrap(), seconds(60));
    assert_eq!(found.tcp_keepalive_interval().unwrap(), seconds(15));
    assert_eq!(found.tcp_keepalive_retries().unwrap(), 4);

    let keepalive = Keepalive::new().idle(Duration::MAX).interval(Duration::ZERO).probes(1_000);
    let socket = opened(TcpOptions::new().keepalive(keepalive)).await;
    let found = SockRef::from(&socket);
    assert_eq!(found.tcp_keepalive_time().unwrap(), seconds(32_767));
    assert_eq!(found.tcp_keepalive_interval().unwrap(), seconds(1));
    assert_eq!(found.tcp_keepalive_retries().unwrap(), 127);

    let socket = opened(TcpOptions::new().keepalive(None)).await;
    assert!(!SockRef::from(&socket).keepalive().unwrap());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_user_timeout_is_set_as_asked_for() {
    let found = |socket: &TcpStream| SockRef::from(socket).tcp_user_timeout().unwrap();
    assert_eq!(found(&opened(TcpOptions::new()).await), None);
    for (asked, set) in [
        (Duration::from_millis(1_500), Duration::from_millis(1_500)),
        (Duration::from_micros(1), Duration::from_millis(1)),
        (Duration::MAX, Deadline::LONGEST),
    ] {
        let socket = opened(TcpOptions::new().user_timeout(asked)).await;
        assert_eq!(found(&socket), Some(set));
    }
}

#[cfg(not(any(target_os = "android", target_os = "linux")))]
#[tokio::test]
async fn a_user_timeout_that_the_system_does_not_have_is_an_error() {
    let (_listener, port) = listener("127.0.0.1").await;
    let dialer = Dialer::new().tcp(TcpOptions::new().user_timeout(Duration::from_secs(1)));
    let error = dialer.connect(&target("127.0.0.1", port), &deadline()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[tokio::test]
async fn an_accepted_connection_takes_the_same_options() {
    let (listener, port) = listener("127.0.0.1").await;
    let opening = TcpStream::connect(("127.0.0.1", port));
    let (client, accepted) = tokio::join!(opening, listener.accept());
    let (accepted, _) = accepted.unwrap();
    assert!(!accepted.nodelay().unwrap());
    TcpOptions::new().apply(&accepted).unwrap();
    assert!(accepted.nodelay().unwrap() && SockRef::from(&accepted).keepalive().unwrap());
    drop(client);
}

/// A port whose queue of connections is full, so that connecting to it hangs.
async fn hung() -> (Vec<TcpStream>, TcpListener, SocketAddr) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    let patience = Duration::from_millis(300);
    while let Ok(client) = tokio::time::timeout(patience, TcpStream::connect(address)).await {
        waiting.push(client.unwrap());
    }
    (waiting, listener, address)
}

#[tokio::test]
async fn a_deadline_bounds_the_whole_and_tells_what_was_tried() {
    let (_waiting, _listener, address) = hung().await;
    let dialer = Dialer::new().resolve("db.test", [ip("127.0.0.9"), address.ip()]).unwrap();
    let deadline = Deadline::after(Duration::from_millis(50));
    let target = target("db.test", address.port());
    let opening = dialer.connect(&target, &deadline);
    let error = tokio::time::timeout(Duration::from_secs(20), opening).await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Some(Phase::Connect)));
    let cause = error.source().unwrap().to_string();
    assert!(cause.starts_with("127.0.0.9:"), "{cause}");
    assert!(cause.ends_with(&format!("; {address}: no answer")), "{cause}");
}

/// Addresses of this machine that mean something with a zone alone, with the interface's name and
/// number, as Linux lists them.
#[cfg(target_os = "linux")]
fn link_local() -> Vec<(std::net::Ipv6Addr, String, u32)> {
    let list = std::fs::read_to_string("/proc/net/if_inet6").unwrap_or_default();
    let row = |line: &str| {
        let words: Vec<_> = line.split_whitespace().collect();
        let ip = u128::from_str_radix(words.first()?, 16).ok()?.into();
        let scope = u32::from_str_radix(words.get(1)?, 16).ok()?;
        Some((ip, (*words.last()?).to_owned(), scope))
    };
    let near = |row: &(std::net::Ipv6Addr, String, u32)| row.0.is_unicast_link_local();
    list.lines().filter_map(row).filter(near).collect()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_zone_by_name_or_number_is_the_way_to_a_link_local_address() {
    use std::io::Write;

    let Some((ip, name, scope)) = link_local().pop() else {
        let mut told = std::io::stderr();
        writeln!(told, "SKIPPED: this machine has no IPv6 link-local address").unwrap();
        return;
    };
    let place = std::net::SocketAddrV6::new(ip, 0, 0, scope);
    let listener = TcpListener::bind(place).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    for zone in [name, scope.to_string()] {
        let target: Target = format!("[{ip}%25{zone}]:{port}").parse().unwrap();
        let stream = connect(&target, &deadline()).await.unwrap();
        assert_eq!(stream.peer(), listener.local_addr().ok(), "{target}");
    }
    // Without the zone the kernel cannot know the interface.
    assert!(connect(&target(&ip.to_string(), port), &deadline()).await.is_err());
}

#[cfg(unix)]
mod unix_sockets {
    use tokio::net::{UnixListener, UnixStream};

    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    #[tokio::test]
    async fn a_unix_socket_takes_the_place_of_addresses() {
        let folder = folder();
        let path = folder.path().join("db.sock");
        let listener = UnixListener::bind(&path).unwrap();
        let dialer = Dialer::new().unix_socket(&path);
        let mut stream = dialer.connect(&target("db.test", 5432), &deadline()).await.unwrap();
        assert_eq!((stream.peer(), stream.local(), stream.tls()), (None, None, None));
        let (mut peer, _) = listener.accept().await.unwrap();
        stream.write_all(b"ping").await.unwrap();
        stream.shutdown().await.unwrap();
        let mut got = String::new();
        peer.read_to_string(&mut got).await.unwrap();
        peer.write_all(b"pong").await.unwrap();
        drop(peer);
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert_eq!((got.as_str(), answer.as_str()), ("ping", "pong"));
    }

    #[tokio::test]
    async fn a_unix_socket_that_is_not_there_is_named() {
        let folder = folder();
        let path = folder.path().join("gone.sock");
        let dialer = Dialer::new().unix_socket(&path);
        let error = dialer.connect(&target("db.test", 1), &deadline()).await.unwrap_err();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Connect, Some(Phase::Connect)));
        assert!(error.to_string().contains("gone.sock"), "{error}");

        drop(UnixListener::bind(&path).unwrap());
        let error = dialer.connect(&target("db.test", 1), &deadline()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused);
    }

    #[tokio::test]
    async fn a_full_listener_is_waited_for_until_the_deadline() {
        let folder = folder();
        let path = folder.path().join("full.sock");
        let socket = socket2::Socket::new(socket2::Domain::UNIX, socket2::Type::STREAM, None);
        let socket = socket.unwrap();
        socket.bind(&socket2::SockAddr::unix(&path).unwrap()).unwrap();
        socket.listen(0).unwrap();
        socket.set_nonblocking(true).unwrap();
        let mut waiting = Vec::new();
        while let Ok(client) = UnixStream::connect(&path).await {
            waiting.push(client);
        }
        let dialer = Dialer::new().unix_socket(&path);
        let short = Deadline::after(Duration::from_millis(30));
        let error = dialer.connect(&target("db.test", 1), &short).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);

        let listener = UnixListener::from_std(std::os::unix::net::UnixListener::from(
            std::os::fd::OwnedFd::from(socket),
        ));
        let listener = listener.unwrap();
        let target = target("db.test", 1);
        let deadline = deadline();
        let (opened, _) = tokio::join!(dialer.connect(&target, &deadline), listener.accept());
        assert_eq!(opened.unwrap().peer(), None);
    }
}
