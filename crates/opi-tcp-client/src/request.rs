//! Requests and their answers: in one call, or one after the other on a connection in step.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use opi_net::{Deadline, Error as NetError, ErrorKind as NetErrorKind, Phase};

use crate::exchange::Incomplete;
use crate::{
    AfterSend, Answer, ClientErrorKind, Config, Connection, Error, Reason, Received, Until,
};

/// Opens a connection, sends `data`, receives what `until` asks for, and closes: one call.
///
/// When the deadline passes after the connection was opened, what had come is returned with
/// [`Reason::Timeout`]. A farewell that cannot be said takes nothing from an answer that came.
///
/// ```
/// use opi_net::Deadline;
/// use opi_tcp_client::{AfterSend, Config, Until};
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let peer = std::net::TcpListener::bind("127.0.0.1:0")?;
/// # let address = peer.local_addr()?;
/// # let echo = std::thread::spawn(move || -> std::io::Result<()> {
/// #     let (socket, _) = peer.accept()?;
/// #     std::io::copy(&mut &socket, &mut &socket).map(drop)
/// # });
/// let config = Config::new(address.into());
/// let deadline = Deadline::after(Duration::from_secs(5));
/// let until = Until::marker("\n")?;
/// let data = b"Echo this!\n";
/// let answer =
///     opi_tcp_client::request(&config, data, AfterSend::KeepOpen, until, &deadline).await?;
/// assert_eq!(&answer.data[..], b"Echo this!\n");
/// # echo.join().map_err(|_| "the echo failed")??;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// As [`Connection::open`] and [`Connection::exchange`]; [`Error::received`] has what had come.
///
/// # Cancel safety
///
/// Dropping the future closes the connection; whether the request was carried out is unknown.
pub async fn request(
    config: &Config,
    data: &[u8],
    then: AfterSend,
    until: Until,
    deadline: &Deadline,
) -> Result<Received, Error> {
    let mut connection = Connection::open(config, deadline).await?;
    match connection.exchange(data, then, until, deadline).await {
        Ok(received) => {
            // The answer is here; a farewell that fails takes nothing from it.
            let _unsaid = connection.close(deadline).await.is_err();
            Ok(received)
        }
        Err(error) if error.received().is_empty() => {
            Err(error.after_receiving(connection.take_buffered()))
        }
        Err(error) => Err(error),
    }
}

impl Connection {
    /// Sends a request and receives its answer; one is under way at a time.
    ///
    /// After a request without an answer the connection is out of step: the answer may still
    /// come, and would be taken for that of the next request. So it is refused from then on, as
    /// it is when bytes have come that nobody asked for. Open a new connection, or use
    /// [`Self::request_matching`] from the start.
    ///
    /// # Errors
    ///
    /// [`ClientErrorKind::OutOfStep`] before anything is sent; [`Timeout`](NetErrorKind::Timeout)
    /// and [`Truncated`](NetErrorKind::Truncated) when no whole answer came, whose beginning then
    /// stays; or as [`Self::exchange`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future puts the connection out of step.
    pub async fn request(
        &mut self,
        data: &[u8],
        answer: impl Into<Answer<'_>>,
        deadline: &Deadline,
    ) -> Result<Received, Error> {
        self.check_step().await?;
        self.owed = true;
        let received = self.exchange_whole(data, answer.into(), deadline).await?;
        self.owed = false;
        Ok(received)
    }

    /// Sends a request and receives until an answer comes of which `matches` says that it is
    /// this request's; others, such as late answers to earlier requests, are dropped.
    ///
    /// A number that the peer repeats is what to match by. The connection stays usable after a
    /// request without an answer. With a codec that changes the bytes, `matches` sees the payload.
    ///
    /// # Errors
    ///
    /// As [`Self::request`], but never out of step.
    ///
    /// # Cancel safety
    ///
    /// As [`Self::exchange`]; the next request may be made all the same.
    pub async fn request_matching(
        &mut self,
        data: &[u8],
        answer: impl Into<Answer<'_>>,
        mut matches: impl FnMut(&[u8], &[u8]) -> bool,
        deadline: &Deadline,
    ) -> Result<Received, Error> {
        let mut answer = answer.into();
        let mut received = self.exchange_whole(data, answer.again(), deadline).await?;
        while !matches(data, &received.data) {
            received = self.exchange_whole(&[], answer.again(), deadline).await?;
        }
        Ok(received)
    }

    /// One answer that is whole, or an error.
    async fn exchange_whole(
        &mut self,
        data: &[u8],
        answer: Answer<'_>,
        deadline: &Deadline,
    ) -> Result<Received, Error> {
        let ends_by_closing = answer.ends_by_closing();
        let exchanging =
            self.exchange_or(Incomplete::Keep, data, AfterSend::KeepOpen, answer, deadline);
        let received = exchanging.await?;
        let phase = if self.inbound.buffer().is_empty() { Phase::FirstByte } else { Phase::Idle };
        let failed = match received.reason {
            Reason::Timeout => deadline.error(NetErrorKind::Timeout, phase),
            Reason::Closed if !ends_by_closing => {
                let error = NetError::new(NetErrorKind::Truncated).in_phase(phase);
                error.detail("the peer closed before a whole answer came")
            }
            _ => return Ok(received),
        };
        let failed = Error::from(failed).after_sending(data.len());
        self.notes.failed(&failed);
        Err(failed)
    }

    /// Fails when what comes next may be no answer to what is sent next, or nothing can come.
    async fn check_step(&mut self) -> Result<(), Error> {
        if !self.owed && self.inbound.buffer().is_empty() {
            self.fill_now().await?;
        }
        let ready = self.inbound.buffer().len();
        let words = match (self.owed, ready) {
            (true, _) => "the answer to an earlier request may still come".to_owned(),
            (false, 0) if !self.inbound.has_ended() => return Ok(()),
            (false, 0) => {
                return Err(NetError::new(NetErrorKind::Closed).in_phase(Phase::Send).into());
            }
            (false, _) => format!("{ready} bytes came that no request had asked for"),
        };
        Err(Error::new(ClientErrorKind::OutOfStep, words))
    }

    /// Brings what lies ready at the socket, without waiting for more.
    async fn fill_now(&mut self) -> Result<(), Error> {
        let mut filling = pin!(self.inbound.fill(&mut self.stream, 0));
        poll_fn(|context| match filling.as_mut().poll(context) {
            Poll::Ready(filled) => Poll::Ready(filled),
            Poll::Pending => Poll::Ready(Ok(())),
        })
        .await
    }
}
