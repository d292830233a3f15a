//! The HTTP statuses with Connector's keys for them in both languages.

use std::fmt::Write;

use anyhow::Result;
use opi::http::connector::{Status, statuses};

/// A line of BSL for each status.
pub(super) fn table() -> Result<String> {
    let mut lines = String::new();
    for Status { code, english, russian, reason, .. } in statuses() {
        let reason = reason.replace('"', "\"\"");
        writeln!(
            lines,
            "    AddStatus(Table, {code}, \"[[{english}||{russian}]]\", \"{reason}\");"
        )?;
    }
    Ok(lines)
}
