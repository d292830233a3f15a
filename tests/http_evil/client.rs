//! The client of one case: a session on a runtime of its own, so that what it leaves there can be
//! counted, and on a thread of its own, so that not even a client that spins holds its judge.

use std::sync::Arc;
use std::time::Duration;

use harness::{LogCapture, told};
use opi_http_connector::{Error, Request, Response, Session, SessionConfig};
use opi_net::Deadline;
use tokio::runtime::{Builder, Runtime};
use tokio::task::{spawn_blocking, yield_now};

/// A secret that stands in every request and must stand nowhere else.
pub(crate) const CANARY: &str = "hunter2-canary";

/// So many times its limit a request may last. A limit that holds is met at once; the rest is for
/// a machine that has other things to do.
const MARGIN: u32 = 4;

/// A session and what there is to watch around it.
pub(crate) struct Client(Arc<Watched>);

struct Watched {
    log: LogCapture,
    /// Never absent before the drop.
    runtime: Option<Runtime>,
    session: Session,
}

impl Client {
    pub(crate) fn new(config: SessionConfig) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let (log, runtime) = (LogCapture::new(), Some(runtime));
        Self(Arc::new(Watched { log, runtime, session: Session::new(config) }))
    }

    /// Sends `request`, which has to end within `limit`, whether well or not.
    pub(crate) async fn send(
        &self,
        request: Request,
        limit: Duration,
    ) -> Result<Result<Response, Error>, String> {
        let client = Arc::clone(&self.0);
        let sending = spawn_blocking(move || {
            let asking = async { client.session.send(request, &Deadline::after(limit)).await };
            client.log.within(|| client.runtime().block_on(asking))
        });
        let ended = tokio::time::timeout(limit * MARGIN, sending).await;
        let ended = ended.map_err(|_| format!("not over {MARGIN} times its limit {limit:?}"))?;
        ended.map_err(|cause| format!("the client broke: {}", told(&cause)))
    }

    /// Lets the runtime look at its sockets, as that of a program does between two requests.
    pub(crate) async fn turn(&self) {
        let client = Arc::clone(&self.0);
        let turning = spawn_blocking(move || client.runtime().block_on(yield_now()));
        turning.await.unwrap();
    }

    /// Ends the session; says so when something of it is left, or a secret was logged.
    pub(crate) fn end(self) -> Result<(), String> {
        let tasks = self.0.runtime().metrics().num_alive_tasks();
        match (tasks, self.0.log.text().contains(CANARY)) {
            (0, false) => Ok(()),
            (0, true) => Err("the log shows the canary".to_owned()),
            _ => Err(format!("{tasks} tasks are left")),
        }
    }
}

impl Watched {
    fn runtime(&self) -> &Runtime {
        self.runtime.as_ref().unwrap()
    }
}

impl Drop for Watched {
    /// Does not wait, as the runtime's own drop would, which is no place for it here.
    fn drop(&mut self) {
        self.runtime.take().unwrap().shutdown_background();
    }
}
