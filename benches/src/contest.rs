//! The entrants of a contest take turns.

use std::hint::black_box;
use std::{env, fmt};

use cpu_time::ProcessTime;

use crate::outcome::{Target, Versus};
use crate::{Metric, Outcome, Sample};

/// Entrants that do the same work; the first is what the ratios are to.
pub struct Contest<'a> {
    name: String,
    unit: &'a str,
    entrants: Vec<Entrant<'a>>,
    targets: Vec<Target>,
}

struct Entrant<'a> {
    name: &'a str,
    work: Box<dyn FnMut() -> Sample + 'a>,
    samples: Vec<Sample>,
}

impl<'a> Contest<'a> {
    /// A contest that is told under `name`, in the form subject_size_variant; `unit` says what the
    /// processor's time is of.
    #[must_use]
    pub fn new(name: &str, unit: &'a str) -> Self {
        Self { name: name.to_owned(), unit, entrants: Vec::new(), targets: Vec::new() }
    }

    /// Adds an entrant that does `operations` in this process; what `work` returns is only kept
    /// from being optimized away.
    #[must_use]
    pub fn entrant<T>(
        self,
        name: &'a str,
        operations: usize,
        mut work: impl FnMut() -> T + 'a,
    ) -> Self {
        self.measured(name, move || {
            let started = ProcessTime::now();
            drop(black_box(work()));
            Sample::cpu(started.elapsed(), operations)
        })
    }

    /// Adds an entrant that measures itself.
    #[must_use]
    pub fn measured(mut self, name: &'a str, work: impl FnMut() -> Sample + 'a) -> Self {
        self.entrants.push(Entrant { name, work: Box::new(work), samples: Vec::new() });
        self
    }

    /// Says that `metric` of `entrant` should be `most` times that of the best of `peers`, at most.
    #[must_use]
    pub fn target(
        self,
        row: &str,
        metric: Metric,
        entrant: &str,
        peers: &[&str],
        most: f64,
    ) -> Self {
        let peers = peers.iter().map(|peer| (*peer).to_owned()).collect();
        self.aim(row, metric, entrant, Versus::Best(peers), most)
    }

    /// Says that `metric` of `entrant` should be `most`, at most.
    #[must_use]
    pub fn limit(self, row: &str, metric: Metric, entrant: &str, most: f64) -> Self {
        self.aim(row, metric, entrant, Versus::Nobody, most)
    }

    fn aim(mut self, row: &str, metric: Metric, entrant: &str, versus: Versus, most: f64) -> Self {
        let (row, entrant) = (row.to_owned(), entrant.to_owned());
        self.targets.push(Target { row, metric, entrant, versus, most });
        self
    }

    /// Lets the entrants take turns for `rounds`, after one to warm up; with `--only=WORD` those
    /// whose names contain the word, for a profile.
    #[must_use]
    pub fn run(mut self, rounds: usize) -> Outcome {
        if let Some(only) = env::args().find_map(|it| it.strip_prefix("--only=").map(String::from))
        {
            self.entrants.retain(|it| it.name.contains(&only));
            self.targets.clear();
        }
        for round in 0..=rounds {
            for entrant in &mut self.entrants {
                let sample = (entrant.work)();
                if round > 0 {
                    entrant.samples.push(sample);
                }
            }
        }
        let entrants = self.entrants.into_iter().map(|it| (it.name.to_owned(), it.samples));
        Outcome {
            name: self.name,
            unit: self.unit.to_owned(),
            entrants: entrants.collect(),
            targets: self.targets,
        }
    }
}

impl fmt::Debug for Contest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contest").field("name", &self.name).finish_non_exhaustive()
    }
}
