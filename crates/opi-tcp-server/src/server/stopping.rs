//! The end of a server.

use std::future::pending;
use std::time::Duration;

use super::Server;
use crate::End;
use crate::log::Level;
use crate::race::first;

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
    /// New connections are refused, and calls that wait for something end, at once. A second stop
    /// beside the first waits with it, and ends what is left when its own time is over.
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
        let late = async {
            if !drain.is_zero() {
                tokio::time::sleep(drain).await;
            }
            // What is left ends, and is waited for.
            self.hub.stopped.cancel();
            pending().await
        };
        first(late, self.joined()).await;
        self.hub.stopped.cancel();
        self.hub.config.log(Level::Info, format_args!("stopped"));
        tracing::debug!(addresses = ?self.addresses, "stopped");
    }

    /// Waits until no task is left; dropped, it ends them.
    async fn joined(&self) {
        let mut kept = self.tasks.lock().await;
        let mut tasks = std::mem::take(&mut *kept);
        while tasks.join_next().await.is_some() {}
    }
}
