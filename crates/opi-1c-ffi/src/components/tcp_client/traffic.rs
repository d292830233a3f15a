//! What goes over the connection of a `TCPClient`: bytes, messages, text.

use std::time::Duration;

use bytes::Bytes;
use opi::net::{Deadline, Target};
use opi::tcp_client::{
    AfterSend, Answer, Connection, Encoding, Malformed, Received, ReceivedText, Text, Until,
};
use serde_json::json;

use super::client::{Plan, TcpClient};
use super::rows::{BYTE_ORDER_MARK, FINISH, MALFORMED, TEXT_ENCODING};
use crate::argument::{Args, TextOrBytes};
use crate::dispatch::success;
use crate::fault::{Fault, FaultKind};
use crate::options::Options;
use crate::value::Value;

impl TcpClient {
    pub(super) fn send(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let (data, wait): (Bytes, Duration) = (args.next()?, args.next()?);
        let open = self.open()?;
        self.run(wait, async |deadline| open.send(&data, deadline).await)?;
        success(&json!({ "sent": data.len() }))
    }

    pub(super) fn receive(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let until = until(&args.next::<Bytes>()?, args.next()?)?;
        let wait: Duration = args.next()?;
        let open = self.open()?;
        let received = self.run(wait, async |deadline| {
            open.receive(until, deadline, |fault, rest| self.rescue(fault, rest)).await
        });
        self.received(received?)
    }

    pub(super) fn send_message(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let (data, wait): (Bytes, Duration) = (args.next()?, args.next()?);
        let open = self.open()?;
        let mut wire = Vec::new();
        open.codec()?.encode(&data, &mut wire)?;
        self.run(wait, async |deadline| open.send(&wire, deadline).await)?;
        success(&json!({ "sent": wire.len() }))
    }

    pub(super) fn receive_message(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let wait: Duration = args.next()?;
        let open = self.open()?;
        let received = self.run(wait, async |deadline| {
            open.message(deadline, |fault, rest| self.rescue(fault, rest)).await
        });
        self.received(received?)
    }

    pub(super) fn send_text(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let (text, label): (String, String) = (args.next()?, args.next()?);
        let (wait, mut options): (Duration, Options) = (args.next()?, args.next()?);
        let mark = options.take::<bool>(&BYTE_ORDER_MARK)?.unwrap_or_default();
        let form = Text::new(encoding(&label)?);
        let form = if mark { form.with_byte_order_mark() } else { form };
        let open = self.open()?;
        self.run(wait, async |deadline| open.send_text(&text, &form, deadline).await)?;
        success(&json!({}))
    }

    pub(super) fn receive_text(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let (label, marker): (String, TextOrBytes) = (args.next()?, args.next()?);
        let (size, wait): (Option<usize>, Duration) = (args.next()?, args.next()?);
        let malformed = malformed(&mut args.next()?)?;
        let encoding = encoding(&label)?;
        let form = Text::new(encoding).malformed(malformed);
        let until = until_text(marker, encoding)?.at_most(size.unwrap_or(Until::LIMIT));
        let open = self.open()?;
        let received = self.run(wait, async |deadline| {
            open.receive_text(until, &form, deadline, |fault, rest| self.rescue(fault, rest)).await
        });
        let ReceivedText { text, reason, replaced, .. } = received?;
        success(&json!({ "reason": reason.name(), "text": text, "replaced": replaced }))
    }

    pub(super) fn drain(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let limit = args.next::<Option<usize>>()?.map_or(u64::MAX, |limit| limit as u64);
        let wait: Duration = args.next()?;
        let open = self.open()?;
        let drained = self.run(wait, async |deadline| open.drain(limit, deadline).await)?;
        success(&json!({ "dropped": drained.bytes, "reason": drained.reason.name() }))
    }

    /// One question, on a connection of its own.
    pub(super) fn request(&self, args: &mut Args<'_>) -> Result<Value, Fault> {
        let (data, target): (Bytes, Target) = (args.next()?, args.next()?);
        let until = (args.next::<Bytes>()?, args.next::<Option<usize>>()?);
        let (wait, mut options): (Duration, Options) = (args.next()?, args.next()?);
        let then = after_send(&mut options)?;
        let plan = Plan::new(target, &mut options)?;
        let question = Question::new(&data, until, &plan)?;
        let config = self.logged(&plan)?;
        let opening = async |deadline: &Deadline| Ok(Connection::open(&config, deadline).await?);
        let mut connection = self.run(plan.wait, opening)?;
        let answered = self.run(wait, async |deadline| {
            let answered = question.ask(&mut connection, then, deadline).await;
            answered.map_err(|error| {
                let rest = match error.received() {
                    rest if rest.is_empty() => connection.take_buffered(),
                    rest => rest.clone(),
                };
                self.rescue(Fault::from(error).fact("connected", true), rest)
            })
        });
        // The answer is here; a farewell that fails takes nothing from it.
        let farewell = async |deadline: &Deadline| Ok(connection.close(deadline).await?);
        let _unsaid = self.run(FAREWELL, farewell).is_err();
        self.received(answered?)
    }

    fn received(&self, Received { data, reason, .. }: Received) -> Result<Value, Fault> {
        let size = data.len();
        let data = self.context.blobs.keep(data).to_string();
        success(&json!({ "reason": reason.name(), "size": size, "data": data }))
    }

    /// Bytes that came before the connection failed are the program's all the same.
    fn rescue(&self, fault: Fault, rest: Bytes) -> Fault {
        if rest.is_empty() {
            return fault;
        }
        let size = rest.len();
        fault.fact("size", size).fact("data", self.context.blobs.keep(rest).to_string())
    }
}

/// What is sent, and where its answer ends.
#[derive(Debug)]
enum Question<'a> {
    Bytes(&'a [u8], Until),
    Message(Vec<u8>, opi::framing::Decoder),
}

impl<'a> Question<'a> {
    fn new(
        data: &'a [u8],
        (marker, size): (Bytes, Option<usize>),
        plan: &Plan,
    ) -> Result<Self, Fault> {
        let Some(codec) = &plan.codec else { return Ok(Self::Bytes(data, until(&marker, size)?)) };
        if !marker.is_empty() || size.is_some() {
            let message = "give either a codec (Кодек) or a marker and a size";
            return Err(Fault::new(FaultKind::Option, message));
        }
        let mut wire = Vec::new();
        codec.encode(data, &mut wire)?;
        Ok(Self::Message(wire, codec.decoder()))
    }

    async fn ask(
        self,
        connection: &mut Connection,
        then: AfterSend,
        deadline: &Deadline,
    ) -> Result<Received, opi::tcp_client::Error> {
        match self {
            Self::Bytes(data, until) => connection.exchange(data, then, until, deadline).await,
            Self::Message(wire, mut decoder) => {
                connection.exchange(&wire, then, Answer::Message(&mut decoder), deadline).await
            }
        }
    }
}

fn until(marker: &Bytes, size: Option<usize>) -> Result<Until, Fault> {
    let until = if marker.is_empty() { Until::closed() } else { Until::marker(marker)? };
    Ok(until.at_most(size.unwrap_or(Until::LIMIT)))
}

fn after_send(options: &mut Options) -> Result<AfterSend, Fault> {
    let finish = options.take::<bool>(&FINISH)?.unwrap_or_default();
    Ok(if finish { AfterSend::Finish } else { AfterSend::KeepOpen })
}

fn encoding(label: &str) -> Result<Encoding, Fault> {
    label.parse().map_err(|error| Fault::from(error).about(&TEXT_ENCODING))
}

fn until_text(marker: TextOrBytes, encoding: Encoding) -> Result<Until, Fault> {
    match marker {
        TextOrBytes::Text(text) if !text.is_empty() => Ok(Until::text(&text, encoding)?),
        TextOrBytes::Text(_) => Ok(Until::closed()),
        TextOrBytes::Bytes(bytes) => until(&bytes, None),
    }
}

fn malformed(options: &mut Options) -> Result<Malformed, Fault> {
    let refuse = options.take::<bool>(&MALFORMED)?.unwrap_or_default();
    Ok(if refuse { Malformed::Refuse } else { Malformed::Replace })
}

/// How long the end of a question that was answered may take.
const FAREWELL: Duration = Duration::from_secs(1);
