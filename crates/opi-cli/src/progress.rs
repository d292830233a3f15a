//! A line on the terminal that tells how far a transfer is.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use crate::output;

/// Tells how far a transfer is, until it is dropped; tells nothing where nobody looks.
#[derive(Debug)]
pub(crate) struct Progress {
    started: Instant,
    told: bool,
}

impl Progress {
    /// Progress that begins now.
    pub(crate) fn new() -> Self {
        Self { started: Instant::now(), told: false }
    }

    /// Tells again and again what `done` says, how many bytes of how many if that is known, and never
    /// ends; with `quiet`, or when standard error is no terminal, it only never ends.
    pub(crate) async fn tell(
        mut self,
        done: impl Fn() -> (u64, Option<u64>),
        quiet: bool,
    ) -> std::convert::Infallible {
        if quiet || !io::stderr().is_terminal() {
            return std::future::pending().await;
        }
        loop {
            tokio::time::sleep(PAUSE).await;
            let (done, total) = done();
            output::status(&line(done, total, self.started.elapsed()));
            self.told = true;
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.told {
            output::status("");
        }
    }
}

/// What is told: how much, of how much, how fast.
fn line(done: u64, total: Option<u64>, elapsed: Duration) -> String {
    let rate = (done as f64 / elapsed.as_secs_f64().max(0.001)) as u64;
    let of = match total {
        Some(total) if total > 0 => {
            format!(" of {} ({}%)", size(total), done.min(total).saturating_mul(100) / total)
        }
        _ => String::new(),
    };
    format!("{}{of}, {}/s", size(done), size(rate))
}

/// A number of bytes as people read it.
fn size(bytes: u64) -> String {
    let units = ["KiB", "MiB", "GiB", "TiB"];
    let mut size = bytes as f64;
    let mut unit = "bytes";
    for larger in units {
        if size < 1024.0 {
            break;
        }
        (size, unit) = (size / 1024.0, larger);
    }
    if unit == "bytes" { format!("{bytes} bytes") } else { format!("{size:.1} {unit}") }
}

/// How often it is told.
const PAUSE: Duration = Duration::from_millis(200);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_how_much_of_how_much_and_how_fast() {
        let check = |done, total, expected: &str| {
            assert_eq!(line(done, total, Duration::from_secs(2)), expected);
        };
        check(0, None, "0 bytes, 0 bytes/s");
        check(3 << 20, Some(6 << 20), "3.0 MiB of 6.0 MiB (50%), 1.5 MiB/s");
        check(1000, Some(0), "1000 bytes, 500 bytes/s");
        check(5 << 40, Some(4 << 40), "5.0 TiB of 4.0 TiB (100%), 2.5 TiB/s");
        check(1536, None, "1.5 KiB, 768 bytes/s");
    }
}
