//! The interface through its real vtables, on a class that only tests have.

mod contract;
#[path = "../../../../../tests/harness/addin/mod.rs"]
#[expect(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "the host of all suites; here it serves one"
)]
mod mirror;
mod probe;

use std::ffi::{c_long, c_void};
use std::sync::Arc;
use std::thread;

use self::mirror::{Exports, Failed, Host, Profile, Value};
use self::probe::Probe;
use super::{exports, msvc, object, text};
use crate::dispatch::info;

const PROFILES: [Profile; 2] = [Profile::Enterprise, Profile::OneScript];

/// A host of this very program, where every class is [`Probe`].
fn host(profile: Profile) -> Host {
    let exports = Exports {
        get_class_names: exports::GetClassNames,
        get_class_object,
        destroy_object: exports::DestroyObject,
        set_platform_capabilities: exports::SetPlatformCapabilities,
        get_attach_type: exports::GetAttachType,
    };
    Host::linked(exports, profile)
}

/// # Safety
///
/// `name` ends with a zero, `place` is a place for a pointer.
unsafe extern "C" fn get_class_object(name: *const u16, place: *mut *mut c_void) -> c_long {
    // SAFETY: the caller promises a text with a zero at the end.
    let name = unsafe { text::terminated(name) };
    if name.is_none() || place.is_null() {
        return 0;
    }
    // SAFETY: the caller promises a place for a pointer.
    unsafe { place.write(object::create(&info::<Probe>())) };
    1
}

#[track_caller]
fn code(host: &Host, method: &str, given: &[Value]) -> String {
    let answer = host.create("Probe").call_json(method, given);
    assert_eq!(answer["result"], false, "{answer}");
    answer["error"]["code"].as_str().unwrap().to_owned()
}

#[test]
fn text_and_bytes_cross_whole_in_both_hosts() {
    for host in PROFILES.map(host) {
        let probe = host.create("Probe");
        for text in ["", "ascii", "Привет, 😀", "a\0b"] {
            assert_eq!(probe.call("EchoText", &[text.into()]), Ok(text.into()));
        }
        for bytes in [&[][..], &[0, 255, 0], &[7; 100_000]] {
            let bytes = Value::bytes(bytes);
            assert_eq!(probe.call("эходанных", std::slice::from_ref(&bytes)), Ok(bytes));
        }
        assert_eq!(probe.call("EchoText", &[Value::NullText]), Ok("".into()));
        assert_eq!(probe.call("EchoBytes", &[Value::NullBytes]), Ok(Value::bytes([])));
        drop(probe);
        assert_eq!(host.live_blocks(), 0);
    }
}

#[test]
fn a_number_that_fits_no_host_goes_as_a_fraction() {
    let host = host(Profile::OneScript);
    let probe = host.create("Probe");
    assert_eq!(probe.call("Number", &["7".into()]), Ok(Value::Int(7)));
    assert_eq!(probe.call("Number", &["-2147483648".into()]), Ok(Value::Int(i32::MIN)));
    assert_eq!(probe.call("Number", &["2147483648".into()]), Ok(Value::Number(2_147_483_648.0)));
}

#[test]
fn every_type_that_is_not_text_is_a_fault() {
    let host = host(Profile::OneScript);
    let pointers = [8, 22, 23];
    for vt in (0..=32).chain([0x0fff, 0x1000, 0x2000, 0x4000, 0x8000, 0xffff]) {
        if pointers.contains(&vt) {
            continue;
        }
        let given = Value::Raw { vt, bits: 0xdead_beef_dead_beef };
        let code = code(&host, "EchoText", &[given]);
        let nothing = vt <= 1;
        assert_eq!(code, if nothing { "argument_count" } else { "argument" }, "type {vt}");
    }
    for given in [Value::Wide(vec![0xD800]), Value::Date([2026, 1, 2, 3, 4, 5]), Value::Bool(true)]
    {
        assert_eq!(code(&host, "EchoText", &[given]), "argument");
    }
    assert_eq!(host.live_blocks(), 0);
}

#[test]
fn a_panic_is_a_fault_and_ends_the_object_only() {
    for host in PROFILES.map(host) {
        let probe = host.create("Probe");
        for method in ["Panic", "EchoText", "Cancel"] {
            let answer = probe.call_json(method, &["x".into()]);
            assert_eq!(answer["error"]["code"], "internal", "{method}: {answer}");
            let message = answer["error"]["message"].as_str().unwrap();
            assert!(message.contains("(probe.rs:"), "{message}");
        }
        assert_eq!(probe.last_error().unwrap()["code"], "internal");
        assert_eq!(host.create("Probe").call("EchoText", &["x".into()]), Ok("x".into()));
    }
}

#[test]
fn a_panic_in_a_property_ends_the_object_too() {
    let host = host(Profile::Enterprise);
    let probe = host.create("Probe");
    assert!(matches!(probe.get("Explosive"), Err(Failed::False(_))));
    assert_eq!(probe.call_json("EchoText", &["x".into()])["error"]["code"], "internal");
}

#[test]
fn a_destructor_that_panics_is_stopped() {
    for (at, host) in PROFILES.map(host).into_iter().enumerate() {
        let probe = host.create("Probe");
        probe.call_json("PanicWhenDropped", &[]);
        if at == 0 {
            drop(probe)
        } else {
            probe.delete_through(0)
        }
        assert_eq!(host.live_blocks(), 0);
    }
}

#[test]
fn an_object_can_be_deleted_through_each_base() {
    for base in 0..4 {
        let host = host(Profile::OneScript);
        let probe = host.create("Probe");
        let alive = probe::alive(&probe);
        probe.delete_through(base);
        assert_eq!(alive.strong_count(), 0, "base {base}");
    }
}

#[test]
fn the_destructor_of_windows_frees_only_when_asked() {
    for flags in [0, 1] {
        let raw = object::create(&info::<Probe>());
        let base: *mut c_void = raw.wrapping_byte_add(2 * size_of::<*const c_void>());
        let msvc::Destructors { scalar_deleting } = msvc::Destructors::new::<2>();
        // SAFETY: base 2 of a new object, which nobody uses afterwards.
        assert_eq!(unsafe { scalar_deleting(base, flags) }, base);
        if flags == 0 {
            // SAFETY: its life has ended, its memory has not.
            unsafe { object::delete(raw.cast()) };
        }
    }
}

#[test]
fn a_handler_may_call_the_object_while_an_error_is_announced() {
    let host = host(Profile::Enterprise);
    let probe = Arc::new(host.create("Probe"));
    probe.set("ВызыватьИсключения", &Value::Bool(true)).unwrap();
    let again = Arc::downgrade(&probe);
    probe.on_error(move || {
        let probe = again.upgrade().unwrap();
        assert_eq!(probe.call("EchoText", &["again".into()]), Ok("again".into()));
    });
    let Err(Failed::False(errors)) = probe.call("EchoText", &[Value::Int(5)]) else { panic!() };
    let text = &errors[0].text;
    assert!(text.starts_with("argument: parameter Value (Значение) must be text"), "{text}");
    assert_eq!((errors[0].kind, errors[0].code), (1006, 1));
}

#[test]
fn null_and_absurd_numbers_are_borne() {
    for host in PROFILES.map(host) {
        assert_eq!(host.create_from_null(), [false; 2]);
        let probe = host.create("Probe");
        let echo = probe.method("EchoText").unwrap();
        probe.pass_null(echo);
        for number in [i32::MIN, -1, 1000, i32::MAX] {
            probe.pass_null(number);
            assert_eq!(probe.param_count(number), 0);
            assert_eq!(probe.default(number, 0), None);
            assert!(!probe.has_value(number));
        }
        let too_many = vec![Value::Int(1); 50];
        let answer = probe.call_number(echo, &too_many).unwrap();
        assert!(matches!(&answer, Value::Text(text) if text.contains("argument_count")));
        drop(probe);
        assert_eq!(host.live_blocks(), 0);
    }
}

#[test]
fn without_memory_a_call_fails_and_says_so() {
    let host = host(Profile::Enterprise);
    let probe = host.create("Probe");
    host.without_memory(|| {
        assert!(probe.call("EchoText", &["x".into()]).is_err());
        assert!(probe.call("EchoBytes", &[Value::bytes([1])]).is_err());
        assert!(probe.errors().last().unwrap().text.starts_with("host_memory: "));
        assert!(probe.run("EchoText", &["x".into()]), "a statement needs no memory");
    });
    assert_eq!(probe.call("EchoText", &["x".into()]), Ok("x".into()));
    drop(probe);
    assert_eq!(host.live_blocks(), 0);
}

#[test]
fn a_waiting_call_ends_by_cancel_done_and_destruction() {
    type End = fn(&mirror::Object);
    let cancel: End = |probe| assert_eq!(probe.call_json("Отменить", &[])["result"], true);
    let table: [(End, &str); 3] = [
        (cancel, "cancelled"),
        (|probe| probe.done(), "object_closed"),
        (|probe| probe.destroy_under_running_calls(), "object_closed"),
    ];
    for (end, expected) in table {
        let host = host(Profile::OneScript);
        let probe = host.create("Probe");
        let waiting = probe::waiting(&probe);
        thread::scope(|scope| {
            let calls: Vec<_> =
                (0..4).map(|_| scope.spawn(|| probe.call_json("Wait", &[Value::Int(0)]))).collect();
            waiting.until(4);
            end(&probe);
            for call in calls {
                assert_eq!(call.join().unwrap()["error"]["code"], expected);
            }
        });
        drop(probe);
        assert_eq!(host.live_blocks(), 0);
    }
}

#[test]
fn a_call_after_done_is_refused() {
    let host = host(Profile::Enterprise);
    let probe = host.create("Probe");
    probe.done();
    assert_eq!(probe.call_json("EchoText", &["x".into()])["error"]["code"], "object_closed");
    assert!(matches!(probe.get("Version"), Ok(Value::Text(_))));
}

#[test]
fn the_environment_tells_about_the_platform() {
    let host = host(Profile::Enterprise);
    let probe = host.create("Probe");
    let Ok(Value::Text(text)) = probe.get("Среда") else { panic!() };
    let environment: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(environment["capabilities"], 3);
    assert_eq!(environment["platform_version"], "8.3");
    assert_eq!(environment["application"], "server");
    assert_eq!(environment["isolated"], false);
}
