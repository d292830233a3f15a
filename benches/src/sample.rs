//! What one round of one entrant cost.

use std::time::Duration;

/// Something measured.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Metric {
    /// Calls of the system an operation makes.
    Calls,
    /// Processor time of an operation, in microseconds.
    Cpu,
    /// Memory of a connection, in KiB.
    Memory,
    /// The time that half of the operations took at most, in microseconds.
    P50,
    /// The time that 99 of 100 operations took at most, in microseconds.
    P99,
}

impl Metric {
    /// Every metric, in the order of the table.
    pub const ALL: [Self; 5] = [Self::Cpu, Self::P50, Self::P99, Self::Memory, Self::Calls];

    /// The name in the table and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Cpu => "cpu_us",
            Self::Memory => "kib",
            Self::P50 => "p50_us",
            Self::P99 => "p99_us",
        }
    }
}

/// What one round of one entrant cost; what was not measured is not there.
#[derive(Clone, Debug, Default)]
pub struct Sample(Vec<(Metric, f64)>);

impl Sample {
    /// The processor time of `operations`.
    #[must_use]
    pub fn cpu(spent: Duration, operations: usize) -> Self {
        Self::default().with(Metric::Cpu, micros(spent) / operations as f64)
    }

    /// Adds the percentiles of `times`.
    #[must_use]
    pub fn with_times(self, mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |share: f64| {
            let place = (times.len() as f64 * share) as usize;
            times.get(place.min(times.len().saturating_sub(1))).map_or(0.0, |time| micros(*time))
        };
        let (p50, p99) = (at(0.5), at(0.99));
        self.with(Metric::P50, p50).with(Metric::P99, p99)
    }

    /// Adds one value.
    #[must_use]
    pub fn with(mut self, metric: Metric, value: f64) -> Self {
        self.0.push((metric, value));
        self
    }

    /// The same of each of `count` parts.
    #[must_use]
    pub fn per(self, count: usize) -> Self {
        Self(self.0.into_iter().map(|(metric, value)| (metric, value / count as f64)).collect())
    }

    /// The value of `metric`, if it was measured.
    #[must_use]
    pub fn value(&self, metric: Metric) -> Option<f64> {
        self.0.iter().find(|(it, _)| *it == metric).map(|(_, value)| *value)
    }
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
