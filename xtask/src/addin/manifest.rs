//! The two XML files of a bundle.

use std::env::consts::{ARCH, DLL_EXTENSION, OS};

use anyhow::{Result, bail};

/// A library of the bundle, as the manifest describes it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Component {
    /// `Windows`, `Linux` or `MacOS`.
    pub(super) os: &'static str,
    /// `i386`, `x86_64` or `ARM64`.
    pub(super) arch: &'static str,
    /// The file inside the ZIP.
    pub(super) path: String,
}

impl Component {
    /// The library that this system builds.
    pub(super) fn of_this_system(version: &str) -> Result<Self> {
        Self::new(OS, ARCH, DLL_EXTENSION, version)
    }

    // 1C caches libraries by name, so every version has a name of its own.
    fn new(os: &str, arch: &str, extension: &str, version: &str) -> Result<Self> {
        let path = format!("opi_{}_{os}_{arch}.{extension}", version.replace(['.', '-', '+'], "_"));
        let os = match os {
            "linux" => "Linux",
            "macos" => "MacOS",
            "windows" => "Windows",
            _ => bail!("1C does not run on {os}"),
        };
        let arch = match arch {
            "aarch64" => "ARM64",
            "x86" => "i386",
            "x86_64" => "x86_64",
            _ => bail!("1C does not run on {arch}"),
        };
        Ok(Self { os, arch, path })
    }
}

/// What the platform reads.
pub(super) fn manifest(components: &[Component]) -> String {
    let mut lines = vec![
        r#"<?xml version="1.0" encoding="UTF-8"?>"#.to_owned(),
        r#"<bundle xmlns="http://v8.1c.ru/8.2/addin/bundle" name="OPI">"#.to_owned(),
    ];
    lines.extend(components.iter().map(|Component { os, arch, path }| {
        format!(r#"  <component os="{os}" path="{path}" type="native" arch="{arch}"/>"#)
    }));
    lines.push("</bundle>\n".to_owned());
    lines.join("\n")
}

/// What the library of standard subsystems reads.
pub(super) fn info(version: &str) -> String {
    [
        r#"<?xml version="1.0" encoding="UTF-8"?>"#,
        "<info>",
        "  <progid>AddIn.OPI</progid>",
        "  <name>OPI</name>",
        &format!("  <version>{version}</version>"),
        "</info>\n",
    ]
    .join("\n")
}

/// The files that a manifest names.
pub(super) fn paths(manifest: &str) -> Vec<String> {
    let values = manifest.split(" path=\"").skip(1);
    values.filter_map(|rest| rest.split_once('"')).map(|(path, _)| path.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_is_named_after_version_system_and_processor() {
        let component = Component::new("linux", "x86_64", "so", "1.2.0-rc.1").unwrap();
        assert_eq!(component.path, "opi_1_2_0_rc_1_linux_x86_64.so");
        let component = Component::new("windows", "x86", "dll", "1.2.0").unwrap();
        assert_eq!((component.os, component.arch), ("Windows", "i386"));
    }

    #[test]
    fn a_system_without_1c_is_refused() {
        assert!(Component::new("freebsd", "x86_64", "so", "1.0.0").is_err());
        assert!(Component::new("linux", "riscv64", "so", "1.0.0").is_err());
    }

    #[test]
    fn a_manifest_names_its_files() {
        let linux = Component::new("linux", "x86_64", "so", "1.0.0").unwrap();
        let windows = Component::new("windows", "x86_64", "dll", "1.0.0").unwrap();
        let text = manifest(&[linux, windows]);
        assert!(text.contains(r#"xmlns="http://v8.1c.ru/8.2/addin/bundle" name="OPI""#));
        assert!(text.contains(
            r#"<component os="Linux" path="opi_1_0_0_linux_x86_64.so" type="native" arch="x86_64"/>"#
        ));
        assert_eq!(paths(&text), ["opi_1_0_0_linux_x86_64.so", "opi_1_0_0_windows_x86_64.dll"]);
    }
}
