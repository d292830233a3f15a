//! URLs of the server that this thread asked last, whose name is not read once more.

use std::cell::RefCell;

use url::{ParseError, Url};

thread_local! {
    static LAST: RefCell<Option<Server>> = const { RefCell::new(None) };
}

/// A server as it was written, and as it was read.
struct Server {
    text: Box<str>,
    /// Without path and query.
    url: Url,
}

impl Server {
    /// What [`Url::join`] makes of `rest`.
    ///
    /// The parser takes as much memory at first as it is given letters, which is too little for
    /// the server and `rest` together. Blanks at the end mean nothing to it, so they ask for more.
    fn join(&self, rest: &str) -> Result<Url, ParseError> {
        let mut padded = [b' '; MOST_PADDED];
        let whole = rest.len() + self.text.len() + 1;
        let (Some(place), Some(_)) = (padded.get_mut(..rest.len()), MOST_PADDED.checked_sub(whole))
        else {
            return self.url.join(rest);
        };
        place.copy_from_slice(rest.as_bytes());
        match padded.get(..whole).map(std::str::from_utf8) {
            Some(Ok(padded)) => self.url.join(padded),
            _ => self.url.join(rest),
        }
    }
}

/// The longest URL that is padded.
const MOST_PADDED: usize = 256;

/// Reads an absolute URL as [`Url::parse`] does.
///
/// Most of the work is the server's name, and most programs ask few servers: behind one that is
/// known, only path and query are read.
pub(super) fn read(text: &str) -> Result<Url, ParseError> {
    let Some((server, rest)) = split(text) else { return Url::parse(text) };
    let known = LAST.try_with(|last| {
        let last = last.try_borrow().ok()?;
        let last = last.as_ref().filter(|last| *last.text == *server)?;
        Some(last.join(rest))
    });
    if let Ok(Some(read)) = known {
        return read;
    }
    let url = Url::parse(text)?;
    keep(server, &url);
    Ok(url)
}

fn keep(server: &str, url: &Url) {
    let Ok(url) = url.join("/") else { return };
    // Where the thread ends, nothing is kept.
    let _kept = LAST.try_with(|last| {
        if let Ok(mut last) = last.try_borrow_mut() {
            *last = Some(Server { text: server.into(), url });
        }
    });
}

/// The server and what follows it, where the one has no login and no letters that mean something
/// else, and the other is a path that cannot be taken for a server.
fn split(text: &str) -> Option<(&str, &str)> {
    let scheme = if text.starts_with("http://") { "http://" } else { "https://" };
    let length = text.strip_prefix(scheme)?.bytes().take_while(is_plain).count();
    let (server, rest) = text.split_at_checked(scheme.len() + length)?;
    let begins = match rest.as_bytes() {
        [b'/'] => true,
        // Two slashes would be another server, tabs and ends of lines are passed over.
        [b'/', next, ..] => next.is_ascii_alphanumeric(),
        _ => false,
    };
    (begins && length > 0).then_some((server, rest))
}

fn is_plain(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b':' | b'[' | b']' | b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_is_known_changes_nothing() {
        let servers = [
            "http://h.test",
            "https://H.test:443",
            "http://h.test:80",
            "http://h.test:8080",
            "http://127.1",
            "http://[::1]:8080",
            "http://u:p@h.test",
            "http://сайт.рф",
            "HTTP://h.test",
            "http://",
            "http:/",
            "http:",
            "http://:80",
            "http://h.test:99999",
            "http://a..b",
            "http://xn--a",
            "ftp://h.test",
            "http://h\t.test",
            "http://1.2.3.4.5",
        ];
        let rests = [
            "",
            "/",
            "/a",
            "/a/../b/./c",
            "/a b?c d#e f",
            "/a%2e%2E/..",
            "/é?ж#я",
            "//x.test/y",
            "/\t/x.test/y",
            "/\n/x",
            "/\\x.test",
            "\\x",
            "/a\\b\\..\\c",
            "/a\t\n\rb",
            "/a \u{1}",
            "?a=b",
            "#f",
            "/?a",
            "/#f",
            "@x.test/",
            "/a:b@c",
            "/.",
            "/..",
            "/a|b'\"<>`{}?'\"<>`",
            ":81/a",
            "/a?/../b",
            "/C|/../x",
        ];
        for _ in 0..2 {
            for server in servers {
                for rest in rests {
                    let text = format!("{server}{rest}");
                    for _ in 0..2 {
                        assert_eq!(read(&text), Url::parse(&text), "{text:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn of_the_server_alone_something_is_kept() {
        read("http://h.test/path?query#fragment").unwrap();
        let kept = LAST.with_borrow(|last| last.as_ref().unwrap().url.to_string());
        assert_eq!(kept, "http://h.test/");
        read("http://user:hunter2@other.test/").unwrap();
        LAST.with_borrow(|last| assert_eq!(*last.as_ref().unwrap().text, *"http://h.test"));
    }
}
