//! URLs taken apart.

use opi_http_connector::connector::{ParsedUrl, Scheme, parse_url};

fn parts(url: &str) -> ParsedUrl {
    parse_url(url).unwrap()
}

/// The parameters, with `None` for one that is a name only.
#[track_caller]
fn parameters(url: &ParsedUrl, expected: &[(&str, Option<&str>)]) {
    let found = url.query().iter().map(|(name, value)| (name.as_str(), value.as_deref()));
    assert_eq!(found.collect::<Vec<_>>(), expected);
}

/// Host, port and path; what is not asked is not there.
#[track_caller]
fn place(url: &ParsedUrl, host: &str, port: Option<u16>, path: &str) {
    assert_eq!((url.host(), url.port(), url.path()), (host, port, path));
}

#[test]
fn a_001_spaces_and_signs_in_a_query_are_kept() {
    let url = parts(
        "https://h/anything?jql=worklogDate >= 2017-04-01 AND worklogDate <= 2017-05-01&j&i=2",
    );
    assert_eq!((url.scheme(), url.fragment()), (Scheme::Https, ""));
    place(&url, "h", None, "/anything");
    let jql = "worklogDate >= 2017-04-01 AND worklogDate <= 2017-05-01";
    parameters(&url, &[("jql", Some(jql)), ("j", None), ("i", Some("2"))]);
}

#[test]
fn a_002_a_parameter_may_have_no_value() {
    let url = parts("https://h/get?key");
    place(&url, "h", None, "/get");
    parameters(&url, &[("key", None)]);
}

#[test]
fn a_003_a_port_that_is_written_is_told() {
    place(&parts("https://h:443/get?key"), "h", Some(443), "/get");
}

#[test]
fn a_004_a_parameter_has_all_its_values_in_order() {
    let url = parts("http://h/anything?i=v1&j=w1&j=w2&i=v2&i=v3");
    let all = |wanted: &str| -> Vec<&str> {
        let of_it = url.query().iter().filter(|(name, _)| name == wanted);
        of_it.map(|(_, value)| value.as_deref().unwrap()).collect()
    };
    assert_eq!(url.query().len(), 5);
    assert_eq!((all("i"), all("j")), (vec!["v1", "v2", "v3"], vec!["w1", "w2"]));
}

#[test]
fn a_005_a_fragment_is_no_part_of_the_path() {
    let url = parts("https://h/wiki/1C_Company#Products");
    place(&url, "h", None, "/wiki/1C_Company");
    assert_eq!(url.fragment(), "Products");
    parameters(&url, &[]);
}

#[test]
fn a_006_an_ipv6_address_keeps_its_brackets() {
    let url = parts("http://[2001:0db8:11a3:09d7:1f34:8a2e:07a0:765d]:8080/test");
    place(&url, "[2001:0db8:11a3:09d7:1f34:8a2e:07a0:765d]", Some(8080), "/test");
}

#[test]
fn a_007_a_path_that_is_not_there_is_the_root() {
    let url = parts("http://1c.ru");
    assert_eq!(url.scheme(), Scheme::Http);
    place(&url, "1c.ru", None, "/");
    parameters(&url, &[]);
}

#[test]
fn a_008_a_url_within_a_parameter_is_one_value() {
    let url = parts("https://h?url=http%3A%2F%2Fwww.kuku.ru%2F%3Fs%3D1%26b%3D2&OTHER=1");
    place(&url, "h", None, "/");
    let inner = "http://www.kuku.ru/?s=1&b=2";
    parameters(&url, &[("url", Some(inner)), ("OTHER", Some("1"))]);
}

#[test]
fn a_009_a_login_is_told_in_two_parts() {
    let url = parts("http://user:pass@1c.ru");
    assert_eq!((url.user(), url.password().expose()), ("user", "pass"));
    place(&url, "1c.ru", None, "/");
}

#[test]
fn a_010_a_login_may_have_no_password() {
    let url = parts("http://user@1c.ru");
    assert_eq!((url.user(), url.password().expose()), ("user", ""));
}
