//! Why dialing, a handshake or a wait failed.

use std::fmt::{self, Write};
use std::time::Duration;
use std::{error, io};

use crate::{Phase, Target};

type Source = Box<dyn error::Error + Send + Sync>;

/// A failed step: which phase, on which target, within which limit, and the cause.
///
/// `Display` prints this level only; the cause is in [`source`](error::Error::source).
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    phase: Option<Phase>,
    target: Option<String>,
    times: Option<(Duration, Duration)>,
    detail: Option<String>,
    source: Option<Source>,
}

impl Error {
    /// An error of `kind`; what is known about it is added by the methods below.
    #[must_use]
    pub fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            kind,
            phase: None,
            target: None,
            times: None,
            detail: None,
            source: None,
        }))
    }

    /// Names the phase, unless it is named already.
    #[must_use]
    pub fn in_phase(mut self, phase: Phase) -> Self {
        self.0.phase.get_or_insert(phase);
        self
    }

    /// Names the target, unless it is named already.
    #[must_use]
    pub fn on(mut self, target: &Target) -> Self {
        self.0.target.get_or_insert_with(|| target.to_string());
        self
    }

    /// Says in words what happened, in place of the kind's own words.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn because(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Puts the file at `path` before what happened.
    #[cfg(feature = "tls")]
    pub(crate) fn about(mut self, path: &std::path::Path) -> Self {
        let words = self.0.detail.take();
        let words = words.unwrap_or_else(|| self.0.kind.words().to_owned());
        self.0.detail = Some(format!("{}: {words}", path.display()));
        self
    }

    /// Adds the limit of the wait and how long it took.
    #[must_use]
    pub fn after(mut self, limit: Duration, elapsed: Duration) -> Self {
        self.0.times = Some((limit, elapsed));
        self
    }

    /// The error of a read or a write that failed with `cause` in `phase`.
    #[must_use]
    pub fn from_io(cause: io::Error, phase: Phase) -> Self {
        #[cfg(feature = "tls")]
        if let Some((kind, words)) = crate::tls::refused_later(&cause) {
            return Self::new(kind).in_phase(phase).detail(words).because(cause);
        }
        let kind = match cause.kind() {
            io::ErrorKind::BrokenPipe
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset => ErrorKind::Closed,
            io::ErrorKind::UnexpectedEof => ErrorKind::Truncated,
            _ => ErrorKind::Io,
        };
        Self::new(kind).in_phase(phase).because(cause)
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The frozen code of the kind.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.kind.code()
    }

    /// The phase that failed.
    #[must_use]
    pub fn phase(&self) -> Option<Phase> {
        self.0.phase
    }

    /// The limit of the wait that ended.
    #[must_use]
    pub fn limit(&self) -> Option<Duration> {
        self.0.times.map(|(limit, _)| limit)
    }

    /// How long the operation had taken when its limit ended it.
    #[must_use]
    pub fn elapsed(&self) -> Option<Duration> {
        self.0.times.map(|(_, elapsed)| elapsed)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, phase, target, times, detail, .. } = &*self.0;
        if let Some(phase) = phase {
            write!(f, "{phase}")?;
        }
        if let Some(target) = target {
            let space = if phase.is_some() { " " } else { "" };
            write!(f, "{space}{target}")?;
        }
        if phase.is_some() || target.is_some() {
            f.write_str(": ")?;
        }
        f.write_str(detail.as_deref().unwrap_or_else(|| kind.words()))?;
        match times {
            Some((limit, elapsed)) if *kind == ErrorKind::Timeout => {
                write!(f, " within {} (waited {})", Span(*limit), Span(*elapsed))
            }
            _ => Ok(()),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        let source: &(dyn error::Error + 'static) = self.0.source.as_deref()?;
        Some(source)
    }
}

/// A time as a person writes it: `250 ms`, `5 s`.
struct Span(Duration);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.as_millis();
        match (millis / 1000, millis % 1000) {
            (0, millis) => write!(f, "{millis} ms"),
            (seconds, 0) => write!(f, "{seconds} s"),
            (seconds, millis) => {
                let mut fraction = String::new();
                write!(fraction, "{millis:03}")?;
                write!(f, "{seconds}.{} s", fraction.trim_end_matches('0'))
            }
        }
    }
}

crate::error_kinds! {
    /// The part of an [`Error`] that a program branches on.
    pub enum ErrorKind {
        /// A certificate, key or list of roots that the caller gave cannot be read.
        BadCertificate {
            code: "bad_certificate",
            who: "caller",
            words: "the certificate cannot be read",
            english: "Give a PEM or PKCS#12 file that holds at least one certificate.",
            russian: "Укажите файл PEM или PKCS#12, в котором есть хотя бы один сертификат.",
        }
        /// The host is no name and no address.
        BadHost {
            code: "bad_host",
            who: "caller",
            words: "the host is no valid name",
            english: "Check the spelling of the host; a name in other letters must keep to the rules of international names.",
            russian: "Проверьте написание узла; имя не латиницей должно отвечать правилам международных имён.",
        }
        /// A private key that the caller gave cannot be read or used, or fits no certificate given.
        BadKey {
            code: "bad_key",
            who: "caller",
            words: "the private key cannot be used",
            english: "Give the private key that was made for the certificate.",
            russian: "Укажите тот закрытый ключ, для которого выпущен сертификат.",
        }
        /// A key or a store of keys is encrypted, and not with the passphrase given.
        BadPassphrase {
            code: "bad_passphrase",
            who: "caller",
            words: "the passphrase does not open the key",
            english: "Give the passphrase the key was encrypted with.",
            russian: "Укажите пароль, которым зашифрован ключ.",
        }
        /// The operation was cancelled.
        Cancelled {
            code: "cancelled",
            who: "caller",
            words: "cancelled by the program",
            english: "The program ended the call itself; call again when it is wanted.",
            russian: "Вызов прерван самой программой; повторите его, когда понадобится.",
        }
        /// The certificate is for another name.
        CertificateName {
            code: "tls_certificate_name",
            who: "peer",
            words: "the certificate is for another name",
            english: "Connect by a name the certificate has, or have the server's certificate reissued.",
            russian: "Подключайтесь по имени из сертификата или перевыпустите сертификат сервера.",
        }
        /// The certificate's key is none of those that were pinned.
        CertificatePin {
            code: "tls_certificate_pin",
            who: "administrator",
            words: "the certificate's key is not the pinned one",
            english: "Find out whether the server's key was changed on purpose; if so, pin the new one.",
            russian: "Узнайте, намеренно ли сменили ключ сервера; если да, закрепите новый.",
        }
        /// The certificate has expired or is not valid yet.
        CertificateTime {
            code: "tls_certificate_time",
            who: "peer",
            words: "the certificate is not valid now",
            english: "Check this machine's clock; if it is right, the server's certificate needs renewal.",
            russian: "Проверьте часы этого компьютера; если они верны, серверу нужен новый сертификат.",
        }
        /// No trusted root stands behind the certificate.
        CertificateUntrusted {
            code: "tls_certificate_untrusted",
            who: "administrator",
            words: "the certificate's issuer is not trusted",
            english: "Add the issuing CA to the system's store or give it as an extra CA.",
            russian: "Добавьте выпустивший ЦС в системное хранилище или передайте его дополнительно.",
        }
        /// A server wants another client certificate than it got, or any at all.
        ClientCertificate {
            code: "tls_client_certificate",
            who: "caller",
            words: "the client certificate is missing or refused",
            english: "Give a client certificate that the server's administrator has accepted.",
            russian: "Укажите сертификат клиента, который принял администратор сервера.",
        }
        /// The peer closed or reset the connection.
        Closed {
            code: "closed",
            who: "peer",
            words: "the peer closed the connection",
            english: "The other side closed the connection; look into its log.",
            russian: "Другая сторона закрыла соединение; посмотрите её журнал.",
        }
        /// No address of the target could be connected to.
        Connect {
            code: "connect_failed",
            who: "administrator",
            words: "no address could be connected to",
            english: "Check the address, the network and the firewall.",
            russian: "Проверьте адрес, сеть и межсетевой экран.",
        }
        /// A blocking call was made from inside an asynchronous runtime.
        InsideRuntime {
            code: "inside_runtime",
            who: "caller",
            words: "a blocking call inside an asynchronous runtime",
            english: "Await the asynchronous call instead of blocking inside a runtime.",
            russian: "Внутри асинхронной среды ожидайте вызов, а не блокируйте поток.",
        }
        /// The socket failed.
        Io {
            code: "io",
            who: "administrator",
            words: "the socket failed",
            english: "The operating system refused; its message tells why.",
            russian: "Операционная система отказала; причина в её сообщении.",
        }
        /// The file of a journal cannot be opened.
        JournalFile {
            code: "journal_file",
            who: "caller",
            words: "the log file cannot be written",
            english: "Name a file in a folder that exists and that this program may write to.",
            russian: "Укажите файл в существующей папке, куда программе разрешено писать.",
        }
        /// The local address to connect from cannot be used.
        LocalAddress {
            code: "local_address",
            who: "caller",
            words: "the local address cannot be used",
            english: "Connect from an address that this machine has, of the target's family, with a free port.",
            russian: "Укажите адрес этого компьютера того же семейства, что у цели, и свободный порт.",
        }
        /// Every address of the target refused the connection.
        Refused {
            code: "connect_refused",
            who: "administrator",
            words: "the connection was refused",
            english: "Nothing listens there: check the port, and that the service runs.",
            russian: "Там никто не слушает: проверьте порт и что служба запущена.",
        }
        /// The name has no address.
        Resolve {
            code: "resolve_failed",
            who: "administrator",
            words: "the name has no address",
            english: "Check the spelling of the host and the name server.",
            russian: "Проверьте написание узла и сервер имён.",
        }
        /// The deadline passed.
        Timeout {
            code: "timeout",
            who: "administrator",
            words: "nothing happened",
            english: "Check that the other side answers, or allow more time.",
            russian: "Проверьте, что другая сторона отвечает, или увеличьте время ожидания.",
        }
        /// The TLS handshake failed.
        Tls {
            code: "tls_handshake",
            who: "peer",
            words: "the TLS handshake failed",
            english: "Check that the port speaks TLS 1.2 or 1.3.",
            russian: "Проверьте, что порт говорит по TLS 1.2 или 1.3.",
        }
        /// The connection ended without the end that was due.
        Truncated {
            code: "truncated",
            who: "peer",
            words: "the connection ended too early",
            english: "The data is not whole; ask for it again.",
            russian: "Данные получены не целиком; запросите их снова.",
        }
        /// The system lacks what was asked for.
        Unsupported {
            code: "unsupported",
            who: "caller",
            words: "this system does not have the option",
            english: "Leave the option out on this system; the cause names it.",
            russian: "Не задавайте этот параметр в данной системе; он назван в причине.",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn an_error_says_its_own_level_and_keeps_the_cause() {
        let target = Target::new("db.test", 1).unwrap();
        let cause = io::Error::other("no route");
        let error = Error::new(ErrorKind::Connect).in_phase(Phase::Connect).on(&target);
        let error = error.because(cause);
        assert_eq!(error.to_string(), "connect db.test:1: no address could be connected to");
        assert_eq!(error.source().unwrap().to_string(), "no route");
    }

    #[test]
    fn an_error_is_one_pointer_and_crosses_threads() {
        fn check<T: Send + Sync + 'static>() {}
        check::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn codes_are_unique_and_every_kind_has_words_and_cures() {
        let mut codes: Vec<_> = ErrorKind::ALL.iter().map(|kind| kind.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ErrorKind::ALL.len());
        for kind in ErrorKind::ALL {
            let row = kind.advice();
            assert!(!row.english.is_empty() && !row.russian.is_empty() && !kind.words().is_empty());
            assert!(["administrator", "caller", "opi", "peer"].contains(&row.who), "{row:?}");
        }
    }

    #[test]
    fn a_span_reads_as_a_person_writes_it() {
        let shown = |millis| Span(Duration::from_millis(millis)).to_string();
        assert_eq!(shown(250), "250 ms");
        assert_eq!(shown(5_000), "5 s");
        assert_eq!(shown(5_250), "5.25 s");
    }
}
