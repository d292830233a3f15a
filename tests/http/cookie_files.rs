//! Cookies in files: what is written is read back, and a file is whole or not there.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opi_http_connector::{Cookie, CookieChoice, CookieFile, Cookies, ErrorKind, Url};

use crate::cookie_table::{keep, now, sent};

const FORMS: [CookieFile; 2] = [CookieFile::Json, CookieFile::Netscape];

/// One cookie of every kind.
fn full() -> Cookies {
    let cookies = Cookies::new();
    let lines = [
        "session=1",
        "long=2; Max-Age=3600; HttpOnly",
        "wide=3; Domain=a.test; Path=/x",
        "secret=4; Secure",
        "nameless",
        "=x=y",
        "quoted=\"v,w\"; Path=/",
        "__Host-p=5; Secure; Path=/; Max-Age=60",
        "тест=ё; Path=/я",
    ];
    keep(&cookies, "https://a.test/", &lines);
    keep(&cookies, "http://127.0.0.1/", &["ip=1"]);
    keep(&cookies, "http://[::1]/", &["ip6=1"]);
    keep(&cookies, "http://localhost/", &["local=1"]);
    keep(&cookies, "http://сайт.рф/", &["idn=1; Domain=xn--80aswg.xn--p1ai"]);
    cookies
}

/// Everything that is known, but for times of creation.
fn told(cookies: &Cookies) -> Vec<String> {
    let tell = |it: Cookie| {
        let Cookie { name, value, domain, host_only, path, secure, http_only, expires, .. } = it;
        let value = value.expose().to_owned();
        format!("{name:?} {value:?} {domain} {host_only} {path} {secure} {http_only} {expires:?}")
    };
    cookies.iter(now()).map(tell).collect()
}

#[test]
fn what_is_written_is_read_back() {
    for form in FORMS {
        let (written, read) = (full(), Cookies::new());
        let text = written.write(form, CookieChoice::All, now());
        let result = read.read(&text, form, now()).unwrap();
        assert_eq!((result.kept, result.left_out), (12, 0), "{form:?}");
        assert_eq!(told(&read), told(&written), "{form:?}");
        for url in ["https://a.test/x", "http://sub.a.test/x", "http://[::1]/", "http://127.0.0.1/"]
        {
            assert_eq!(sent(&read, url), sent(&written, url), "{form:?} {url}");
        }
    }
}

#[test]
fn a_cookie_of_one_host_stays_one_of_one_host() {
    for form in FORMS {
        let read = Cookies::new();
        let text = full().write(form, CookieChoice::All, now());
        read.read(&text, form, now()).unwrap();
        assert_eq!(sent(&read, "https://sub.a.test/"), "", "{form:?}");
        assert_eq!(sent(&read, "https://sub.a.test/x"), "wide=3", "{form:?}");
    }
}

#[test]
fn a_host_that_begins_with_a_dot_keeps_its_cookies() {
    for form in FORMS {
        let (written, read) = (Cookies::new(), Cookies::new());
        keep(&written, "http://.a.test/", &["k=v"]);
        let text = written.write(form, CookieChoice::All, now());
        read.read(&text, form, now()).unwrap();
        assert_eq!(sent(&read, "http://.a.test/"), "k=v", "{form:?}");
        assert_eq!(sent(&read, "http://a.test/"), "", "{form:?}");
    }
}

#[test]
fn cookies_of_the_session_are_written_when_asked() {
    for form in FORMS {
        let read = Cookies::new();
        let text = full().write(form, CookieChoice::Persistent, now());
        read.read(&text, form, now()).unwrap();
        let names: Vec<_> = read.iter(now()).map(|it| it.name).collect();
        assert_eq!(names, ["long", "__Host-p"], "{form:?}");
    }
}

#[test]
fn ended_cookies_are_neither_written_nor_read() {
    let later = now() + Duration::from_secs(120);
    for form in FORMS {
        let text = full().write(form, CookieChoice::Persistent, now());
        let read = Cookies::new();
        let result = read.read(&text, form, later).unwrap();
        assert_eq!((result.kept, result.left_out), (1, 1), "{form:?}");
        let again = full().write(form, CookieChoice::Persistent, later);
        assert_eq!(read.read(&again, form, later).unwrap().kept, 1);
    }
}

#[test]
fn bytes_that_are_no_text_survive() {
    let (url, value): (Url, _) = ("http://a.test/".parse().unwrap(), b"k=\xff\xc0");
    for form in FORMS {
        let (written, read) = (Cookies::new(), Cookies::new());
        let mut headers = opi_http_connector::HeaderMap::new();
        headers.append("set-cookie", value[..].try_into().unwrap());
        written.keep(&url, &headers, now());
        read.read(&written.write(form, CookieChoice::All, now()), form, now()).unwrap();
        assert_eq!(read.header(&url, now()).unwrap().as_bytes(), value, "{form:?}");
    }
}

#[test]
fn a_file_of_curl_is_read() {
    let text = "# Netscape HTTP Cookie File\n# https://curl.se/docs/http-cookies.html\n\n\
        .a.test\tTRUE\t/\tFALSE\t0\twide\t1\r\n\
        a.test\tFALSE\t/x\tFALSE\t1767229200\town\t2\n\
        #HttpOnly_a.test\tFALSE\t/\tTRUE\t0\tsecret\t3\n\
        #a.test\tFALSE\t/\tFALSE\t0\tcomment\t4\n\
        a.test\tFALSE\t/\tFALSE\t0\tempty\n\
        .com\tTRUE\t/\tFALSE\t0\tregistry\t5\n\
        a.test\tFALSE\tx\tFALSE\t0\tno path\t6\n\
        a.test\tmaybe\t/\tFALSE\t0\tno flag\t7\n\
        a.test\tFALSE\t/\tFALSE\tsoon\tno end\t8\n\
        a.test\tFALSE\t/\tFALSE\t0\t__Host-x\t9\n\
        garbage\n";
    let cookies = Cookies::new();
    let result = cookies.read(text.as_bytes(), CookieFile::Netscape, now()).unwrap();
    assert_eq!((result.kept, result.left_out), (4, 6));
    assert_eq!(sent(&cookies, "http://a.test/x"), "own=2; wide=1; empty=");
    assert_eq!(sent(&cookies, "https://a.test/"), "wide=1; secret=3; empty=");
}

#[track_caller]
fn no_cookies(text: &str, form: CookieFile) {
    let cookies = Cookies::new();
    keep(&cookies, "http://a.test/", &["k=1"]);
    let error = cookies.read(text.as_bytes(), form, now()).unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::CookieFile, "http_cookie_file"));
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
    assert_eq!(sent(&cookies, "http://a.test/"), "k=1");
}

#[test]
fn what_is_no_file_of_cookies_is_an_error_without_secrets() {
    for text in ["", "{}", "[]", "null", "{\"version\": 2, \"cookies\": []}", "\"hunter2\""] {
        no_cookies(text, CookieFile::Json);
    }
    let row = r#"{"version": 1, "cookies": [{"name": "k", "value": "v", "created": "hunter2"}]}"#;
    no_cookies(row, CookieFile::Json);
    for text in ["hunter2", "<html>\nhunter2\n"] {
        no_cookies(text, CookieFile::Netscape);
    }
    assert_eq!(Cookies::new().read(b"# \n\n", CookieFile::Netscape, now()).unwrap().kept, 0);
}

#[test]
fn rows_that_no_server_could_set_are_left_out() {
    let row = |name: &str, domain: &str, path: &str, host_only: bool| {
        serde_json::json!({
            "name": name, "value": "v", "domain": domain, "host_only": host_only, "path": path,
            "secure": false, "http_only": false, "created": 0, "expires": null,
        })
    };
    let rows = [
        row("k\r\nX", "a.test", "/", true),
        row("k", "co.uk", "/", false),
        row("k", "a b", "/", true),
        row("k", "", "/", true),
        row("k", "a.test", "", true),
        row("k", "a.test", "/\n", true),
        row("__Secure-k", "a.test", "/", true),
        row(&"n".repeat(4096), "a.test", "/", true),
        row("good", "A.test", "/", true),
    ];
    let text = serde_json::json!({"version": 1, "cookies": rows}).to_string();
    let cookies = Cookies::new();
    let result = cookies.read(text.as_bytes(), CookieFile::Json, now()).unwrap();
    assert_eq!((result.kept, result.left_out), (1, 8));
    assert_eq!(sent(&cookies, "http://a.test/"), "good=v");
}

#[test]
fn a_file_is_its_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    for form in FORMS {
        let path = folder.path().join("cookies");
        fs::write(&path, "before").unwrap();
        full().save(&path, form, CookieChoice::All, now()).unwrap();
        let read = Cookies::new();
        assert_eq!(read.load(&path, form, now()).unwrap().kept, 12);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
}

#[test]
fn a_file_that_cannot_be_replaced_stays_and_leaves_nothing_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cookies");
    fs::create_dir_all(path.join("occupied")).unwrap();
    let error = full().save(&path, CookieFile::Json, CookieChoice::All, now()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CookieFile);
    assert!(error.to_string().contains("cookies cannot be written"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let nowhere = folder.path().join("no").join("folder");
    full().save(nowhere, CookieFile::Json, CookieChoice::All, now()).unwrap_err();
    let absent = Cookies::new().load(folder.path().join("absent"), CookieFile::Json, now());
    assert!(absent.unwrap_err().to_string().contains("absent cannot be read"));
}

/// Whoever reads while others write finds all cookies of one writer, always.
#[test]
fn a_reader_never_sees_half_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cookies");
    let save = || full().save(&path, CookieFile::Json, CookieChoice::All, now()).unwrap();
    save();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writers: Vec<_> =
            (0..2).map(|_| scope.spawn(|| (0..20).for_each(|_| save()))).collect();
        let reader = scope.spawn(|| {
            while !done.load(Ordering::Acquire) {
                let read = Cookies::new().load(&path, CookieFile::Json, now()).unwrap();
                assert_eq!(read.kept, 12);
            }
        });
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        done.store(true, Ordering::Release);
        reader.join().unwrap();
    });
}
