//! What this process holds of its system, where the system tells: memory and descriptors.

use std::fs;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::Builder;

/// Runs `work` while no other test of this process runs any: who measures is alone then.
pub(crate) fn alone<T>(work: impl Future<Output = T>) -> T {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let output = runtime.block_on(work);
    // A client that never ends must not keep its test from saying so.
    runtime.shutdown_timeout(Duration::from_secs(20));
    output
}

/// What was held at one moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measures {
    descriptors: usize,
    /// Resident, in bytes.
    memory: u64,
}

impl Measures {
    /// What is held now, from where the peak of memory counts anew. Nothing where the system is
    /// not Linux, which the test's output says.
    #[expect(clippy::print_stderr, reason = "a test that leaves something out has to say so")]
    pub(crate) fn begin() -> Option<Self> {
        if cfg!(not(target_os = "linux")) {
            eprintln!("neither memory nor descriptors are measured on this system");
            return None;
        }
        fs::write("/proc/self/clear_refs", "5").unwrap();
        Some(Self { descriptors: descriptors(), memory: status("VmRSS:") })
    }

    /// Says what is left, or was too much on the way.
    pub(crate) fn end(self, most: u64) -> Result<(), String> {
        let (peak, left) = (status("VmHWM:").saturating_sub(self.memory), descriptors());
        if peak > most {
            return Err(format!("memory grew by {peak} bytes, more than {most}"));
        }
        match left == self.descriptors {
            true => Ok(()),
            false => Err(format!("of {} descriptors there are {left}", self.descriptors)),
        }
    }
}

/// A line of `/proc/self/status` in bytes.
fn status(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}

fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}
