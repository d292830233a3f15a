//! The tables of environments: which proxy, and for whom none.

use opi_proxy::{ProxySettings, Traffic};
use serde_json::Value;

use super::{rows, text};

fn settings(variables: &Value) -> Result<ProxySettings, String> {
    let variables = variables.as_object().unwrap();
    let lookup = |name: &str| Some(text(variables.get(name)?).to_owned());
    ProxySettings::from_variables(lookup).map_err(|error| error.to_string())
}

/// The proxy for `url`, as text.
fn proxy(settings: &ProxySettings, url: &str) -> Option<String> {
    let url: opi_http_connector::Url = url.parse().unwrap();
    let traffic = if url.scheme() == "https" { Traffic::Https } else { Traffic::Http };
    let port = url.port_or_known_default().unwrap();
    let target = opi_net::Target::new(url.host_str().unwrap(), port).unwrap();
    let route = settings.route(traffic, &target);
    route.hops().first().map(|hop| hop.target().to_string())
}

/// `http://host` as the target that it is.
fn expected(value: &Value) -> Option<String> {
    let url: opi_http_connector::Url = value.as_str()?.parse().unwrap();
    Some(format!("{}:{}", url.host_str().unwrap(), url.port_or_known_default().unwrap()))
}

#[test]
fn environments_choose_the_proxy_that_httpx_chooses() {
    let Some(rows) = rows("httpx", "test_proxies_environ") else { return };
    let mut otherwise = Vec::new();
    for row in &rows {
        let found = settings(&row[1]).map(|settings| proxy(&settings, text(&row[0])));
        if found != Ok(expected(&row[2])) {
            otherwise.push((row[1].to_string(), found));
        }
    }
    assert!(otherwise.is_empty(), "{otherwise:#?}");
}

#[test]
fn environments_name_their_proxies() {
    let Some(rows) = rows("httpx", "test_get_environment_proxies") else { return };
    for row in &rows {
        let settings = settings(&row[0]).unwrap();
        for (scheme, traffic) in [("http", Traffic::Http), ("https", Traffic::Https)] {
            let target = opi_net::Target::new("h.test", 80).unwrap();
            let named = [format!("{scheme}://"), "all://".to_owned()];
            let wanted =
                named.iter().find_map(|name| row[1].get(name)).is_some_and(|it| !it.is_null());
            let found = !settings.route(traffic, &target).is_direct();
            assert_eq!(found, wanted, "{row} {scheme}");
        }
    }
}

/// The list that the rows of requests are of; it stands in the code of their test.
const LIST: &str = "192.168.0.0/24,127.0.0.1,localhost.localdomain,172.16.1.1";
const DOMAINS: &str = "localhost,anotherdomain.com,newdomain.com:1234,.d.o.t";

#[test]
fn lists_of_hosts_are_read_as_requests_reads_them() {
    for (test, list) in [
        ("test_should_bypass_proxies_no_proxy", LIST),
        ("test_should_bypass_proxies_no_proxy_domain_boundary", DOMAINS),
    ] {
        let Some(rows) = rows("requests", test) else { return };
        let variables = serde_json::json!({"all_proxy": "http://p.test:1", "no_proxy": list});
        let settings = settings(&variables).unwrap();
        for row in &rows {
            let around = proxy(&settings, text(&row[0])).is_none();
            assert_eq!(Some(around), row[1].as_bool(), "{list} {row}");
        }
    }
}

const PORTS: &str = "192.168.0.0/24,127.0.0.1,localhost.localdomain,172.16.1.1, google.com:6000";
const KEYWORD: &str = "192.168.1.1,requests.com";

#[test]
fn hosts_of_a_list_are_asked_without_a_proxy() {
    for (test, list, expected) in [
        ("test_bypass", LIST, Some(true)),
        ("test_not_bypass", LIST, Some(false)),
        ("test_bypass_no_proxy_keyword", KEYWORD, Some(true)),
        ("test_not_bypass_no_proxy_keyword", KEYWORD, Some(false)),
        ("test_should_bypass_proxies", PORTS, None),
    ] {
        let Some(rows) = rows("requests", test) else { return };
        let variables = serde_json::json!({"all_proxy": "http://p.test:1", "no_proxy": list});
        let settings = settings(&variables).unwrap();
        for row in &rows {
            let (url, own) = (row.as_str().unwrap_or_else(|| text(&row[0])), row[1].as_bool());
            // A file is no traffic of ours.
            if !url.starts_with("file:") {
                let around = proxy(&settings, url).is_none();
                assert_eq!(Some(around), expected.or(own), "{list} {row}");
            }
        }
    }
}

#[test]
fn each_variable_names_a_proxy() {
    let Some(rows) = rows("requests", "test_proxy_env_vars_override_default") else { return };
    for row in &rows {
        let [variable, url, named] = [0, 1, 2].map(|at| text(&row[at]));
        let settings = settings(&serde_json::json!({ variable: named })).unwrap();
        let found = proxy(&settings, url).map(|target| format!("socks5://{target}"));
        assert_eq!(found.as_deref(), Some(named), "{row}");
    }
}
