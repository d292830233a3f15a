//! Contests: the same work by opi and by its peers, interleaved in one run, told as ratios.
//!
//! ```
//! use opi_benches::{Contest, Metric};
//!
//! let outcome = Contest::new("sum of 1000 numbers", "us a sum")
//!     .entrant("iterator", 1, || (0..1000_u64).sum::<u64>())
//!     .entrant("loop", 1, || {
//!         let mut total = 0;
//!         for number in 0..1000_u64 {
//!             total += number;
//!         }
//!         total
//!     })
//!     .target("none", Metric::Cpu, "iterator", &["loop"], 1e9)
//!     .run(5);
//! let told = outcome.to_string();
//! assert!(told.contains("iterator") && told.contains("met"), "{told}");
//! ```
//!
//! Time is the processor's (user and system), the figure that counts on a shared machine. Who is
//! not measured is in a process of its own: [`Child`] starts it, [`Clients`] load it.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench prints and may end")]
#![forbid(unsafe_code)]

mod child;
mod clients;
mod contest;
mod cpu;
mod outcome;
mod report;
mod sample;

pub use child::{Child, Role, Usage};
pub use clients::Clients;
pub use contest::Contest;
pub use cpu::{Side, pin};
pub use outcome::Outcome;
pub use report::Report;
pub use sample::{Metric, Sample};
