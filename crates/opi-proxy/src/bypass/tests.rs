//! Rows that the public tables do not have: ports, patterns, zones, letters, tricks.

use super::*;

#[track_caller]
fn check(list: &str, target: &str, covered: bool) {
    let found = Bypass::new(list).covers(&target.parse().unwrap());
    assert_eq!(found, covered, "{list:?} {target:?}");
}

#[test]
fn names_cover_what_is_below_them() {
    check("corp", "corp:1", true);
    check("corp", "db.corp:1", true);
    check(".corp", "corp:1", true);
    check("*.corp", "db.corp:1", true);
    check("*.corp", "a.db.corp:1", true);
    check("*.corp", "corp:1", false);
    check("corp", "dbcorp:1", false);
    check("corp", ".corp.example:1", false);
    check("*", "anything:1", true);
    check("*", "[::1]:1", true);
    check("", "corp:1", false);
    check(" , ;", "corp:1", false);
}

#[test]
fn case_dots_and_letters_make_no_difference() {
    check("CORP.", "Db.Corp:1", true);
    check("corp", "db.CORP.:1", true);
    check("сервер.рф", "Сервер.РФ:1", true);
    check("xn--e1afmkfd.xn--p1ai", "ПРИМЕР.рф:1", true);
    check("пример.рф", "XN--E1AFMKFD.xn--p1ai:1", true);
    check("рф", "db.сервер.рф:1", true);
    check("corp", "db。corp:1", true);
    check("рф", "db.corp:1", false);
}

#[test]
fn ports_narrow_an_entry() {
    check("corp:80", "db.corp:80", true);
    check("corp:80", "db.corp:81", false);
    check("10.0.0.1:80", "10.0.0.1:80", true);
    check("10.0.0.1:80", "10.0.0.1:81", false);
    check("[::1]:80", "[::1]:80", true);
    check("[::1]:80", "[::1]:81", false);
    check("*:80", "corp:80", true);
    check("*:80", "corp:81", false);
    check("corp:", "corp:1", false);
    check("corp:http", "corp:80", false);
    check("corp:65536", "corp:1", false);
}

#[test]
fn addresses_are_compared_as_addresses() {
    check("::1", "[0:0:0:0:0:0:0:1]:1", true);
    check("[::1]", "[::1]:1", true);
    check("[fd00::]/8", "[fdab::1]:1", true);
    check("::/0", "[fdab::1]:1", true);
    check("::/0", "10.0.0.1:1", false);
    check("0.0.0.0/0", "10.0.0.1:1", true);
    check("10.0.0.0/8", "[::ffff:10.1.2.3]:1", true);
    check("::ffff:10.0.0.0/104", "10.1.2.3:1", true);
    check("::ffff:10.0.0.0/95", "10.1.2.3:1", false);
    check("10.0.0.0/8", "10.corp:1", false);
    check("0.1", "10.0.0.1:1", false);
    check("10.0.0.0/", "10.0.0.0:1", false);
    check("10.0.0.0/+8", "10.0.0.0:1", false);
}

#[test]
fn zones_have_no_part_in_it() {
    check("*.example.com", "[::1%25.example.com]:1", false);
    check(".example.com", "[fe80::1%x.example.com]:1", false);
    check("example.com", "[::1%example.com]:1", false);
    check("*.com", "[fe80::1%eth0.com]:1", false);
    check("fe80::/10", "[fe80::1%eth0]:1", true);
    check("fe80::1", "[fe80::1%eth0]:1", true);
}

#[test]
fn patterns_and_local_names_are_those_of_windows() {
    check("192.168.*", "192.168.0.1:1", true);
    check("192.168.*;x", "192.169.0.1:1", false);
    check("db*.corp", "db17.corp:1", true);
    check("db*.corp", "web.corp:1", false);
    check("*db*", "a.db.b:1", true);
    check("*a*b", "aab:1", true);
    check("*a*b", "aba:1", false);
    check("<local>", "intranet:1", true);
    check("<local>", "db.corp:1", false);
    check("<local>", "[::1]:1", false);
    check("<local>", "127.0.0.1:1", false);
}

#[test]
fn what_is_no_rule_is_told() {
    let bypass = Bypass::new("corp, http://x, a b, 10.0.0.0/33, <remote>, ok");
    assert_eq!(bypass.unknown(), ["http://x", "a b", "10.0.0.0/33", "<remote>"]);
    assert_eq!(bypass.to_string(), "corp, http://x, a b, 10.0.0.0/33, <remote>, ok");
}

#[test]
fn a_pattern_of_stars_takes_no_time() {
    let target = format!("{}:1", "a".repeat(250)).parse().unwrap();
    assert!(!Bypass::new(&format!("{}b", "*a".repeat(120))).covers(&target));
}
