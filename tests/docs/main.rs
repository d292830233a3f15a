//! The documentation says what is: paths exist, crates are all there, limits are the code's.
#![expect(clippy::unwrap_used, reason = "test code: a failure here must fail the test")]
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};
use std::{fs, iter};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// Every page that people write.
fn pages() -> Vec<PathBuf> {
    let mut folders = vec![root().join("docs")];
    let mut pages = vec![root().join("README.md"), root().join("CHANGELOG.md")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(extension) if extension == "md" => pages.push(path),
                _ => {}
            }
        }
    }
    pages
}

/// What stands between two marks, in order.
fn between<'a>(text: &'a str, open: &'a str, close: &'a str) -> impl Iterator<Item = &'a str> {
    let mut rest = text;
    iter::from_fn(move || {
        let (_, after) = rest.split_once(open)?;
        let (inner, after) = after.split_once(close)?;
        rest = after;
        Some(inner)
    })
}

/// The paths of a page that lead nowhere.
fn dead_paths(text: &str, folder: &Path) -> Vec<String> {
    let tops = ["crates/", "docs/", "tests/", "xtask/", "benches/", ".github/"];
    let prose: String = text.split("```").step_by(2).collect();
    let named =
        between(&prose, "`", "`").filter(|word| tops.iter().any(|top| word.starts_with(top)));
    let links = between(&prose, "](", ")").filter(|link| !link.contains("://"));
    let from_root = named.map(|word| (word, root().join(word)));
    let from_page = links.map(|link| (link, folder.join(link)));
    let dead = from_root.chain(from_page).filter(|(_, path)| !path.exists());
    dead.map(|(word, _)| word.to_owned()).collect()
}

#[test]
fn every_path_in_the_documentation_exists() {
    for page in pages() {
        let dead = dead_paths(&fs::read_to_string(&page).unwrap(), page.parent().unwrap());
        assert!(dead.is_empty(), "{}: {dead:?}", page.display());
    }
}

#[test]
fn a_path_that_leads_nowhere_is_found() {
    let text = "see `docs/none.md`, [this](../none.md), `docs/errors` and ```\n`docs/x`\n```";
    let dead = dead_paths(text, &root().join("docs"));
    assert_eq!(dead, ["docs/none.md", "docs/errors", "../none.md"]);
}

#[test]
fn the_architecture_and_the_readme_name_every_crate() {
    let (architecture, readme) = (read("docs/architecture.md"), read("README.md"));
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(architecture.contains(&format!("### {name}\n")), "{name} in architecture.md");
        assert!(readme.contains(&name), "{name} in README.md");
    }
}

#[test]
fn the_limits_in_the_architecture_are_those_of_the_code() {
    let architecture = read("docs/architecture.md");
    let server = format!("{:?}", opi_tcp_server::Config::new("127.0.0.1:0".parse().unwrap()));
    let session = format!("{:?}", opi_http_connector::SessionConfig::new());
    let mib = 1024 * 1024;
    for (row, holds) in [
        ("bytes of one read | 64 MiB", opi_tcp_client::Until::LIMIT == 64 * mib),
        ("connection | 1 MiB", server.contains(&format!("max_unread: {mib},"))),
        (
            "all a server's connections | 256 MiB",
            server.contains(&format!("max_unread_total: {}", 256 * mib)),
        ),
        (
            "queued bytes of a server's connection | 1 MiB",
            server.contains(&format!("max_unsent: {mib} ")),
        ),
        ("connections of a server | 100", server.contains("max_connections: 100,")),
        ("decoded | 256 MiB", opi_http_connector::Incoming::LONGEST == 256 * mib),
        ("redirects | 30", session.contains("Follow(30)")),
        ("idle HTTP connections | 32", session.contains("max_idle: 32")),
        ("delimiter | 4,096 bytes", opi::framing::Delimiter::LONGEST == 4096),
    ] {
        assert!(architecture.contains(row), "{row:?} is not in architecture.md");
        assert!(holds, "{row:?} is not what the code does");
    }
}

#[test]
fn guides_come_in_both_languages() {
    for entry in fs::read_dir(root().join("docs/guides")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let other = match name.strip_suffix(".ru.md") {
            Some(stem) => format!("{stem}.md"),
            None => name.replace(".md", ".ru.md"),
        };
        assert!(path.with_file_name(&other).exists(), "{name} has no {other}");
    }
}
