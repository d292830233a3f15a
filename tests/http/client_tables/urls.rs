//! The tables of URLs: schemes, paths, parameters, logins.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use opi_http_connector::{Request, Session, SessionConfig, Url, assume_http};
use opi_net::Deadline;
use serde_json::Value;

use super::{decoded, rows, text};

/// Reads a URL as a person writes it, who may leave the scheme out.
fn read(url: &str) -> Option<Url> {
    Some(Request::get(&assume_http(url)).ok()?.url().clone())
}

fn target(url: &str) -> Option<String> {
    let url = read(url)?;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{}{query}", url.path()))
}

#[test]
fn scheme_host_and_port_are_found() {
    let Some(rows) = rows("urllib3", "test_scheme_host_port") else { return };
    let mut refused = Vec::new();
    for row in &rows {
        let (written, expected) = (text(&row[0]), &row[1]);
        let Some(url) = read(written) else {
            refused.push(written);
            continue;
        };
        assert_eq!(url.scheme(), text(&expected[0]), "{row}");
        // An IPv6 address is written in its one short form (RFC 5952).
        let host: Url = format!("http://{}/", text(&expected[1])).parse().unwrap();
        assert_eq!(url.host(), host.host(), "{row}");
        // A port that is the scheme's own is not told.
        let own = if url.scheme() == "http" { 80 } else { 443 };
        let port = expected[2].as_u64().unwrap_or(own);
        assert_eq!(url.port_or_known_default().map(u64::from), Some(port), "{row}");
    }
    // A URL has no zone (WHATWG), and only http and https are asked.
    assert_eq!(
        refused,
        [
            "http://[a::b%25zone]",
            "http://[a::b%zone]",
            "abOut://eXamPlE.com?info=1",
            "http+UNIX://%2fvar%2frun%2fSOCKET/path",
        ]
    );
}

#[test]
fn urls_are_brought_into_one_form() {
    let Some(rows) = rows("urllib3", "test_parse_url_normalization") else { return };
    let mut otherwise = Vec::new();
    for row in &rows {
        let found = read(text(&row[0]));
        let mut expected = text(&row[1]).parse::<Url>().ok();
        if let Some(expected) = &mut expected {
            // A login is a header and no part of the URL.
            expected.set_username("").unwrap();
            expected.set_password(None).unwrap();
        }
        if found.is_none() || found != expected {
            otherwise.push(text(&row[0]));
        }
    }
    assert_eq!(
        otherwise,
        [
            // A URL has no zone.
            "[::1%zone]",
            "[::1%25zone]",
            "[::1%0d]",
            "[::1%25]",
            "[::Ff%etH0%Ff]/%ab%Af",
            "http://user:pass@[AaAa::Ff%25etH0%Ff]/%ab%Af",
            // Brackets stay as they are in a path and in parameters, and the letters of `%5d` too.
            "http://google.com/p[]?parameter[]=\"hello\"#fragment#",
            "http://google.com/p%5B%5d?parameter%5b%5D=%22hello%22#fragment%23",
        ]
    );
}

#[test]
fn the_target_is_path_and_parameters() {
    let Some(rows) = rows("urllib3", "test_request_uri") else { return };
    for row in &rows {
        let url = text(&row[0]);
        // These five are parts of a URL to urllib3. Nobody is named who could be asked.
        let expected = match url {
            "" | "/" | "?" | "#" | "/foo?bar=baz" => None,
            _ => Some(text(&row[1]).to_owned()),
        };
        assert_eq!(target(url), expected, "{row}");
    }
}

fn bytes(value: &Value) -> String {
    let bytes = STANDARD.decode(text(&value["bytes_b64"])).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn paths_and_parameters_are_written_as_httpx_writes_them() {
    let Some(rows) = rows("httpx", "test_path_query_fragment") else { return };
    for row in &rows {
        let mut expected = bytes(&row[1]);
        // In parameters the standard encodes `'` of http and https.
        if expected.starts_with("/?!$&'") {
            expected = expected.replace('\'', "%27");
        }
        assert_eq!(target(text(&row[0])), Some(expected), "{row}");
    }
}

fn authorization(url: &str) -> Option<String> {
    let request = Request::get(url).unwrap();
    let prepared = Session::new(SessionConfig::new()).prepare(&request).unwrap();
    let value = prepared.headers.get("authorization")?;
    Some(value.to_str().unwrap().to_owned())
}

#[test]
fn logins_are_taken_out_of_urls() {
    if let Some(rows) = rows("httpx", "test_url_username_and_password") {
        for row in &rows {
            let expected = opi_auth::basic(text(&row[2]), text(&row[3])).unwrap();
            assert_eq!(authorization(text(&row[0])).as_deref(), Some(expected.expose()), "{row}");
        }
    }
    if let Some(rows) = rows("werkzeug", "test_uri_empty_auth") {
        let found: Vec<_> = rows.iter().map(|row| authorization(text(row))).collect();
        let basic =
            |user, password| Some(opi_auth::basic(user, password).unwrap().expose().to_owned());
        // `:@` is no login: there is neither user nor password.
        assert_eq!(found, [basic("", "p"), basic("u", ""), None, basic("u", "")]);
    }
}

#[test]
fn international_names_are_written_in_ascii() {
    if let Some(rows) = rows("httpx", "test_idna_url") {
        for row in &rows {
            let url = read(text(&row[0])).unwrap();
            assert_eq!(url.host_str(), Some(bytes(&row[3]).as_str()), "{row}");
            // httpx keeps `:443` of https in the text; a port that is the scheme's own is not told.
            assert_eq!(url, text(&row[1]).parse().unwrap(), "{row}");
            assert_eq!((url.scheme(), url.port().map(u64::from)), (text(&row[4]), row[5].as_u64()));
        }
    }
    if let Some(rows) = rows("werkzeug", "test_uri_iri_normalization") {
        for row in &rows {
            let url = "http://xn--f-rgao.com/%E2%98%90/fred?utf8=%E2%9C%93";
            assert_eq!(read(text(row)).unwrap().as_str(), url);
        }
    }
}

#[test]
fn a_scheme_that_is_left_out_is_http() {
    if let Some(rows) = rows("requests", "test_prepend_scheme_if_needed") {
        for row in &rows {
            assert_eq!(assume_http(text(&row[0])), text(&row[1]), "{row}");
        }
    }
    if let Some(rows) = rows("requests", "test_mixed_case_scheme_acceptable") {
        for row in &rows {
            assert_eq!(read(&format!("{}h.test/get", text(row))).unwrap().scheme(), "http");
        }
    }
}

#[test]
fn parameters_stand_before_the_fragment() {
    let Some(rows) = rows("requests", "test_params_are_added_before_fragment") else { return };
    for row in &rows {
        let request = Request::get(text(&row[0])).unwrap().query("a", "b");
        assert_eq!(request.url().as_str(), text(&row[1]));
    }
}

#[test]
fn parameters_may_be_in_other_letters() {
    let Some(rows) = rows("requests", "test_unicode_get") else { return };
    for row in &rows {
        let (path, parameters) = (text(&row[0]), row[1].as_object().unwrap());
        let url = Url::parse("http://h.test/").unwrap().join(path).unwrap();
        let mut request = Request::get(url.as_str()).unwrap();
        for (name, value) in parameters {
            request = request.query(name, text(value));
        }
        let given: Vec<_> =
            parameters.iter().map(|(name, it)| (name.clone(), it.clone())).collect();
        let pairs = request.url().query_pairs();
        let found: Vec<_> =
            pairs.map(|(name, it)| (name.into_owned(), Value::from(&*it))).collect();
        assert_eq!(found, given);
    }
}

/// A URL is told by its host and port in `Host`, where the scheme's own port is not written.
#[test]
fn host_and_port_are_those_of_the_url() {
    let Some(rows) = rows("urllib3", "test_netloc") else { return };
    let session = Session::new(SessionConfig::new());
    for row in &rows {
        let request = Request::get(&assume_http(text(&row[0])));
        let Some(expected) = row[1].as_str() else {
            assert_eq!(request.unwrap_err().code(), "http_bad_url", "{row}");
            continue;
        };
        let prepared = session.prepare(&request.unwrap()).unwrap();
        let expected = expected.strip_suffix(":80").unwrap_or(expected);
        assert_eq!(prepared.headers["host"], *expected, "{row}");
    }
    let Some(ports) = super::rows("urllib3", "test_connection_from_url_preserves_port_zero") else {
        return;
    };
    for row in &ports {
        let port = read(text(&row[0])).unwrap().port_or_known_default();
        assert_eq!(port.map(u64::from), row[1].as_u64(), "{row}");
    }
}

#[test]
fn a_path_is_no_url() {
    let Some(rows) = rows("urllib3", "test_paths_arent_parsed_as_urls") else { return };
    for path in rows.iter().map(text) {
        let url = format!("http://h.test{path}");
        assert_eq!(read(&url).unwrap().host_str(), Some("h.test"), "{path}");
        assert_eq!(target(&url).as_deref(), Some(path));
    }
}

/// Deviation: only http and https are asked, so what Python leaves to others is refused.
#[test]
fn other_schemes_are_refused() {
    for (file, test, column) in [
        ("requests", "test_url_mutation", 0),
        ("requests", "test_parameters_for_nonstandard_schemes", 0),
        ("urllib3", "test_same_host_custom_protocol", 1),
        ("urllib3", "test_not_same_host_custom_protocol", 1),
    ] {
        let Some(rows) = rows(file, test) else { return };
        for row in &rows {
            let refused = Request::get(&decoded(&row[column])).unwrap_err();
            assert_eq!(refused.code(), "http_bad_url", "{row}");
        }
    }
}

/// What an error shows has neither login nor fragment, nor parameters, which may be secrets; a row
/// that is no URL is refused before.
#[tokio::test]
async fn a_url_is_shown_without_login_and_fragment() {
    let Some(rows) = rows("requests", "test_urldefragauth") else { return };
    let (session, over) = (Session::new(SessionConfig::new()), Deadline::after(Duration::ZERO));
    let mut refused = 0;
    for row in &rows {
        let Ok(request) = Request::get(text(&row[0])) else {
            refused += 1;
            continue;
        };
        let error = session.send(request, &over).await.unwrap_err();
        let (shown, expected) = (error.to_string(), text(&row[1]).split('?').next().unwrap());
        assert!(shown.starts_with(&format!("{expected}: ")), "{shown} {row}");
    }
    assert_eq!(refused, 4);
}

#[test]
fn a_header_of_the_callers_takes_the_place_of_ours() {
    let Some(rows) = rows("requests", "test_user_agent_transfers") else { return };
    for name in rows.iter().map(text) {
        let request = Request::get("http://h.test/").unwrap().header(name, "mine").unwrap();
        let prepared = Session::new(SessionConfig::new()).prepare(&request).unwrap();
        let agents: Vec<_> = prepared.headers.get_all("user-agent").iter().collect();
        assert_eq!(agents, ["mine"]);
    }
}
