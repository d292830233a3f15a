//! HTTPConnector run: what a program written for Connector does, in both languages, with the real add-in.

use harness::addin::{Host, Profile};
use harness::{Background, HttpServer, Listen, httpbin};
use opi_1c_ffi::Language;

use crate::files::{Host as Where, builds};
use crate::run::Machine;
use crate::run::value::{Thrown, Value};
use crate::words::word;

/// The module, whose names and keys are written in English here whatever its language is.
pub(crate) struct Connector<'run>(Machine<'run>);

impl Connector<'_> {
    #[track_caller]
    pub(crate) fn call(&self, name: &str, given: &[Value]) -> Value {
        self.attempt(name, given).unwrap_or_else(|Thrown(why)| panic!("{name}: {why}"))
    }

    #[track_caller]
    pub(crate) fn fails(&self, name: &str, given: &[Value]) -> String {
        match self.attempt(name, given) {
            Err(Thrown(why)) => why,
            Ok(value) => panic!("{name} gave {value:?}"),
        }
    }

    fn attempt(&self, name: &str, given: &[Value]) -> Result<Value, Thrown> {
        self.0.call(&word(name, self.0.language), given)
    }

    pub(crate) fn key(&self, english: &str) -> String {
        word(english, self.0.language)
    }

    pub(crate) fn field(&self, of: &Value, english: &str) -> Value {
        of.get(&self.key(english))
    }

    pub(crate) fn structure(&self, pairs: Vec<(&str, Value)>) -> Value {
        let structure = Value::structure(Vec::new());
        for (key, value) in pairs {
            structure.insert(Value::Text(self.key(key)), value);
        }
        structure
    }

    fn text(&self, english: &'static str, russian: &'static str) -> &'static str {
        match self.0.language {
            Language::English => english,
            Language::Russian => russian,
        }
    }
}

/// Runs `check` with the module of OneScript in each language.
pub(crate) fn in_both_languages(check: impl Fn(&Connector<'_>)) {
    let modules = builds()
        .into_iter()
        .filter(|it| it.host == Where::OneScript && it.module() == "HTTPConnector");
    let mut count = 0;
    for build in modules {
        let host = Host::load(Profile::OneScript);
        check(&Connector(Machine::new(&build.source, &host, build.language)));
        count += 1;
    }
    assert_eq!(count, 2);
}

pub(crate) fn server() -> Background<HttpServer> {
    Background::start(|| HttpServer::start_handling(Listen::plain(), httpbin))
}

pub(crate) fn t(text: &str) -> Value {
    Value::text(text)
}

pub(crate) fn n(number: i32) -> Value {
    Value::Number(number.into())
}

#[track_caller]
pub(crate) fn same(value: &Value, expected: &Value) {
    assert!(value.equals(expected), "{value:?} is not {expected:?}");
}

#[test]
fn a_url_without_a_scheme_is_asked_and_told_whole() {
    let server = server();
    in_both_languages(|it| {
        let url = server.url("/get");
        let response = it.call("Get", &[t(url.trim_start_matches("http://"))]);
        same(&it.field(&response, "URL"), &t(&url));
        same(&it.field(&response, "StatusCode"), &n(200));
        same(&it.field(&response, "Method"), &t("GET"));
        let json = it.call("AsJson", &[response]);
        same(&json.get("url"), &t(&url));
    });
}

/// A-022, A-023, A-066 to A-068, B19
#[test]
fn parameters_of_the_url_are_added_encoded_and_repeated() {
    let server = server();
    in_both_languages(|it| {
        let parameters = Value::structure(vec![
            ("name", Value::array(vec![t("Иванов"), t("Петров")])),
            ("salary", n(100_000)),
            ("time", t("01:47")),
            ("from", t("2019-01-21T00:24:00")),
        ]);
        parameters.insert(t("t[]"), t("a&b=c d+e#f"));
        let url = server.url("/anything/params?post=Программист&q-w=1");
        let json = it.call("GetJson", &[t(&url), parameters]);
        let args = json.get("args");
        same(&args.get("post"), &t("Программист"));
        same(&args.get("salary"), &t("100000"));
        same(&args.get("time"), &t("01:47"));
        same(&args.get("from"), &t("2019-01-21T00:24:00"));
        same(&args.get("t[]"), &t("a&b=c d+e#f"));
        assert_eq!(format!("{:?}", args.get("name")), r#"["Иванов", "Петров"]"#);
        let bare = Value::map(vec![("key", Value::Undefined)]);
        let response = it.call("Get", &[t(&server.url("/get?x=1")), bare]);
        same(&it.field(&response, "URL"), &t(&server.url("/get?x=1&key")));
    });
}

/// A-029, A-071, B1
#[test]
fn headers_of_the_request_win_over_those_of_the_session() {
    let server = server();
    in_both_languages(|it| {
        let session = it.call("NewSession", &[]);
        it.field(&session, "Headers").insert(t("X-Both"), t("session"));
        it.field(&session, "Headers").insert(t("X-Session"), t("yes"));
        let headers =
            Value::map(vec![("x-both", t("request")), ("accept-encoding", t("identity"))]);
        let more = it.structure(vec![("Headers", headers)]);
        let url = t(&server.url("/headers"));
        let json = it.call("GetJson", &[url, Value::Undefined, more, session]);
        let sent = json.get("headers");
        same(&sent.get("X-Both"), &t("request"));
        same(&sent.get("X-Session"), &t("yes"));
        same(&sent.get("Accept-Encoding"), &t("identity"));
    });
}

/// A-030, A-031, A-042, A-047, A-048, A-069
#[test]
fn bodies_go_as_forms_json_text_and_bytes() {
    let server = server();
    in_both_languages(|it| {
        let post = t(&server.url("/post"));
        let form = Value::structure(vec![
            ("comments", t("Постучать в дверь")),
            ("topping", Value::array(vec![t("bacon"), t("mushroom")])),
        ]);
        let json = it.call("AsJson", &[it.call("Post", &[post.clone(), form])]);
        same(&json.get("form").get("comments"), &t("Постучать в дверь"));
        assert_eq!(format!("{:?}", json.get("form").get("topping")), r#"["bacon", "mushroom"]"#);
        let value = Value::map(vec![
            ("Сотрудник", t("Иванов")),
            ("Число", n(5)),
            ("Булево", Value::Bool(true)),
            ("Ничего", Value::Undefined),
        ]);
        for (name, url) in [("PostJson", "/post"), ("PutJson", "/put"), ("DeleteJson", "/delete")] {
            let json = it.call(name, &[t(&server.url(url)), value.clone()]);
            let sent = json.get("json");
            same(&sent.get("Сотрудник"), &t("Иванов"));
            same(&sent.get("Число"), &n(5));
            same(&sent.get("Булево"), &Value::Bool(true));
        }
        let empty = it.call("PostJson", &[post, Value::structure(vec![])]);
        assert_eq!(format!("{:?}", empty.get("json")), "{}");
        let json = it.call("AsJson", &[it.call("Put", &[t(&server.url("/put")), t("строка")])]);
        same(
            &json.get("headers").get("Content-Type"),
            &t("application/x-www-form-urlencoded; charset=utf-8"),
        );
        let json = it.call(
            "AsJson",
            &[it.call("Patch", &[t(&server.url("/patch")), Value::bytes(*b"raw")])],
        );
        same(&json.get("data"), &t("raw"));
        same(&json.get("headers").get("Content-Type"), &t("application/octet-stream"));
    });
}

/// A-041 to A-045
#[test]
fn json_is_read_and_written_as_the_parameters_say() {
    in_both_languages(|it| {
        let read =
            |text: &str, parameters| it.call("JsonToObject", &[t(text), t("utf-8"), parameters]);
        let plain = read(r#"{"a": "2019-01-21T00:24:00", "n": [1, null]}"#, Value::Undefined);
        same(&plain.get("a"), &t("2019-01-21T00:24:00"));
        assert!(matches!(plain, Value::Map(_)));
        let dates = it.structure(vec![
            ("ReadToMap", Value::Bool(false)),
            ("PropertiesNamesWithDateValues", t("Дата, when")),
        ]);
        let value =
            read(r#"{"Дата": "2019-01-21T00:24:00", "when": "2019-01-21T00:24:00Z"}"#, dates);
        assert!(matches!(value, Value::Structure(_)));
        assert_eq!(value.get("Дата").shown(), "2019-01-21T00:24:00");
        assert_eq!(value.get("when").shown(), "2019-01-21T03:24:00", "three hours east");
        let wrong = it.structure(vec![("PropertiesNamesWithDateValue", t("x"))]);
        assert!(
            it.fails("JsonToObject", &[t("{}"), t("utf-8"), wrong]).contains("PropertiesNames")
        );

        let writer = it.structure(vec![("NewLines", Value::Enum("jsonlinebreak.none".to_owned()))]);
        let fields = Value::structure(vec![("field", t("value")), ("field2", t("value2"))]);
        let text = it.call("ObjectToJson", &[fields, Value::Undefined, writer.clone()]);
        same(&text, &t(r#"{"field":"value","field2":"value2"}"#));
        let date = Value::structure(vec![("Дата", value.get("Дата"))]);
        let universal = Value::Enum("jsondatewritingvariant.universaldate".to_owned());
        let universal = it.structure(vec![("JSONDateWritingVariant", universal)]);
        let text = it.call("ObjectToJson", &[date, universal, writer.clone()]);
        same(&text, &t(r#"{"Дата":"2019-01-20T21:24:00Z"}"#));

        let uuid = "be4ee795-7f5e-4d1a-be43-a6d6902f5cfd";
        let typed = Value::structure(vec![
            ("uuid", Value::Uuid(uuid.to_owned())),
            ("data", Value::bytes(*b"test")),
        ]);
        let conversion = it.structure(vec![
            ("ConvertionFunctionName", Value::Text(it.key("JsonConversion"))),
            ("ConvertionFunctionModule", Value::Module),
        ]);
        let text = it.call("ObjectToJson", &[typed.clone(), conversion, writer]);
        same(&text, &t(&format!(r#"{{"uuid":"{uuid}","data":"dGVzdA=="}}"#)));
        assert!(it.fails("ObjectToJson", &[typed]).contains("uuid"));

        let types = Value::map(vec![
            ("uuid", Value::Type("uuid".to_owned())),
            ("data", Value::Type("binarydata".to_owned())),
        ]);
        let restore = it.structure(vec![
            ("RestoreFunctionName", Value::Text(it.key("JsonRestore"))),
            ("RestoreFunctionModule", Value::Module),
            ("RestoreFunctionAdditionalParameters", types),
            ("RestorePropertiesNames", Value::array(vec![t("uuid"), t("data")])),
        ]);
        let value = read(&format!(r#"{{"uuid":"{uuid}","data":"dGVzdA==","other":1}}"#), restore);
        same(&value.get("uuid"), &Value::Uuid(uuid.to_owned()));
        same(&value.get("data"), &Value::bytes(*b"test"));
        same(&value.get("other"), &n(1));
    });
}

/// A-020, issue 33 of the original
#[test]
fn what_is_passed_is_not_changed() {
    let server = server();
    in_both_languages(|it| {
        let headers = Value::map(vec![("Content-Type", t("application/json"))]);
        let more = it.structure(vec![("Headers", headers)]);
        let before = format!("{more:?}");
        it.call("Post", &[t(&server.url("/post")), t("{}"), more.clone()]);
        assert_eq!(format!("{more:?}"), before);
    });
}

/// A-046, A-049 to A-052
#[test]
fn redirects_are_followed_counted_or_returned() {
    let server = server();
    in_both_languages(|it| {
        let response = it.call("Get", &[t(&server.url("/relative-redirect/6"))]);
        same(&it.field(&response, "URL"), &t(&server.url("/get")));
        let session = it.call("NewSession", &[]);
        session.insert(Value::Text(it.key("MaximumNumberOfRedirects")), n(3));
        let given = [t(&server.url("/redirect/4")), Value::Undefined, Value::Undefined, session];
        let why = it.fails("Get", &given);
        assert!(why.contains(it.text("TooManyRedirects", "СлишкомМногоПеренаправлений")), "{why}");
        let stay = it.structure(vec![("AllowRedirect", Value::Bool(false))]);
        let url = t(&server.url("/redirect-to?url=/get&status_code=307"));
        let response = it.call("Get", &[url, Value::Undefined, stay]);
        same(&it.field(&response, "StatusCode"), &n(307));
        same(&it.field(&response, "IsRedirect"), &Value::Bool(true));
        same(&it.field(&response, "IsPermanentRedirect"), &Value::Bool(false));
        // B12
        let response = it.call("Head", &[t(&server.url("/redirect-to?url=/get"))]);
        same(&it.field(&response, "StatusCode"), &n(302));
        let url = t(&server.url("/redirect-to?url=/anything&status_code=301"));
        let response = it.call("Post", &[url, t("x")]);
        same(&it.field(&response, "Method"), &t("GET"));
    });
}

/// A-055, A-061, A-062
#[test]
fn a_session_keeps_cookies_where_programs_can_see_and_set_them() {
    let server = server();
    in_both_languages(|it| {
        let session = it.call("NewSession", &[]);
        let none = Value::Undefined;
        let in_session = |url: &str| {
            it.call("GetJson", &[t(&server.url(url)), none.clone(), none.clone(), session.clone()])
        };
        let json = in_session("/cookies/set?PHPSESSID=72a68cc1e55&other=a%3Db");
        same(&json.get("cookies").get("PHPSESSID"), &t("72a68cc1e55"));
        let jar = it.field(&session, "Cookies");
        let cookie = jar.get("127.0.0.1").get("/").get("PHPSESSID");
        same(&it.field(&cookie, "Value"), &t("72a68cc1e55"));
        same(&it.field(&cookie, "Domain"), &t("127.0.0.1"));
        cookie.insert(Value::Text(it.key("Value")), t("changed"));
        let json = in_session("/cookies");
        same(&json.get("cookies").get("PHPSESSID"), &t("changed"));
        // B18: a cookie that the server deletes is gone.
        let json = in_session("/cookies/delete?PHPSESSID");
        same(&json.get("cookies").get("PHPSESSID"), &Value::Undefined);
        let cookie =
            |name, value| it.structure(vec![("Description", t(name)), ("Value", t(value))]);
        let own = it.structure(vec![(
            "Cookies",
            Value::array(vec![cookie("k1", "v1"), cookie("k2", "v2")]),
        )]);
        let url = t(&server.url("/cookies"));
        let json = it.call("GetJson", &[url, none.clone(), own, session.clone()]);
        same(&json.get("cookies").get("k1"), &t("v1"));
        same(&json.get("cookies").get("k2"), &t("v2"));
        let kept = it.field(&session, "Cookies").get("127.0.0.1").get("/").get("k1");
        same(&kept, &Value::Undefined);
    });
}

/// A-036 to A-038, A-054, A-072
#[test]
fn logins_statuses_and_broken_json_are_told() {
    let server = server();
    in_both_languages(|it| {
        let url = t(&server.url("/basic-auth/user/p%3Aa%20s"));
        let login = it.call("NewBasicAuthentication", &[t("user"), t("p:a s")]);
        let with_login = it.structure(vec![("Authentication", login)]);
        let json = it.call("GetJson", &[url, Value::Undefined, with_login]);
        same(&json.get("authenticated"), &Value::Bool(true));
        let in_url = server.url("/basic-auth/user/p").replace("http://", "http://user:p@");
        let response = it.call("Get", &[t(&in_url)]);
        same(&it.field(&response, "StatusCode"), &n(200));
        same(&it.field(&response, "URL"), &t(&server.url("/basic-auth/user/p")));
        let token = it.call("NewBearerAuthentication", &[t("secret")]);
        let with_token = it.structure(vec![("Authentication", token)]);
        let json = it.call("GetJson", &[t(&server.url("/bearer")), Value::Undefined, with_token]);
        same(&json.get("token"), &t("secret"));
        let by_system = it.call("NewOSAuthentication", &[]);
        let by_system = it.structure(vec![("Authentication", by_system)]);
        let why = it.fails("Get", &[t(&server.url("/get")), Value::Undefined, by_system]);
        assert!(why.contains("NTLM"), "{why}");
        let response = it.call("Get", &[t(&server.url("/status/404"))]);
        same(&it.field(&response, "StatusCode"), &n(404));
        let why = it.fails("GetJson", &[t(&server.url("/nowhere"))]);
        assert!(why.contains("404: Not Found") && why.contains("Not Found"), "{why}");
        assert!(
            why.starts_with(
                it.text("JSON deserialization error.", "Ошибка при десериализации JSON.")
            ),
            "{why}"
        );
    });
}

/// A-034, A-035, A-063 to A-065, B23
#[test]
fn files_and_packed_bodies_go_and_come() {
    let server = server();
    in_both_languages(|it| {
        let json = it.call("GetJson", &[t(&server.url("/gzip"))]);
        same(&json.get("gzipped"), &Value::Bool(true));
        let gzip = Value::map(vec![("Content-Encoding", t("gzip"))]);
        let packed = it.structure(vec![("Headers", gzip)]);
        let sent = it.call(
            "PostJson",
            &[t(&server.url("/post")), Value::structure(vec![("a", n(1))]), packed],
        );
        same(&sent.get("headers").get("Content-Encoding"), &t("gzip"));

        let file = it.call(
            "NewFileToSend",
            &[t("f1"), t("file1.txt"), Value::bytes("Привет".as_bytes()), t("text/plain")],
        );
        let untyped = it.call("NewFileToSend", &[t("f2"), t("я \"2\".txt")]);
        let files = it.structure(vec![
            ("Files", Value::array(vec![file.clone(), untyped])),
            ("Data", Value::structure(vec![("field1", t("value1"))])),
        ]);
        for _ in 0..2 {
            let json = it.call(
                "AsJson",
                &[it.call("Post", &[t(&server.url("/post")), Value::Undefined, files.clone()])],
            );
            let body = json.get("data").shown();
            for part in [
                "name=\"field1\"",
                "value1",
                "name=\"f1\"; filename=\"file1.txt\"",
                "Content-Type: text/plain",
                "Привет",
                "filename=\"я %222%22.txt\"",
            ] {
                assert!(body.contains(part), "{part}: {body}");
            }
            let kind = json.get("headers").get("Content-Type").shown();
            assert!(kind.starts_with("multipart/form-data; boundary="), "{kind}");
        }
        same(&it.field(&file, "Name"), &t("f1"));
    });
}

/// A-001 to A-013 and the rest that needs no server
#[test]
fn tools_do_what_the_originals_do() {
    in_both_languages(|it| {
        let parts = it.call(
            "ParseURL",
            &[t("https://us%40er:p:a@h:8080/p?j&i=v1&i=v2&d=2019-01-21T00:00:00#f")],
        );
        same(&it.field(&parts, "Scheme"), &t("https"));
        same(&it.field(&it.field(&parts, "Authentication"), "User"), &t("us@er"));
        same(&it.field(&it.field(&parts, "Authentication"), "Password"), &t("p:a"));
        same(&it.field(&parts, "Port"), &n(8080));
        let query = it.field(&parts, "RequestParameters");
        same(&query.find(&t("j")).unwrap(), &Value::Undefined);
        same(&query.get("d"), &t("2019-01-21T00:00:00"));
        assert_eq!(format!("{:?}", query.get("i")), r#"["v1", "v2"]"#);
        assert!(it.fails("ParseURL", &[t("ftp://h/p")]).contains("ftp"));

        let key = Value::bytes("Секретный ключ".as_bytes());
        let sha = Value::Enum("hashfunction.SHA256".to_owned());
        let code = it.call("HMAC", &[key, Value::bytes(*b""), sha]);
        let Value::Bytes(code) = code else { panic!("{code:?}") };
        assert_eq!(code[..4], [0x70, 0x90, 0x7D, 0x03]);
        let packed = it.call("WriteGZip", &[Value::bytes("Привет, Мир!".as_bytes())]);
        same(&it.call("ReadGZip", &[packed]), &Value::bytes("Привет, Мир!".as_bytes()));
        assert!(it.fails("ReadGZip", &[Value::bytes(*b"text")]).contains("http_body_coding"));

        let date = it.call("DateFromStringRFC7231", &[t("Sun, 06 Nov 1994 08:49:37 GMT")]);
        assert_eq!(date.shown(), "1994-11-06T08:49:37");
        for wrong in ["", "06 Nov", "Sun, 06 Foo 1994 08:49:37 GMT"] {
            assert_eq!(
                it.call("DateFromStringRFC7231", &[t(wrong)]).shown(),
                "0001-01-01T00:00:00"
            );
        }
        same(&it.call("NumberFromString", &[t(" 12 ")]), &n(12));
        same(&it.call("NumberFromString", &[t("x")]), &n(0));
        assert_eq!(it.call("DateFromString", &[t("x")]).shown(), "0001-01-01T00:00:00");
        same(&it.call("HTTPStatusCodePresentation", &[n(400)]), &t("400: Bad Request"));
        let unknown = it.call("HTTPStatusCodePresentation", &[n(488)]).shown();
        assert_eq!(
            unknown,
            it.text("488: Unknown HTTP status code", "488: Неизвестный код состояния HTTP")
        );
        let codes = it.call("HTTPStatusCodes", &[]);
        same(&codes.get(it.text("TooManyRequests_429", "СлишкомМногоЗапросов_429")), &n(429));
    });
}

/// A-016 to A-018
#[test]
fn requests_are_signed_for_aws() {
    in_both_languages(|it| {
        let keys = ["ACCESS_KEY", "SECRET_KEY", "sqs", "eu-north-1"].map(t);
        let auth = it.call("NewAWS4Authentication", &keys);
        for (port, signature) in [
            ("", "ad98a02ef5df6b5337128ccdac1e5a279846c0d1c4b409e713a75dae0c9e4cb3"),
            (":443", "ad98a02ef5df6b5337128ccdac1e5a279846c0d1c4b409e713a75dae0c9e4cb3"),
            (":444", "96df4fab493e08b8a72965acf7a6d2fd651a883a2766a2b0e4c0cd113dea7d8c"),
        ] {
            let session = it.call("NewSession", &[]);
            let date = Value::map(vec![("x-amz-date", t("20200426T122000Z"))]);
            session.insert(Value::Text(it.key("Headers")), date);
            let more = it.structure(vec![("Authentication", auth.clone())]);
            let url = format!("https://sqs.eu-north-1.amazonaws.com{port}/123456789101/test");
            let prepared = it.call("PrepareRequest", &[session, t("GET"), t(&url), more]);
            let headers = it.field(&prepared, "Headers");
            let hash = headers.get("x-amz-content-sha256").shown();
            assert!(hash.starts_with("e3b0c442") && hash.ends_with("7852b855"), "{hash}");
            let shown = headers.get("Authorization").shown();
            let expected = format!(
                "AWS4-HMAC-SHA256 Credential=ACCESS_KEY/20200426/eu-north-1/sqs/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature={signature}"
            );
            assert_eq!(shown, expected);
        }
    });
}

/// A-080
#[test]
fn a_body_goes_to_a_file() {
    let (server, folder) = (server(), tempfile::tempdir().unwrap());
    in_both_languages(|it| {
        let path = folder.path().join(it.key("Get"));
        let more = it.structure(vec![("OutputFileName", t(path.to_str().unwrap()))]);
        let response = it.call("Get", &[t(&server.url("/bytes/1000")), Value::Undefined, more]);
        same(&it.field(&response, "StatusCode"), &n(200));
        assert_eq!(std::fs::read(&path).unwrap().len(), 1000);
    });
}

/// The pauses themselves are the connector's; here it is shown that the parameters reach it.
#[test]
fn tries_that_failed_are_told() {
    let server = server();
    in_both_languages(|it| {
        let more = it.structure(vec![
            ("MaximumNumberOfRetries", n(2)),
            ("ExponentialDelayRatio", Value::Number(0.001)),
            ("ToRetryForStatusesCodes", Value::array(vec![n(404)])),
        ]);
        let given = [t(&server.url("/status/404")), Value::Undefined, more];
        let response = it.call("Get", &given);
        let errors = it.field(&response, "Errors");
        assert_eq!(format!("{errors:?}").matches("404").count() / 2, 2, "{errors:?}");
        let text = it.call("AsException", &[response, t("Не вышло")]).shown();
        assert!(text.starts_with("Не вышло\n\nHTTP GET http://127.0.0.1"), "{text}");
        assert!(text.contains("404: Not Found"), "{text}");
    });
}

#[test]
fn a_typo_is_refused_by_its_name() {
    in_both_languages(|it| {
        let typo = Value::structure(vec![("Headrs", Value::map(vec![]))]);
        let why = it.fails("Get", &[t("http://h.test/"), Value::Undefined, typo]);
        assert!(why.contains("Headrs") && why.contains(&it.key("Headers")), "{why}");
    });
}

#[test]
fn a_setting_of_a_wrong_type_is_refused_by_its_name() {
    in_both_languages(|it| {
        for (key, value) in [
            ("Authentication", t("user:hunter2")),
            ("Cookies", n(5)),
            ("Files", t("photo.png")),
            ("Headers", t("X-Y: 1")),
            ("MaximumNumberOfRetries", t("x")),
            ("RequestParameters", n(5)),
            ("ToRetryForStatusesCodes", t("502")),
        ] {
            let options = it.structure(vec![(key, value)]);
            let why = it.fails("Get", &[t("http://h.test/"), Value::Undefined, options]);
            assert!(why.contains(&it.key(key)) && !why.contains("hunter2"), "{key}: {why}");
        }
    });
}

#[test]
fn what_would_be_sent_can_be_seen() {
    in_both_languages(|it| {
        let session = it.call("NewSession", &[]);
        let more = it.structure(vec![("Json", Value::structure(vec![("a", n(1))]))]);
        let prepared =
            it.call("PrepareRequest", &[session, t("POST"), t("http://h.test/a b?x=1"), more]);
        same(&it.field(&prepared, "Method"), &t("POST"));
        same(&it.field(&prepared, "URL"), &t("http://h.test/a%20b?x=1"));
        let headers = it.field(&prepared, "Headers");
        same(&headers.get("Content-Type"), &t("application/json; charset=utf-8"));
        let Value::Bytes(body) = it.field(&prepared, "Body") else { panic!("no body") };
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&body).unwrap()["a"], 1);
    });
}

/// A-033, A-078
#[test]
fn a_failure_of_the_network_says_which() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    in_both_languages(|it| {
        let why = it.fails("Get", &[t(&format!("http://{closed}/a?secret=hunter2"))]);
        assert!(why.contains("connect_refused") && why.starts_with("HTTP GET http://127"), "{why}");
        assert!(!why.contains("hunter2"), "{why}");
    });
}
