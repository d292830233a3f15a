//! The command `opi`: TCP and HTTP from a terminal or a script.
//!
//! A library only so that the error table can be generated from [`ErrorKind`]; programs take the
//! crate `opi`.
//!
//! Invariants: standard output carries results only; a secret is printed nowhere; every wait has
//! a limit; the exit code follows from the error's code by one table.
#![forbid(unsafe_code)]

mod answer;
mod args;
mod count;
mod envelope;
mod escapes;
mod exit;
mod failure;
mod file;
mod hex;
mod http;
mod identity;
mod interrupt;
mod language;
mod network;
mod output;
mod printer;
mod progress;
mod redact;
mod report;
mod run;
mod save;
mod seconds;
mod secret;
mod tcp;
mod usage;
mod way;

pub use failure::ErrorKind;
pub use run::run;
