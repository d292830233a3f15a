//! `opi tcp send`: sends as it comes, and tells how many bytes had gone.

use std::time::Duration;

use opi::net::{Cancel, Deadline, Stream};
use tokio::io::WriteHalf;

use super::carry;
use super::dial::{Dial, Opened};
use super::lines::{Outgoing, Source};
use super::message::Form;

use super::receive::receive;
use super::sink::{Place, Sink};
use super::tap::Counts;
use crate::answer::{self, Answer};
use crate::args::SendArgs;
use crate::failure::{ErrorKind, Failure};
use crate::interrupt::or_interrupted;
use crate::output;
use crate::progress::Progress;
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
        let outgoing = Outgoing::new(source, form.clone())?;
        let whole = Deadline::after(Deadline::LONGEST);
        let Opened { stream, counts, facts } = dial.open(&whole).await?;
        let progress = Progress::new().tell(|| (counts.sent(), length), args.quiet);
        let outcome = tokio::select! {
            outcome = exchange(stream, outgoing, &form, args) => outcome,
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
async fn exchange(
    stream: Stream,
    mut outgoing: Outgoing,
    form: &Form,
    args: &SendArgs,
) -> Result<(), Failure> {
    let (mut reader, mut writer) = tokio::io::split(stream);
    let done = Cancel::new();
    let idle = args.idle_timeout;
    let sending = async {
        sending(&mut writer, &mut outgoing, idle).await?;
        done.cancel();
        Ok::<_, Failure>(())
    };
    // Whatever comes is taken: what nobody reads would make the system reset the connection, and
    // lose what the peer has not read yet.
    let place =
        if args.receive { Place::Written(Box::pin(output::stream())) } else { Place::Nowhere };
    let mut sink = Sink::new(place, form);
    let receiving = receive(&mut reader, &mut sink, idle, &done);
    if args.no_wait {
        return tokio::select! {
            outcome = sending => outcome,
            // The peer may close its side first; only a break ends the sending.
            Err(failure) = receiving => Err(failure),
        };
    }
    tokio::try_join!(sending, receiving).map(|_| ())
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
