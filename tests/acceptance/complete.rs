//! Every line of the acceptance list has one test, in the file that `docs/acceptance.md` names.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The numbers of the tests in each file.
fn tests() -> BTreeMap<String, Vec<u32>> {
    let mut tests = BTreeMap::new();
    for folder in ["tests/acceptance", "tests/real/acceptance"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{folder}/{}", path.file_name().unwrap().to_str().unwrap());
            let numbers = numbers(&fs::read_to_string(&path).unwrap());
            if !numbers.is_empty() {
                tests.insert(name, numbers);
            }
        }
    }
    tests
}

/// The numbers of the functions that are tests: the attribute stands right before them.
fn numbers(source: &str) -> Vec<u32> {
    let lines: Vec<_> = source.lines().collect();
    let tests = lines.windows(2).filter(|pair| matches!(pair[0], "#[test]" | "#[tokio::test]"));
    let names = tests.filter_map(|pair| pair[1].split_once("fn a_").map(|(_, name)| name));
    let mut numbers: Vec<_> = names.map(|name| name[..3].parse().unwrap()).collect();
    numbers.sort_unstable();
    numbers
}

/// The rows of the table: a file, and the lines that it shows.
fn table() -> BTreeMap<String, Vec<u32>> {
    let page = fs::read_to_string(root().join("docs/acceptance.md")).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `tests/"));
    let rows = rows.map(|row| row.split_once("` | ").unwrap());
    rows.map(|(file, rest)| (format!("tests/{file}"), lines(rest.split('|').next().unwrap())))
        .collect()
}

/// `001-003, 007` as its numbers.
fn lines(text: &str) -> Vec<u32> {
    let number = |text: &str| text.trim().parse::<u32>().unwrap();
    let ranges = text.split(',').map(|range| range.split_once('-').unwrap_or((range, range)));
    ranges.flat_map(|(first, last)| number(first)..=number(last)).collect()
}

#[test]
fn every_line_has_one_test() {
    let mut all: Vec<_> = tests().into_values().flatten().collect();
    all.sort_unstable();
    assert_eq!(all, (1..=80).collect::<Vec<_>>());
}

#[test]
fn the_table_names_the_file_of_every_test() {
    assert_eq!(table(), tests());
}

#[test]
fn only_tests_count() {
    let source = "#[test]\nfn a_007_it_holds() {}\nfn a_008_helps() {}\n#[tokio::test]\nasync fn a_002_it_waits() {}";
    assert_eq!(numbers(source), [2, 7]);
    assert_eq!(lines("001-003, 007 "), [1, 2, 3, 7]);
}
