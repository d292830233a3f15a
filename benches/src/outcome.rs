//! What a contest showed: medians, ratios, and which targets are met.

use std::fmt;

use serde_json::{Map, Value, json};

use crate::{Metric, Sample};

/// What a contest showed; `Display` is its table.
#[derive(Debug)]
pub struct Outcome {
    pub(crate) name: String,
    pub(crate) unit: String,
    pub(crate) entrants: Vec<(String, Vec<Sample>)>,
    pub(crate) targets: Vec<Target>,
}

/// What an entrant should reach.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) row: String,
    pub(crate) metric: Metric,
    pub(crate) entrant: String,
    pub(crate) versus: Versus,
    pub(crate) most: f64,
}

#[derive(Debug)]
pub(crate) enum Versus {
    Best(Vec<String>),
    Nobody,
}

impl Outcome {
    /// A line for each target: what was reached, and whether that is enough.
    #[must_use]
    pub fn verdicts(&self) -> Vec<String> {
        self.targets.iter().map(|target| self.verdict(target)).collect()
    }

    fn verdict(&self, target: &Target) -> String {
        let Target { row, metric, entrant, versus, most } = target;
        let reached = self.reached(target);
        let word = if reached <= *most { "met" } else { "MISSED" };
        let of = match versus {
            Versus::Best(peers) => format!("{entrant} / {}", peers.join(" | ")),
            Versus::Nobody => entrant.clone(),
        };
        format!(
            "row {row:<4} {:<34} {:<7} {reached:>8.2} (at most {most}) {word:<7} {of}",
            self.name,
            metric.name()
        )
    }

    /// The median of the rounds' ratios to the best peer, or of the rounds' values.
    fn reached(&self, target: &Target) -> f64 {
        match &target.versus {
            Versus::Best(peers) => peers
                .iter()
                .map(|peer| self.ratio(target.metric, &target.entrant, peer))
                .fold(0.0, f64::max),
            Versus::Nobody => self.median(target.metric, &target.entrant).unwrap_or(f64::NAN),
        }
    }

    fn samples(&self, entrant: &str) -> &[Sample] {
        self.entrants.iter().find(|(name, _)| name == entrant).map_or(&[], |(_, samples)| samples)
    }

    fn median(&self, metric: Metric, entrant: &str) -> Option<f64> {
        median(self.samples(entrant).iter().filter_map(|sample| sample.value(metric)).collect())
    }

    /// The median of the ratios within each round: what disturbs a round disturbs both.
    fn ratio(&self, metric: Metric, entrant: &str, peer: &str) -> f64 {
        let rounds = self.samples(entrant).iter().zip(self.samples(peer));
        let ratio = |(a, b): (&Sample, &Sample)| Some(a.value(metric)? / b.value(metric)?);
        median(rounds.filter_map(ratio).collect()).unwrap_or(f64::NAN)
    }

    /// Everything as a value.
    #[must_use]
    pub fn json(&self) -> Value {
        let entrants: Map<_, _> = self
            .entrants
            .iter()
            .map(|(name, _)| {
                let value = |metric: &Metric| Some((metric.name(), self.median(*metric, name)?));
                (name.clone(), Metric::ALL.iter().filter_map(value).collect())
            })
            .collect();
        let target = |it: &Target| {
            let reached = self.reached(it);
            json!({
                "row": it.row, "metric": it.metric.name(), "entrant": it.entrant,
                "reached": reached, "most": it.most, "met": reached <= it.most,
            })
        };
        let targets: Vec<_> = self.targets.iter().map(target).collect();
        json!({ "name": self.name, "unit": self.unit, "entrants": entrants, "targets": targets })
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} (cpu: {})", self.name, self.unit)?;
        let first = self.entrants.first().map_or("", |(name, _)| name);
        for (name, _) in &self.entrants {
            write!(f, "  {name:<30}")?;
            for metric in Metric::ALL {
                if let Some(value) = self.median(metric, name) {
                    let ratio = self.ratio(metric, name, first);
                    write!(f, " {:>7} {value:>10.2} ({ratio:>5.2})", metric.name())?;
                }
            }
            writeln!(f)?;
        }
        self.verdicts().iter().try_for_each(|verdict| writeln!(f, "  {verdict}"))
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
