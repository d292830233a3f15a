//! A list of steps: each shows its command line, all of them run, the end is a table and the names of what failed.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use crate::repository::show;

/// Runs steps one after another and remembers how each ended.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<Done>,
}

struct Done {
    name: String,
    took: Duration,
    ending: Ending,
}

enum Ending {
    Failed(String),
    Passed,
    Skipped(String),
}

impl Steps {
    /// Runs `body`; a failure is shown at once and kept for the end.
    pub(crate) fn run(&mut self, name: &str, body: impl FnOnce() -> Result<()>) {
        println!("\n=== {name}");
        let begun = Instant::now();
        let ending = match body() {
            Ok(()) => Ending::Passed,
            Err(error) => Ending::Failed(format!("{error:#}")),
        };
        if let Ending::Failed(why) = &ending {
            println!("{name} failed: {why}");
        }
        self.done.push(Done { name: name.to_owned(), took: begun.elapsed(), ending });
    }

    /// Notes that a step was not run, and why.
    pub(crate) fn skip(&mut self, name: &str, why: &str) {
        println!("\n=== {name}\nnot run: {why}");
        let ending = Ending::Skipped(why.to_owned());
        self.done.push(Done { name: name.to_owned(), took: Duration::ZERO, ending });
    }

    /// Prints the table; fails with the names of the failed steps.
    pub(crate) fn finish(self) -> Result<()> {
        println!("\n{}", self.table());
        let failed = self.named(|ending| matches!(ending, Ending::Failed(_)));
        let skipped = self.named(|ending| matches!(ending, Ending::Skipped(_)));
        let passed = self.done.len() - failed.len() - skipped.len();
        println!("\nsteps: {passed} passed, {} failed, {} not run", failed.len(), skipped.len());
        if !failed.is_empty() {
            bail!("failed: {}", failed.join(", "));
        }
        Ok(())
    }

    fn named(&self, wanted: impl Fn(&Ending) -> bool) -> Vec<&str> {
        let found = self.done.iter().filter(|done| wanted(&done.ending));
        found.map(|done| done.name.as_str()).collect()
    }

    fn table(&self) -> String {
        let mut lines = vec![format!("{:<24}{:>9}  result", "step", "seconds")];
        for Done { name, took, ending } in &self.done {
            let ending = match ending {
                Ending::Failed(why) => {
                    format!("FAILED: {}", why.lines().next().unwrap_or_default())
                }
                Ending::Passed => "ok".to_owned(),
                Ending::Skipped(why) => format!("not run: {why}"),
            };
            lines.push(format!("{name:<24}{:>9.1}  {ending}", took.as_secs_f64()));
        }
        lines.join("\n")
    }
}

/// Runs a command after showing it, its output going where ours goes.
pub(crate) fn execute(command: &mut Command) -> Result<()> {
    let shown = show(command);
    println!("$ {shown}");
    let status = command.status().with_context(|| format!("starting {shown}"))?;
    if !status.success() {
        bail!("{shown}: {status}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn a_failed_step_does_not_stop_the_next_and_fails_the_end() {
        let mut steps = Steps::default();
        steps.run("first", || Err(anyhow!("broken\nmore")));
        steps.run("second", || Ok(()));
        steps.skip("third", "no tool");
        let table = steps.table();
        for expected in ["FAILED: broken", "second", "ok", "not run: no tool"] {
            assert!(table.contains(expected), "{table}");
        }
        assert_eq!(steps.finish().unwrap_err().to_string(), "failed: first");
    }

    #[test]
    fn passed_and_skipped_steps_end_well() {
        let mut steps = Steps::default();
        steps.run("one", || Ok(()));
        steps.skip("two", "why not");
        steps.finish().unwrap();
    }
}
