//! The thirty defects of the 1C module that opi takes the place of, each shown not to be here.
//!
//! The numbers are those of the list of defects, B1 to B30. Four of them live in the language of
//! 1C: B16, B23, B29 and B30. Here the shape is tested that leaves no room for them; what 1C sees
//! of it is tested by the suites `addin` and `bsl`.

mod addresses;
mod bodies;
mod connections;
mod cookies;
mod credentials;
mod endings;
mod headers;

const SOURCES: &[&str] = &[
    include_str!("addresses.rs"),
    include_str!("bodies.rs"),
    include_str!("connections.rs"),
    include_str!("cookies.rs"),
    include_str!("credentials.rs"),
    include_str!("endings.rs"),
    include_str!("headers.rs"),
];

/// The number in the name of a test: `async fn b01_…`.
fn number(line: &str) -> Option<u8> {
    let (_, name) = line.split_once("fn b")?;
    name.split_once('_')?.0.parse().ok()
}

#[test]
fn each_defect_has_its_test_exactly_once() {
    let mut found = Vec::new();
    for source in SOURCES {
        let lines: Vec<&str> = source.lines().collect();
        for pair in lines.windows(2) {
            if let Some(number) = number(pair[1]) {
                assert!(matches!(pair[0], "#[test]" | "#[tokio::test]"), "{}", pair[1]);
                found.push(number);
            }
        }
    }
    found.sort_unstable();
    assert_eq!(found, (1..=30).collect::<Vec<u8>>());
}
