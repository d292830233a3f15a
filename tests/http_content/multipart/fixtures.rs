//! The rows of fixtures/multipart: first the parser against the forms of others, then our forms.

use base64::{Engine, engine::general_purpose::STANDARD};
use harness::{fixture, fixture_bytes, fixture_text};
use opi_http_connector::{ErrorKind, Multipart, Part, Request, Session, SessionConfig};

use super::oracle::{Seen, parse};

const PAIRS: &[&str] = &[
    "CRLF_in_header",
    "CR_in_header",
    "CR_in_header_value",
    "almost_match_boundary",
    "almost_match_boundary_without_CR",
    "almost_match_boundary_without_LF",
    "almost_match_boundary_without_final_hyphen",
    "bad_end_of_headers",
    "bad_header_char",
    "bad_initial_boundary",
    "base64_encoding",
    "base64_encoding_whitespace",
    "boundary_padding",
    "case_insensitive_headers",
    "crlf_dense_part_data",
    "empty_header",
    "empty_message",
    "empty_message_with_bad_end",
    "header_with_number",
    "mixed_case_headers",
    "mixed_plain_and_base64_encoding",
    "multiple_fields",
    "multiple_files",
    "non_ascii_whitespace_before_filename",
    "quoted_printable_encoding",
    "single_field",
    "single_field_blocks",
    "single_field_longer",
    "single_field_single_file",
    "single_field_with_leading_newlines",
    "single_field_with_trailer",
    "single_file",
    "utf8_filename",
];

/// What a file says of a form: the boundary, and the parts unless it is broken.
fn expected(text: &str) -> (String, Option<Vec<Seen>>) {
    let value = |line: &str| {
        line.split_once(": ").unwrap_or_default().1.trim_matches(['\'', '"']).to_owned()
    };
    let boundary = value(text.lines().find(|line| line.starts_with("boundary")).unwrap());
    let (mut seen, mut data): (Vec<Seen>, _) = (Vec::new(), String::new());
    for line in text.lines().filter(|line| line.starts_with(' ')) {
        match line.trim_start().split_once(": ") {
            Some(("error", _)) => return (boundary, None),
            Some(("- name", _)) => seen.push(Seen { name: value(line), ..Seen::default() }),
            Some(("file_name", _)) => seen.last_mut().unwrap().file_name = Some(value(line)),
            // The type of a field is told in some rows only.
            Some(("content_type", _)) if seen.last().unwrap().file_name.is_none() => {}
            Some(("content_type", _)) => {
                let own = ("content-type".to_owned(), value(line).into_bytes());
                seen.last_mut().unwrap().headers.push(own);
            }
            Some(("type", _)) => {}
            Some(("data", "!!binary |")) => data.clear(),
            Some(("data", inline)) => {
                let text = inline.strip_prefix("!!binary ").unwrap().trim_matches('"');
                seen.last_mut().unwrap().data = STANDARD.decode(text).unwrap();
            }
            _ => {
                data += line.trim();
                if data.len() % 4 == 0 {
                    let last = seen.last_mut().unwrap();
                    last.data.extend(STANDARD.decode(std::mem::take(&mut data)).unwrap());
                }
            }
        }
    }
    (boundary, Some(seen))
}

/// As that file tells parts: transfer encodings undone, no headers but the type of files.
fn told(mut seen: Seen) -> Seen {
    let encoding = seen.headers.iter().find(|(name, _)| name == "content-transfer-encoding");
    match encoding.map(|(_, value)| value.as_slice()) {
        Some(b"base64") => seen.data = STANDARD.decode(&seen.data).unwrap(),
        Some(b"quoted-printable") => {
            seen.data = String::from_utf8(seen.data).unwrap().replace("=3D", "=").into_bytes();
        }
        _ => {}
    }
    let is_file = seen.file_name.is_some();
    seen.headers.retain(|(name, _)| is_file && name == "content-type");
    seen
}

#[test]
fn the_parser_reads_the_forms_of_others() {
    for pair in PAIRS {
        let path = format!("multipart/python-multipart/{pair}");
        let Some(body) = fixture_bytes(&format!("{path}.http")) else { return };
        let Some(text) = fixture_text(&format!("{path}.yaml")) else { return };
        let (boundary, expected) = expected(&text);
        // This row names a boundary that its form does not have.
        let boundary = if *pair == "single_field_blocks" { "boundary" } else { &boundary };
        let seen = parse(&body, boundary);
        let seen = seen.map(|it| it.into_iter().map(told).collect::<Vec<_>>());
        assert_eq!(seen, expected, "{pair}");
    }
}

#[test]
fn names_stand_between_their_quotes_as_browsers_write_them() {
    let Some(rows) = fixture("multipart/generate-whatwg.json") else { return };
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 12);
    let session = Session::new(SessionConfig::new());
    for row in rows {
        let text = |key: &str| row[key].as_str();
        let part =
            Part::bytes(text("name").unwrap(), "data\r\n--").file_name(text("filename").unwrap());
        let request = Request::post("http://h.test/").unwrap();
        let request = request.multipart(Multipart::new().part(part));
        let Some(name) = text("encoded_name") else {
            assert_eq!(request.unwrap_err().kind(), ErrorKind::BadHeader, "{row}");
            continue;
        };
        let prepared = session.prepare(&request.unwrap()).unwrap();
        let content_type = prepared.headers["content-type"].to_str().unwrap();
        let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
        let body = prepared.body.in_memory().unwrap();
        let seen = parse(&body, boundary).unwrap();
        let expected = Seen {
            name: name.to_owned(),
            file_name: text("encoded_filename").map(str::to_owned),
            headers: vec![("content-type".to_owned(), b"application/octet-stream".to_vec())],
            data: b"data\r\n--".to_vec(),
        };
        assert_eq!(seen, [expected], "{row}");
        assert!(!body.windows(9).any(|it| it == b"filename*"));
    }
}
