//! Hides what looks like a password or a token. Rather hides too much than too little.

/// The text with secrets replaced by `***`: the user information of URLs, values of the fields
/// `Authorization`, `Cookie` and their like, what follows the name of an authentication scheme,
/// and values named as a password or a token.
pub(super) fn redact(text: &str) -> String {
    let lines = text.split('\n').map(|line| pairs(&schemes(&fields(&urls(line)))));
    lines.collect::<Vec<_>>().join("\n")
}

const HIDDEN: &str = "***";

/// `scheme://user:password@host` without user and password. A password may hold what no URL may:
/// when what follows the scheme is no host and port, it is hidden up to the line's last `@`.
fn urls(line: &str) -> String {
    let (mut done, mut rest) = (String::new(), line);
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + "://".len());
        done.push_str(before);
        let word = after.split(char::is_whitespace).next().unwrap_or_default();
        let place = if is_host(word) { word.rfind('@') } else { after.rfind('@') };
        rest = place.map_or(after, |end| &after[end..]);
        done.push_str(if place.is_some() { HIDDEN } else { "" });
    }
    done + rest
}

/// Whether `word` begins with a host and, at most, a port.
fn is_host(word: &str) -> bool {
    let authority =
        word.split(['/', '?', '#', '"', '\'', ',', ';', ')']).next().unwrap_or_default();
    let after_host = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((_, port)) => port.strip_prefix(':').unwrap_or(port),
        None => authority.split_once(':').map_or("", |(_, port)| port),
    };
    authority.contains('@') || after_host.bytes().all(|byte| byte.is_ascii_digit())
}

/// A field that carries credentials, hidden to the end of its line.
fn fields(line: &str) -> String {
    match FIELDS.iter().filter_map(|name| value_of_field(line, name)).min() {
        Some(end) => format!("{} {HIDDEN}", &line[..end]),
        None => line.to_owned(),
    }
}

/// Where the value of the first field `name` begins.
fn value_of_field(line: &str, name: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        from = find(line, name, from)? + name.len();
        let value = line[from..].trim_start_matches(['"', '\'', ' ', '\t']);
        if let Some(value) = value.strip_prefix([':', '=']) {
            return Some(line.len() - value.len());
        }
    }
}

const FIELDS: &[&str] = &["authorization", "cookie", "authentication-info", "x-api-key"];

/// What follows the name of an authentication scheme: one word, or the parameters to the end.
fn schemes(line: &str) -> String {
    let (mut done, mut from) = (String::new(), 0);
    while let Some(start) = next_word(line, from) {
        let end = word_end(line, start);
        done.push_str(&line[from..end]);
        from = end;
        let is_scheme = SCHEMES.iter().any(|name| name.eq_ignore_ascii_case(&line[start..end]));
        let Some(value) = line[end..].strip_prefix(' ').filter(|_| is_scheme) else { continue };
        let word = value.split(' ').next().unwrap_or_default();
        if word.trim_end_matches('=').contains('=') {
            return format!("{done} {HIDDEN}");
        }
        if is_token(word) {
            done.push_str(" ***");
            from = end + 1 + word.len();
        }
    }
    done + &line[from..]
}

const SCHEMES: &[&str] =
    &["AWS4-HMAC-SHA256", "Basic", "Bearer", "Digest", "Negotiate", "NTLM", "SCRAM-SHA-256"];

/// A plain short word in lower case is prose: `Basic authentication failed`.
fn is_token(word: &str) -> bool {
    let bare = word.trim_end_matches(['.', ',', ':', ';', ')']);
    let prose = bare.len() < 20 && bare.bytes().all(|byte| byte.is_ascii_lowercase());
    !prose && bare.len() >= 4
}

fn next_word(line: &str, from: usize) -> Option<usize> {
    line[from..].find(is_word).map(|at| from + at)
}

fn word_end(line: &str, start: usize) -> usize {
    line[start..].find(|c| !is_word(c)).map_or(line.len(), |at| start + at)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

/// `password=value`, `token: value` and their like.
fn pairs(line: &str) -> String {
    let (mut done, mut from) = (String::new(), 0);
    while let Some(start) = next_word(line, from) {
        let end = word_end(line, start);
        done.push_str(&line[from..end]);
        from = end;
        let name = line[start..end].to_ascii_lowercase();
        if !NAMES.iter().any(|secret| name.ends_with(secret)) {
            continue;
        }
        if let Some(value) = value_of(&line[end..]) {
            let (gap, length) = value;
            done.push_str(&line[end..end + gap]);
            done.push_str(HIDDEN);
            from = end + gap + length;
        }
    }
    done + &line[from..]
}

const NAMES: &[&str] = &[
    "apikey",
    "api_key",
    "api-key",
    "passphrase",
    "passwd",
    "password",
    "pwd",
    "secret",
    "signature",
    "token",
];

/// Where the value begins behind its name, and how long it is.
fn value_of(after: &str) -> Option<(usize, usize)> {
    let trimmed = after.trim_start_matches(['"', '\'']).trim_start();
    let value = trimmed.strip_prefix([':', '='])?.trim_start();
    let quote = value.chars().next().filter(|c| ['"', '\''].contains(c));
    let value = quote.map_or(value, |_| &value[1..]);
    let length = match quote {
        Some(quote) => value.find(quote),
        None => value.find(|c: char| c.is_whitespace() || ['&', ';', ',', '}', ')'].contains(&c)),
    };
    let length = length.unwrap_or(value.len());
    (length > 0).then_some((after.len() - value.len(), length))
}

/// Where `name` stands in `line`, in letters of any case.
fn find(line: &str, name: &str, from: usize) -> Option<usize> {
    let windows = line.as_bytes()[from..].windows(name.len());
    let mut found = windows.enumerate().filter(|(_, it)| it.eq_ignore_ascii_case(name.as_bytes()));
    found.next().map(|(at, _)| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(redact(text), expected, "{text:?}");
    }

    #[test]
    fn the_user_information_of_urls_is_hidden() {
        check("to http://ann:hunter2@p.test:1/x ok", "to http://***@p.test:1/x ok");
        check("socks5://ann@p.test:1 http://u:p@b.test", "socks5://***@p.test:1 http://***@b.test");
        check("http://ann:hun@ter2@p.test", "http://***@p.test");
        check("http://ann:hunter/2@p.test", "http://***@p.test");
        check("http://ann:hunter 2@p.test", "http://***@p.test");
        check("http://p.test:80/a?b c@d", "http://p.test:80/a?b c@d");
        check("[http://[::1]:80/x]", "[http://[::1]:80/x]");
        check("mail to a@b.test", "mail to a@b.test");
    }

    #[test]
    fn fields_with_credentials_are_hidden_to_the_end_of_the_line() {
        check("Authorization: Basic YTpi", "Authorization: ***");
        check("proxy-AUTHORIZATION:Bearer x\nHost: a", "proxy-AUTHORIZATION: ***\nHost: a");
        check("set-cookie: sid=1; Path=/", "set-cookie: ***");
        check("{\"authorization\": \"Bearer abc\"}", "{\"authorization\": ***");
        check("no authorization, Authorization: x", "no authorization, Authorization: ***");
        check("no authorization was sent", "no authorization was sent");
    }

    #[test]
    fn what_looks_like_an_authorization_is_hidden() {
        check("sent Basic dXNlcjpwYXNz.", "sent Basic ***");
        check("bearer eyJhbGciOi.J9 ok", "bearer *** ok");
        check("Bearer abcdefghijklmnopqrstuvwxyz", "Bearer ***");
        check("Digest username=\"ann\", response=\"6629\"", "Digest ***");
        check("AWS4-HMAC-SHA256 Credential=AK/x, Signature=1", "AWS4-HMAC-SHA256 ***");
        check("Basic authentication failed", "Basic authentication failed");
        check("the Digest of it", "the Digest of it");
    }

    #[test]
    fn values_named_as_secrets_are_hidden() {
        check("?user=ann&access_token=abc&x=1", "?user=ann&access_token=***&x=1");
        check("password: hunter2 now", "password: *** now");
        check("{\"Password\":\"hunter 2\",\"a\":1}", "{\"Password\":\"***\",\"a\":1}");
        check("a password is missing", "a password is missing");
        check("password=", "password=");
    }

    #[test]
    fn letters_of_any_script_do_no_harm() {
        check("пароль: Привет token=Привет, 漢字", "пароль: Привет token=***, 漢字");
        check("http://пётр:пароль@хост.рф/Ж", "http://***@хост.рф/Ж");
        check("", "");
    }
}
