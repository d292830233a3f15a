//! opi's HTTP client against hyper, reqwest, ureq, isahc, curl and Python's requests.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints and may end")]
#![forbid(unsafe_code)]

mod clients;
mod contests;
mod roles;
mod site;

use opi_benches::{Report, Role, Side, pin};

fn main() {
    // The peers' libraries take the process's provider; opi brings its own and looks at none.
    rustls::crypto::ring::default_provider().install_default().unwrap();
    if let Some(role) = Role::of_this_process() {
        return roles::play(&role);
    }
    pin(Side::Parent);
    let mut report = Report::from_arguments("http");
    contests::run(&mut report);
    report.finish(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/tmp"));
}
