//! The ZIP of the add-in: the same bytes from the same files, and nothing in it that the manifest does not name.

use std::io::{Cursor, Read as _, Write as _};

use anyhow::{Context as _, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::manifest;

/// Packs files in the order of their names, with one fixed time.
pub(super) fn pack(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>> {
    let mut sorted: Vec<&(String, Vec<u8>)> = files.iter().collect();
    sorted.sort();
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in sorted {
        zip.start_file(name.as_str(), options)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Digests of every library and of the ZIP; a server's security profile permits a library by its base64 SHA-1.
pub(super) fn checksums(files: &[(String, Vec<u8>)], packed: &[u8]) -> String {
    let libraries = files.iter().filter(|(name, _)| !is_description(name));
    let mut lines = vec!["file  sha1  sha1-base64  sha256".to_owned()];
    lines.extend(libraries.map(|(name, bytes)| checksum(name, bytes)));
    lines.push(checksum("opi.zip", packed));
    lines.join("\n") + "\n"
}

/// What the ZIP holds, sorted.
pub(super) fn names(packed: &[u8]) -> Result<Vec<String>> {
    let zip = ZipArchive::new(Cursor::new(packed)).context("opening the bundle")?;
    let mut names = Vec::new();
    for name in zip.file_names() {
        names.push(name?.into_owned());
    }
    names.sort();
    Ok(names)
}

/// Differences between the manifest and the files.
pub(super) fn complaints(packed: &[u8]) -> Result<Vec<String>> {
    let names = names(packed)?;
    let mut complaints = Vec::new();
    for required in ["INFO.XML", "MANIFEST.XML"] {
        if !names.iter().any(|name| name == required) {
            complaints.push(format!("the bundle has no {required}"));
        }
    }
    let named = manifest::paths(&text(packed, "MANIFEST.XML").unwrap_or_default());
    let absent = named.iter().filter(|path| !names.contains(path));
    complaints
        .extend(absent.map(|path| format!("the manifest names {path}, which the bundle lacks")));
    let unnamed = names.iter().filter(|name| !is_description(name) && !named.contains(name));
    complaints
        .extend(unnamed.map(|name| format!("the bundle holds {name}, which the manifest lacks")));
    Ok(complaints)
}

fn is_description(name: &str) -> bool {
    matches!(name, "INFO.XML" | "MANIFEST.XML")
}

fn text(packed: &[u8], name: &str) -> Result<String> {
    let mut zip = ZipArchive::new(Cursor::new(packed))?;
    let mut text = String::new();
    zip.by_name(name)?.read_to_string(&mut text)?;
    Ok(text)
}

fn checksum(name: &str, bytes: &[u8]) -> String {
    let sha1 = Sha1::digest(bytes);
    format!("{name}  {}  {}  {}", hex(&sha1), STANDARD.encode(sha1), hex(&Sha256::digest(bytes)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(manifest: &str, library: &str) -> Vec<(String, Vec<u8>)> {
        let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
        vec![file("MANIFEST.XML", manifest), file(library, "abc"), file("INFO.XML", "<info/>")]
    }

    #[test]
    fn the_same_files_in_any_order_give_the_same_bytes() {
        let mut files = files(r#"<component path="a.so"/>"#, "a.so");
        let first = pack(&files).unwrap();
        files.reverse();
        assert_eq!(first, pack(&files).unwrap());
        assert_eq!(names(&first).unwrap(), ["INFO.XML", "MANIFEST.XML", "a.so"]);
        assert_eq!(complaints(&first).unwrap(), [""; 0]);
    }

    #[test]
    fn a_manifest_that_differs_from_the_files_is_refused() {
        let packed = pack(&files(r#"<component path="b.so"/>"#, "a.so")).unwrap();
        let expected = [
            "the manifest names b.so, which the bundle lacks",
            "the bundle holds a.so, which the manifest lacks",
        ];
        assert_eq!(complaints(&packed).unwrap(), expected);
    }

    #[test]
    fn a_bundle_without_its_descriptions_is_refused() {
        let complaints = complaints(&pack(&[]).unwrap()).unwrap();
        assert_eq!(complaints, ["the bundle has no INFO.XML", "the bundle has no MANIFEST.XML"]);
    }

    #[test]
    fn digests_are_the_published_ones_of_abc() {
        let text = checksums(&files("", "a.so"), b"");
        let line = text.lines().nth(1).unwrap();
        assert!(line.starts_with(
            "a.so  a9993e364706816aba3e25717850c26c9cd0d89d  qZk+NkcGgWq6PiVxeFDCbJzQ2J0="
        ));
        assert!(line.ends_with("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        assert_eq!(text.lines().count(), 3, "{text}");
    }
}
