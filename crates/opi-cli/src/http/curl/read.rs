//! Reads a curl line, option by option.

use super::address;
use super::data::Piece;
use super::options::{self, Does, Flag, Row, Value};
use super::quote::wrong;
use crate::failure::Failure;
use crate::http::items::escape;

/// Reads a curl command line, which begins with the word `curl` or without it.
///
/// # Errors
///
/// An option is not known here, by its name, or its value is wrong.
pub(super) fn line(words: &[String]) -> Result<Line, Failure> {
    let words = match words.split_first() {
        Some((first, rest)) if matches!(first.as_str(), "curl" | "curl.exe") => rest,
        _ => words,
    };
    let mut line = Line::default();
    let mut rest = words.iter().map(String::as_str);
    while let Some(word) = rest.next() {
        match word.strip_prefix("--") {
            Some("") => rest.by_ref().try_for_each(|url| line.url(url))?,
            Some(name) => line.long(name, &mut rest)?,
            None if word.len() > 1 && word.starts_with('-') => line.shorts(word, &mut rest)?,
            None => line.url(word)?,
        }
    }
    Ok(line)
}

/// What a curl line says; items and options as opi writes them.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) url: Option<String>,
    pub(super) method: Option<String>,
    pub(super) headers: Vec<String>,
    pub(super) data: Vec<Piece>,
    pub(super) form: Vec<String>,
    pub(super) query: Vec<Piece>,
    pub(super) upload: Option<String>,
    pub(super) cookies: Vec<String>,
    pub(super) cookie_file: Option<String>,
    pub(super) jar: Option<String>,
    pub(super) cert: Option<String>,
    pub(super) cert_type: Option<String>,
    pub(super) proxy: Option<String>,
    pub(super) proxy_user: Option<String>,
    pub(super) json: bool,
    pub(super) timeout: Option<String>,
    pub(super) options: Vec<String>,
    flags: Vec<Flag>,
}

impl Line {
    fn url(&mut self, url: &str) -> Result<(), Failure> {
        if self.url.is_some() {
            return Err(wrong("several URLs; one request is expected"));
        }
        self.url = Some(url.to_owned());
        Ok(())
    }

    fn long<'a>(
        &mut self,
        name: &str,
        rest: &mut impl Iterator<Item = &'a str>,
    ) -> Result<(), Failure> {
        let row = options::long(name).ok_or_else(|| unknown(&format!("--{name}")))?;
        let value = || rest.next().ok_or_else(|| wrong(&format!("--{name} needs a value")));
        self.option(row, value)
    }

    /// Several of one letter each; the value of the last stands in the same word or the next.
    fn shorts<'a>(
        &mut self,
        word: &'a str,
        rest: &mut impl Iterator<Item = &'a str>,
    ) -> Result<(), Failure> {
        for (place, letter) in word.char_indices().skip(1) {
            let row = options::short(letter).ok_or_else(|| unknown(&format!("-{letter}")))?;
            if !matches!(row.does, Does::PassValue(_) | Does::Value(_)) {
                self.option(row, || Ok(""))?;
                continue;
            }
            let inside = word.get(place + letter.len_utf8()..).filter(|inside| !inside.is_empty());
            return self.option(row, || {
                let value = inside.or_else(|| rest.next());
                value.ok_or_else(|| wrong(&format!("-{letter} needs a value")))
            });
        }
        Ok(())
    }

    fn option<'a>(
        &mut self,
        row: &Row,
        value: impl FnOnce() -> Result<&'a str, Failure>,
    ) -> Result<(), Failure> {
        match row.does {
            Does::Flag(flag) => self.flags.push(flag),
            Does::Nothing => {}
            Does::Pass(option) => self.options.push(option.to_owned()),
            Does::PassValue(option) => {
                let value = value()?;
                self.options.push(format!("{option}={value}"));
            }
            Does::Value(which) => self.value(which, value()?)?,
        }
        Ok(())
    }

    fn value(&mut self, which: Value, text: &str) -> Result<(), Failure> {
        let own = || Some(text.to_owned());
        match which {
            Value::Agent => self.header(&format!("User-Agent: {text}"))?,
            Value::Aws => self.aws(text)?,
            Value::Bearer => self.options.push(format!("--bearer={}", literal(text)?)),
            Value::Cert => self.cert = own(),
            Value::CertType => self.cert_type = own(),
            Value::ConnectTo => self.connect_to(text)?,
            Value::Cookie if text.contains('=') => self.cookies.push(text.to_owned()),
            Value::Cookie => self.cookie_file = own(),
            Value::CookieJar => self.jar = own(),
            Value::Data => self.data.push(Piece::data(text)?),
            Value::DataBinary => self.data.push(Piece::binary(text)),
            Value::DataEncoded => self.data.push(Piece::encoded(text)?),
            Value::DataRaw => self.data.push(Piece::Text(text.to_owned())),
            Value::Form => self.form.push(form(text)?),
            Value::FormText => self.form.push(form_text(text)?),
            Value::Header => self.header(text)?,
            Value::Json => {
                self.json = true;
                self.data.push(Piece::binary(text));
            }
            Value::MaxRedirects => self.options.push(redirects(text)),
            Value::Method => self.method = own(),
            Value::Proxy => self.proxy = Some(address::proxy(text, "http")),
            Value::ProxyUser => self.proxy_user = own(),
            Value::Query => self.query.push(match text.strip_prefix('+') {
                Some(plain) => Piece::Text(plain.to_owned()),
                None => Piece::encoded(text)?,
            }),
            Value::Range => self.header(&format!("Range: bytes={text}"))?,
            Value::Referer => self.header(&format!("Referer: {text}"))?,
            Value::Socks(scheme) => self.proxy = Some(address::proxy(text, scheme)),
            Value::Timeout => self.timeout = own(),
            Value::Upload => self.upload = own(),
            Value::Url => self.url(text)?,
            Value::User => self.options.push(format!("--auth={}", login(text)?)),
        }
        Ok(())
    }

    /// `Name: value`, `Name;` for an empty one, `Name:` for none.
    pub(super) fn header(&mut self, text: &str) -> Result<(), Failure> {
        if text.starts_with('@') {
            return Err(wrong("-H @FILE is not known to opi"));
        }
        let item = match (text.split_once(':'), text.strip_suffix(';')) {
            (Some((name, value)), _) => format!("{}:{}", escape(name), escape(value.trim())),
            (None, Some(name)) => format!("{};", escape(name)),
            (None, None) => return Err(wrong("-H: expected Name: value")),
        };
        self.headers.push(item);
        Ok(())
    }

    /// Whether a header is set, or left out.
    pub(super) fn has_header(&self, name: &str) -> bool {
        let names = self.headers.iter().filter_map(|item| item.split([':', ';']).next());
        names.into_iter().any(|given| given.eq_ignore_ascii_case(name))
    }

    /// `aws:amz:REGION:SERVICE`.
    fn aws(&mut self, text: &str) -> Result<(), Failure> {
        let parts: Vec<_> = text.split(':').collect();
        let [_, _, region, service] = parts.as_slice() else {
            return Err(wrong("--aws-sigv4: expected aws:amz:REGION:SERVICE"));
        };
        self.options.push("--auth-type=aws4".to_owned());
        self.options.push(format!("--aws-region={region}"));
        self.options.push(format!("--aws-service={service}"));
        Ok(())
    }

    /// `HOST:PORT:HOST:PORT`; hosts may be addresses in brackets.
    fn connect_to(&mut self, text: &str) -> Result<(), Failure> {
        let mut depth = 0_u32;
        let mut colons = text.char_indices().filter_map(|(place, c)| {
            depth = depth.saturating_add(u32::from(c == '[')).saturating_sub(u32::from(c == ']'));
            (c == ':' && depth == 0).then_some(place)
        });
        let middle =
            colons.nth(1).ok_or_else(|| wrong("--connect-to: expected HOST:PORT:HOST:PORT"))?;
        let (from, to) = text.split_at(middle);
        self.options.push(format!("--connect-to={from}={}", to.trim_start_matches(':')));
        Ok(())
    }

    /// Whether the switch was given.
    pub(super) fn is(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }
}

/// `NAME=TEXT`, `NAME=@FILE[;type=KIND][;filename=NAME]` or `NAME=<FILE`, as an item.
fn form(text: &str) -> Result<String, Failure> {
    let (name, value) = text.split_once('=').ok_or_else(|| wrong("-F: expected NAME=VALUE"))?;
    let name = name_of(name)?;
    if let Some(file) = value.strip_prefix('@') {
        return Ok(format!("{name}@{}", escape(file)));
    }
    if let Some(file) = value.strip_prefix('<') {
        return Ok(format!("{name}=@{}", escape(file)));
    }
    if value.contains(';') {
        return Err(wrong("-F: a ; in text gives it a type; --form-string takes it as it is"));
    }
    form_text(text)
}

fn form_text(text: &str) -> Result<String, Failure> {
    let expected = || wrong("--form-string: expected NAME=VALUE");
    let (name, value) = text.split_once('=').ok_or_else(expected)?;
    Ok(format!("{}={}", name_of(name)?, escape(value)))
}

/// The name of a field as items write it.
fn name_of(name: &str) -> Result<String, Failure> {
    if name.is_empty() || name.ends_with('\\') {
        return Err(wrong("-F: a name that is empty or ends in a backslash"));
    }
    Ok(escape(name))
}

/// `USER:PASSWORD`, which stands for nothing else here.
fn login(text: &str) -> Result<&str, Failure> {
    if !text.contains(':') {
        return Err(wrong("-u: expected user:password; nobody is asked for the password"));
    }
    literal(text)
}

/// A secret that opi would not read from elsewhere.
fn literal(text: &str) -> Result<&str, Failure> {
    if text.starts_with('@') || text.starts_with("env:") {
        return Err(wrong("a login that begins with @ or env: means another place to opi"));
    }
    Ok(text)
}

fn redirects(text: &str) -> String {
    match text {
        "0" => "--no-follow".to_owned(),
        // As many as anyone follows.
        "-1" => "--max-redirects=1000".to_owned(),
        _ => format!("--max-redirects={text}"),
    }
}

fn unknown(option: &str) -> Failure {
    wrong(&format!("{option} is not known to opi"))
}
