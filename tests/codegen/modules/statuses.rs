//! The HTTP statuses that Connector knows, with its keys for them in both languages.

use std::fmt::Write;

use anyhow::{Context, Result, ensure};

/// A line of BSL for each status.
pub(super) fn table() -> Result<String> {
    let mut lines = String::new();
    for Status { code, en, ru, reason } in statuses()? {
        writeln!(lines, "    AddStatus(Table, {code}, \"[[{en}||{ru}]]\", \"{reason}\");")?;
    }
    Ok(lines)
}

struct Status<'row> {
    code: u16,
    en: &'row str,
    ru: &'row str,
    reason: &'row str,
}

fn statuses() -> Result<Vec<Status<'static>>> {
    let rows = include_str!("../templates/statuses.txt").lines();
    rows.filter(|row| !row.starts_with('#')).map(|row| status(row).context(row)).collect()
}

fn status(row: &str) -> Result<Status<'_>> {
    let mut cells = row.splitn(4, ' ');
    let mut cell = || cells.next().context("expected: code, two keys, reason");
    let (code, en, ru, reason) = (cell()?.parse()?, cell()?, cell()?, cell()?);
    for key in [en, ru] {
        ensure!(key.ends_with(&format!("_{code}")), "the key {key} does not end with its code");
    }
    Ok(Status { code, en, ru, reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_stand_in_order_and_once() {
        let codes: Vec<_> = statuses().unwrap().iter().map(|status| status.code).collect();
        assert!(codes.is_sorted_by(|one, next| one < next), "{codes:?}");
        assert_eq!(codes.len(), 72);
    }

    #[test]
    fn a_key_of_another_status_is_refused() {
        assert!(status("404 NotFound_404 НеНайдено_403 Not Found").is_err());
        assert!(status("404 NotFound_404 НеНайдено_404").is_err());
    }
}
