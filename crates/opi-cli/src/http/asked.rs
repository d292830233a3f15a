//! From the command line to a request.

use opi::http::{Request, Url};

use super::items::{FieldValue, Header, Items, Source};
use super::{address, body, login};
use crate::args::{HttpArgs, Verb};
use crate::failure::{ErrorKind, Failure};
use crate::redact::{self, Veil};

/// The request that `args` describe; its secrets go behind the veil.
///
/// # Errors
///
/// The URL, an item, a file or the login is wrong.
pub(super) fn request(
    verb: Verb<'_>,
    args: &HttpArgs,
    veil: &mut Veil,
) -> Result<Request, Failure> {
    let (method, url, texts) = words(verb, args)?;
    let url = address::complete(url, if args.https { "https" } else { "http" });
    if let Ok(url) = url.parse::<Url>() {
        veil.hide_in_url(&url);
    }
    let mut items = Items::parse(texts)?;
    if let Verb::Upload(file) = verb {
        items.send(file)?;
    }
    if (args.shown.offline || args.shown.curl) && !args.shown.show_secrets {
        items.hide();
    } else {
        items.secrets().for_each(|secret| veil.hide(secret));
    }
    let sends = body::is_there(&items, &args.body);
    let method = method.unwrap_or(if sends { "POST" } else { "GET" }).to_ascii_uppercase();
    let login = login::of(&args.login, &url, veil)?;
    let mut request = Request::new(&method, &url)?;
    for (name, value) in &items.query {
        request = request.query(name, value);
    }
    veil.hide_in_url(request.url());
    if let Some(login) = login {
        request = request.auth(login);
    }
    let request = with_headers(request, &items, veil)?;
    body::add(request, &items, &args.body)
}

/// The method, if it is said; the URL; the items.
fn words<'a>(
    verb: Verb<'a>,
    args: &'a HttpArgs,
) -> Result<(Option<&'a str>, &'a str, &'a [String]), Failure> {
    let HttpArgs { url, items, .. } = args;
    Ok(match verb {
        Verb::Download => (Some("GET"), url, items),
        Verb::Method(name) => (Some(name), url, items),
        Verb::Upload(_) => (Some("PUT"), url, items),
        Verb::Any => match items.split_first() {
            Some((address, rest)) if is_method(url) => (Some(url.as_str()), address, rest),
            None if is_method(url) && url.chars().all(|c| c.is_ascii_uppercase()) => {
                let message = format!("a URL is missing behind the method {url}");
                return Err(Failure::new(ErrorKind::Usage, message));
            }
            _ => (None, url, items),
        },
    })
}

/// Whether the first word is a method and no URL: nothing in it names a host.
fn is_method(word: &str) -> bool {
    !word.is_empty() && !word.contains([':', '/', '.', '[', '?']) && word != "localhost"
}

/// Whether a header is left out by its item.
pub(super) fn leaves_out(args: &HttpArgs, name: &str) -> bool {
    args.items
        .iter()
        .any(|item| item.strip_suffix(':').is_some_and(|given| given.eq_ignore_ascii_case(name)))
}

fn with_headers(mut request: Request, items: &Items, veil: &mut Veil) -> Result<Request, Failure> {
    let mut seen: Vec<String> = Vec::new();
    for (name, header) in &items.headers {
        let known = name.to_ascii_lowercase();
        request = match header {
            Header::Remove => request.without_header(name)?,
            Header::Set(value) => {
                if redact::is_secret(name) {
                    veil.hide(value);
                }
                match seen.contains(&known) {
                    true => request.append_header(name, value)?,
                    false => request.header(name, value)?,
                }
            }
        };
        seen.push(known);
    }
    Ok(request)
}

impl Items {
    /// Hides the fields that go by the name of a secret: the request is only shown.
    fn hide(&mut self) {
        let secret = self.fields.iter_mut().filter(|field| redact::is_secret(&field.name));
        for field in secret {
            match &mut field.value {
                FieldValue::File(_) => {}
                value => *value = FieldValue::Text(redact::HIDDEN.to_owned()),
            }
        }
    }

    /// The values of the fields that go by the name of a secret.
    fn secrets(&self) -> impl Iterator<Item = &str> {
        let secret = self.fields.iter().filter(|field| redact::is_secret(&field.name));
        secret.filter_map(|field| match &field.value {
            FieldValue::Json(text) | FieldValue::Text(text) => Some(text.as_str()),
            FieldValue::File(_) => None,
        })
    }

    /// Sends this file as the body; `-` is standard input.
    fn send(&mut self, file: &str) -> Result<(), Failure> {
        if self.body.is_some() {
            return Err(Failure::new(
                ErrorKind::Usage,
                "the body is the file; @ gives another one",
            ));
        }
        self.body = Some(Source::of(file));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_no_address() {
        for word in ["GET", "purge", "VERSION-CONTROL", "GE T", "api"] {
            assert!(is_method(word), "{word}");
        }
        for word in ["", "h.test", "localhost", ":8080", "h:80", "http://h", "[::1]", "/x"] {
            assert!(!is_method(word), "{word}");
        }
    }
}
