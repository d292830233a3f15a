//! The parameters that a caller adds to a URL.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::Request;

/// The parameters of the URL. They stand behind those that the URL has, which stay as they are
/// written, and in the order in which they are added; a name may stand there several times.
impl Request {
    /// Adds `name=value`. Both are data and encoded here, once: everything but letters, digits and
    /// `-._~` becomes `%XX` of its UTF-8, a blank `%20`, and a `%` is a percent sign.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        append(&mut self.url, &format!("{}={}", encoded(name), encoded(value)));
        self
    }

    /// Adds `name` without `=` and value, encoded as by [`Self::query`].
    pub fn query_key(mut self, name: &str) -> Self {
        append(&mut self.url, &encoded(name));
        self
    }

    /// Adds `text` as it is, for what is encoded already or is no list of parameters. Only what
    /// cannot stand in a query is encoded: blanks, quotes, `<`, `>`, `#` and what is not ASCII.
    pub fn query_raw(mut self, text: &str) -> Self {
        append(&mut self.url, text);
        self
    }
}

fn append(url: &mut Url, piece: &str) {
    match url.query() {
        Some(before) if !before.is_empty() => {
            let whole = format!("{before}&{piece}");
            url.set_query(Some(&whole));
        }
        _ => url.set_query(Some(piece)),
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Everything but the unreserved characters (RFC 3986 section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn asks(url: &str, add: impl Fn(Request) -> Request, expected: &str) {
        let request = add(Request::get(url).unwrap());
        assert_eq!(request.url().as_str(), expected);
    }

    #[test]
    fn names_and_values_are_encoded_once() {
        let encoded = "http://h.test/?%D1%82%20%5B=b%26c%3Dd%2Be%20%25%32";
        asks("http://h.test/", |it| it.query("т [", "b&c=d+e %2"), &encoded.replace("%32", "2"));
        asks(
            "http://h.test/",
            |it| it.query("t[]", "a-b.c_d~e"),
            "http://h.test/?t%5B%5D=a-b.c_d~e",
        );
        asks("http://h.test/", |it| it.query("a", "%41"), "http://h.test/?a=%2541");
        asks("http://h.test/", |it| it.query("a#b", "c#d"), "http://h.test/?a%23b=c%23d");
        asks("http://h.test/", |it| it.query("", ""), "http://h.test/?=");
        asks("http://h.test/", |it| it.query("a", "\r\n\0"), "http://h.test/?a=%0D%0A%00");
    }

    #[test]
    fn order_and_repetition_are_the_callers() {
        let add = |it: Request| it.query("b", "1").query_key("k").query("a", "2").query("b", "3");
        asks("http://h.test/", add, "http://h.test/?b=1&k&a=2&b=3");
    }

    #[test]
    fn what_the_url_has_comes_first_and_stays_as_it_is() {
        asks("http://h.test/?x=%7e+%26", |it| it.query("a", "b"), "http://h.test/?x=%7e+%26&a=b");
        asks("http://h.test/?", |it| it.query("a", "b"), "http://h.test/?a=b");
        asks("http://h.test/?x&", |it| it.query("a", "b"), "http://h.test/?x&&a=b");
        asks("http://h.test/p#f?", |it| it.query("a", "b"), "http://h.test/p?a=b#f?");
    }

    #[test]
    fn raw_text_is_added_as_it_is() {
        asks("http://h.test/", |it| it.query_raw("a=%41+b&c"), "http://h.test/?a=%41+b&c");
        asks("http://h.test/?x", |it| it.query_raw("a b#ж"), "http://h.test/?x&a%20b%23%D0%B6");
        asks("http://h.test/", |it| it.query_raw("a\r\nb"), "http://h.test/?ab");
    }
}
