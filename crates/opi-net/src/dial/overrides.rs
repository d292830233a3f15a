//! What takes the place of the name servers' answers.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use crate::Target;

/// Addresses given for hosts, and other places given for targets; clones share them.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Overrides(Arc<Tables>);

#[derive(Clone, Debug, Default, Eq, PartialEq)]
struct Tables {
    addresses: Vec<Row>,
    places: Vec<(String, u16, Target)>,
}

/// The addresses of one host, on one port or on every port.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Row {
    host: String,
    port: Option<u16>,
    addresses: Vec<IpAddr>,
}

impl Overrides {
    pub(super) fn resolve(
        self,
        target: &Target,
        port: Option<u16>,
        addresses: Vec<IpAddr>,
    ) -> Self {
        let host = key(target);
        let mut tables = Arc::unwrap_or_clone(self.0);
        tables.addresses.retain(|row| (&row.host, row.port) != (&host, port));
        tables.addresses.push(Row { host, port, addresses });
        Self(Arc::new(tables))
    }

    pub(super) fn connect_to(self, target: &Target, other: Target) -> Self {
        let (host, port) = (key(target), target.port());
        let mut tables = Arc::unwrap_or_clone(self.0);
        tables.places.retain(|(name, at, _)| (name, *at) != (&host, port));
        tables.places.push((host, port, other));
        Self(Arc::new(tables))
    }

    /// Where to connect for `target`.
    pub(super) fn place<'a>(&'a self, target: &'a Target) -> &'a Target {
        if self.0.places.is_empty() {
            return target;
        }
        let host = key(target);
        let wanted = |row: &&(String, u16, Target)| row.0 == host && row.1 == target.port();
        self.0.places.iter().find(wanted).map_or(target, |(_, _, other)| other)
    }

    /// The addresses given for the host of `target`; those for its port go first.
    pub(super) fn addresses(&self, target: &Target) -> Option<Vec<SocketAddr>> {
        if self.0.addresses.is_empty() {
            return None;
        }
        let (host, port) = (key(target), target.port());
        let find = |at| self.0.addresses.iter().find(|row| row.port == at && row.host == host);
        let row = find(Some(port)).or_else(|| find(None))?;
        Some(row.addresses.iter().map(|ip| SocketAddr::new(*ip, port)).collect())
    }
}

/// Names are compared in ASCII, without case and without a final dot. One that has no such form
/// is compared as it was written.
fn key(target: &Target) -> String {
    let host = target.ascii_host().unwrap_or_else(|_| target.host().into());
    host.strip_suffix('.').unwrap_or(&host).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Target {
        text.parse().unwrap()
    }

    fn ips(list: &[&str]) -> Vec<IpAddr> {
        list.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[track_caller]
    fn check(overrides: &Overrides, target: &str, expected: Option<&[&str]>) {
        let expected: Option<Vec<SocketAddr>> =
            expected.map(|list| list.iter().map(|text| text.parse().unwrap()).collect());
        assert_eq!(overrides.addresses(&at(target)), expected, "{target}");
    }

    #[test]
    fn a_host_is_found_without_case_and_the_port_decides_first() {
        let overrides = Overrides::default()
            .resolve(&at("DB.test:1"), None, ips(&["10.0.0.1", "::1"]))
            .resolve(&at("db.test:5432"), Some(5432), ips(&["10.0.0.2"]));
        check(&overrides, "db.TEST:80", Some(&["10.0.0.1:80", "[::1]:80"]));
        check(&overrides, "db.test.:80", Some(&["10.0.0.1:80", "[::1]:80"]));
        check(&overrides, "db.test:5432", Some(&["10.0.0.2:5432"]));
        check(&overrides, "other.test:80", None);
        check(&overrides, "sub.db.test:80", None);
        #[cfg(feature = "idn")]
        check(&overrides, "ＤＢ。test:80", Some(&["10.0.0.1:80", "[::1]:80"]));
    }

    #[test]
    fn a_later_row_replaces_an_earlier_one() {
        let overrides = Overrides::default().resolve(&at("db.test:1"), None, ips(&["10.0.0.1"]));
        let copy = overrides.clone();
        let overrides = overrides.resolve(&at("Db.test:1"), None, ips(&[]));
        check(&overrides, "db.test:1", Some(&[]));
        check(&copy, "db.test:1", Some(&["10.0.0.1:1"]));
    }

    #[test]
    fn another_place_is_for_one_port_and_is_taken_once() {
        let overrides = Overrides::default()
            .connect_to(&at("a.test:1"), at("b.test:2"))
            .connect_to(&at("b.test:2"), at("c.test:3"));
        assert_eq!(overrides.place(&at("A.test:1")), &at("b.test:2"));
        assert_eq!(overrides.place(&at("a.test:2")), &at("a.test:2"));
    }
}
