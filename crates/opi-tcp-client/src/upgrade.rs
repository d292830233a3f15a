//! From plain to encrypted in mid-stream, as STARTTLS does (RFC 3207 section 4).

use opi_net::tls::Tls;
use opi_net::{Deadline, Target, timed};

use crate::{ClientErrorKind, Connection, Error};

impl Connection {
    /// Encrypts the connection once both sides have agreed to, for example after the answer to
    /// `STARTTLS`; `target` is whose name is sent and checked.
    ///
    /// Read the peer's agreement to its end first, and nothing past it. Bytes that lie ready then
    /// came in plain, and anybody on the way may have put them there to have them taken for
    /// encrypted ones (CVE-2011-0411), so they are refused. Counts go on; what was learned before
    /// must be asked again (RFC 3207 section 4.2).
    ///
    /// # Errors
    ///
    /// [`ClientErrorKind::EarlyBytes`], or what the handshake met. The connection is closed: after
    /// a failed upgrade nothing may go over it in plain.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future closes the connection.
    pub async fn upgrade(
        self,
        tls: &Tls,
        target: &Target,
        deadline: &Deadline,
    ) -> Result<Self, Error> {
        let early = self.inbound.buffer().len();
        if early > 0 {
            let words = format!("{early} bytes came unencrypted before the encryption began");
            return Err(Error::new(ClientErrorKind::EarlyBytes, words));
        }
        let mut timings = self.timings;
        let shaking = tls.handshake(self.stream, target, deadline);
        let shaken = timed(&mut timings.tls, shaking).await.map_err(Error::from);
        let stream = shaken.inspect_err(|error| self.notes.log.failed("encrypt", error))?;
        self.notes.log.upgraded();
        Ok(Self { tls: stream.tls(), stream, timings, ..self })
    }
}
