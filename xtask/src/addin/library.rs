//! What a shared library exports and needs, read from the file itself.

use anyhow::Result;
use object::{Endianness, File, Object as _, read::elf::ElfFile64};

/// The facts about a library that a host depends on.
#[derive(Debug, Default)]
pub(super) struct Library {
    pub(super) exports: Vec<String>,
    /// The versions of the C library that imported functions ask for, oldest first.
    pub(super) glibc: Vec<String>,
    pub(super) needs: Vec<String>,
}

/// What 1C looks for; nothing else may be visible.
const EXPORTS: &[&str] = &[
    "DestroyObject",
    "GetAttachType",
    "GetClassNames",
    "GetClassObject",
    "SetPlatformCapabilities",
];

/// Libraries that every Linux with the GNU C library has, by the beginning of their names.
const FAMILY_OF_LIBC: &[&str] =
    &["ld-linux", "libc.so", "libdl.so", "libgcc_s.so", "libm.so", "libpthread.so", "librt.so"];

impl Library {
    pub(super) fn read(bytes: &[u8]) -> Result<Self> {
        let file = File::parse(bytes)?;
        let mut exports = Vec::new();
        for export in file.exports()? {
            exports.push(name(export?.name().name().unwrap_or(b"(ordinal)"), &file));
        }
        exports.sort();
        let mut needs = Vec::new();
        for library in file.import_libraries()? {
            needs.push(String::from_utf8_lossy(library?.name()).into_owned());
        }
        let glibc = match &file {
            File::Elf64(elf) => glibc(elf)?,
            _ => Vec::new(),
        };
        Ok(Self { exports, glibc, needs })
    }

    pub(super) fn newest_glibc(&self) -> Option<&str> {
        self.glibc.last().map(String::as_str)
    }

    pub(super) fn complaints(&self) -> Vec<String> {
        let mut complaints = Vec::new();
        if self.exports != EXPORTS {
            complaints.push(format!("exports {:?} instead of {EXPORTS:?}", self.exports));
        }
        let foreign = self.needs.iter().filter(|name| name.contains(".so") && !is_of_libc(name));
        complaints
            .extend(foreign.map(|name| format!("needs {name}, which is not of libc's own family")));
        complaints
    }
}

fn is_of_libc(name: &str) -> bool {
    FAMILY_OF_LIBC.iter().any(|member| name.starts_with(member))
}

fn glibc(elf: &ElfFile64<'_, Endianness>) -> Result<Vec<String>> {
    let endian = elf.endian();
    let sections = elf.elf_section_table();
    let Some((mut files, link)) = sections.gnu_verneed(endian, elf.data())? else {
        return Ok(Vec::new());
    };
    let strings = sections.strings(endian, elf.data(), link)?;
    let mut versions = Vec::new();
    while let Some((_, mut needs)) = files.next()? {
        while let Some(need) = needs.next()? {
            let name = need.name(endian, strings)?;
            versions.extend(std::str::from_utf8(name)?.strip_prefix("GLIBC_").map(str::to_owned));
        }
    }
    versions.sort_by_key(|version| numbers(version));
    Ok(versions)
}

fn numbers(version: &str) -> Vec<u32> {
    version.split('.').map_while(|part| part.parse().ok()).collect()
}

/// Mach-O writes C names with an underscore.
fn name(bytes: &[u8], file: &File<'_>) -> String {
    let name = String::from_utf8_lossy(bytes);
    match file {
        File::MachO64(_) => name.strip_prefix('_').unwrap_or(&name).to_owned(),
        _ => name.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn library(exports: &[&str], needs: &[&str]) -> Library {
        let owned = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        Library { exports: owned(exports), glibc: Vec::new(), needs: owned(needs) }
    }

    #[test]
    fn the_five_exports_and_the_family_of_libc_pass() {
        let needs =
            ["libgcc_s.so.1", "libm.so.6", "libc.so.6", "ld-linux-x86-64.so.2", "KERNEL32.dll"];
        assert_eq!(library(EXPORTS, &needs).complaints(), [""; 0]);
    }

    #[test]
    fn one_export_more_or_less_is_refused() {
        let more = [EXPORTS, &["ZSTD_decompress"]].concat();
        assert_eq!(library(&more, &[]).complaints().len(), 1);
        assert_eq!(library(&EXPORTS[1..], &[]).complaints().len(), 1);
    }

    #[test]
    fn a_foreign_library_is_refused() {
        for name in ["libssl.so.3", "libcrypto.so.3", "libstdc++.so.6", "libcurl.so.4"] {
            let expected = format!("needs {name}, which is not of libc's own family");
            assert_eq!(library(EXPORTS, &[name]).complaints(), [expected]);
        }
    }

    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    #[test]
    fn the_facts_are_read_from_a_real_file() {
        let bytes = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let library = Library::read(&bytes).unwrap();
        assert!(library.needs.iter().any(|name| name == "libc.so.6"), "{library:?}");
        assert!(
            library.newest_glibc().is_some_and(|version| version.starts_with("2.")),
            "{library:?}"
        );
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(numbers("2.34") > numbers("2.4"));
        assert!(numbers("2.2.5") < numbers("2.14"));
    }

    #[test]
    fn what_is_no_library_is_refused() {
        assert!(Library::read(b"#!/bin/sh\n").is_err());
    }
}
