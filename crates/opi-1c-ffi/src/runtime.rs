//! Where futures run: on the calling thread for clients, on a few shared threads for servers.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use opi::net::blocking::run_on;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::abi;
use crate::fault::Fault;
use crate::guard;

/// The runtime of one client object: it has no thread, whoever calls drives it.
///
/// Made on first use. Several threads may be in [`Self::run`] at once.
#[derive(Debug, Default)]
pub(crate) struct OwnRuntime(Mutex<Option<Arc<Owned>>>);

impl OwnRuntime {
    /// Runs `future` on the calling thread; `future` itself knows when to end.
    pub(crate) fn run<T>(
        &self,
        future: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        let owned = {
            let mut slot = lock(&self.0);
            match &*slot {
                Some(owned) => Arc::clone(owned),
                None => {
                    let owned = Owned::new(Builder::new_current_thread(), BRIEF)?;
                    Arc::clone(slot.insert(Arc::new(owned)))
                }
            }
        };
        match &owned.runtime {
            // The future is pinned where it is: a large one is not moved on its way.
            Some(runtime) => run_on(runtime, pin!(future))?,
            None => Err(opi::net::Error::new(opi::net::ErrorKind::InsideRuntime).into()),
        }
    }

    /// Ends the runtime; a name look-up that hangs in the system is left behind.
    pub(crate) fn close(&self) {
        let owned = lock(&self.0).take();
        drop(owned);
    }
}

/// The runtime of all server objects: two threads that live as long as an object uses them.
#[derive(Clone, Debug)]
pub(crate) struct SharedRuntime(Arc<Owned>);

impl SharedRuntime {
    /// Joins the runtime, which the first to do so starts.
    pub(crate) fn join() -> Result<Self, Fault> {
        static SHARED: Mutex<Weak<Owned>> = Mutex::new(Weak::new());
        let mut shared = lock(&SHARED);
        if let Some(running) = shared.upgrade() {
            return Ok(Self(running));
        }
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(WORKERS).thread_name("opi");
        let started = Arc::new(Owned::new(builder, PATIENCE)?);
        *shared = Arc::downgrade(&started);
        Ok(Self(started))
    }

    /// Runs `future` on the calling thread, and what it starts on the shared ones.
    pub(crate) fn run<T>(
        &self,
        future: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        self.0.run(future)
    }
}

/// A runtime that counts its threads, so that the library stays in memory while one is stuck.
#[derive(Debug)]
struct Owned {
    runtime: Option<Runtime>,
    threads: Arc<AtomicUsize>,
    /// How long its end waits for its threads.
    patience: Duration,
}

impl Owned {
    fn new(mut builder: Builder, patience: Duration) -> Result<Self, Fault> {
        let threads = Arc::new(AtomicUsize::new(0));
        let (started, stopped) = (Arc::clone(&threads), Arc::clone(&threads));
        builder
            .enable_all()
            .on_thread_start(move || {
                guard::silence_thread();
                started.fetch_add(1, Ordering::SeqCst);
            })
            .on_thread_stop(move || {
                stopped.fetch_sub(1, Ordering::SeqCst);
            });
        let runtime = builder.build().map_err(|cause| failed(&cause))?;
        Ok(Self { runtime: Some(runtime), threads, patience })
    }

    fn run<T>(&self, future: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        match (&self.runtime, Handle::try_current()) {
            (Some(runtime), Err(_)) => runtime.block_on(future),
            _ => Err(opi::net::Error::new(opi::net::ErrorKind::InsideRuntime).into()),
        }
    }
}

impl Drop for Owned {
    /// Joins the threads, but not for longer than is polite; a stuck one pins the library.
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        if Handle::try_current().is_ok() {
            // Inside a runtime nothing may be waited for.
            runtime.shutdown_background();
            pin();
            return;
        }
        let begun = Instant::now();
        runtime.shutdown_timeout(self.patience);
        if self.threads.load(Ordering::SeqCst) > 0 || begun.elapsed() >= self.patience {
            pin();
        }
    }
}

fn pin() {
    if !abi::pin_module() {
        tracing::error!("the library could not be kept in memory");
    }
}

fn failed(cause: &io::Error) -> Fault {
    opi::net::Error::new(opi::net::ErrorKind::Io).because(cause.to_string()).into()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

const WORKERS: usize = 2;
/// What the threads of servers get: each ends as soon as it is told to.
const PATIENCE: Duration = Duration::from_secs(2);
/// What a client's look-up of a name gets: it cannot be told anything, and it may take long.
const BRIEF: Duration = Duration::from_millis(200);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_threads_drive_one_runtime() {
        let runtime = OwnRuntime::default();
        std::thread::scope(|scope| {
            for number in 0..4 {
                let runtime = &runtime;
                scope.spawn(move || {
                    assert_eq!(runtime.run(async { Ok(number) }).unwrap(), number);
                });
            }
        });
    }

    #[test]
    fn a_call_inside_a_runtime_is_refused() {
        let (outer, inner) = (OwnRuntime::default(), OwnRuntime::default());
        let fault = outer.run(async { inner.run(async { Ok(()) }) }).unwrap_err();
        assert_eq!(fault.code(), "inside_runtime");
    }

    #[test]
    fn a_stuck_look_up_does_not_hold_the_end_of_its_client() {
        let (release, stuck) = std::sync::mpsc::channel::<()>();
        let runtime = OwnRuntime::default();
        let looking_up = async {
            drop(tokio::task::spawn_blocking(move || stuck.recv().is_ok()));
            Ok(())
        };
        runtime.run(looking_up).unwrap();
        let begun = Instant::now();
        runtime.close();
        assert!(begun.elapsed() < Duration::from_secs(1));
        release.send(()).unwrap();
    }

    #[test]
    fn servers_share_their_threads_and_the_last_one_ends_them() {
        let (one, other) = (SharedRuntime::join().unwrap(), SharedRuntime::join().unwrap());
        assert!(Arc::ptr_eq(&one.0, &other.0));
        let threads = Arc::clone(&one.0.threads);
        one.run(async { Ok(()) }).unwrap();
        drop((one, other));
        assert_eq!(threads.load(Ordering::SeqCst), 0);
    }
}
