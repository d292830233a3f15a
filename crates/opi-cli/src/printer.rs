//! Prints lines on a thread of its own, so that a reader who stops reading stops nobody else.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use crate::failure::{ErrorKind, Failure};
use crate::output;

/// Standard output as a queue of lines, at most [`Self::MOST`] that wait.
#[derive(Debug)]
pub(crate) struct Printer {
    lines: mpsc::Sender<String>,
    queued: AtomicU64,
    dropped: AtomicU64,
    written: watch::Receiver<u64>,
    broken: Arc<OnceLock<io::Error>>,
}

impl Printer {
    /// The most lines that wait; what comes then is dropped and counted.
    pub(crate) const MOST: usize = 1024;

    /// Prints to standard output.
    ///
    /// # Errors
    ///
    /// The system has no thread left.
    pub(crate) fn start() -> Result<Self, Failure> {
        Self::over(output::result)
    }

    fn over(write: impl Fn(&[u8]) -> io::Result<()> + Send + 'static) -> Result<Self, Failure> {
        let (lines, mut queue) = mpsc::channel::<String>(Self::MOST);
        let (done, written) = watch::channel(0);
        let broken = Arc::new(OnceLock::new());
        let cause = Arc::clone(&broken);
        let printing = move || {
            while let Some(line) = queue.blocking_recv() {
                if let Err(error) = write(line.as_bytes()) {
                    // Nobody else sets it.
                    let _second = cause.set(error).is_err();
                    return;
                }
                done.send_modify(|count| *count += 1);
            }
        };
        let started = thread::Builder::new().name("opi-print".to_owned()).spawn(printing);
        started.map_err(|cause| output::unwritten(&cause))?;
        let (queued, dropped) = (AtomicU64::new(0), AtomicU64::new(0));
        Ok(Self { lines, queued, dropped, written, broken })
    }

    /// Queues `line`; it is dropped and counted when too many wait. `lost` is the line that tells
    /// how many were, and goes first once there is room.
    ///
    /// # Errors
    ///
    /// Standard output cannot be written to.
    pub(crate) fn put(&self, line: String, lost: impl Fn(u64) -> String) -> Result<(), Failure> {
        let dropped = self.dropped.swap(0, Ordering::Relaxed);
        if dropped > 0 && !self.queue(lost(dropped))? {
            self.dropped.fetch_add(dropped + 1, Ordering::Relaxed);
            return Ok(());
        }
        if !self.queue(line)? {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Prints `line` and waits until it is written: who reads decides how fast it goes.
    ///
    /// # Errors
    ///
    /// Standard output cannot be written to.
    pub(crate) async fn print(&self, line: String) -> Result<(), Failure> {
        self.lines.send(line).await.map_err(|_| self.failure())?;
        let number = self.queued.fetch_add(1, Ordering::Relaxed) + 1;
        let mut written = self.written.clone();
        written.wait_for(|count| *count >= number).await.map_err(|_| self.failure())?;
        Ok(())
    }

    /// Waits until standard output cannot be written to any more.
    pub(crate) async fn broken(&self) -> Failure {
        self.lines.closed().await;
        self.failure()
    }

    /// Waits until everything is written, as long as it goes on.
    ///
    /// # Errors
    ///
    /// Standard output cannot be written to, or took nothing for [`PATIENCE`].
    pub(crate) async fn finish(&self) -> Result<(), Failure> {
        let mut written = self.written.clone();
        while *written.borrow_and_update() < self.queued.load(Ordering::Relaxed) {
            match tokio::time::timeout(PATIENCE, written.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return Err(self.failure()),
                Err(_) => return Err(ErrorKind::OutputGone.into()),
            }
        }
        Ok(())
    }

    /// Whether there was room for `line`.
    fn queue(&self, line: String) -> Result<bool, Failure> {
        match self.lines.try_send(line) {
            Ok(()) => {
                self.queued.fetch_add(1, Ordering::Relaxed);
                Ok(true)
            }
            Err(mpsc::error::TrySendError::Full(_)) => Ok(false),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(self.failure()),
        }
    }

    fn failure(&self) -> Failure {
        self.broken.get().map_or_else(|| ErrorKind::OutputGone.into(), output::unwritten)
    }
}

/// How long the end of the command waits for a reader who takes nothing.
const PATIENCE: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use std::sync::mpsc as std_mpsc;

    use super::*;

    fn lost(count: u64) -> String {
        format!("lost {count}")
    }

    #[tokio::test]
    async fn a_reader_who_stops_loses_lines_which_are_counted() {
        let (hold, held) = std_mpsc::channel::<()>();
        let (tell, told) = std_mpsc::channel();
        let printer = Printer::over(move |line| {
            tell.send(String::from_utf8(line.to_vec()).unwrap()).unwrap();
            held.recv().unwrap();
            Ok(())
        })
        .unwrap();
        printer.put("first".to_owned(), lost).unwrap();
        assert_eq!(told.recv().unwrap(), "first");
        // One is being written; so many more wait, and the rest is dropped.
        for number in 0..Printer::MOST + 3 {
            printer.put(number.to_string(), lost).unwrap();
        }
        hold.send(()).unwrap();
        assert_eq!(told.recv().unwrap(), "0");
        printer.put("later".to_owned(), lost).unwrap();
        for _ in 0..Printer::MOST + 1 {
            hold.send(()).unwrap();
        }
        printer.finish().await.unwrap();
        let rest: Vec<_> = told.try_iter().collect();
        let last = (Printer::MOST - 1).to_string();
        assert_eq!(rest[rest.len() - 2..], [last, "lost 3".to_owned()]);
        printer.put("last".to_owned(), lost).unwrap();
        assert_eq!(told.recv().unwrap(), "lost 1");
    }

    #[tokio::test]
    async fn a_reader_who_has_gone_is_told_at_once_and_to_those_who_wait() {
        let printer = Printer::over(|_| Err(io::ErrorKind::BrokenPipe.into())).unwrap();
        let failure = printer.print("x".to_owned()).await.unwrap_err();
        assert_eq!(failure.code(), "cli_output_gone");
        assert_eq!(printer.broken().await.code(), "cli_output_gone");
        assert_eq!(printer.put("y".to_owned(), lost).unwrap_err().exit().code(), 141);
        let full = Printer::over(|_| Err(io::ErrorKind::StorageFull.into())).unwrap();
        assert_eq!(full.print("x".to_owned()).await.unwrap_err().code(), "cli_file");
    }

    #[tokio::test]
    async fn the_end_does_not_wait_for_a_reader_who_takes_nothing() {
        let (_hold, held) = std_mpsc::channel::<()>();
        let printer = Printer::over(move |_| {
            held.recv().unwrap_or(());
            Ok(())
        })
        .unwrap();
        printer.put("x".to_owned(), lost).unwrap();
        assert_eq!(printer.finish().await.unwrap_err().code(), "cli_output_gone");
    }
}
