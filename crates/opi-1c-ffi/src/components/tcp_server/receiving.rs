//! What a `TCPServer` hears: messages, connections that come, connections that have ended.

use std::time::Duration;

use bytes::Bytes;
use opi::net::Deadline;
use opi::tcp_server::{ConnectionFacts, ConnectionId, Message, Server, Until};
use serde_json::{Value as Json, json};

use super::connections::{end, facts};
use super::server::TcpServer;
use crate::argument::Args;
use crate::blobs::KEPT;
use crate::dispatch::success;
use crate::fault::{Fault, FaultKind};
use crate::value::Value;

impl TcpServer {
    pub(super) fn next_message(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let (wait, limit): (Duration, Option<usize>) = (args.next()?, args.next()?);
        let limit = limit.unwrap_or(usize::MAX);
        let next =
            async |server: &Server, deadline: &Deadline| Ok(server.next(limit, deadline).await?);
        self.answer(self.run(wait, next)?)
    }

    pub(super) fn next_messages(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let most = args.next::<Option<usize>>()?.filter(|most| *most <= KEPT);
        let most = most.ok_or_else(|| {
            let message = format!("Count (Количество): expected 1 to {KEPT}");
            Fault::new(FaultKind::Argument, message)
        })?;
        let (wait, limit): (Duration, Option<usize>) = (args.next()?, args.next()?);
        let limit = limit.unwrap_or(usize::MAX);
        let next = async |server: &Server, deadline: &Deadline| {
            Ok(server.next_many(most, limit, deadline).await?)
        };
        let messages = self.run(wait, next)?.into_iter().map(|message| self.message(message));
        success(&json!({ "messages": messages.collect::<Vec<_>>() }))
    }

    pub(super) fn get_message(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let id: ConnectionId = args.next()?;
        let (wait, limit): (Duration, Option<usize>) = (args.next()?, args.next()?);
        let limit = limit.unwrap_or(usize::MAX);
        let next = async |server: &Server, deadline: &Deadline| {
            Ok(server.next_of(id, limit, deadline).await?)
        };
        self.answer(self.run(wait, next)?)
    }

    pub(super) fn receive(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let (id, marker): (ConnectionId, Bytes) = (args.next()?, args.next()?);
        let (size, wait): (Option<usize>, Duration) = (args.next()?, args.next()?);
        let until = match (marker.is_empty(), size) {
            (true, None) => Until::data(usize::MAX),
            (true, Some(size)) => Until::size(size),
            (false, size) => Until::marker(&marker)?.at_most(size.unwrap_or(usize::MAX)),
        };
        let read = async |server: &Server, deadline: &Deadline| {
            Ok(server.read(id, &until, deadline).await?)
        };
        self.answer(self.run(wait, read)?)
    }

    pub(super) fn next_connection(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let wait: Duration = args.next()?;
        let next = async |server: &Server, deadline: &Deadline| Ok(server.accept(deadline).await?);
        told("connection", self.run(wait, next)?.as_ref())
    }

    pub(super) fn next_end(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let wait: Duration = args.next()?;
        let next = async |server: &Server, deadline: &Deadline| Ok(server.ended(deadline).await?);
        told("ended", self.run(wait, next)?.as_ref())
    }

    fn answer(&self, message: Option<Message>) -> Result<Value, Fault> {
        match message {
            Some(message) => success(&self.message(message)),
            None => success(&json!({ "reason": "timeout", "size": 0 })),
        }
    }

    fn message(&self, message: Message) -> Json {
        let size = message.data.len();
        json!({
            "reason": message.reason.name(),
            "connection": message.connection.to_string(),
            "peer": message.peer.to_string(),
            "open": message.open,
            "size": size,
            "data": self.context.blobs.keep(message.data).to_string(),
            "end": end(message.end.as_ref()),
        })
    }
}

/// The facts of a connection, or that there was none in time.
fn told(reason: &str, connection: Option<&ConnectionFacts>) -> Result<Value, Fault> {
    let Some(connection) = connection else { return success(&json!({ "reason": "timeout" })) };
    let mut facts = facts(connection);
    if let Some(object) = facts.as_object_mut() {
        object.insert("reason".to_owned(), reason.into());
    }
    success(&facts)
}
