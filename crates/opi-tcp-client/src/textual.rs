//! Sending and receiving text, on a connection and on its halves.

use opi_net::Deadline;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::inbound::Inbound;
use crate::outbound::Outbound;
use crate::text::{Position, whole};
use crate::{Connection, Error, Reader, Reason, ReceivedText, Text, Until, Writer};

impl Connection {
    /// Sends `text`, all of it.
    ///
    /// # Errors
    ///
    /// The encoding does not have a character, and nothing was sent
    /// ([`NotEncodable`](crate::ClientErrorKind::NotEncodable)); or as [`Self::send`], whose
    /// [`Error::sent`] counts bytes.
    ///
    /// # Cancel safety
    ///
    /// None, as [`Self::send`].
    pub async fn send_text(
        &mut self,
        text: &str,
        form: &Text,
        deadline: &Deadline,
    ) -> Result<(), Error> {
        let sent = self.outbound.send_text(&mut self.stream, text, form, deadline).await;
        self.notes.sent_text(&sent);
        sent.map(drop)
    }

    /// Receives text until what `until` asks for has come.
    ///
    /// As [`Reader::receive_text`].
    ///
    /// # Errors
    ///
    /// As [`Reader::receive_text`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no byte.
    pub async fn receive_text(
        &mut self,
        until: Until,
        form: &Text,
        deadline: &Deadline,
    ) -> Result<ReceivedText, Error> {
        let received = self.inbound.receive_text(&mut self.stream, until, form, deadline).await;
        self.notes.received_text(&received);
        received.map(|(text, _)| text)
    }
}

impl Reader {
    /// Receives text until what `until` asks for has come.
    ///
    /// A character is never cut: when a read ends by size or by time inside one, its first bytes
    /// stay for the next read. A marker ([`Until::text`], or bytes) counts only where a character
    /// begins. Sizes and limits are bytes; less than four counts as four, so that a read always
    /// moves on. A byte order mark at the beginning of the connection is taken off. In
    /// ISO-2022-JP each read begins in ASCII, as RFC 1468 has each line begin.
    ///
    /// # Errors
    ///
    /// Bytes that are no text, when they are to be refused
    /// ([`BadText`](crate::ClientErrorKind::BadText)), a character cut by the connection's end
    /// among them; they stay. Or as [`Self::receive`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no byte.
    pub async fn receive_text(
        &mut self,
        until: Until,
        form: &Text,
        deadline: &Deadline,
    ) -> Result<ReceivedText, Error> {
        let received = self.inbound.receive_text(&mut self.half, until, form, deadline).await;
        self.notes.received_text(&received);
        received.map(|(text, _)| text)
    }
}

impl Writer {
    /// Sends `text`, all of it.
    ///
    /// # Errors
    ///
    /// As [`Connection::send_text`].
    ///
    /// # Cancel safety
    ///
    /// None, as [`Self::send`].
    pub async fn send_text(
        &mut self,
        text: &str,
        form: &Text,
        deadline: &Deadline,
    ) -> Result<(), Error> {
        let sent = self.outbound.send_text(&mut self.half, text, form, deadline).await;
        self.notes.sent_text(&sent);
        sent.map(drop)
    }
}

impl Outbound {
    /// Says how many bytes it had.
    async fn send_text(
        &mut self,
        io: &mut (impl AsyncWrite + Unpin),
        text: &str,
        form: &Text,
        deadline: &Deadline,
    ) -> Result<usize, Error> {
        let at = if self.meter.is_unused() { Position::Beginning } else { Position::Later };
        let bytes = form.bytes(text, at)?;
        self.send(io, &bytes, deadline).await?;
        Ok(bytes.len())
    }
}

impl Inbound {
    /// The text, and how many bytes it had.
    async fn receive_text(
        &mut self,
        io: &mut (impl AsyncRead + Unpin),
        until: Until,
        form: &Text,
        deadline: &Deadline,
    ) -> Result<(ReceivedText, usize), Error> {
        let mut until = until.of_characters(form.encoding());
        let (size, reason) = self.end(io, &mut until, deadline).await?;
        // At the end of the connection no byte is to come that would make a beginning whole.
        let is_last = reason == Reason::Closed && size == self.buffer().len();
        let bytes = &self.buffer()[..size];
        let bytes = if is_last { bytes } else { &bytes[..whole(form.encoding(), bytes)] };
        let at = if self.is_untouched() { Position::Beginning } else { Position::Later };
        let (text, replaced) = form.text(bytes, at)?;
        let size = bytes.len();
        drop(self.take(size, reason));
        Ok((ReceivedText { text, reason, replaced }, size))
    }
}
