//! Which failures may pass by themselves.

use opi_net::ErrorKind as Net;
use opi_proxy::ErrorKind as Proxy;

use crate::ErrorKind;

/// Whether the same request may succeed later. What a program, a certificate or a login is to blame
/// for stays as it is.
pub(super) fn may_pass(kind: ErrorKind) -> bool {
    match kind {
        ErrorKind::Net(kind) => matches!(
            kind,
            Net::Closed
                | Net::Connect
                | Net::Io
                | Net::Refused
                | Net::Resolve
                | Net::Timeout
                | Net::Truncated
        ),
        ErrorKind::Proxy(kind) => matches!(kind, Proxy::Refused | Proxy::Target),
        ErrorKind::PoolFull => true,
        _ => false,
    }
}
