//! The options of curl that opi knows, and what each is for. Pure data.

/// An option of curl.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) short: Option<char>,
    pub(super) long: &'static str,
    pub(super) does: Does,
}

/// What an option does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Does {
    /// Changes something here.
    Flag(Flag),
    /// Nothing that could be different here.
    Nothing,
    /// The same as an option of opi.
    Pass(&'static str),
    /// The same as an option of opi, with its value.
    PassValue(&'static str),
    /// Takes a value, which is read here.
    Value(Value),
}

/// A switch.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Flag {
    Compressed,
    Digest,
    Fail,
    Follow,
    Get,
    Glob,
    Head,
    Include,
    RemoteName,
    ServerName,
}

/// A value that is read here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Value {
    Agent,
    Aws,
    Bearer,
    Cert,
    CertType,
    ConnectTo,
    Cookie,
    CookieJar,
    Data,
    DataBinary,
    DataEncoded,
    DataRaw,
    Form,
    FormText,
    Header,
    Json,
    MaxRedirects,
    Method,
    Proxy,
    ProxyUser,
    Query,
    Range,
    Referer,
    Socks(&'static str),
    Timeout,
    Upload,
    Url,
    User,
}

/// The row of `--name`.
pub(super) fn long(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.long == name)
}

/// The row of `-c`.
pub(super) fn short(name: char) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.short == Some(name))
}

const fn both(short: char, long: &'static str, does: Does) -> Row {
    Row { short: Some(short), long, does }
}

const fn only(long: &'static str, does: Does) -> Row {
    Row { short: None, long, does }
}

const ROWS: &[Row] = &[
    both('#', "progress-bar", Does::Nothing),
    both('4', "ipv4", Does::Pass("--ipv4")),
    both('6', "ipv6", Does::Pass("--ipv6")),
    both('A', "user-agent", Does::Value(Value::Agent)),
    both('E', "cert", Does::Value(Value::Cert)),
    both('F', "form", Does::Value(Value::Form)),
    both('G', "get", Does::Flag(Flag::Get)),
    both('H', "header", Does::Value(Value::Header)),
    both('I', "head", Does::Flag(Flag::Head)),
    both('J', "remote-header-name", Does::Flag(Flag::ServerName)),
    both('L', "location", Does::Flag(Flag::Follow)),
    both('N', "no-buffer", Does::Pass("--stream")),
    both('O', "remote-name", Does::Flag(Flag::RemoteName)),
    both('S', "show-error", Does::Nothing),
    both('T', "upload-file", Does::Value(Value::Upload)),
    both('U', "proxy-user", Does::Value(Value::ProxyUser)),
    both('X', "request", Does::Value(Value::Method)),
    both('b', "cookie", Does::Value(Value::Cookie)),
    both('c', "cookie-jar", Does::Value(Value::CookieJar)),
    both('d', "data", Does::Value(Value::Data)),
    both('e', "referer", Does::Value(Value::Referer)),
    both('f', "fail", Does::Flag(Flag::Fail)),
    both('g', "globoff", Does::Flag(Flag::Glob)),
    both('i', "include", Does::Flag(Flag::Include)),
    both('k', "insecure", Does::Pass("--insecure")),
    both('m', "max-time", Does::Value(Value::Timeout)),
    both('o', "output", Does::PassValue("--output")),
    both('r', "range", Does::Value(Value::Range)),
    both('s', "silent", Does::Nothing),
    both('u', "user", Does::Value(Value::User)),
    both('v', "verbose", Does::Pass("--verbose")),
    both('x', "proxy", Does::Value(Value::Proxy)),
    only("aws-sigv4", Does::Value(Value::Aws)),
    only("basic", Does::Nothing),
    only("cacert", Does::PassValue("--ca")),
    only("cert-type", Does::Value(Value::CertType)),
    only("compressed", Does::Flag(Flag::Compressed)),
    only("connect-timeout", Does::PassValue("--connect-timeout")),
    only("connect-to", Does::Value(Value::ConnectTo)),
    only("data-ascii", Does::Value(Value::Data)),
    only("data-binary", Does::Value(Value::DataBinary)),
    only("data-raw", Does::Value(Value::DataRaw)),
    only("data-urlencode", Does::Value(Value::DataEncoded)),
    only("digest", Does::Flag(Flag::Digest)),
    only("fail-with-body", Does::Flag(Flag::Fail)),
    only("form-string", Does::Value(Value::FormText)),
    only("http1.1", Does::Nothing),
    only("interface", Does::PassValue("--local-address")),
    only("json", Does::Value(Value::Json)),
    only("key", Does::PassValue("--key")),
    only("max-filesize", Does::PassValue("--max")),
    only("max-redirs", Does::Value(Value::MaxRedirects)),
    only("no-progress-meter", Does::Nothing),
    only("noproxy", Does::PassValue("--no-proxy")),
    only("oauth2-bearer", Does::Value(Value::Bearer)),
    only("pass", Does::PassValue("--key-password")),
    only("resolve", Does::PassValue("--resolve")),
    only("retry", Does::PassValue("--retry")),
    only("retry-delay", Does::PassValue("--retry-delay")),
    only("retry-max-time", Does::PassValue("--retry-max-time")),
    only("socks4", Does::Value(Value::Socks("socks4"))),
    only("socks4a", Does::Value(Value::Socks("socks4a"))),
    only("socks5", Does::Value(Value::Socks("socks5"))),
    only("socks5-hostname", Does::Value(Value::Socks("socks5h"))),
    only("tcp-nodelay", Does::Nothing),
    only("tls-max", Does::PassValue("--tls-max")),
    only("tlsv1.2", Does::Pass("--tls-min=1.2")),
    only("tlsv1.3", Does::Pass("--tls-min=1.3")),
    only("url", Does::Value(Value::Url)),
    only("url-query", Does::Value(Value::Query)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_stands_once() {
        let mut long: Vec<_> = ROWS.iter().map(|row| row.long).collect();
        let mut short: Vec<_> = ROWS.iter().filter_map(|row| row.short).collect();
        let count = (long.len(), short.len());
        long.sort_unstable();
        long.dedup();
        short.sort_unstable();
        short.dedup();
        assert_eq!((long.len(), short.len()), count);
    }
}
