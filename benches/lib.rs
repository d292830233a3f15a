//! A contest: the same work by opi and by its peers, interleaved in one run, told as ratios.
//!
//! ```
//! use opi_benches::Contest;
//!
//! let mut total = 0_u64;
//! let table = Contest::new("sum of 1000 numbers")
//!     .entrant("iterator", || (0..1000_u64).sum::<u64>())
//!     .entrant("loop", || {
//!         total = 0;
//!         for number in 0..1000 {
//!             total += number;
//!         }
//!         total
//!     })
//!     .run(5);
//! assert!(table.contains("iterator") && table.contains("1.00"), "{table}");
//! ```
//!
//! Time is the processor's (user and system), the figure that counts on a shared machine.
#![forbid(unsafe_code)]

use std::fmt::{self, Write};
use std::hint::black_box;
use std::time::Duration;

use cpu_time::ProcessTime;

/// Entrants that do the same work; the first is what the ratios are to.
pub struct Contest<'a> {
    name: &'a str,
    entrants: Vec<Entrant<'a>>,
}

struct Entrant<'a> {
    name: &'a str,
    work: Box<dyn FnMut() + 'a>,
    times: Vec<Duration>,
}

impl<'a> Contest<'a> {
    /// A contest that is told under `name`, in the form subject_size_variant.
    #[must_use]
    pub fn new(name: &'a str) -> Self {
        Self { name, entrants: Vec::new() }
    }

    /// Adds an entrant; what `work` returns is only kept from being optimized away.
    #[must_use]
    pub fn entrant<T>(mut self, name: &'a str, mut work: impl FnMut() -> T + 'a) -> Self {
        let work = Box::new(move || drop(black_box(work())));
        self.entrants.push(Entrant { name, work, times: Vec::new() });
        self
    }

    /// Lets the entrants take turns for `rounds`, after one to warm up, and tells the medians.
    #[must_use]
    pub fn run(mut self, rounds: usize) -> String {
        for round in 0..=rounds {
            for entrant in &mut self.entrants {
                let started = ProcessTime::now();
                (entrant.work)();
                if round > 0 {
                    entrant.times.push(started.elapsed());
                }
            }
        }
        self.table()
    }

    fn table(&mut self) -> String {
        let mut table = format!("{}\n", self.name);
        let first = self.entrants.first_mut().map_or(0.0, Entrant::median);
        for entrant in &mut self.entrants {
            let median = entrant.median();
            let ratio = median / first;
            // Writing to a text cannot fail.
            let _written = writeln!(
                table,
                "  {:<28} {:>12.1} us of CPU {ratio:>7.2}",
                entrant.name,
                median * 1e6
            )
            .is_ok();
        }
        table
    }
}

impl Entrant<'_> {
    fn median(&mut self) -> f64 {
        self.times.sort_unstable();
        self.times.get(self.times.len() / 2).map_or(0.0, Duration::as_secs_f64)
    }
}

impl fmt::Debug for Contest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contest").field("name", &self.name).finish_non_exhaustive()
    }
}
