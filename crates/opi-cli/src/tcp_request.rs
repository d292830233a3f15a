//! `opi tcp request`: connects, sends, receives one answer.

use bytes::Bytes;
use opi::net::{Deadline, Error as NetError, ErrorKind as NetErrorKind, Phase, Target};
use opi::tcp_client::{Config, Connection, Error, Reason, Received, Until, Writer};

use crate::answer::{self, Answer, Body};
use crate::args::TcpRequestArgs;
use crate::failure::{ErrorKind, Failure};
use crate::interrupt::or_interrupted;
use crate::redact::Veil;
use crate::{input, network, output};

/// Sends what `args` say and brings the answer.
///
/// # Errors
///
/// The command line is wrong, or no whole answer came; what came of it is in the failure.
pub(crate) fn run(args: &TcpRequestArgs) -> Result<Answer, Failure> {
    let mut veil = Veil::default();
    ask(args, &mut veil).map_err(|failure| failure.behind(&veil))
}

fn ask(args: &TcpRequestArgs, veil: &mut Veil) -> Result<Answer, Failure> {
    let target: Target = args.address.parse()?;
    let config = config(args, &target, veil)?;
    let wanted = Wanted::new(args)?;
    let deadline = Deadline::after(args.network.timeout);
    or_interrupted(async {
        let data = input::read(args, &deadline).await?;
        let connection = Connection::open(&config, &deadline).await?;
        let facts = facts(&connection, args).fact("sent", data.len());
        let outcome = exchange(connection, &data, args, wanted.until.clone(), &deadline).await;
        let elapsed = answer::millis(deadline.elapsed());
        let facts = facts.fact("elapsed_ms", elapsed);
        match outcome {
            Ok(received) => wanted.judge(received, facts, &target, &deadline),
            Err((error, came)) => Err(Failure::from(error).with(received_so_far(facts, came))),
        }
    })
}

fn config(args: &TcpRequestArgs, target: &Target, veil: &mut Veil) -> Result<Config, Failure> {
    let config = Config::new(target.clone()).route(network::route(&args.network, veil)?);
    if args.tls {
        return Ok(config.tls(network::tls(&args.network)?));
    }
    if args.network.insecure || args.network.ca.is_some() {
        return Err(Failure::new(ErrorKind::Usage, "--insecure and --ca need --tls"));
    }
    Ok(config)
}

/// What is known once the connection is open.
fn facts(connection: &Connection, args: &TcpRequestArgs) -> Answer {
    if args.network.verbose {
        let peer = connection.peer().map(|peer| peer.to_string()).unwrap_or_default();
        output::note(&format!("* connected to {peer}"));
        if let Some(tls) = connection.tls() {
            output::note(&format!("* {} {}", tls.version, tls.cipher));
        }
    }
    Answer::new(Body::None)
        .fact("peer", answer::address(connection.peer()))
        .fact("tls", answer::tls(connection.tls()))
}

/// Sends and receives at the same time: a peer may answer before it has read everything, and
/// would otherwise wait for us while we wait for it.
async fn exchange(
    connection: Connection,
    data: &[u8],
    args: &TcpRequestArgs,
    until: Until,
    deadline: &Deadline,
) -> Result<Received, (Error, Bytes)> {
    let (mut reader, mut writer) = connection.into_split();
    let sending = send(&mut writer, data, args, deadline);
    let mut answer = None;
    let receiving = async {
        answer = Some(reader.receive(until, deadline).await?);
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
    args: &TcpRequestArgs,
    deadline: &Deadline,
) -> Result<(), Error> {
    writer.send(data, deadline).await?;
    if args.finish { writer.finish(deadline).await } else { Ok(()) }
}

/// What an answer is to be.
#[derive(Debug)]
struct Wanted {
    until: Until,
    /// The reason by which a read for it ends well.
    good: Reason,
    /// What a close comes before.
    end: &'static str,
    max: usize,
}

impl Wanted {
    fn new(args: &TcpRequestArgs) -> Result<Self, Failure> {
        let max = args.max.map_or(Until::LIMIT, usize::from);
        if let Some(size) = args.size {
            let until = Until::size(size);
            return Ok(Self { until, good: Reason::Size, end: "so many bytes", max: size });
        }
        if args.until_closed {
            // One byte more than allowed shows that the answer is too long.
            let until = Until::closed().at_most(max.saturating_add(1));
            return Ok(Self { until, good: Reason::Closed, end: "its end", max });
        }
        let marker = args.until.as_deref().unwrap_or(b"\n");
        let until = Until::marker(marker)?.at_most(max);
        Ok(Self { until, good: Reason::Marker, end: "the marker", max })
    }

    /// Whether the read brought what was wanted.
    fn judge(
        &self,
        received: Received,
        facts: Answer,
        target: &Target,
        deadline: &Deadline,
    ) -> Result<Answer, Failure> {
        let Received { data, reason } = received;
        let data = data.slice(..data.len().min(self.max));
        let phase = if data.is_empty() { Phase::FirstByte } else { Phase::Idle };
        let answer = received_so_far(facts.fact("reason", reason.name()), data);
        let failure: Failure = match reason {
            good if good == self.good => return Ok(answer),
            Reason::Timeout => deadline.error(NetErrorKind::Timeout, phase).on(target).into(),
            Reason::Size => {
                let message = format!("{target}: more than {} bytes came", self.max);
                Failure::new(ErrorKind::TooLong, message)
            }
            _ => {
                let error = NetError::new(NetErrorKind::Truncated).in_phase(phase).on(target);
                error.detail(format!("the peer closed before {} came", self.end)).into()
            }
        };
        Err(failure.with(answer))
    }
}

fn received_so_far(facts: Answer, data: Bytes) -> Answer {
    let facts = facts.fact("bytes", data.len());
    Answer { body: Body::Bytes(data), ..facts }
}
