//! What a `TCPServer` says: to one connection, to its queue, to many.

use std::time::Duration;

use bytes::Bytes;
use opi::tcp_server::{ConnectionId, Queued, To};
use serde_json::{Value as Json, json};

use super::server::TcpServer;
use crate::argument::Args;
use crate::dispatch::success;
use crate::fault::Fault;
use crate::value::Value;

impl TcpServer {
    pub(super) fn send(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let (data, id): (Bytes, ConnectionId) = (args.next()?, args.next()?);
        let wait: Duration = args.next()?;
        self.run(wait, async |server, deadline| {
            server.send(id, &data, deadline).await.map_err(part_sent)
        })?;
        success(&json!({ "sent": data.len() }))
    }

    pub(super) fn send_message(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let (data, id): (Bytes, ConnectionId) = (args.next()?, args.next()?);
        let wait: Duration = args.next()?;
        self.run(wait, async |server, deadline| {
            server.send_message(id, &data, deadline).await.map_err(part_sent)
        })?;
        success(&json!({}))
    }

    pub(super) fn queue(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let (data, id): (Bytes, ConnectionId) = (args.next()?, args.next()?);
        self.running()?.server.queue_message(id, &data)?;
        success(&json!({}))
    }

    pub(super) fn broadcast(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let (data, tag): (Bytes, String) = (args.next()?, args.next()?);
        let to = if tag.is_empty() { To::All } else { To::Tag(&tag) };
        let queued = self.running()?.server.broadcast_message(to, &data)?;
        let failed: Vec<_> = queued.iter().filter_map(failed).collect();
        success(&json!({ "queued": queued.len() - failed.len(), "failed": failed }))
    }

    pub(super) fn finish_sending(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let id: ConnectionId = args.next()?;
        self.running()?.server.finish_sending(id)?;
        success(&json!({}))
    }
}

fn part_sent(error: opi::tcp_server::Error) -> Fault {
    let sent = error.sent();
    Fault::from(error).fact("sent", sent)
}

/// Why the bytes were not queued for a connection, when that is so.
fn failed(queued: &Queued) -> Option<Json> {
    let error = queued.outcome.as_ref().err()?;
    let (code, message) = (error.code(), error.to_string());
    Some(json!({ "connection": queued.connection.to_string(), "code": code, "message": message }))
}
