//! The part of httpbin that the suites use, in httpbin's own JSON shapes.

use base64::{Engine, engine::general_purpose::STANDARD};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::{answer::Answer, request::Request};

/// Answers as httpbin does: a handler for [`HttpServer::start_handling`](crate::HttpServer::start_handling).
///
/// | path | answer |
/// |---|---|
/// | `/get`, `/headers`, `/cookies` | what was asked, as JSON |
/// | `/post`, `/put`, `/patch`, `/delete`, `/anything` | the same with `data`, `form`, `json` |
/// | `/cookies/set?k=v`, `/cookies/delete?k` | Set-Cookie and 302 to `/cookies` |
/// | `/redirect/N`, `/redirect-to?url=U&status_code=S` | a chain of 302 to `/get`; one redirect |
/// | `/status/N`, `/bytes/N`, `/gzip` | that status; so many bytes; compressed JSON |
/// | `/basic-auth/USER/PASSWORD`, `/bearer` | 200, or 401 with a challenge |
pub fn httpbin(request: &Request) -> Answer {
    let path = percent_decode_str(request.path()).decode_utf8_lossy().into_owned();
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match parts.as_slice() {
        ["get"] => Answer::ok().json(&asked(request)),
        ["post" | "put" | "patch" | "delete" | "anything", ..] => Answer::ok().json(&sent(request)),
        ["headers"] => Answer::ok().json(&json!({"headers": headers(request)})),
        ["cookies"] => Answer::ok().json(&json!({"cookies": object(request.cookies())})),
        ["cookies", "set"] => {
            set_cookies(request, |(name, value)| format!("{name}={value}; Path=/"))
        }
        ["cookies", "delete"] => {
            set_cookies(request, |(name, _)| format!("{name}=; Max-Age=0; Path=/"))
        }
        ["redirect" | "relative-redirect", count] => redirect(count),
        ["redirect-to"] => redirect_to(request),
        ["status", status] => status.parse().map_or_else(|_| Answer::status(400), Answer::status),
        ["bytes", count] => bytes(count),
        ["gzip"] => {
            let mut value = asked(request);
            value["gzipped"] = true.into();
            Answer::ok().json(&value).gzip()
        }
        ["basic-auth", user, password] => basic_auth(request, user, password),
        ["bearer"] => bearer(request),
        _ => Answer::status(404).text("Not Found"),
    }
}

fn asked(request: &Request) -> Value {
    json!({
        "args": object(request.query()),
        "headers": headers(request),
        "method": request.method,
        "origin": "127.0.0.1",
        "url": url(request),
    })
}

fn sent(request: &Request) -> Value {
    let kind = request.header("content-type").unwrap_or_default();
    let is_form = kind.starts_with("application/x-www-form-urlencoded");
    let mut value = asked(request);
    value["data"] = if is_form { "".into() } else { request.text().into() };
    value["files"] = json!({});
    value["form"] = if is_form { object(request.form()) } else { json!({}) };
    value["json"] = request.json();
    value
}

fn set_cookies(request: &Request, cookie: impl Fn((String, String)) -> String) -> Answer {
    let cookies = request.query().into_iter().map(cookie);
    cookies.fold(Answer::redirect(302, "/cookies"), |answer, cookie| answer.cookie(&cookie))
}

fn redirect(count: &str) -> Answer {
    match count.parse::<u32>() {
        Ok(0 | 1) => Answer::redirect(302, "/get"),
        Ok(count) => Answer::redirect(302, &format!("/relative-redirect/{}", count - 1)),
        Err(_) => Answer::status(404),
    }
}

fn redirect_to(request: &Request) -> Answer {
    let query = request.query();
    let value = |wanted: &str| {
        query.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
    };
    let status = value("status_code").and_then(|status| status.parse().ok()).unwrap_or(302);
    Answer::redirect(status, value("url").unwrap_or("/get"))
}

fn bytes(count: &str) -> Answer {
    let count = count.parse::<usize>().unwrap_or_default().min(100 * 1024);
    let body: Vec<u8> = (0..=u8::MAX).cycle().take(count).collect();
    Answer::ok().header("Content-Type", "application/octet-stream").body(body)
}

fn basic_auth(request: &Request, user: &str, password: &str) -> Answer {
    let wanted = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
    if request.header("authorization") == Some(&wanted) {
        return Answer::ok().json(&json!({"authenticated": true, "user": user}));
    }
    Answer::status(401).header("WWW-Authenticate", "Basic realm=\"Fake Realm\"")
}

fn bearer(request: &Request) -> Answer {
    match request.header("authorization").and_then(|value| value.strip_prefix("Bearer ")) {
        Some(token) => Answer::ok().json(&json!({"authenticated": true, "token": token})),
        None => Answer::status(401).header("WWW-Authenticate", "Bearer"),
    }
}

fn url(request: &Request) -> String {
    let scheme = if request.secure { "https" } else { "http" };
    format!("{scheme}://{}{}", request.header("host").unwrap_or_default(), request.target)
}

/// The headers with the letters that httpbin gives them, whatever was sent.
fn headers(request: &Request) -> Value {
    let named = request.headers.iter().map(|(name, value)| (title(name), value.to_owned()));
    let mut joined = Map::new();
    for (name, value) in named {
        match joined.get_mut(&name).and_then(|held| held.as_str().map(str::to_owned)) {
            Some(held) => joined.insert(name, format!("{held},{value}").into()),
            None => joined.insert(name, value.into()),
        };
    }
    joined.into()
}

fn title(name: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_uppercase() + &rest.to_lowercase()
    };
    name.split('-').map(word).collect::<Vec<_>>().join("-")
}

/// An object of the pairs; a name given twice has the list of its values, as in httpbin.
fn object(pairs: Vec<(String, String)>) -> Value {
    let mut object = Map::new();
    for (name, value) in pairs {
        match object.get_mut(&name) {
            None => drop(object.insert(name, value.into())),
            Some(Value::Array(values)) => values.push(value.into()),
            Some(held) => *held = json!([held.clone(), value]),
        }
    }
    object.into()
}
