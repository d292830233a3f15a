//! What a bench was asked for, and where its results go.

use std::path::Path;
use std::{env, fs};

use serde_json::{Value, json};

use crate::Outcome;

/// Prints each outcome at once, and at the end the targets and a file of JSON.
///
/// `--quick` makes fewer rounds; words that are not options choose the contests whose names
/// contain one of them.
#[derive(Debug)]
pub struct Report {
    bench: &'static str,
    quick: bool,
    wanted: Vec<String>,
    verdicts: Vec<String>,
    outcomes: Vec<Value>,
}

impl Report {
    /// The report of `bench`, by the arguments of this process.
    #[must_use]
    pub fn from_arguments(bench: &'static str) -> Self {
        let arguments: Vec<_> = env::args().skip(1).collect();
        let wanted = arguments.iter().filter(|it| !it.starts_with("--")).cloned().collect();
        let quick = arguments.iter().any(|it| it == "--quick");
        Self { bench, quick, wanted, verdicts: Vec::new(), outcomes: Vec::new() }
    }

    /// `full`, or a part of it when time is short.
    #[must_use]
    pub fn rounds(&self, full: usize) -> usize {
        if self.quick { full.div_ceil(3) } else { full }
    }

    /// `full`, or a tenth of it when time is short.
    #[must_use]
    pub fn size(&self, full: usize) -> usize {
        if self.quick { full.div_ceil(10) } else { full }
    }

    /// Whether contests of `subject` are wanted.
    #[must_use]
    pub fn wants(&self, subject: &str) -> bool {
        self.wanted.is_empty() || self.wanted.iter().any(|it| subject.contains(it.as_str()))
    }

    /// Prints and keeps an outcome.
    pub fn add(&mut self, outcome: &Outcome) {
        println!("{outcome}");
        self.verdicts.extend(outcome.verdicts());
        self.outcomes.push(outcome.json());
    }

    /// Prints the targets and writes `target/benches/<bench>.json`; `folder` is cargo's folder for
    /// the temporary files of benches.
    pub fn finish(self, folder: &str) {
        println!("{}", self.verdicts.join("\n"));
        let target = Path::new(folder).parent().unwrap();
        let file = target.join("benches").join(format!("{}.json", self.bench));
        fs::create_dir_all(target.join("benches")).unwrap();
        let all = json!({ "bench": self.bench, "quick": self.quick, "contests": self.outcomes });
        fs::write(&file, format!("{all:#}\n")).unwrap();
        println!("written: {}", file.display());
    }
}
