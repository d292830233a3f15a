//! The generated BSL modules: they parse, both languages agree, and every call has something behind it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "test code: a failure here must fail the test"
)]
#![forbid(unsafe_code)]

mod addin;
mod beyond;
mod calls;
mod connector;
mod exports;
mod files;
mod names;
mod platform;
mod routine;
mod run;
mod syntax;
mod words;

use crate::files::{Build, builds};

#[test]
fn every_module_parses() {
    for Build { path, source, .. } in builds() {
        assert_eq!(syntax::faults(&source), Vec::<String>::new(), "{path}");
    }
}

#[test]
fn languages_and_hosts_export_the_same_with_the_same_parameters() {
    for [one, other] in exports::pairs(&builds()) {
        let complaints = exports::differences(&one.routines(), &other.routines());
        assert_eq!(complaints, Vec::<String>::new(), "{} and {}", one.path, other.path);
    }
}

/// Code written for Connector finds every function, under both names, with the same parameters.
#[test]
fn every_function_of_the_original_is_there_with_its_defaults() {
    for Build { path, source, .. } in builds().iter().filter(|it| it.module() == "HTTPConnector") {
        for (english, russian, defaults) in exports::CONNECTOR {
            for name in [english, russian] {
                assert_eq!(exports::mistaken(source, name, defaults), None, "{path}");
            }
        }
    }
}

#[test]
fn every_call_on_an_object_of_the_add_in_exists_in_its_table() {
    for build in builds() {
        let (seen, complaints) = addin::check(&build.routines(), build.language);
        assert_eq!(complaints, Vec::<String>::new(), "{}", build.path);
        assert!(seen >= 3, "{}: only {seen} calls of the add-in were found", build.path);
    }
}

#[test]
fn every_option_given_to_the_add_in_exists_in_its_table() {
    for build in builds() {
        let (seen, complaints) = addin::unknown_options(&build.routines());
        assert_eq!(complaints, Vec::<String>::new(), "{}", build.path);
        assert!(seen >= 5, "{}: only {seen} options were found", build.path);
    }
}

/// Programs written for the original compare these texts.
#[test]
fn the_texts_of_the_original_are_there() {
    let modules = builds();
    let tcp: Vec<_> = modules.iter().filter(|it| it.path.contains("OPI_TCP")).collect();
    assert_eq!(tcp.len(), 4);
    for Build { path, source, .. } in tcp {
        let text = source.text(source.root());
        for said in [
            "\"timeout\"",
            "\"Write half is closed\"",
            "\"Connection not found\"",
            "\"Server not started\"",
            "\"No connection found!\"",
            "\"Logger not initialized\"",
            "\"server_sending_finished\"",
            "\"client_unknown_encoding\"",
        ] {
            assert!(text.contains(said), "{path}: {said}");
        }
    }
    for code in [
        "server_sending_finished",
        "server_unknown_connection",
        "client_unknown_encoding",
        "not_open",
    ] {
        let errors = include_str!("../../docs/errors.md");
        assert!(errors.contains(&format!("`{code}`")), "{code}");
    }
}

#[test]
fn every_function_called_is_defined_or_of_the_platform() {
    for build in builds() {
        let complaints = calls::unknown(&build.routines(), build.language, build.host);
        assert_eq!(complaints, Vec::<String>::new(), "{}", build.path);
    }
}

#[test]
fn every_name_read_is_a_parameter_or_was_assigned() {
    for build in builds() {
        let complaints = names::unassigned(&build.routines(), &build.variables(), build.language);
        assert_eq!(complaints, Vec::<String>::new(), "{}", build.path);
    }
}
