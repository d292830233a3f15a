//! The English source of a module: includes, lines for one host only, and facts of this version.

use anyhow::{Result, bail};

use super::{Host, Name, statuses};

/// Every module with its source.
pub(super) const MODULES: [(Name, &str); 2] = [
    (Name { en: "OPI_TCP", ru: "OPI_TCP" }, include_str!("../templates/OPI_TCP.bsl")),
    (
        Name { en: "HTTPConnector", ru: "КоннекторHTTP" },
        include_str!("../templates/HTTPConnector.bsl"),
    ),
];

/// What `//@ include` can name.
const PARTS: [(&str, &str); 2] = [
    ("addin", include_str!("../templates/addin.bsl")),
    ("data", include_str!("../templates/data.bsl")),
];

/// The source for one host, without directives.
///
/// A directive is a line of its own: `//@ include PART`, `//@ only HOST` up to `//@ end`, and
/// `//@ statuses`, the table of HTTP statuses.
pub(super) fn expand(template: &str, host: Host) -> Result<String> {
    let mut expanded = String::new();
    let mut only: Option<Host> = None;
    for line in template.lines() {
        let Some(directive) = line.trim().strip_prefix("//@ ") else {
            if only.is_none_or(|it| it == host) {
                expanded.push_str(&facts(line));
                expanded.push('\n');
            }
            continue;
        };
        match (directive.split_once(' '), only) {
            (Some(("only", name)), None) => only = Some(named(name)?),
            (None, Some(_)) if directive == "end" => only = None,
            (None, None) if directive == "statuses" => expanded.push_str(&statuses::table()?),
            (Some(("include", name)), None) => expanded.push_str(&expand(part(name)?, host)?),
            _ => bail!("the directive {directive:?} cannot stand there"),
        }
    }
    match only {
        None => Ok(expanded),
        Some(host) => bail!("the lines for {host:?} have no end"),
    }
}

fn named(host: &str) -> Result<Host> {
    match host {
        "1c" => Ok(Host::Enterprise),
        "onescript" => Ok(Host::OneScript),
        other => bail!("there is no host {other:?}"),
    }
}

fn part(name: &str) -> Result<&'static str> {
    match PARTS.iter().find(|(part, _)| *part == name) {
        Some((_, text)) => Ok(text),
        None => bail!("there is no part {name:?}"),
    }
}

fn facts(line: &str) -> String {
    let version = VERSION.replace(['.', '-', '+'], "_");
    line.replace("{{version}}", &version)
}

/// All packages of the workspace have one version.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_for_one_host_are_for_it_only() {
        let template = "a\n//@ only 1c\nb\n//@ end\n//@ only onescript\nc\n//@ end\nd\n";
        assert_eq!(expand(template, Host::Enterprise).unwrap(), "a\nb\nd\n");
        assert_eq!(expand(template, Host::OneScript).unwrap(), "a\nc\nd\n");
    }

    #[test]
    fn a_wrong_directive_is_refused() {
        for wrong in ["//@ end", "//@ only 1c", "//@ only 2c\n//@ end", "//@ include x", "//@ what"]
        {
            assert!(expand(wrong, Host::Enterprise).is_err(), "{wrong}");
        }
    }
}
