//! Which targets are reached without a proxy: lists in the form of `NO_PROXY`.

mod rule;

use std::fmt;

use opi_net::Target;

use rule::Rule;

/// A list of hosts that are reached without a proxy. Does no look-ups.
///
/// Its text is a list separated by commas or semicolons, of:
///
/// | entry | covers |
/// |---|---|
/// | `corp`, `.corp` | the host `corp` and every name that ends in `.corp` |
/// | `*.corp` | every name that ends in `.corp` |
/// | `10.0.0.1`, `::1`, `[::1]` | the address |
/// | `10.0.0.0/8`, `fd00::/8` | the addresses of the network |
/// | `corp:8080`, `10.0.0.1:80`, `[::1]:80` | the same, on this port only |
/// | `192.168.*`, `db*.corp` | hosts of this pattern, as written |
/// | `<local>` | names without a dot |
/// | `*` | everything |
///
/// Names are compared in their ASCII form, without case and without a final dot, and never with
/// addresses; the zone of an IPv6 address has no part in it, and an IPv4 address within IPv6 is
/// that IPv4 address. An entry that is none of these covers nothing: see [`Self::unknown`].
///
/// ```
/// use opi_proxy::Bypass;
///
/// let bypass = Bypass::new("localhost, .corp, 10.0.0.0/8");
/// assert!(bypass.covers(&"db.corp:5432".parse()?));
/// assert!(!bypass.covers(&"corp.example:5432".parse()?));
/// # Ok::<(), opi_net::ParseTargetError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Bypass {
    text: String,
    rules: Vec<Rule>,
    unknown: Vec<String>,
}

impl Bypass {
    /// Reads a list; an empty one covers nothing.
    #[must_use]
    pub fn new(list: &str) -> Self {
        let mut bypass = Self { text: list.to_owned(), ..Self::default() };
        let entries = list.split([',', ';']).map(str::trim);
        for entry in entries.filter(|entry| !entry.is_empty()) {
            match Rule::read(entry) {
                Some(rule) => bypass.rules.push(rule),
                None => bypass.unknown.push(entry.to_owned()),
            }
        }
        bypass
    }

    /// Whether `target` is reached without a proxy.
    #[must_use]
    pub fn covers(&self, target: &Target) -> bool {
        if self.rules.is_empty() {
            return false;
        }
        // A host that the rules of names forbid is nobody's.
        let Some(host) = rule::Host::of(target) else { return false };
        self.rules.iter().any(|rule| rule.covers(&host, target.port()))
    }

    /// The entries that are no rule and cover nothing, for a warning.
    #[must_use]
    pub fn unknown(&self) -> &[String] {
        &self.unknown
    }
}

impl From<&str> for Bypass {
    fn from(list: &str) -> Self {
        Self::new(list)
    }
}

/// As it was written.
impl fmt::Display for Bypass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests;
