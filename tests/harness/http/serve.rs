//! One connection of the HTTP server: request after request, read strictly.

use std::sync::Arc;

use super::{
    answer::Answer,
    head::Head,
    request::Request,
    send::Sent,
    server::{Role, Shared},
    wire::{Broken, Wire},
};
use crate::{
    service::{Incoming, Stop},
    watch::within,
};

pub(super) async fn serve(incoming: Incoming, shared: Arc<Shared>) -> Result<(), String> {
    let (mut stop, watchdog) = (incoming.stop.clone(), incoming.watchdog);
    let Some(connection) = shared.handshakes.open(incoming).await? else { return Ok(()) };
    let mut wire = Wire::new(connection);
    loop {
        let head = match wire.head(&mut stop).await {
            Ok(head) => head,
            Err(broken) => return refuse(wire, broken, &mut stop).await,
        };
        let reading =
            within(watchdog, "the request's body", read_body(&mut wire, &head, shared.role));
        let body = match reading.await? {
            Ok(body) => body,
            Err(broken) => return refuse(wire, broken, &mut stop).await,
        };
        let (index, secure) = (wire.connection.index(), wire.connection.is_tls());
        let (method, last) = (head.method.clone(), !head.keeps_alive());
        let answer = shared.answer(Request::new(head, body, index, secure))?.closes(last);
        wire = match answer.send(wire, &method, &mut stop).await {
            Ok(Sent::KeptAlive(wire)) => wire,
            Ok(Sent::Closed) => return Ok(()),
            Err(broken) => return broken.verdict(),
        };
    }
}

async fn read_body(wire: &mut Wire, head: &Head, role: Role) -> Result<Vec<u8>, Broken> {
    let right = match role {
        Role::Forwarder => head.target.starts_with("http://"),
        Role::Origin => head.target.starts_with('/') || head.target == "*",
    };
    if !right {
        return Err(Broken::Wrong(format!("a server was asked for {:?}", head.target)));
    }
    if head.headers.value("expect") == Some("100-continue") {
        wire.send(b"HTTP/1.1 100 Continue\r\n\r\n", None).await?;
    }
    wire.body(head).await
}

/// Answers a wrong request as a strict server does, and fails the test.
async fn refuse(wire: Wire, broken: Broken, stop: &mut Stop) -> Result<(), String> {
    if let Broken::Wrong(fault) = &broken {
        Answer::status(400).text(fault).close().send(wire, "", stop).await.ok();
    }
    broken.verdict()
}
