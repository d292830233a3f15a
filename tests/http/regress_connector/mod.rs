//! The faults that Connector has had in its life, by their numbers there: each stays away from opi.
//!
//! Of #43 and #47 nothing is known but their numbers, so they have no test.

mod asking;
mod content;
mod logins;
mod states;

const SOURCES: &[&str] = &[
    include_str!("asking.rs"),
    include_str!("content.rs"),
    include_str!("logins.rs"),
    include_str!("states.rs"),
];

const NUMBERS: &[u16] = &[
    20, 21, 22, 23, 24, 30, 31, 34, 35, 37, 38, 39, 41, 52, 53, 57, 58, 60, 61, 62, 64, 67, 74,
    101, 104, 105, 109, 110, 113, 115, 120, 127, 132, 141, 152,
];

#[test]
fn each_number_has_a_test_exactly_once() {
    let mut found = Vec::new();
    for line in SOURCES.iter().flat_map(|source| source.lines()) {
        let Some((_, name)) = line.split_once("fn ") else { continue };
        let number = |part: &str| part.strip_prefix('n')?.parse::<u16>().ok();
        let numbers = name.split('_').map_while(number);
        found.extend(numbers);
    }
    found.sort_unstable();
    assert_eq!(found, NUMBERS);
}
