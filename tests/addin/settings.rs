//! Every setting of the HTTP crate, and where a program of 1C has it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use opi_1c_ffi::{Kind, OptionRow, components};

/// A setting: its type and its name.
type Setting = (String, String);

/// Where each setter is: a path of options in a method, or `-` and why it is nowhere.
const PLACES: &[(&str, &[(&str, &str)])] = &[
    (
        "SessionConfig",
        &[
            ("auth", "NewSession auth"),
            ("bypass", "NewSession no_proxy"),
            ("dialer", "NewSession resolve"),
            ("header", "NewSession headers"),
            ("max_body", "NewSession max_body"),
            ("max_idle", "NewSession pool.max_idle"),
            ("pool", "NewSession pool"),
            ("proxies", "NewSession proxy_from_environment"),
            ("redirects", "NewSession redirects"),
            ("retries", "NewSession retries"),
            ("retry_budget", "NewSession retry_budget"),
            ("route", "NewSession proxy"),
            ("routes", "NewSession proxy"),
            ("timeouts", "NewSession timeouts"),
            ("tls", "NewSession ca"),
        ],
    ),
    (
        "Request",
        &[
            ("append_header", "Request headers"),
            ("auth", "Request auth"),
            ("authorize", "Request secret_headers"),
            ("body", "Request body_file"),
            ("bypass", "Request no_proxy"),
            ("dialer", "Request resolve"),
            ("bypass", "Request no_proxy"),
            (
                "dialer",
                "- sockets are opened as the session says; another session opens them otherwise",
            ),
            ("expect_continue", "Request expect_continue"),
            ("expect_status", "Request expect_status"),
            ("expect_success", "Request expect_status"),
            ("form", "Request form"),
            ("form_in", "Request body_encoding"),
            ("gzip_body", "Request gzip_body"),
            ("header", "Request headers"),
            ("json", "Request json"),
            ("keep_header_case", "Request keep_header_case"),
            ("max_body", "Request max_body"),
            ("multipart", "Request files"),
            ("progress", "- the property Progress tells it, since 1C has no functions to give"),
            ("query", "Request query"),
            ("query_key", "Request query"),
            ("query_raw", "Request raw_query"),
            ("redirects", "Request redirects"),
            ("retries", "Request retries"),
            ("route", "Request proxy"),
            ("routes", "Request proxy"),
            ("secret_header", "Request secret_headers"),
            ("text", "Request body_encoding"),
            ("text_in", "Request body_encoding"),
            ("timeouts", "Request timeouts"),
            ("tls", "Request ca"),
            ("without_header", "Request without_headers"),
        ],
    ),
    (
        "RetryPolicy",
        &[
            ("longest_retry_after", "Request retries.longest_retry_after"),
            ("methods", "Request retries.methods"),
            ("pause", "Request retries.max_delay"),
            ("retries", "Request retries.count"),
            ("statuses", "Request retries.statuses"),
            ("within", "Request retries.total"),
        ],
    ),
    (
        "PoolConfig",
        &[
            ("idle_limit", "NewSession pool.idle_limit"),
            ("max_age", "NewSession pool.max_age"),
            ("max_idle", "NewSession pool.max_idle"),
            ("max_open", "NewSession pool.max_open"),
            ("max_open_per_host", "NewSession pool.max_open_per_host"),
            ("max_waiting", "NewSession pool.max_waiting"),
        ],
    ),
    (
        "Timeouts",
        &[
            ("connect", "Request timeouts.connect"),
            ("first_byte", "Request timeouts.first_byte"),
            ("idle", "Request timeouts.idle"),
            ("proxy", "Request timeouts.proxy"),
            ("resolve", "Request timeouts.resolve"),
            ("send", "Request timeouts.send"),
            ("tls", "Request timeouts.tls"),
        ],
    ),
    (
        "RedirectPolicy",
        &[
            ("downgrade", "Request redirect_rules.downgrade"),
            ("limit", "Request redirects"),
            ("rule", "Request redirect_rules.301"),
        ],
    ),
    (
        "Save",
        &[
            ("broken", "Request resume"),
            ("durability", "Request sync_file"),
            ("existing", "Request existing_file"),
            ("max", "Request max_file"),
            ("sha256", "Request sha256"),
        ],
    ),
    (
        "AwsV4",
        &[
            ("hash", "Request auth.body_hash"),
            ("headers", "Request auth.signed_headers"),
            ("rules", "Request auth.rules"),
            ("session_token", "Request auth.session_token"),
            ("streams", "Request auth.streams"),
            ("token_is", "Request auth.session_token_is"),
        ],
    ),
    (
        "Part",
        &[
            ("content_type", "Request files.type"),
            ("file_name", "Request files.filename"),
            ("header", "Request files.headers"),
            ("without_type", "Request files.type"),
        ],
    ),
    (
        "Multipart",
        &[("field", "Request form"), ("file", "Request files.path"), ("part", "Request files")],
    ),
    (
        "Reading",
        &[
            ("charset", "Request encoding"),
            ("invalid", "- an answer is text or an error; ReadText of the body replaces"),
        ],
    ),
];

/// A new setter of the crate is to be given to 1C, or said why not.
#[test]
fn every_setting_of_the_crate_has_its_place() {
    let known: BTreeSet<Setting> = PLACES
        .iter()
        .flat_map(|(of, rows)| rows.iter().map(|(name, _)| ((*of).into(), (*name).into())))
        .collect();
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let there: BTreeSet<Setting> = ["opi-http-connector", "opi-auth"]
        .iter()
        .flat_map(|name| sources(&crates.join(name).join("src")))
        .flat_map(|path| setters(&fs::read_to_string(path).unwrap()))
        .filter(|(of, _)| PLACES.iter().any(|(known, _)| of == known))
        .collect();
    let missing: Vec<_> = there.difference(&known).collect();
    assert!(missing.is_empty(), "1C has no place for {missing:?}");
    let gone: Vec<_> = known.difference(&there).collect();
    assert!(gone.is_empty(), "the crate has no {gone:?}");
}

#[test]
fn every_place_is_a_row() {
    for (of, rows) in PLACES {
        for (name, place) in *rows {
            let (method, path) = place.split_once(' ').unwrap();
            if method == "-" {
                assert!(path.len() > 10, "{of}::{name}: why?");
                continue;
            }
            let mut rows = options(method);
            for key in path.split('.') {
                let row = rows.iter().find(|row| row.name.en == key);
                let row = row.unwrap_or_else(|| panic!("{of}::{name}: {method} has no {path}"));
                rows = match row.kind {
                    Kind::Options(inner) | Kind::Objects(inner) => inner,
                    _ => &[],
                };
            }
        }
    }
}

#[test]
fn a_setter_is_seen_wherever_it_stands() {
    let text = "impl Request {\n    pub fn new(url: &str) -> Self {\n    }\n\n    \
                pub fn tls(mut self, tls: Tls) -> Self {\n    }\n    pub fn form<'a>(self) -> Self {\n    }\n    \
                pub(crate) fn inner(self) -> Self {\n    }\n    pub fn url(&self) -> &Url {\n    }\n}\n\
                impl Other {\n    pub fn more(\n        self,\n        x: u8,\n    ) -> Self {\n    }\n}\n";
    let seen: Vec<_> = setters(text).into_iter().map(|(of, name)| format!("{of} {name}")).collect();
    assert_eq!(seen, ["Request tls", "Request form", "Other more"]);
}

/// Public functions that take a value and give it changed.
fn setters(text: &str) -> Vec<Setting> {
    let (mut found, mut of) = (Vec::new(), "");
    let lines: Vec<_> = text.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        if let Some(name) = line.strip_prefix("impl ").and_then(|it| it.strip_suffix(" {")) {
            of = name;
        }
        let Some(head) = line.strip_prefix("    pub fn ") else { continue };
        let name = head.split(['(', '<']).next().unwrap();
        let head = [head, lines.get(at + 1).copied().unwrap_or_default().trim()].concat();
        let first = head.split_once('(').map_or("", |(_, rest)| rest);
        if first.starts_with("self") || first.starts_with("mut self") {
            found.push((of.to_owned(), name.to_owned()));
        }
    }
    found
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push(path);
        }
    }
    found
}

/// The options of a method of `HTTPConnector`.
fn options(name: &str) -> &'static [&'static OptionRow] {
    let class = components().iter().find(|it| it.class() == "HTTPConnector").unwrap();
    let methods = class.methods();
    let method = methods.iter().find(|it| it.name.en == name).unwrap();
    let rows = method.params.iter().find_map(|param| match param.kind {
        Kind::Options(rows) => Some(rows),
        _ => None,
    });
    rows.unwrap()
}
