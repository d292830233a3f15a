//! URLs as people type them: without a scheme, without a host. Pure.

/// The URL that `text` means: one without a scheme gets `scheme`, one that begins with a port or
/// a slash is on this machine.
pub(super) fn complete(text: &str, scheme: &str) -> String {
    if has_scheme(text) {
        return text.to_owned();
    }
    let rest = text.strip_prefix("//").unwrap_or(text);
    if rest.starts_with('/') || names_port(rest) {
        // `:/path` is the usual port.
        let rest =
            rest.strip_prefix(":/").map_or_else(|| rest.to_owned(), |path| format!("/{path}"));
        let rest = if rest == ":" { "" } else { &rest };
        return format!("{scheme}://localhost{rest}");
    }
    format!("{scheme}://{rest}")
}

/// Whether the text begins with a scheme and not with a host and its port.
fn has_scheme(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let named =
        scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(allowed);
    named
        && (rest.starts_with("//") || matches!(&scheme.to_ascii_lowercase()[..], "http" | "https"))
}

/// `:8080/path`, `:8080`, `:/path` and `:` alone, but not `::1`.
fn names_port(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(':') else { return false };
    let port = rest.find(['/', '?', '#']).map_or(rest, |end| rest.get(..end).unwrap_or_default());
    port.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(complete(text, "http"), expected, "{text:?}");
    }

    #[test]
    fn a_url_with_a_scheme_stays() {
        for text in ["http://h.test/", "HTTPS://h.test", "ftp://h.test/", "http:h.test", "a+b://c"]
        {
            check(text, text);
        }
    }

    #[test]
    fn a_host_gets_a_scheme() {
        check("h.test/path?q=a://b", "http://h.test/path?q=a://b");
        check("localhost:8080/x", "http://localhost:8080/x");
        check("h.test", "http://h.test");
        check("127.0.0.1:80", "http://127.0.0.1:80");
        check("[::1]:80/", "http://[::1]:80/");
        check("//h.test/x", "http://h.test/x");
        check("ann:secret@h.test/", "http://ann:secret@h.test/");
        check("", "http://");
        assert_eq!(complete("h.test", "https"), "https://h.test");
    }

    #[test]
    fn a_port_or_a_path_is_on_this_machine() {
        check(":8080/x", "http://localhost:8080/x");
        check(":8080", "http://localhost:8080");
        check(":8080?q=1", "http://localhost:8080?q=1");
        check(":/x", "http://localhost/x");
        check(":", "http://localhost");
        check("/x", "http://localhost/x");
        check("::1", "http://::1");
    }
}
