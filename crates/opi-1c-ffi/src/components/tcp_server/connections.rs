//! The connections of a `TCPServer`: what is known about them, their tags, their end.

use opi::tcp_server::{ConnectionFacts, ConnectionId, End};
use serde_json::{Value as Json, json};

use super::server::TcpServer;
use crate::argument::Args;
use crate::components::words::{self, millis};
use crate::dispatch::success;
use crate::fault::Fault;
use crate::value::Value;

impl TcpServer {
    pub(super) fn list_connections(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let tag: String = args.next()?;
        let running = self.running()?;
        let list = match tag.as_str() {
            "" => running.server.connections(),
            tag => running.server.tagged(tag),
        };
        success(&json!({ "connections": list.iter().map(facts).collect::<Vec<_>>() }))
    }

    pub(super) fn connection_facts(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let id: ConnectionId = args.next()?;
        success(&facts(&self.running()?.server.facts(id)?))
    }

    pub(super) fn tag(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let (id, tag): (ConnectionId, String) = (args.next()?, args.next()?);
        self.running()?.server.tag(id, &tag)?;
        success(&json!({}))
    }

    pub(super) fn untag(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let (id, tag): (ConnectionId, String) = (args.next()?, args.next()?);
        self.running()?.server.untag(id, &tag)?;
        success(&json!({}))
    }

    pub(super) fn finish_receiving(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let id: ConnectionId = args.next()?;
        self.running()?.server.finish_receiving(id)?;
        success(&json!({}))
    }

    pub(super) fn close_connection(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let id: ConnectionId = args.next()?;
        self.running()?.server.close(id)?;
        success(&json!({}))
    }
}

pub(super) fn facts(facts: &ConnectionFacts) -> Json {
    json!({
        "connection": facts.id.to_string(),
        "peer": facts.peer.to_string(),
        "via": facts.via.map(|via| via.to_string()),
        "local": facts.local.to_string(),
        "tls": words::tls_facts(facts.tls.as_ref()),
        "since": words::moment(facts.since),
        "idle_ms": millis(facts.quiet),
        "received": facts.received,
        "sent": facts.sent,
        "can_read": facts.can_read,
        "can_write": facts.can_write,
        "unread": facts.unread,
        "unsent": facts.unsent,
        "tags": facts.tags,
        "end": end(facts.end.as_ref()),
    })
}

/// Why nothing more comes; `null` while more may come.
pub(super) fn end(end: Option<&End>) -> Json {
    match end {
        Some(end) => json!({ "code": end.code(), "message": end.to_string() }),
        None => Json::Null,
    }
}
