//! Why a request failed.

use std::time::Duration;
use std::{error, fmt};

use opi_net::Phase;
use url::Url;

use crate::address::public;
use crate::{Facts, Hop, Response};

type Source = Box<dyn error::Error + Send + Sync>;

/// A failed request: which URL, which phase, and the cause.
///
/// `Display` prints this level only; the cause is in [`source`](error::Error::source).
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    url: Option<Box<str>>,
    detail: Option<String>,
    cause: Option<Cause>,
    facts: Option<Facts>,
    history: Vec<Hop>,
    answer: Option<Answer>,
}

/// The answer that was not the expected one.
struct Answer(Response);

/// Neither headers nor the body are shown.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Answer").field(&self.0.status()).finish()
    }
}

#[derive(Debug)]
enum Cause {
    Auth(opi_auth::Error),
    Net(opi_net::Error),
    Proxy(opi_proxy::Error),
    Other(Source),
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            kind,
            url: None,
            detail: None,
            cause: None,
            facts: None,
            history: Vec::new(),
            answer: None,
        }))
    }

    /// Names the URL, without its login and query, unless one is named already.
    pub(crate) fn on(mut self, url: &Url) -> Self {
        let mut url = public(url.clone());
        url.set_query(None);
        self.0.url.get_or_insert_with(|| url.as_str().into());
        self
    }

    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    pub(crate) fn because(mut self, source: impl Into<Source>) -> Self {
        self.0.cause = Some(Cause::Other(source.into()));
        self
    }

    /// Adds how far the request got, unless it is told already.
    pub(crate) fn with(mut self, facts: Facts, history: Vec<Hop>) -> Self {
        if self.0.facts.is_none() {
            (self.0.facts, self.0.history) = (Some(facts), history);
        }
        self
    }

    /// The limit of the wait that ended, when one did.
    #[must_use]
    pub fn limit(&self) -> Option<Duration> {
        self.net().and_then(opi_net::Error::limit)
    }

    /// How long that wait was.
    #[must_use]
    pub fn elapsed(&self) -> Option<Duration> {
        self.net().and_then(opi_net::Error::elapsed)
    }

    fn net(&self) -> Option<&opi_net::Error> {
        match &self.0.cause {
            Some(Cause::Net(net)) => Some(net),
            Some(Cause::Proxy(proxy)) => proxy.net(),
            _ => None,
        }
    }

    pub(crate) fn answered(mut self, answer: Response) -> Self {
        self.0.answer = Some(Answer(answer));
        self
    }

    /// The answer whose status was not the expected one, with the first 64 KiB of its body; see
    /// [`Request::expect_status`](crate::Request::expect_status).
    #[must_use]
    pub fn answer(&self) -> Option<&Response> {
        self.0.answer.as_ref().map(|Answer(answer)| answer)
    }

    /// How far the request got; none when it was refused before anything was opened.
    #[must_use]
    pub fn facts(&self) -> Option<&Facts> {
        self.0.facts.as_ref()
    }

    /// The requests that were sent before the one that failed, in order.
    #[must_use]
    pub fn history(&self) -> &[Hop] {
        &self.0.history
    }

    opi_net::error_row!(ErrorKind);

    /// The phase that failed, when it was a step on the network.
    #[must_use]
    pub fn phase(&self) -> Option<Phase> {
        match &self.0.cause {
            Some(Cause::Net(net)) => net.phase(),
            Some(Cause::Proxy(proxy)) => proxy.phase(),
            _ => None,
        }
    }
}

impl From<opi_auth::Error> for Error {
    fn from(auth: opi_auth::Error) -> Self {
        let mut error = Self::new(ErrorKind::Auth(auth.kind()));
        error.0.cause = Some(Cause::Auth(auth));
        error
    }
}

impl From<opi_net::Error> for Error {
    fn from(net: opi_net::Error) -> Self {
        let mut error = Self::new(ErrorKind::Net(net.kind()));
        error.0.cause = Some(Cause::Net(net));
        error
    }
}

impl From<opi_proxy::Error> for Error {
    fn from(proxy: opi_proxy::Error) -> Self {
        let kind = match proxy.kind() {
            opi_proxy::ErrorKind::Net(kind) => ErrorKind::Net(kind),
            kind => ErrorKind::Proxy(kind),
        };
        let mut error = Self::new(kind);
        error.0.cause = Some(Cause::Proxy(proxy));
        error
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, url, detail, cause, .. } = &*self.0;
        if let Some(url) = url {
            write!(f, "{url}: ")?;
        }
        match (cause, detail) {
            (_, Some(detail)) => f.write_str(detail),
            (Some(Cause::Auth(auth)), _) => auth.fmt(f),
            (Some(Cause::Net(net)), _) => net.fmt(f),
            (Some(Cause::Proxy(proxy)), _) => proxy.fmt(f),
            _ => f.write_str(kind.words()),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self.0.cause.as_ref()? {
            Cause::Auth(auth) => auth.source(),
            Cause::Net(net) => net.source(),
            Cause::Proxy(proxy) => proxy.source(),
            Cause::Other(source) => {
                let source: &(dyn error::Error + 'static) = source.as_ref();
                Some(source)
            }
        }
    }
}

opi_net::error_kinds! {
    /// The part of an [`Error`] that a program branches on.
    pub enum ErrorKind {
        /// The cookie may not be kept.
        BadCookie {
            code: "http_bad_cookie",
            who: "caller",
            words: "the cookie cannot be kept",
            english: "Give a cookie that the server of the URL could set itself.",
            russian: "Передайте cookie, который мог бы установить сам сервер этого URL.",
        }
        /// A digest that is to be checked cannot be read.
        BadDigest {
            code: "http_bad_digest",
            who: "caller",
            words: "the digest cannot be read",
            english: "Give a SHA-256 as 64 hexadecimal digits.",
            russian: "Укажите SHA-256 как 64 шестнадцатеричные цифры.",
        }
        /// A header's name or value cannot be sent.
        BadHeader {
            code: "http_bad_header",
            who: "caller",
            words: "the header cannot be sent",
            english: "Remove line ends and other control characters, and leave to the request what it sets itself.",
            russian: "Уберите переводы строк и другие управляющие символы; то, что запрос ставит сам, оставьте ему.",
        }
        /// The value cannot be written as JSON.
        BadJson {
            code: "http_bad_json",
            who: "caller",
            words: "the value cannot be written as JSON",
            english: "Give a value that JSON can hold: keys are strings, numbers are finite.",
            russian: "Передайте значение, которое может хранить JSON: ключи - строки, числа конечны.",
        }
        /// The method is no token.
        BadMethod {
            code: "http_bad_method",
            who: "caller",
            words: "the method cannot be sent",
            english: "Give a method such as GET, POST or PROPFIND.",
            russian: "Укажите метод, например GET, POST или PROPFIND.",
        }
        /// The server sent a redirect that leads nowhere.
        BadRedirect {
            code: "http_bad_redirect",
            who: "peer",
            words: "the redirect leads nowhere",
            english: "Have the server corrected, or turn redirects off and look at its answer.",
            russian: "Исправьте сервер или отключите перенаправления и посмотрите его ответ.",
        }
        /// The URL is not an absolute http or https URL.
        BadUrl {
            code: "http_bad_url",
            who: "caller",
            words: "the URL cannot be asked",
            english: "Write the URL as http://host/path or https://host/path.",
            russian: "Укажите URL в виде http://узел/путь или https://узел/путь.",
        }
        /// The body cannot be decoded.
        BodyCoding {
            code: "http_body_coding",
            who: "peer",
            words: "the body cannot be decoded",
            english: "The server's compressed data is broken; ask without Accept-Encoding.",
            russian: "Сжатые данные сервера повреждены; запросите без Accept-Encoding.",
        }
        /// The body of the request cannot be read.
        BodyRead {
            code: "http_body_read",
            who: "caller",
            words: "the body of the request cannot be read",
            english: "Check the file, and give a body that is as long as announced; a reader is read once.",
            russian: "Проверьте файл и то, что тело не короче заявленного; поток читается один раз.",
        }
        /// The body unpacks to far more than its size.
        BodyTooDense {
            code: "http_body_too_dense",
            who: "peer",
            words: "the body unpacks to far more than its size",
            english: "If the server can be trusted, raise the limit on the ratio, or ask without Accept-Encoding.",
            russian: "Если серверу можно доверять, увеличьте предел степени сжатия или запросите без Accept-Encoding.",
        }
        /// The body is longer than allowed.
        BodyTooLong {
            code: "http_body_too_long",
            who: "caller",
            words: "the body is longer than allowed",
            english: "Raise the limit on the body, or ask for less.",
            russian: "Увеличьте предел размера тела или запросите меньше.",
        }
        /// A file of cookies cannot be read or written.
        CookieFile {
            code: "http_cookie_file",
            who: "caller",
            words: "the file of cookies cannot be used",
            english: "Check the path and its rights, and whether the file is JSON of opi or a cookies.txt.",
            russian: "Проверьте путь и права, а также что файл - JSON от opi или cookies.txt.",
        }
        /// The file is not what it should be.
        DigestMismatch {
            code: "http_digest_mismatch",
            who: "peer",
            words: "the body does not have the digest that it should have",
            english: "The file was changed on its way or at its source; ask again, or check the digest.",
            russian: "Файл изменён по пути или в источнике; запросите снова или проверьте контрольную сумму.",
        }
        /// The file cannot be written.
        File {
            code: "http_file",
            who: "caller",
            words: "the file cannot be written",
            english: "Check the path, the rights on its folder and the room on the disk.",
            russian: "Проверьте путь, права на папку и место на диске.",
        }
        /// The file is there already.
        FileExists {
            code: "http_file_exists",
            who: "caller",
            words: "the file is there already",
            english: "Choose another name, or have the file replaced.",
            russian: "Выберите другое имя или разрешите заменить файл.",
        }
        /// The server redirects from https to http, which the caller forbade.
        InsecureRedirect {
            code: "http_insecure_redirect",
            who: "peer",
            words: "the redirect leads from https to http",
            english: "Have the server corrected, or allow redirects that leave https.",
            russian: "Исправьте сервер или разрешите перенаправления с https на http.",
        }
        /// The encoding does not have a character of the text.
        NotEncodable {
            code: "http_not_encodable",
            who: "caller",
            words: "the encoding does not have a character of the text",
            english: "Send the text in UTF-8, or leave the character out.",
            russian: "Отправьте текст в UTF-8 или уберите этот символ.",
        }
        /// The answer's body is no JSON.
        NotJson {
            code: "http_not_json",
            who: "peer",
            words: "the answer is no JSON",
            english: "Look at the status and the beginning of the body; the server sent something else.",
            russian: "Посмотрите код состояния и начало тела: сервер прислал не JSON.",
        }
        /// The answer's body is no text in its encoding.
        NotText {
            code: "http_not_text",
            who: "peer",
            words: "the answer is no text in its encoding",
            english: "Name the encoding, let bytes that are not of it be replaced, or take the body as bytes.",
            russian: "Укажите кодировку, разрешите замену чужих байтов или получите тело как двоичные данные.",
        }
        /// The text is no XML that may be read.
        NotXml {
            code: "http_not_xml",
            who: "peer",
            words: "the text is no XML",
            english: "Look at the beginning of the text; XML with a document type is not read.",
            russian: "Посмотрите начало текста; XML с объявлением типа документа не читается.",
        }
        /// Too many requests wait for a connection already.
        PoolFull {
            code: "http_pool_full",
            who: "caller",
            words: "too many requests wait for a connection already",
            english: "Send fewer requests at the same time, or raise the limits of the pool.",
            russian: "Отправляйте меньше запросов одновременно или увеличьте пределы пула.",
        }
        /// The server does not speak HTTP/1.1 correctly.
        Protocol {
            code: "http_protocol",
            who: "peer",
            words: "the server does not answer in HTTP/1.1",
            english: "Check that the port is an HTTP port, and http against https.",
            russian: "Проверьте, что порт говорит по HTTP, и схему: http или https.",
        }
        /// The status is not the one that was expected.
        Status {
            code: "http_status",
            who: "peer",
            words: "the status is not the expected one",
            english: "Look at the status and the body that the error keeps.",
            russian: "Посмотрите код состояния и тело ответа, сохранённые в ошибке.",
        }
        /// The server redirects without end.
        TooManyRedirects {
            code: "http_too_many_redirects",
            who: "peer",
            words: "too many redirects",
            english: "The server redirects in a circle; a missing cookie or login is the usual cause.",
            russian: "Сервер перенаправляет по кругу; обычно не хватает cookie или входа.",
        }
        /// No encoding has this label.
        UnknownCharset {
            code: "http_unknown_charset",
            who: "caller",
            words: "unknown encoding",
            english: "Give a label of the WHATWG Encoding Standard, such as utf-8, windows-1251 or koi8-r.",
            russian: "Укажите имя из WHATWG Encoding Standard: utf-8, windows-1251, koi8-r и так далее.",
        }
        /// The build leaves out what the URL needs.
        Unsupported {
            code: "http_unsupported",
            who: "caller",
            words: "this build cannot do it",
            english: "Build with the feature tls for https URLs.",
            russian: "Для адресов https соберите с возможностью tls.",
        }
    }
    wraps {
        /// The credentials cannot be sent, or the server does not know them itself.
        Auth(opi_auth::ErrorKind) = opi_net::Advice::new
        /// The network failed.
        Net(opi_net::ErrorKind)
        /// A proxy failed.
        Proxy(opi_proxy::ErrorKind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_pointer_and_crosses_threads() {
        fn check<T: Send + Sync + 'static>() {}
        check::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn an_error_names_the_url_without_login_and_query() {
        let url: Url = "http://user:hunter2@h.test/a?token=hunter2#f".parse().unwrap();
        let error = Error::new(ErrorKind::Protocol).on(&url);
        assert_eq!(error.to_string(), "http://h.test/a: the server does not answer in HTTP/1.1");
        assert!(!format!("{error:?}").contains("hunter2"));
    }
}
