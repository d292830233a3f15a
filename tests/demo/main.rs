//! The demo: the headline programs through the crates, the command and the add-in, on servers of its own.
//!
//! `cargo xtask demo` starts it; `OPI_CLI` and `OPI_ADDIN` name the command and the add-in.
#![expect(clippy::expect_used, reason = "test code: a failure here must fail the demo")]
#![forbid(unsafe_code)]

mod addin;
mod command;
mod crates;
mod job;
mod stage;

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Instant;

use harness::Background;

use crate::job::{JOBS, Job};
use crate::stage::Stage;

fn main() -> ExitCode {
    let stage = Background::start(Stage::start);
    let mut out = io::stdout().lock();
    match perform(&stage, &mut out) {
        Ok(0) => {
            // The servers are strict: what opi sent wrongly to them ends the demo here.
            stage.finish(Stage::finish);
            ExitCode::SUCCESS
        }
        Ok(_) | Err(_) => ExitCode::FAILURE,
    }
}

/// Runs every job in every way and writes the table; returns the number of wrong rows.
fn perform(stage: &Stage, out: &mut impl Write) -> io::Result<usize> {
    writeln!(out, "{:<36} {:<8} {:>7}  answer", "what", "through", "ms")?;
    let mut wrong = 0;
    for (job, way) in JOBS.iter().flat_map(|job| WAYS.iter().map(move |way| (job, way))) {
        let started = Instant::now();
        let answer = way.run(job, stage);
        let millis = started.elapsed().as_secs_f64() * 1000.0;
        let shown = match &answer {
            Ok(answer) if *answer == job.expected => answer.clone(),
            Ok(answer) => format!("WRONG: {answer:?} instead of {:?}", job.expected),
            Err(error) => format!("FAILED: {error:#}"),
        };
        wrong += usize::from(!answer.is_ok_and(|answer| answer == job.expected));
        let shown = shown.trim_end();
        writeln!(out, "{:<36} {:<8} {millis:>7.1}  {shown}", job.name, way.name)?;
    }
    let rows = JOBS.len() * WAYS.len();
    writeln!(out, "{} rows, {wrong} wrong", rows)?;
    Ok(wrong)
}

/// A way to opi.
struct Way {
    name: &'static str,
    run: fn(&Job, &Stage) -> anyhow::Result<String>,
}

impl Way {
    fn run(&self, job: &Job, stage: &Stage) -> anyhow::Result<String> {
        (self.run)(job, stage)
    }
}

const WAYS: &[Way] = &[
    Way { name: "crates", run: crates::run },
    Way { name: "command", run: command::run },
    Way { name: "add-in", run: addin::run },
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Every row of the demo, one test for each way.
    #[track_caller]
    fn check(way: &str) {
        let stage = Background::start(Stage::start);
        let way = WAYS.iter().find(|it| it.name == way).unwrap();
        for job in JOBS {
            let answer = way.run(job, &stage);
            assert_eq!(answer.unwrap(), job.expected, "{} through {}", job.name, way.name);
        }
        stage.finish(Stage::finish);
    }

    #[test]
    fn every_row_is_right_through_the_crates() {
        check("crates");
    }

    #[test]
    fn every_row_is_right_through_the_command() {
        check("command");
    }

    #[test]
    fn every_row_is_right_through_the_addin() {
        check("add-in");
    }

    #[test]
    fn a_wrong_row_is_counted_and_told() {
        let stage = Background::start(Stage::start);
        stage.forget_names();
        let mut out = Vec::new();
        let wrong = perform(&stage, &mut out).unwrap();
        let table = String::from_utf8(out).unwrap();
        assert!(wrong > 0 && table.contains("FAILED: "), "{table}");
        assert!(table.ends_with(&format!(" rows, {wrong} wrong\n")), "{table}");
    }
}
