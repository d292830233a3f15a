//! Several routes: which failures lead to the next, which do not, and what is told of them.

use harness::{Answer, EchoServer, HttpProxy, Peer, Proxy, RefusingPort, Script, Socks5, told};
use opi_net::{Deadline, Dialer, Stream, Target, Timings};
use opi_proxy::{Culprit, Error, Reply, Routes};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::setting::soon;

fn target() -> Target {
    "db.test:5432".parse().unwrap()
}

async fn works(stream: &mut Stream) {
    stream.write_all(b"ping").await.unwrap();
    let mut answer = [0; 4];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"ping");
}

/// Opens a connection by routes to `broken`, then to a proxy that works, which is told how many
/// times it was asked.
async fn after(broken: &str, deadline: &Deadline) -> (Result<usize, Error>, usize) {
    let echo = EchoServer::start().await;
    let good = Proxy::start(HttpProxy::new()).await;
    good.map("db.test:5432", echo.address());
    let text = format!("{broken} | http://{}", good.address());
    let routes: Routes = text.parse().unwrap();
    let opened = match routes.connect_by(&Dialer::new(), &target(), deadline).await {
        Ok((mut stream, route)) => {
            works(&mut stream).await;
            Ok(routes.iter().position(|it| it == route).unwrap())
        }
        Err(error) => Err(error),
    };
    let asked = good.finish().await.len();
    echo.finish().await;
    (opened, asked)
}

#[tokio::test]
async fn a_way_that_fails_leads_to_the_next() {
    let free = RefusingPort::new();
    let no_proxy = Peer::start(Script::new().send("220 smtp\r\n").expect_gone()).await;
    let gone = Peer::start(Script::new().read(1).close()).await;
    for broken in [
        format!("http://{}", free.address()),
        format!("socks5://{}", no_proxy.address()),
        format!("http://{}", gone.address()),
        "http://no-such-proxy.invalid:1".to_owned(),
    ] {
        let (opened, _) = after(&broken, &soon()).await;
        assert_eq!(opened.unwrap(), 1, "{broken}");
    }
    no_proxy.finish().await;
    gone.finish().await;
}

#[tokio::test]
async fn a_proxy_that_is_not_reached_through_another_is_a_way_that_fails() {
    let answer = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n";
    let first = Script::new().expect_until("\r\n\r\n").send(answer).close();
    let first = Peer::start(first).await;
    let broken = format!("http://{} http://second.test:1", first.address());
    let (opened, _) = after(&broken, &soon()).await;
    assert_eq!(opened.unwrap(), 1);
    first.finish().await;
}

#[tokio::test]
async fn a_silent_proxy_gets_its_share_of_the_time_only() {
    let silent = Peer::silent().await;
    let deadline = Deadline::after(Duration::from_secs(2));
    let (opened, _) = after(&format!("http://{}", silent.address()), &deadline).await;
    assert_eq!(opened.unwrap(), 1);
    silent.finish().await;
}

#[tokio::test]
async fn what_a_working_proxy_says_is_the_end() {
    for (status, code, culprit) in [
        (403, "proxy_refused", Culprit::Proxy),
        (407, "proxy_auth", Culprit::Caller),
        (502, "proxy_target", Culprit::Target),
    ] {
        let strict = Proxy::start(HttpProxy::new().refuse(Answer::status(status))).await;
        let (opened, asked) = after(&format!("http://{}", strict.address()), &soon()).await;
        let error = opened.unwrap_err();
        assert_eq!((error.code(), error.culprit()), (code, culprit), "{}", told(&error));
        assert_eq!(error.proxy_reply(), Some(Reply::Http(status)));
        assert_eq!(asked, 0);
        strict.finish().await;
    }
}

#[tokio::test]
async fn the_error_tells_every_try() {
    let (one, two) = (RefusingPort::new(), RefusingPort::new());
    let text = format!("http://u:hunter2@{} | socks5://{}", one.address(), two.address());
    let routes: Routes = text.parse().unwrap();
    let error = routes.connect_by(&Dialer::new(), &target(), &soon()).await.unwrap_err();
    let shown = error.to_string();
    assert!(shown.starts_with(&format!("proxy socks5://{}", two.address())), "{shown}");
    assert!(shown.contains(&format!("; before, by http://u@{}", one.address())), "{shown}");
    assert!(!format!("{shown} {error:?}").contains("hunter2"), "{error:?}");
    let earlier: Vec<_> = error.earlier().map(|(_, error)| error.code()).collect();
    assert_eq!((earlier, error.code()), (vec!["connect_refused"], "connect_refused"));
}

#[tokio::test]
async fn without_a_proxy_every_failure_is_that_of_the_way() {
    let free = RefusingPort::new();
    let echo = EchoServer::start().await;
    let proxy = Proxy::start(HttpProxy::new()).await;
    let target = Target::from(free.address());
    proxy.map(&target.to_string(), echo.address());
    let routes: Routes = format!("direct | http://{}", proxy.address()).parse().unwrap();
    let (mut stream, _) = routes.connect_by(&Dialer::new(), &target, &soon()).await.unwrap();
    works(&mut stream).await;
    drop(stream);
    proxy.finish().await;
    echo.finish().await;
}

#[tokio::test]
async fn plain_requests_are_for_the_last_proxy_of_the_first_way_that_works() {
    let free = RefusingPort::new();
    let forwarder = Peer::start(Script::new().expect("GET http://h.test/ ").close()).await;
    let text = format!("http://{} | http://{} | direct", free.address(), forwarder.address());
    let routes: Routes = text.parse().unwrap();
    let (dialer, target, mut timings) = (Dialer::new(), target(), Timings::default());
    let deadline = soon();
    let opening = routes.connect_to_forward_timed(&dialer, &target, &deadline, &mut timings);
    let (mut stream, route) = opening.await.unwrap();
    assert_eq!(route.forwarding().unwrap().1.target().port(), forwarder.address().port());
    stream.write_all(b"GET http://h.test/ ").await.unwrap();
    forwarder.finish().await;
}

#[tokio::test]
async fn plain_requests_take_a_tunnel_where_the_last_proxy_is_none_for_http() {
    let echo = EchoServer::start().await;
    let socks = Proxy::start(Socks5::new()).await;
    socks.map("db.test:5432", echo.address());
    let routes: Routes = format!("socks5://{}", socks.address()).parse().unwrap();
    let (dialer, target, mut timings) = (Dialer::new(), target(), Timings::default());
    let deadline = soon();
    let opening = routes.connect_to_forward_timed(&dialer, &target, &deadline, &mut timings);
    let (mut stream, _) = opening.await.unwrap();
    works(&mut stream).await;
    assert!(timings.proxy > Duration::ZERO);
    socks.finish().await;
    echo.finish().await;
}
