//! What the table promises, asked of the shipped classes through their vtables.

use std::collections::HashSet;

use super::mirror::{Exports, Host, Object, Profile, Value};
use crate::abi::exports;
use crate::components::components;
use crate::language::Bilingual;
use crate::table::{Access, Kind, MOST_PARAMS, MethodInfo, Param};

fn host() -> Host {
    let exports = Exports {
        get_class_names: exports::GetClassNames,
        get_class_object: exports::GetClassObject,
        destroy_object: exports::DestroyObject,
        set_platform_capabilities: exports::SetPlatformCapabilities,
        get_attach_type: exports::GetAttachType,
    };
    Host::linked(exports, Profile::Enterprise)
}

fn for_each_method(mut check: impl FnMut(&Object, i32, MethodInfo)) {
    let host = host();
    for info in components() {
        for (number, method) in (0..).zip(info.methods()) {
            check(&host.create(info.class()), number, method);
        }
    }
    assert_eq!(host.live_blocks(), 0);
}

/// Arguments that fit the parameters, and that reach nobody.
fn fitting(method: MethodInfo) -> Vec<Value> {
    // A server takes port 0 for any port, a client has nobody to talk to there.
    let port = if method.name.en == "Start" { 0 } else { 1 };
    method.params.iter().map(|param| fitting_one(param.kind, port)).collect()
}

fn fitting_one(kind: Kind, port: u16) -> Value {
    match kind {
        Kind::Address => Value::text(format!("127.0.0.1:{port}")),
        Kind::Bool => Value::Bool(false),
        Kind::Connection | Kind::Handle => "1".into(),
        Kind::Data => Value::bytes([]),
        Kind::Milliseconds | Kind::Size => Value::Number(1.0),
        Kind::Options(_) | Kind::Text => "".into(),
        Kind::Count | Kind::Json | Kind::Length | Kind::List | Kind::Objects(_) | Kind::Query => {
            panic!("only options are {kind:?}")
        }
        Kind::Seconds | Kind::Statuses | Kind::Texts => panic!("only options are {kind:?}"),
    }
}

fn answer(object: &Object, number: i32, given: &[Value]) -> String {
    match object.call_number(number, given) {
        Ok(Value::Text(text)) => text,
        // What gives bytes says nothing else.
        Ok(Value::Bytes(_)) => String::new(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_classes_are_named_and_made_without_case() {
    let host = host();
    let names: Vec<_> = components().iter().map(|info| info.class().to_owned()).collect();
    assert_eq!(host.classes(), names);
    assert_eq!(host.attach_type(), 3);
    for name in names {
        assert_eq!(host.create(&name.to_lowercase()).class(), name);
    }
    assert!(host.try_create("Main").is_none());
    assert_eq!(host.create_from_null(), [false; 2]);
}

#[test]
fn the_object_tells_what_the_table_says() {
    let host = host();
    for info in components() {
        let object = host.create(info.class());
        let names = |name: Bilingual| [name.en.to_owned(), name.ru.to_owned()];
        let methods: Vec<_> = info.methods().iter().map(|it| names(it.name)).collect();
        assert_eq!(object.methods(), methods);
        let writable = |it: &crate::PropertyInfo| it.access == Access::ReadWrite;
        let properties: Vec<_> =
            info.properties().iter().map(|it| (names(it.name), writable(it))).collect();
        assert_eq!(object.properties(), properties);
    }
}

#[test]
fn every_name_is_found_in_any_case_and_stands_once() {
    for_each_method(|object, number, method| {
        for name in [method.name.en, method.name.ru] {
            for typed in [name.to_owned(), name.to_lowercase(), name.to_uppercase()] {
                assert_eq!(object.method(&typed), Some(number), "{typed}");
            }
        }
    });
    for info in components() {
        let names: Vec<_> = info.methods().iter().map(|it| it.name).collect();
        let mut seen = HashSet::new();
        assert!(names.iter().all(|it| seen.insert(it.en.to_lowercase())), "{names:?}");
        assert!(names.iter().all(|it| seen.insert(it.ru.to_lowercase())), "{names:?}");
    }
}

#[test]
fn every_row_is_documented_in_both_languages() {
    let check = |text: Bilingual, what: &str| {
        assert!(text.en.ends_with('.') && text.ru.ends_with('.'), "{what}: {text:?}");
        let cyrillic = |text: &str| text.chars().any(|c| ('а'..='я').contains(&c));
        assert!(!cyrillic(text.en) && cyrillic(text.ru), "{what}: {text:?}");
    };
    for info in components() {
        check(info.doc(), info.class());
        info.properties().iter().for_each(|it| check(it.doc, it.name.en));
        for method in info.methods() {
            check(method.doc, method.name.en);
            assert!(method.params.len() <= MOST_PARAMS, "{}", method.name.en);
            for param in method.params {
                check(param.doc, param.name.en);
                let Kind::Options(rows) = param.kind else { continue };
                rows.iter().for_each(|row| check(row.doc, row.name.en));
            }
        }
    }
}

#[test]
fn defaults_come_as_the_table_has_them_and_required_parameters_have_none() {
    for_each_method(|object, number, method| {
        assert_eq!(object.param_count(number), method.params.len());
        assert!(object.has_value(number));
        for (at, param) in method.params.iter().enumerate() {
            let default = object.default(number, at);
            assert_eq!(default.is_some(), param.default.is_some(), "{}", param.name.en);
        }
        assert_eq!(object.default(number, method.params.len()), None);
    });
}

#[test]
fn a_wrong_type_is_a_fault_that_names_the_parameter() {
    for_each_method(|object, number, method| {
        for (at, param) in method.params.iter().enumerate() {
            let mut given = fitting(method);
            for wrong in wrong_for(param) {
                given[at] = wrong;
                let answer = answer(object, number, &given);
                assert!(answer.contains(r#""code":"argument""#), "{}: {answer}", method.name.en);
                assert!(answer.contains(param.name.en), "{}: {answer}", method.name.en);
                assert!(answer.contains(param.name.ru), "{}: {answer}", method.name.en);
            }
        }
    });
}

fn wrong_for(param: &Param) -> Vec<Value> {
    let half = Value::Wide(vec![0xDC00]);
    let number = [-1.0, 0.5, f64::NAN, f64::INFINITY, 1e18].map(Value::Number);
    match param.kind {
        Kind::Bool => vec![Value::Int(1), "true".into(), half],
        Kind::Data => vec![Value::Int(1), Value::Bool(true), half],
        Kind::Handle | Kind::Connection => {
            number.into_iter().take(4).chain([Value::Int(0), "x".into(), half]).collect()
        }
        Kind::Milliseconds | Kind::Size => {
            number.into_iter().chain(["5".into(), Value::Bool(true), half]).collect()
        }
        _ => vec![Value::Int(1), Value::bytes([1]), Value::Date([2026, 1, 2, 3, 4, 5]), half],
    }
}

#[test]
fn too_few_and_too_many_arguments_are_faults() {
    for_each_method(|object, number, method| {
        let mut given = fitting(method);
        given.push(Value::Int(1));
        let too_many = answer(object, number, &given);
        assert!(too_many.contains(r#""code":"argument_count""#), "{too_many}");
        let required = method.params.iter().any(|param| param.default.is_none());
        if required {
            let too_few = answer(object, number, &[]);
            assert!(too_few.contains(r#""code":"argument_count""#), "{too_few}");
            given.truncate(method.params.len());
            given.iter_mut().for_each(|it| *it = Value::Undefined);
            let omitted = answer(object, number, &given);
            assert!(omitted.contains(r#""code":"argument_count""#), "{omitted}");
        }
    });
}

#[test]
fn fitting_arguments_never_meet_an_internal_fault() {
    for_each_method(|object, number, method| {
        let given = fitting(method);
        let answer = answer(object, number, &given);
        assert!(!answer.contains(r#""code":"internal""#), "{}: {answer}", method.name.en);
        assert!(!answer.contains(r#""code":"argument"#), "{}: {answer}", method.name.en);
    });
}

#[test]
fn an_unknown_option_is_a_fault_that_lists_the_known_ones() {
    for_each_method(|object, number, method| {
        for (at, param) in method.params.iter().enumerate() {
            let Kind::Options(rows) = param.kind else { continue };
            let mut given = fitting(method);
            given[at] = r#"{"no_such_option": 1}"#.into();
            let unknown = answer(object, number, &given);
            assert!(unknown.contains(r#""code":"option""#), "{unknown}");
            assert!(rows.iter().all(|row| unknown.contains(row.name.en)), "{unknown}");
        }
    });
}

#[test]
fn an_option_of_a_wrong_type_is_a_fault_that_names_it() {
    for_each_method(|object, number, method| {
        for (at, param) in method.params.iter().enumerate() {
            let Kind::Options(rows) = param.kind else { continue };
            for row in rows.iter().filter(|row| !matches!(row.kind, Kind::Json)) {
                let mut given = fitting(method);
                if method.params[1..].first().is_some_and(|it| it.name.en == "Method") {
                    given[1] = "GET".into();
                    given[2] = "http://127.0.0.1:1/".into();
                }
                given[at] = Value::text(format!(r#"{{"{}": [[]]}}"#, row.name.ru));
                let wrong = answer(object, number, &given);
                assert!(wrong.contains(r#""code":"option""#), "{}: {wrong}", row.name.en);
                assert!(wrong.contains(row.name.en) && wrong.contains(row.name.ru), "{wrong}");
            }
        }
    });
}

/// `retries.count` and its like, and those of the objects in a list.
#[test]
fn an_option_within_an_option_is_checked_as_one_of_its_own() {
    let mut seen = 0;
    for_each_method(|object, number, method| {
        for (at, param) in method.params.iter().enumerate() {
            let Kind::Options(rows) = param.kind else { continue };
            for row in rows {
                let (inner, list) = match row.kind {
                    Kind::Options(inner) => (inner, false),
                    Kind::Objects(inner) => (inner, true),
                    _ => continue,
                };
                let within = |object: String| {
                    let object = if list { format!("[{object}]") } else { object };
                    Value::text(format!(r#"{{"{}": {object}}}"#, row.name.en))
                };
                let mut given = fitting(method);
                if method.params[1..].first().is_some_and(|it| it.name.en == "Method") {
                    given[1] = "GET".into();
                    given[2] = "http://127.0.0.1:1/".into();
                }
                given[at] = within(r#"{"no_such_option": 1}"#.to_owned());
                let unknown = answer(object, number, &given);
                assert!(unknown.contains("no_such_option"), "{}: {unknown}", row.name.en);
                for one in inner.iter().filter(|one| !matches!(one.kind, Kind::Json)) {
                    given[at] = within(format!(r#"{{"{}": [[]]}}"#, one.name.ru));
                    let wrong = answer(object, number, &given);
                    assert!(wrong.contains(r#""code":"option""#), "{}: {wrong}", one.name.en);
                    seen += 1;
                }
            }
        }
    });
    assert!(seen > 50, "only {seen}");
}

#[test]
fn properties_that_can_be_set_take_their_type_only() {
    let host = host();
    for info in components() {
        let object = host.create(info.class());
        for property in info.properties() {
            assert!(object.get(property.name.ru).is_ok(), "{}", property.name.ru);
            assert!(object.set(property.name.en, &Value::Int(7)).is_err());
            let fault = object.last_error().unwrap()["code"].clone();
            let expected =
                if property.access == Access::ReadWrite { "argument" } else { "read_only" };
            assert_eq!(fault, expected, "{}", property.name.en);
        }
    }
}
