//! The add-in in a host that others wrote: C++ on the platform's own headers.
#![expect(clippy::unwrap_used, reason = "test code: a failure here must fail the test")]
#![forbid(unsafe_code)]

use addin1c_test::{TestAddinLib, Variant};

fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

fn name(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}

fn text(value: &Variant) -> String {
    String::from_utf16(value.get_str().unwrap()).unwrap()
}

fn library() -> TestAddinLib {
    TestAddinLib::new(harness::addin::build()).unwrap()
}

#[test]
fn every_class_registers_and_is_made() {
    let library = library();
    for class in ["TCPClient", "TCPServer", "HTTPConnector"] {
        let object = library.new_addin(class).unwrap();
        let version = object.get_property(&name("версия")).unwrap();
        assert!(!text(&version).is_empty(), "{class}");
        object.set_property(&name("RaiseExceptions"), &Variant::new_bool(true)).unwrap();
        let raises = object.get_property(&name("ВызыватьИсключения")).unwrap();
        assert_eq!(raises.get_bool(), Some(true));
    }
}

#[test]
fn a_server_answers_its_client() {
    let library = library();
    let server = library.new_addin("TCPServer").unwrap();
    let given = &mut [Variant::new_str(&wide("127.0.0.1:0")), Variant::new_str(&wide(""))];
    let started = text(&server.call_as_func(&name("Запустить"), given).unwrap());
    assert!(started.starts_with(r#"{"result":true,"address":"127.0.0.1:"#), "{started}");
    let address = text(&server.get_property(&name("Address")).unwrap());

    let client = library.new_addin("TCPClient").unwrap();
    let given = &mut [Variant::new_str(&wide(&address)), Variant::new_str(&wide(""))];
    client.call_as_func(&name("Connect"), given).unwrap();
    let given = &mut [Variant::new_str(&wide("Привет")), Variant::new_i32(5_000)];
    client.call_as_func(&name("Send"), given).unwrap();
    let given = &mut [Variant::new_i32(5_000), Variant::new_i32(0)];
    let message = text(&server.call_as_func(&name("NextMessage"), given).unwrap());
    assert!(message.contains(r#""reason":"data","connection":"1","#), "{message}");
    assert!(message.contains(r#""size":12,"#), "{message}");
}
