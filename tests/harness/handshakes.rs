//! How the TLS handshakes of a server went; a client that refuses its certificate is not a failure.

use tokio::sync::watch;

use crate::{connection::Connection, service::Incoming, watch as bounded, watch::within};

#[derive(Clone, Debug, Default)]
pub(crate) struct Handshakes(watch::Sender<Record>);

#[derive(Debug, Default)]
struct Record {
    failures: Vec<String>,
    server_names: Vec<Option<String>>,
}

impl Handshakes {
    /// Opens a connection and notes how it went; none when the client refused.
    pub(crate) async fn open(&self, incoming: Incoming) -> Result<Option<Connection>, String> {
        match within(incoming.watchdog, "the TLS handshake", incoming.open()).await? {
            Ok(connection) => {
                let name = connection.server_name().map(str::to_owned);
                self.0.send_modify(|record| record.server_names.push(name));
                Ok(Some(connection))
            }
            Err(error) => {
                self.0.send_modify(|record| record.failures.push(error.to_string()));
                Ok(None)
            }
        }
    }

    pub(crate) fn failures(&self) -> Vec<String> {
        self.0.borrow().failures.clone()
    }

    pub(crate) async fn first_failure(&self) -> String {
        let mut record = self.0.subscribe();
        let failed = record.wait_for(|record| !record.failures.is_empty());
        let record = bounded("a TLS handshake to fail", failed).await;
        // The sender lives in `self`, so the wait ends by the value and never by an error.
        record.map(|record| record.failures[0].clone()).unwrap_or_default()
    }

    pub(crate) fn server_names(&self) -> Vec<Option<String>> {
        self.0.borrow().server_names.clone()
    }
}
