//! The errors of dialing: what each address answered, in one line.

use std::fmt::Write;
use std::io;
use std::net::SocketAddr;

use super::Family;
use super::attempt::Failure;
use super::race::Tried;
use crate::{Error, ErrorKind, Phase, Target};

/// The error of a race that nobody won.
pub(super) fn failed(target: &Target, local: Option<SocketAddr>, tried: &Tried<Failure>) -> Error {
    let kind = kind(tried);
    let error = Error::new(kind).in_phase(Phase::Connect).on(target);
    let error = match (kind, local) {
        (ErrorKind::LocalAddress, Some(local)) => error.detail(cannot_use(local)),
        _ => error,
    };
    error.because(list(tried))
}

/// The error of a race that `ended` before an address answered.
pub(super) fn ended(ended: Error, tried: &Tried<Failure>) -> Error {
    // A race that was cancelled before it began tried nothing.
    if tried.0.is_empty() { ended } else { ended.because(list(tried)) }
}

/// The error of a target none of whose addresses can be used; `ordered` are those of the family.
pub(super) fn unusable(
    target: &Target,
    family: Family,
    local: Option<SocketAddr>,
    ordered: &[SocketAddr],
) -> Error {
    match local {
        Some(local) if !ordered.is_empty() => {
            let error = Error::new(ErrorKind::LocalAddress).in_phase(Phase::Connect).on(target);
            error.detail(cannot_use(local)).because("every address is of the other family")
        }
        _ => {
            let error = Error::new(ErrorKind::Resolve).in_phase(Phase::Resolve).on(target);
            error.detail(format!("the name does not have {}", family.words()))
        }
    }
}

fn cannot_use(local: SocketAddr) -> String {
    format!("the local address {local} cannot be used")
}

/// What all answers have in common.
fn kind(tried: &Tried<Failure>) -> ErrorKind {
    let all = |is: fn(&Failure) -> bool| {
        !tried.0.is_empty() && tried.0.iter().all(|(_, failure)| failure.as_ref().is_some_and(is))
    };
    if all(is_refusal) {
        ErrorKind::Refused
    } else if all(|failure| matches!(failure, Failure::Bind(_))) {
        ErrorKind::LocalAddress
    } else if all(|failure| matches!(failure, Failure::Option(_))) {
        ErrorKind::Unsupported
    } else {
        ErrorKind::Connect
    }
}

fn is_refusal(failure: &Failure) -> bool {
    matches!(failure, Failure::Connect(cause) if cause.kind() == io::ErrorKind::ConnectionRefused)
}

/// The most addresses that are listed one by one.
const LISTED: usize = 8;

/// One line: each address and what became of it.
fn list(tried: &Tried<Failure>) -> String {
    let mut line = String::new();
    for (at, (to, failure)) in tried.0.iter().take(LISTED).enumerate() {
        let gap = if at == 0 { "" } else { "; " };
        // Text can always be written to.
        let _infallible = match failure {
            Some(failure) => write!(line, "{gap}{to}: {}", failure.cause()),
            None => write!(line, "{gap}{to}: no answer"),
        }
        .is_err();
    }
    match tried.0.len().saturating_sub(LISTED) {
        0 => line,
        more => format!("{line}; and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    fn refused() -> Option<Failure> {
        Some(Failure::Connect(io::ErrorKind::ConnectionRefused.into()))
    }

    fn tried(failures: impl IntoIterator<Item = Option<Failure>>) -> Tried<Failure> {
        let to = |at: usize| SocketAddr::from(([10, 0, 0, at as u8], 80));
        Tried(failures.into_iter().enumerate().map(|(at, failure)| (to(at), failure)).collect())
    }

    #[track_caller]
    fn check(failures: Vec<Option<Failure>>, expected: ErrorKind) {
        assert_eq!(kind(&tried(failures)), expected);
    }

    #[test]
    fn the_kind_is_what_all_answers_have_in_common() {
        let unreachable = || Some(Failure::Connect(io::ErrorKind::HostUnreachable.into()));
        let bind = || Some(Failure::Bind(io::ErrorKind::AddrNotAvailable.into()));
        let option = || Some(Failure::Option(io::ErrorKind::Unsupported.into()));
        check(vec![refused(), refused()], ErrorKind::Refused);
        check(vec![refused(), unreachable()], ErrorKind::Connect);
        check(vec![bind(), bind()], ErrorKind::LocalAddress);
        check(vec![bind(), refused()], ErrorKind::Connect);
        check(vec![option()], ErrorKind::Unsupported);
        check(vec![], ErrorKind::Connect);
    }

    #[test]
    fn every_address_is_named_in_one_bounded_line() {
        let target = Target::new("db.test", 80).unwrap();
        let error = failed(&target, None, &tried([refused(), None]));
        let cause = error.source().unwrap().to_string();
        assert_eq!(cause, "10.0.0.0:80: connection refused; 10.0.0.1:80: no answer");
        let many = |count| list(&tried(std::iter::repeat_with(refused).take(count)));
        assert!(many(LISTED).ends_with("10.0.0.7:80: connection refused"));
        assert!(many(LISTED + 1).ends_with("10.0.0.7:80: connection refused; and 1 more"));
    }
}
