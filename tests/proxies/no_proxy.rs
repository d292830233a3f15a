//! The tables of `no-proxy`: those of curl and of requests, row by row.

use harness::fixture;
use opi_net::Target;
use opi_proxy::Bypass;
use serde_json::Value;

#[test]
fn the_rows_of_curl() {
    let Some(table) = fixture("no-proxy/curl-unit1614.json") else { return };
    let rows = table.as_array().unwrap();
    assert_eq!(rows.len(), 78);
    for row in rows {
        let (host, list) = (row["host"].as_str().unwrap(), row["no_proxy"].as_str().unwrap());
        let target = Target::new(host, 80).unwrap();
        let covered = Bypass::new(list).covers(&target);
        assert_eq!(Some(covered), row["bypass"].as_bool(), "{host:?} {list:?}");
    }
}

const LIST: &str = "192.168.0.0/24,127.0.0.1,localhost.localdomain,172.16.1.1";

/// The lists that the functions of the table set, with the number of their rows.
const LISTS: &[(&str, usize, &str)] = &[
    ("test_should_bypass_proxies", 10, ", google.com:6000"),
    ("test_should_bypass_proxies_pass_only_hostname", 8, ""),
    ("test_should_bypass_proxies_no_proxy", 8, ""),
    ("test_should_bypass_proxies_no_proxy_domain_boundary", 9, ""),
    ("test_should_bypass_proxies_win_registry", 10, ""),
];

/// Deviation: a `file` URL has no host and no proxy, so it is no question to a list of hosts.
const NO_TARGET: &str = "file:///some/path/on/disk";

#[test]
fn the_rows_of_requests() {
    let Some(table) = fixture("no-proxy/requests-should-bypass.json") else { return };
    for (group, (function, count, more)) in table.as_array().unwrap().iter().zip(LISTS) {
        assert_eq!(group["function"].as_str(), Some(*function));
        let rows = group["rows"].as_array().unwrap();
        assert_eq!(rows.len(), *count, "{function}");
        for row in rows {
            check(function, row, more);
        }
    }
}

#[track_caller]
fn check(function: &str, row: &Value, more: &str) {
    let url = row[0].as_str().unwrap();
    if url == NO_TARGET {
        return;
    }
    let (list, expected) = match function {
        // These rows say which host the list is asked about.
        "test_should_bypass_proxies_pass_only_hostname" => {
            (row[1].as_str().unwrap().to_owned(), true)
        }
        "test_should_bypass_proxies_no_proxy_domain_boundary" => {
            let list = "localhost,anotherdomain.com,newdomain.com:1234,.d.o.t";
            (list.to_owned(), row[1].as_bool().unwrap())
        }
        "test_should_bypass_proxies_win_registry" => {
            let list = "192.168.*;127.0.0.1;localhost.localdomain;172.16.1.1";
            (row[2].as_str().unwrap_or(list).to_owned(), row[1].as_bool().unwrap())
        }
        _ => (format!("{LIST}{more}"), row[1].as_bool().unwrap()),
    };
    assert_eq!(Bypass::new(&list).covers(&target(url)), expected, "{url} {list:?}");
}

fn target(url: &str) -> Target {
    let authority = url.strip_prefix("http://").unwrap().split('/').next().unwrap();
    let host = authority.rsplit('@').next().unwrap();
    let (host, port) = host.split_once(':').unwrap_or((host, "80"));
    Target::new(host, port.parse().unwrap()).unwrap()
}
