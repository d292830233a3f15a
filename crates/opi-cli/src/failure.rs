//! Why the command failed: a library's error, or one of the command's own, in one shape.

use std::error::Error;

use opi::net::{Advice, Phase};

use crate::answer::Answer;
use crate::exit::{self, Exit};
use crate::redact::Veil;

/// A failure, ready to be reported.
#[derive(Debug)]
pub(crate) struct Failure(Box<Inner>);

#[derive(Debug)]
struct Inner {
    advice: Advice,
    phase: Option<Phase>,
    message: String,
    causes: Vec<String>,
    retryable: bool,
    answer: Option<Answer>,
}

impl Failure {
    /// A failure of the command's own.
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::of(kind.advice(), None, message.into())
    }

    /// A failure of any row.
    pub(crate) fn of(advice: Advice, phase: Option<Phase>, message: String) -> Self {
        let retryable = exit::retryable(advice.code);
        Self(Box::new(Inner {
            advice,
            phase,
            message,
            causes: Vec::new(),
            retryable,
            answer: None,
        }))
    }

    /// Adds a cause and what is behind it.
    pub(crate) fn because<'a>(mut self, cause: &'a (dyn Error + 'static)) -> Self {
        let chain = std::iter::successors(Some(cause), |error: &&'a (dyn Error + 'static)| {
            (*error).source()
        });
        self.0.causes.extend(chain.map(ToString::to_string));
        self
    }

    /// Adds a line of explanation.
    pub(crate) fn detail(mut self, line: impl Into<String>) -> Self {
        self.0.causes.push(line.into());
        self
    }

    /// Adds what came all the same.
    pub(crate) fn with(mut self, answer: Answer) -> Self {
        self.0.answer = Some(answer);
        self
    }

    /// Says whether trying again may help, in place of the table.
    pub(crate) fn retryable_if(mut self, retryable: bool) -> Self {
        self.0.retryable = retryable;
        self
    }

    /// The same failure with another message; its causes stay.
    pub(crate) fn saying(mut self, message: impl Into<String>) -> Self {
        self.0.message = message.into();
        self
    }

    /// The failure with every known secret hidden.
    pub(crate) fn behind(mut self, veil: &Veil) -> Self {
        self.0.message = veil.cover(&self.0.message);
        self.0.causes.iter_mut().for_each(|cause| *cause = veil.cover(cause));
        self
    }

    /// The frozen code.
    pub(crate) fn code(&self) -> &'static str {
        self.0.advice.code
    }

    /// The cure, in both languages.
    pub(crate) fn advice(&self) -> Advice {
        self.0.advice
    }

    /// The phase that failed.
    pub(crate) fn phase(&self) -> Option<Phase> {
        self.0.phase
    }

    /// What happened, in one line.
    pub(crate) fn message(&self) -> &str {
        &self.0.message
    }

    /// Why, outermost first.
    pub(crate) fn causes(&self) -> &[String] {
        &self.0.causes
    }

    /// Whether trying again may help.
    pub(crate) fn retryable(&self) -> bool {
        self.0.retryable
    }

    /// What came all the same.
    pub(crate) fn answer(&self) -> Option<&Answer> {
        self.0.answer.as_ref()
    }

    /// How the command ends.
    pub(crate) fn exit(&self) -> Exit {
        exit::exit(self.code(), self.phase())
    }
}

/// Takes over an error with its causes.
fn adopt<E: Error + 'static>(error: &E, advice: Advice, phase: Option<Phase>) -> Failure {
    let failure = Failure::of(advice, phase, error.to_string());
    match error.source() {
        Some(cause) => failure.because(cause),
        None => failure,
    }
}

impl From<opi::auth::Error> for Failure {
    fn from(error: opi::auth::Error) -> Self {
        adopt(&error, Advice::new(error.kind().advice()), None)
    }
}

impl From<opi::framing::Error> for Failure {
    fn from(error: opi::framing::Error) -> Self {
        adopt(&error, Advice::new(error.kind().advice()), None)
    }
}

impl From<opi::http::Error> for Failure {
    fn from(error: opi::http::Error) -> Self {
        adopt(&error, error.advice(), error.phase())
    }
}

impl From<opi::net::Error> for Failure {
    fn from(error: opi::net::Error) -> Self {
        adopt(&error, error.kind().advice(), error.phase())
    }
}

impl From<opi::net::ParseTargetError> for Failure {
    fn from(error: opi::net::ParseTargetError) -> Self {
        adopt(&error, opi::net::ParseTargetError::ADVICE, None)
    }
}

impl From<opi::proxy::ParseRouteError> for Failure {
    fn from(error: opi::proxy::ParseRouteError) -> Self {
        adopt(&error, opi::proxy::ParseRouteError::ADVICE, None)
    }
}

impl From<opi::proxy::Error> for Failure {
    fn from(error: opi::proxy::Error) -> Self {
        Self::from(opi::tcp_client::Error::from(error))
    }
}

impl From<opi::tcp_client::Error> for Failure {
    fn from(error: opi::tcp_client::Error) -> Self {
        adopt(&error, error.advice(), error.phase())
    }
}

impl From<opi::tcp_server::Error> for Failure {
    fn from(error: opi::tcp_server::Error) -> Self {
        adopt(&error, error.advice(), error.phase())
    }
}

opi::net::error_kinds! {
    /// The failures of the command's own.
    pub enum ErrorKind {
        /// A file, standard input or standard output cannot be read or written.
        File {
            code: "cli_file",
            who: "caller",
            words: "the file cannot be used",
            english: "Check the path, its rights and the space on the disk.",
            russian: "Проверьте путь, права на него и место на диске.",
        }
        /// The answer has a 3xx status that was not followed.
        Http3xx {
            code: "cli_http_3xx",
            who: "caller",
            words: "the server points elsewhere",
            english: "Ask the address in Location, or leave out --no-follow.",
            russian: "Обратитесь по адресу из Location или уберите --no-follow.",
        }
        /// The answer has a 4xx status.
        Http4xx {
            code: "cli_http_4xx",
            who: "caller",
            words: "the server refuses the request",
            english: "Check the URL, the login and the data; the body tells more.",
            russian: "Проверьте URL, вход и данные; подробности в теле ответа.",
        }
        /// The answer has a 5xx status.
        Http5xx {
            code: "cli_http_5xx",
            who: "peer",
            words: "the server failed",
            english: "Look into the server's log, or try again later.",
            russian: "Посмотрите журнал сервера или повторите позже.",
        }
        /// The user or the system ended the command.
        Interrupted {
            code: "cli_interrupted",
            who: "caller",
            words: "interrupted",
            english: "Run the command again when it is wanted.",
            russian: "Запустите команду снова, когда понадобится.",
        }
        /// A peer is not let in.
        NotAllowed {
            code: "cli_not_allowed",
            who: "administrator",
            words: "the peer is not let in",
            english: "Allow its network by --allow, or its proxy by --proxy-protocol.",
            russian: "Разрешите его сеть ключом --allow или его прокси ключом --proxy-protocol.",
        }
        /// Who reads standard output has gone, or reads no more.
        OutputGone {
            code: "cli_output_gone",
            who: "caller",
            words: "nobody reads standard output any more",
            english: "Read standard output to its end, or write to a file with --output.",
            russian: "Читайте стандартный вывод до конца или пишите в файл ключом --output.",
        }
        /// More came than was allowed.
        TooLong {
            code: "cli_too_long",
            who: "caller",
            words: "more came than was allowed",
            english: "Raise the limit with --max, or ask for less.",
            russian: "Увеличьте предел ключом --max или запросите меньше.",
        }
        /// The command line is wrong.
        Usage {
            code: "cli_usage",
            who: "caller",
            words: "the command line is wrong",
            english: "Run the command with --help to see what it takes.",
            russian: "Запустите команду с --help, чтобы увидеть её ключи.",
        }
    }
}

impl From<ErrorKind> for Failure {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind, kind.words())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_keeps_its_code_phase_and_causes() {
        let cause = std::io::Error::other("below");
        let error = opi::net::Error::new(opi::net::ErrorKind::Io).in_phase(Phase::Tls);
        let failure = Failure::from(error.because(cause));
        assert_eq!((failure.code(), failure.exit()), ("io", Exit::Tls));
        assert_eq!(failure.message(), "tls: the socket failed");
        assert_eq!(failure.causes(), ["below"]);
    }

    #[test]
    fn a_veil_covers_message_and_causes() {
        let mut veil = Veil::default();
        veil.hide("hunter2");
        let failure = Failure::new(ErrorKind::Usage, "a hunter2").detail("b hunter2");
        let failure = failure.behind(&veil);
        assert_eq!((failure.message(), &failure.causes()[0][..]), ("a (hidden)", "b (hidden)"));
    }
}
