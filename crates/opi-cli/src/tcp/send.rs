//! `opi tcp send`: sends as it comes, and tells how many bytes had gone.

use std::time::Duration;

use bytes::BytesMut;
use opi::net::{Cancel, Deadline, Stream};
use tokio::io::{AsyncWriteExt, ReadHalf, WriteHalf};

use super::carry;
use super::dial::{Dial, Opened};
use super::lines::{Outgoing, Source};
use super::message::Form;
use super::progress::Progress;
use super::tap::Counts;
use crate::answer::{self, Answer};
use crate::args::SendArgs;
use crate::failure::{ErrorKind, Failure};
use crate::interrupt::or_interrupted;
use crate::output;
use crate::redact::Veil;
use crate::report::{Format, Report};

/// Sends what `args` name; the answer tells how much.
///
/// # Errors
///
/// The command line is wrong, or not everything went; how much did is in the failure.
pub(crate) fn run(args: &SendArgs, report: &Report) -> Result<Answer, Failure> {
    if args.receive && report.format() == Format::Json {
        let message = "--receive writes to standard output, where --json puts its envelope";
        return Err(Failure::new(ErrorKind::Usage, message));
    }
    let mut veil = Veil::default();
    send(args, &mut veil).map_err(|failure| failure.behind(&veil))
}

fn send(args: &SendArgs, veil: &mut Veil) -> Result<Answer, Failure> {
    let dial = Dial::new(&args.address, &args.dial, veil)?;
    let form = Form::new(&args.message)?;
    or_interrupted(async {
        let source = Source::open(&args.data).await?;
        let length = source.length();
        let outgoing = Outgoing::new(source, form)?;
        let whole = Deadline::after(Deadline::LONGEST);
        let Opened { stream, counts, facts } = dial.open(&whole).await?;
        let progress = Progress::new(length).tell(&counts, args.quiet);
        let outcome = tokio::select! {
            outcome = exchange(stream, outgoing, args) => outcome,
            never = progress => match never {},
        };
        let facts = facts
            .fact("sent", counts.sent())
            .fact("received", counts.received())
            .fact("elapsed_ms", answer::millis(whole.elapsed()));
        match outcome {
            Ok(()) => Ok(facts),
            Err(failure) => Err(failure.detail(gone(&counts, length)).with(facts)),
        }
    })
}

fn gone(counts: &Counts, length: Option<u64>) -> String {
    let of = length.map(|length| format!(" of {length}")).unwrap_or_default();
    format!("{}{of} bytes had been sent", counts.sent())
}

/// Sends everything, and takes what comes until the peer has closed too.
async fn exchange(stream: Stream, mut outgoing: Outgoing, args: &SendArgs) -> Result<(), Failure> {
    let (mut reader, mut writer) = tokio::io::split(stream);
    let done = Cancel::new();
    let idle = args.idle_timeout;
    let sending = async {
        sending(&mut writer, &mut outgoing, idle).await?;
        done.cancel();
        Ok::<_, Failure>(())
    };
    if args.no_wait {
        return tokio::select! {
            outcome = sending => outcome,
            // The peer may close its side first; only a break ends the sending.
            Err(failure) = receiving(&mut reader, args, idle, &done) => Err(failure),
        };
    }
    tokio::try_join!(sending, receiving(&mut reader, args, idle, &done)).map(|_| ())
}

async fn sending(
    writer: &mut WriteHalf<Stream>,
    outgoing: &mut Outgoing,
    idle: Duration,
) -> Result<(), Failure> {
    while let Some(piece) = outgoing.next().await? {
        carry::write(writer, &piece, idle).await?;
    }
    Ok(carry::finish(writer, idle).await?)
}

/// Takes what comes until the peer's end. Whatever it is: what nobody reads would make the
/// system reset the connection, and lose what the peer has not read yet.
async fn receiving(
    reader: &mut ReadHalf<Stream>,
    args: &SendArgs,
    idle: Duration,
    done: &Cancel,
) -> Result<(), Failure> {
    let mut stdout = output::stream();
    let mut buffer = BytesMut::new();
    while carry::read(reader, &mut buffer, idle, done).await? {
        if args.receive {
            stdout.write_all(&buffer).await.map_err(|cause| output::unwritten(&cause))?;
            stdout.flush().await.map_err(|cause| output::unwritten(&cause))?;
        }
        buffer.clear();
    }
    Ok(())
}
