//! Puts an answer on the wire, the broken ones included.

use tokio::io::AsyncWriteExt;

use super::{
    answer::{Answer, Breakage, Framing},
    wire::{Broken, Wire},
};
use crate::service::Stop;

/// What comes of the connection after an answer.
#[derive(Debug)]
pub(crate) enum Sent {
    Closed,
    KeptAlive(Wire),
}

impl Answer {
    /// Sends the answer to a request with this method.
    pub(crate) async fn send(
        &self,
        mut wire: Wire,
        method: &str,
        stop: &mut Stop,
    ) -> Result<Sent, Broken> {
        if let Some(gate) = &self.after {
            tokio::select! {
                () = gate.opened() => {}
                () = stop.wait() => return Ok(Sent::Closed),
            }
        }
        let mut bytes = self.head();
        let body_at = bytes.len();
        if method != "HEAD" {
            bytes.extend(self.framed_body());
        }
        if let Some((at, gate)) = &self.pause {
            let rest = bytes.split_off((body_at + at).min(bytes.len()));
            wire.send(&bytes, self.pieces).await?;
            tokio::select! {
                () = gate.opened() => {}
                () = stop.wait() => return Ok(Sent::Closed),
            }
            wire.send(&rest, self.pieces).await?;
            return self.end(wire).await;
        }
        if let Some((at, breakage)) = self.breakage {
            bytes.truncate(body_at + at);
            wire.send(&bytes, self.pieces).await?;
            match breakage {
                Breakage::Cut => {}
                Breakage::Reset => wire.connection.reset()?,
                Breakage::Stall => stop.wait().await,
            }
            return Ok(Sent::Closed);
        }
        wire.send(&bytes, self.pieces).await?;
        self.end(wire).await
    }

    async fn end(&self, mut wire: Wire) -> Result<Sent, Broken> {
        if !self.last {
            return Ok(Sent::KeptAlive(wire));
        }
        wire.connection.shutdown().await?;
        wire.connection.discard_unread();
        Ok(Sent::Closed)
    }

    fn head(&self) -> Vec<u8> {
        let mut headers = self.headers.clone();
        match self.framing {
            Framing::Raw => return self.interim.clone(),
            Framing::Chunked(_) => headers.push("Transfer-Encoding", "chunked"),
            Framing::Length if matches!(self.status, 100..=199 | 204 | 304) => {}
            Framing::Length if headers.value("content-length").is_some() => {}
            Framing::Length => headers.push("Content-Length", &self.body.len().to_string()),
            Framing::UntilClose => {}
        }
        if self.last && headers.value("connection").is_none() {
            headers.push("Connection", "close");
        }
        let (status, reason) = (self.status, &self.reason);
        let head = format!("HTTP/1.1 {status} {reason}\r\n{headers}\r\n");
        [self.interim.as_slice(), head.as_bytes()].concat()
    }

    fn framed_body(&self) -> Vec<u8> {
        let Framing::Chunked(size) = self.framing else { return self.body.clone() };
        let mut framed = Vec::new();
        for chunk in self.body.chunks(size) {
            framed.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
            framed.extend(chunk);
            framed.extend(b"\r\n");
        }
        framed.extend(b"0\r\n\r\n");
        framed
    }
}
