//! `opi tcp request`: connects, sends, receives one answer.

use bytes::Bytes;
use opi::net::{Deadline, Error as NetError, ErrorKind as NetErrorKind};
use opi::tcp_client::{Connection, Error, Received, Writer};

use super::dial::{Dial, Opened};
use super::message::Form;
use super::wanted::Wanted;
use super::{characters, input};
use crate::answer::{self, Answer, Body};
use crate::args::RequestArgs;
use crate::failure::Failure;
use crate::interrupt::or_interrupted;
use crate::redact::Veil;

/// Sends what `args` say and brings the answer.
///
/// # Errors
///
/// The command line is wrong, or no whole answer came; what came of it is in the failure.
pub(crate) fn run(args: &RequestArgs) -> Result<Answer, Failure> {
    let mut veil = Veil::default();
    ask(args, &mut veil).map_err(|failure| failure.behind(&veil))
}

fn ask(args: &RequestArgs, veil: &mut Veil) -> Result<Answer, Failure> {
    let dial = Dial::new(&args.address, &args.dial, veil)?;
    let form = Form::new(&args.message)?;
    let wanted = Wanted::new(args, &form)?;
    let deadline = Deadline::after(args.timeout);
    or_interrupted(async {
        let data = input::read(args, &form, &deadline).await?;
        let data = form.frame(characters::encode(data, args.text)?)?;
        let Opened { stream, counts, facts } = dial.open(&deadline).await?;
        let connection = Connection::from(stream);
        let outcome = exchange(connection, &data, args, &wanted, &deadline).await;
        let facts = facts
            .fact("sent", counts.sent())
            .fact("elapsed_ms", answer::millis(deadline.elapsed()));
        match outcome {
            Ok(received) => {
                let (data, failure) = wanted.judge(&received, dial.target(), &deadline);
                let facts = facts.fact("reason", received.reason.name());
                let answer = came(facts, &form, data, args);
                match failure {
                    None => Ok(answer),
                    Some(failure) => Err(failure.with(answer)),
                }
            }
            Err((error, data)) => Err(Failure::from(error).with(came(facts, &form, data, args))),
        }
    })
}

/// Sends and receives at the same time: a peer may answer before it has read everything, and
/// would otherwise wait for us while we wait for it.
async fn exchange(
    connection: Connection,
    data: &[u8],
    args: &RequestArgs,
    wanted: &Wanted,
    deadline: &Deadline,
) -> Result<Received, (Error, Bytes)> {
    let (mut reader, mut writer) = connection.into_split();
    let sending = send(&mut writer, data, args, deadline);
    let mut answer = None;
    let receiving = async {
        answer = Some(wanted.receive(&mut reader, deadline).await?);
        Ok(())
    };
    let outcome = tokio::try_join!(sending, receiving);
    match (outcome, answer) {
        (Ok(_), Some(received)) => {
            // The answer is here; a farewell that fails takes nothing from it.
            let _gone = writer.finish(deadline).await.is_err();
            Ok(received)
        }
        // What came before the sending failed is told all the same.
        (Err(error), Some(received)) => Err((error, received.data)),
        (Err(error), None) => Err((error, reader.take_buffered())),
        (Ok(_), None) => Err((NetError::new(NetErrorKind::Closed).into(), reader.take_buffered())),
    }
}

async fn send(
    writer: &mut Writer,
    data: &[u8],
    args: &RequestArgs,
    deadline: &Deadline,
) -> Result<(), Error> {
    writer.send(data, deadline).await?;
    if args.finish { writer.finish(deadline).await } else { Ok(()) }
}

fn came(facts: Answer, form: &Form, data: Bytes, args: &RequestArgs) -> Answer {
    let facts = facts.fact("bytes", data.len());
    let Some(encoding) = args.text else { return Answer { body: form.body(data), ..facts } };
    let (text, malformed) = characters::decode(&data, encoding);
    Answer { body: Body::Bytes(text.into()), ..facts.fact("malformed", malformed) }
}
