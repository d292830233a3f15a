//! Forms with files.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use opi_http_connector::{Multipart, Part};
use serde_json::{Value, json};

use super::setting::{plain, request, told};

async fn posted(form: Multipart) -> Value {
    told(request("POST", &plain("/post")).multipart(form).unwrap()).await
}

fn file(name: &str, file_name: &str, data: impl Into<Vec<u8>>) -> Part {
    Part::bytes(name, data.into()).file_name(file_name)
}

fn hello() -> Vec<u8> {
    STANDARD.decode("0J/RgNC40LLQtdGCLCDQnNC40YA=").unwrap()
}

#[tokio::test]
async fn a_063_one_file() {
    let text = file("f1", "file1.txt", hello()).content_type("text/plain").unwrap();
    let answer = posted(Multipart::new().part(text)).await;
    assert_eq!(answer["files"], json!({"f1": "Привет, Мир"}));
    assert_eq!(answer["form"], json!({}));
}

#[tokio::test]
async fn a_064_files_and_fields() {
    let form = Multipart::new()
        .field("field1", "value1")
        .field("field2", "Значение2")
        .part(file("f1", "file1.txt", "file1").content_type("text/plain").unwrap())
        .part(file("f2", "file2.txt", "file2").content_type("text/plain").unwrap());
    let answer = posted(form).await;
    assert_eq!(answer["files"], json!({"f1": "file1", "f2": "file2"}));
    assert_eq!(answer["form"], json!({"field1": "value1", "field2": "Значение2"}));
}

#[tokio::test]
async fn a_065_files_of_every_kind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file1.txt");
    std::fs::write(&path, "file1").unwrap();
    let form = Multipart::new()
        .field("field1", "value1")
        .field("field2", "Значение2")
        .file("f1", &path)
        .unwrap()
        .part(file("f2", "file2.txt", "file2").without_type())
        .part(file("f3", "file3.txt", hello()).content_type("text/plain").unwrap())
        .part(file("f4", "file4.txt", "").header("X-ID", "1").unwrap());
    let answer = posted(form).await;
    let files = json!({"f1": "file1", "f2": "file2", "f3": "Привет, Мир", "f4": ""});
    assert_eq!(answer["files"], files);
    assert_eq!(answer["form"], json!({"field1": "value1", "field2": "Значение2"}));
}
