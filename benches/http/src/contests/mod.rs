//! The contests.

mod cold;
mod requests;
mod transfers;

use opi_benches::Report;

use crate::site::Servers;

pub(crate) fn run(report: &mut Report) {
    let servers = Servers::start();
    requests::run(report, &servers);
    cold::run(report, &servers);
    transfers::run(report, &servers);
}
