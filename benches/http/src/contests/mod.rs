//! The contests.

mod alone;
mod calls;
mod cold;
mod requests;
mod transfers;
mod values;

use opi_benches::Report;

use crate::site::Servers;

pub(crate) fn run(report: &mut Report) {
    let servers = Servers::start();
    requests::run(report, &servers);
    cold::run(report, &servers);
    transfers::run(report, &servers);
    values::run(report, &servers);
    calls::run(report, &servers);
    alone::run(report);
}
