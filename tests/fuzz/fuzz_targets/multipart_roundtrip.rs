//! Forms of several parts: whatever names and data are, a parser sees exactly the parts that went in.
#![no_main]

#[path = "../../http_content/multipart/oracle.rs"]
mod oracle;

use libfuzzer_sys::fuzz_target;
use opi_http_connector::{Multipart, Part, Request, Session, SessionConfig};

use oracle::{Seen, parse};

// Parts with NULs between them; each is name, file name and data with byte 1 between them.
fuzz_target!(|input: &[u8]| {
    let (mut form, mut expected) = (Multipart::new(), Vec::new());
    for part in input.split(|byte| *byte == 0) {
        let mut fields = part.splitn(3, |byte| *byte == 1);
        let mut text = || fields.next().map(|it| String::from_utf8_lossy(it).into_owned());
        let (Some(name), Some(file_name)) = (text(), text()) else { continue };
        let data = fields.next().unwrap_or_default().to_vec();
        form = form.part(Part::bytes(&*name, data.clone()).file_name(&*file_name));
        expected.push(Seen {
            name: escaped(&name),
            file_name: Some(escaped(&file_name)),
            headers: vec![("content-type".to_owned(), b"application/octet-stream".to_vec())],
            data,
        });
    }
    let request = Request::post("http://h.test/").expect("this is a URL");
    let request = request.multipart(form).expect("there is no NUL in it");
    let prepared = Session::new(SessionConfig::new()).prepare(&request).expect("it can be sent");
    let content_type = prepared.headers["content-type"].to_str().expect("this is text");
    let boundary = content_type.split_once("boundary=").expect("it has one").1;
    let body = prepared.body.in_memory().expect("it is in memory");
    assert_eq!(parse(&body, boundary), Some(expected));
});

fn escaped(name: &str) -> String {
    name.replace('\r', "%0D").replace('\n', "%0A").replace('"', "%22")
}
