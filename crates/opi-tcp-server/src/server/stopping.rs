//! The end of a server.

use std::sync::PoisonError;
use std::time::Duration;

use super::Server;
use crate::End;
use crate::log::Level;

impl Server {
    /// Stops listening and closes every connection; when it returns, no task is left. Calls that
    /// wait end with [`Stopped`](crate::ErrorKind::Stopped). A second time it does nothing.
    ///
    /// # Cancel safety
    ///
    /// When the future is dropped, everything ends at once.
    pub async fn stop(&self) {
        self.stop_within(Duration::ZERO).await;
    }

    /// Stops as [`Self::stop`], but first gives sends under way and queued bytes `drain` to leave;
    /// peers are told the end behind them. What has not left then is dropped.
    ///
    /// New connections are refused, and calls that wait for something end, at once.
    ///
    /// # Cancel safety
    ///
    /// When the future is dropped, everything ends at once.
    pub async fn stop_within(&self, drain: Duration) {
        self.hub.stopping.cancel();
        for connection in self.hub.inbox.all() {
            // It may have ended by itself meanwhile.
            let _gone = self.hub.close(connection.id, End::Stopped).is_none();
        }
        let mut tasks =
            std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        if !drain.is_zero() {
            let drained = async { while tasks.join_next().await.is_some() {} };
            // What is left ends below.
            let _late = tokio::time::timeout(drain, drained).await.is_err();
        }
        self.hub.stopped.cancel();
        tasks.shutdown().await;
        self.hub.config.log(Level::Info, format_args!("stopped"));
        tracing::debug!(addresses = ?self.addresses, "stopped");
    }
}
