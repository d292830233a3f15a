//! From a curl line that was read to the arguments of `opi` that do the same. Pure.

use super::address;
use super::data::{self, Piece};
use super::options::Flag;
use super::quote::wrong;
use super::read::Line;
use crate::failure::Failure;
use crate::http::items::escape;

/// The arguments, without the name of the program.
///
/// # Errors
///
/// The URL is missing, or options contradict each other.
pub(super) fn of(mut line: Line) -> Result<Vec<String>, Failure> {
    let mut url = url(&mut line)?;
    let body = body(&mut line, &mut url)?;
    let method = method(&line, &body);
    headers(&mut line, &body);
    result(&mut line, &url)?;
    network(&mut line)?;
    let mut all = vec!["http".to_owned()];
    all.append(&mut line.options);
    if let Body::Text(text) = &body {
        all.push(format!("--raw={text}"));
    }
    if matches!(body, Body::Form) {
        all.push("--multipart".to_owned());
    }
    all.extend(["--".to_owned(), method, url]);
    all.append(&mut line.headers);
    all.append(&mut line.form);
    if let Body::File(path) | Body::Upload(path) = &body {
        all.push(format!("@{}", escape(path)));
    }
    Ok(all)
}

#[derive(Debug)]
enum Body {
    File(String),
    Form,
    None,
    Text(String),
    Upload(String),
}

/// The URL with what goes into its query; with `-G` the data too.
fn url(line: &mut Line) -> Result<String, Failure> {
    let mut url = line.url.take().ok_or_else(|| wrong("the URL is missing"))?;
    if !line.is(Flag::Glob) && address::globs(&url) {
        return Err(wrong("the URL has braces, which curl expands; -g takes them as they are"));
    }
    let mut query = std::mem::take(&mut line.query);
    if line.is(Flag::Get) {
        query.append(&mut line.data);
    }
    match data::joined(query, "&")? {
        Some(Piece::Text(query)) => address::append_query(&mut url, &query),
        Some(Piece::File(_)) => return Err(wrong("-G takes no file as it is")),
        None => {}
    }
    Ok(url)
}

fn body(line: &mut Line, url: &mut String) -> Result<Body, Failure> {
    let data = data::joined(std::mem::take(&mut line.data), if line.json { "" } else { "&" })?;
    let form = !line.form.is_empty();
    match (data, form, line.upload.take()) {
        (None, false, None) => Ok(Body::None),
        (Some(Piece::Text(text)), false, None) => Ok(Body::Text(text)),
        (Some(Piece::File(path)), false, None) => Ok(Body::File(path)),
        (None, true, None) => Ok(Body::Form),
        (None, false, Some(path)) => {
            if let (true, Some(name)) = (url.ends_with('/'), path.rsplit('/').next()) {
                url.push_str(&address::encoded(name));
            }
            Ok(Body::Upload(if path == "." { "-".to_owned() } else { path }))
        }
        _ => Err(wrong("expected one of -d, -F and -T")),
    }
}

fn method(line: &Line, body: &Body) -> String {
    let usual = match body {
        _ if line.is(Flag::Head) => "HEAD",
        Body::Upload(_) => "PUT",
        Body::None => "GET",
        Body::File(_) | Body::Form | Body::Text(_) => "POST",
    };
    line.method.clone().unwrap_or_else(|| usual.to_owned())
}

/// What curl says of its own accord, unless it is told otherwise.
fn headers(line: &mut Line, body: &Body) {
    if !line.cookies.is_empty() {
        line.headers.push(format!("Cookie:{}", escape(&line.cookies.join("; "))));
    }
    let mut usual = vec![("Accept", if line.json { "application/json" } else { "*/*" })];
    if matches!(body, Body::File(_) | Body::Text(_)) {
        let form = "application/x-www-form-urlencoded";
        usual.push(("Content-Type", if line.json { "application/json" } else { form }));
    }
    if !line.is(Flag::Compressed) {
        usual.push(("Accept-Encoding", ""));
    }
    for (name, value) in usual {
        if !line.has_header(name) {
            line.headers.push(format!("{name}:{value}"));
        }
    }
}

/// What is followed, what is a failure, and where the answer goes.
fn result(line: &mut Line, url: &str) -> Result<(), Failure> {
    let told = |option: &str| line.options.iter().any(|it| it.starts_with(option));
    let mut more = Vec::new();
    if !line.is(Flag::Follow) && !told("--no-follow") {
        line.options.retain(|option| !option.starts_with("--max-redirects="));
        more.push("--no-follow".to_owned());
    }
    if !line.is(Flag::Fail) {
        more.push("--no-check-status".to_owned());
    }
    if line.is(Flag::Head) {
        more.push("--print=h".to_owned());
    } else if line.is(Flag::Include) {
        more.push("--print=hb".to_owned());
    }
    if line.is(Flag::RemoteName) && line.is(Flag::ServerName) {
        more.push("--download".to_owned());
    } else if line.is(Flag::RemoteName) {
        let name = address::file_name(url).ok_or_else(|| wrong("-O: the URL names no file"))?;
        more.push(format!("--output={name}"));
    }
    if line.is(Flag::Digest) {
        more.push("--auth-type=digest".to_owned());
    }
    line.options.append(&mut more);
    Ok(())
}

/// Times, proxy, certificates, cookies.
fn network(line: &mut Line) -> Result<(), Failure> {
    let timeout = line.timeout.take().unwrap_or_else(|| "86400".to_owned());
    line.options.push(format!("--timeout={timeout}"));
    match (line.proxy.take(), line.proxy_user.take()) {
        (Some(proxy), Some(login)) => {
            line.options.push(format!("--proxy={}", address::with_login(&proxy, &login)));
        }
        (Some(proxy), None) => line.options.push(format!("--proxy={proxy}")),
        (None, _) => {}
    }
    certificate(line)?;
    match (line.jar.take(), line.cookie_file.take()) {
        (Some(jar), file) if file.as_ref().is_none_or(|file| *file == jar) => {
            line.options.push(format!("--cookies={jar}"));
        }
        (None, None) => {}
        _ => return Err(wrong("-b FILE and -c FILE: opi reads and writes one file of cookies")),
    }
    Ok(())
}

/// `FILE` or `FILE:PASSWORD`; a file of PEM holds the key too unless `--key` names one.
fn certificate(line: &mut Line) -> Result<(), Failure> {
    let Some(text) = line.cert.take() else { return Ok(()) };
    let (file, password) = match text.split_once(':') {
        Some((file, password)) => (file, Some(password)),
        None => (text.as_str(), None),
    };
    match line.cert_type.as_deref().map(str::to_ascii_uppercase).as_deref() {
        Some("P12") => line.options.push(format!("--p12={file}")),
        None | Some("PEM") => {
            line.options.push(format!("--cert={file}"));
            if !line.options.iter().any(|option| option.starts_with("--key=")) {
                line.options.push(format!("--key={file}"));
            }
        }
        Some(_) => return Err(wrong("--cert-type: expected PEM or P12")),
    }
    line.options.extend(password.map(|password| format!("--key-password={password}")));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::quote::{quote, words};
    use super::super::read;
    use super::*;

    fn translated(line: &str) -> Result<String, Failure> {
        let arguments = of(read::line(&words(line)?)?)?;
        // What curl always means says nothing about the options of the line.
        let usual = ["--no-follow", "--no-check-status", "--timeout=86400", "Accept:*/*"];
        let rest = arguments.iter().skip(1);
        let rest = rest.filter(|it| !usual.contains(&it.as_str()) && *it != "Accept-Encoding:");
        Ok(rest.map(|word| quote(word)).collect::<Vec<_>>().join(" "))
    }

    #[track_caller]
    fn check(line: &str, expected: &str) {
        let found = translated(line).unwrap_or_else(|failure| panic!("{line}: {failure:?}"));
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn what_curl_always_means_is_said() {
        let words = words("curl http://h.test/").unwrap();
        let found = of(read::line(&words).unwrap()).unwrap().join(" ");
        let options = "--no-follow --no-check-status --timeout=86400";
        let items = "Accept:*/* Accept-Encoding:";
        assert_eq!(found, format!("http {options} -- GET http://h.test/ {items}"));
    }

    #[test]
    fn methods_and_bodies() {
        const FORM: &str = "Content-Type:application/x-www-form-urlencoded";
        check("curl h.test", "-- GET h.test");
        check("curl -I h.test", "--print=h -- HEAD h.test");
        check("curl -X PURGE h.test", "-- PURGE h.test");
        check("curl -d a=1 -d b=2 h.test", &format!("'--raw=a=1&b=2' -- POST h.test {FORM}"));
        check("curl --data-raw @x h.test", &format!("--raw=@x -- POST h.test {FORM}"));
        check("curl -XPUT -da h.test", &format!("--raw=a -- PUT h.test {FORM}"));
        check("curl --data-binary @f h.test", &format!("-- POST h.test {FORM} @f"));
        check(
            "curl --data-urlencode 'a=b c' h.test",
            &format!("--raw=a=b+c -- POST h.test {FORM}"),
        );
        check("curl -G -d a=1 --data-urlencode 'b=ж' h.test/?c", "-- GET 'h.test/?c&a=1&b=%D0%B6'");
        check("curl --url-query 'q=a b' h.test", "-- GET 'h.test?q=a+b'");
        check(
            "curl --json '{\"a\":1}' h.test",
            "'--raw={\"a\":1}' -- POST h.test Accept:application/json Content-Type:application/json",
        );
        check("curl -T f h.test/", "-- PUT h.test/f @f");
        check("curl -T - h.test/x", "-- PUT h.test/x @-");
        check(
            "curl -F a=b -F 'f=@x.png;type=image/png' -F 't=<n.txt' h.test",
            "--multipart -- POST h.test a=b 'f@x.png\\;type\\=image/png' t=@n.txt",
        );
        check("curl --form-string 'a=@b;c' h.test", "--multipart -- POST h.test 'a=\\@b\\;c'");
    }

    #[test]
    fn headers_and_logins() {
        check(
            "curl -H 'X-A: 1=2' -H 'X-B;' -H 'Accept:' h.test",
            "-- GET h.test 'X-A:1\\=2' 'X-B;' Accept:",
        );
        check(
            "curl -A me -e http://r.test/ -b 'a=1; b=2' -r 0-9 h.test",
            "-- GET h.test User-Agent:me 'Referer:http\\://r.test/' 'Range:bytes\\=0-9' 'Cookie:a\\=1\\; b\\=2'",
        );
        check("curl -u ann:p:w h.test", "--auth=ann:p:w -- GET h.test");
        check("curl --digest -u ann:pw h.test", "--auth=ann:pw --auth-type=digest -- GET h.test");
        check("curl --oauth2-bearer t h.test", "--bearer=t -- GET h.test");
        check(
            "curl --aws-sigv4 aws:amz:eu-west-1:s3 -u k:s h.test",
            "--auth-type=aws4 --aws-region=eu-west-1 --aws-service=s3 --auth=k:s -- GET h.test",
        );
    }

    #[test]
    fn the_network_and_the_result() {
        check(
            "curl -sSLk --compressed -m 5 -o out h.test",
            "--insecure --output=out --timeout=5 -- GET h.test",
        );
        check("curl -x p.test:3128 -U a:b h.test", "--proxy=http://a:b@p.test:3128 -- GET h.test");
        check(
            "curl --socks5-hostname p.test h.test",
            "--proxy=socks5h://p.test:1080 -- GET h.test",
        );
        check(
            "curl --resolve h.test:80:127.0.0.1 --connect-to a:1:b:2 --connect-to 'a:1:[::1]:2' h.test",
            "--resolve=h.test:80:127.0.0.1 --connect-to=a:1=b:2 '--connect-to=a:1=[::1]:2' -- GET h.test",
        );
        check(
            "curl -E me.pem:pw --cacert ca.pem h.test",
            "--ca=ca.pem --cert=me.pem --key=me.pem --key-password=pw -- GET h.test",
        );
        check("curl -E me.p12 --cert-type P12 h.test", "--p12=me.p12 -- GET h.test");
        check("curl -O http://h.test/a/b.zip", "--output=b.zip -- GET http://h.test/a/b.zip");
        check("curl -OJ http://h.test/", "--download -- GET http://h.test/");
        check("curl -c jar -b jar h.test", "--cookies=jar -- GET h.test");
        check("curl -f -i --max-redirs 5 -L h.test", "--max-redirects=5 --print=hb -- GET h.test");
    }

    #[test]
    fn what_opi_does_not_do_is_refused_by_name() {
        for (line, expected) in [
            ("curl", "the URL is missing"),
            ("curl a b", "several URLs"),
            ("curl --ntlm h.test", "--ntlm is not known"),
            ("curl -sZ h.test", "-Z is not known"),
            ("curl -w '%{http_code}' h.test", "-w is not known"),
            ("curl h.test -H", "-H needs a value"),
            ("curl h.test --max-time", "--max-time needs a value"),
            ("curl -H @file h.test", "-H @FILE is not known"),
            ("curl -H nothing h.test", "expected Name: value"),
            ("curl -d a -F b=c h.test", "expected one of -d, -F and -T"),
            ("curl -F a h.test", "expected NAME=VALUE"),
            ("curl 'h.test/{a,b}'", "braces"),
            ("curl -u ann h.test", "nobody is asked"),
            ("curl -u env:x:y h.test", "means another place"),
            ("curl -b file h.test", "one file of cookies"),
            ("curl --aws-sigv4 aws:amz h.test", "REGION:SERVICE"),
            ("curl -O http://h.test/", "names no file"),
        ] {
            let failure = translated(line).unwrap_err();
            assert!(failure.message().contains(expected), "{line}: {}", failure.message());
        }
    }
}
