//! Why a call gave no value, in the words that 1C gets.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use opi::net::{Advice, Phase};
use serde_json::{Map, json};

use crate::language::Language;

/// A call that gave no value: what happened, whether trying again may help, and what to do.
#[derive(Clone, Debug)]
pub struct Fault(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    advice: Advice,
    phase: Option<Phase>,
    message: String,
    retry: Retry,
    elapsed: Duration,
    facts: Map<String, serde_json::Value>,
}

/// Whether the same call may succeed later.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Retry {
    MayHelp,
    Useless,
}

impl Fault {
    /// A fault of the add-in's own, found before anything was sent.
    pub(crate) fn new(kind: FaultKind, message: impl Into<String>) -> Self {
        Self::advised(kind.advice(), None, message.into())
    }

    /// A fault of the add-in's own in the words of its kind.
    pub(crate) fn of(kind: FaultKind) -> Self {
        Self::new(kind, kind.words())
    }

    /// The fault that an error of a crate below is for 1C: the whole chain of causes in one line.
    pub(crate) fn because(advice: Advice, phase: Option<Phase>, error: &dyn Error) -> Self {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            let text = error.to_string();
            // A wrapper that repeats its cause would say everything twice.
            if !message.ends_with(&text) {
                message = format!("{message}: {text}");
            }
            cause = error.source();
        }
        Self::advised(advice, phase, message)
    }

    fn advised(advice: Advice, phase: Option<Phase>, message: String) -> Self {
        let (retry, elapsed) = (Retry::Useless, Duration::ZERO);
        Self(Box::new(Inner { advice, phase, message, retry, elapsed, facts: Map::new() }))
    }

    pub(crate) fn retry(mut self, retry: Retry) -> Self {
        self.0.retry = retry;
        self
    }

    pub(crate) fn after(mut self, elapsed: Duration) -> Self {
        self.0.elapsed = elapsed;
        self
    }

    /// Says which parameter or option it is about.
    pub(crate) fn about(mut self, what: &dyn fmt::Display) -> Self {
        self.0.message = format!("{what}: {}", self.0.message);
        self
    }

    /// Adds a fact beside the fixed ones, for example how many bytes had been sent.
    pub(crate) fn fact(mut self, name: &str, fact: impl Into<serde_json::Value>) -> Self {
        self.0.facts.insert(name.to_owned(), fact.into());
        self
    }

    /// The frozen name that programs compare.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.advice.code
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.0.advice.english,
            Language::Russian => self.0.advice.russian,
        }
    }

    /// The value of `error` in an answer: code, phase, message, hint and the rest.
    pub(crate) fn to_json(&self, language: Language) -> serde_json::Value {
        let Inner { advice, phase, message, retry, elapsed, facts } = &*self.0;
        let mut json = json!({
            "code": advice.code,
            "phase": phase.map_or(BEFORE, Phase::name),
            "message": message,
            "hint": self.hint(language),
            "who": advice.who,
            "retryable": *retry == Retry::MayHelp,
            "elapsed_ms": u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
        });
        if let Some(object) = json.as_object_mut() {
            object.extend(facts.clone());
        }
        json
    }

    /// The whole answer of a call that failed.
    pub(crate) fn answer(&self, language: Language) -> String {
        json!({ "result": false, "error": self.to_json(language) }).to_string()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl Error for Fault {}

/// The phase of a fault found before anything was sent.
const BEFORE: &str = "call";

opi::net::error_kinds! {
    /// The kinds of the add-in's own faults; the crates below add theirs.
    pub enum FaultKind {
        /// The object is connected or started already.
        AlreadyOpen {
            code: "already_open",
            who: "caller",
            words: "the object is open already",
            english: "Close it first, or use another object.",
            russian: "Сначала закройте его или используйте другой объект.",
        }
        /// An argument cannot be what the method needs.
        Argument {
            code: "argument",
            who: "caller",
            words: "an argument is wrong",
            english: "Pass what the message asks for.",
            russian: "Передайте то, что указано в сообщении.",
        }
        /// There are more or fewer arguments than the method has parameters.
        ArgumentCount {
            code: "argument_count",
            who: "caller",
            words: "the number of arguments is wrong",
            english: "Pass every required argument and no more than the method has.",
            russian: "Передайте все обязательные аргументы и не больше, чем есть у метода.",
        }
        /// The object is shut down.
        Closed {
            code: "object_closed",
            who: "caller",
            words: "the object is closed",
            english: "Create a new object.",
            russian: "Создайте новый объект.",
        }
        /// There are no bytes with that handle.
        Handle {
            code: "unknown_handle",
            who: "caller",
            words: "there are no bytes with this handle",
            english: "Take the bytes of a result once, soon after the call that gave the handle.",
            russian: "Забирайте данные результата один раз, сразу после вызова, вернувшего номер.",
        }
        /// The add-in itself is wrong.
        Internal {
            code: "internal",
            who: "opi",
            words: "an internal error stopped the object",
            english: "Create a new object, and report the message to the developers of opi.",
            russian: "Создайте новый объект и сообщите текст ошибки разработчикам opi.",
        }
        /// The platform gave no memory for the result.
        Memory {
            code: "host_memory",
            who: "administrator",
            words: "the platform gave no memory for the result",
            english: "Ask for less at once, or give the process more memory.",
            russian: "Запрашивайте меньше данных за раз или выделите процессу больше памяти.",
        }
        /// The object is not connected or not started.
        NotOpen {
            code: "not_open",
            who: "caller",
            words: "the object is not open",
            english: "Connect or start it first.",
            russian: "Сначала подключите или запустите его.",
        }
        /// The object has no method or property with that number.
        Number {
            code: "unknown_number",
            who: "caller",
            words: "the object has no such method or property",
            english: "Find methods and properties by their names.",
            russian: "Находите методы и свойства по именам.",
        }
        /// An option is unknown, or its value is wrong.
        Option {
            code: "option",
            who: "caller",
            words: "an option is wrong",
            english: "Use the options and the values that the message lists.",
            russian: "Используйте параметры и значения, перечисленные в сообщении.",
        }
        /// The property cannot be set.
        ReadOnly {
            code: "read_only",
            who: "caller",
            words: "the property can only be read",
            english: "Remove the assignment.",
            russian: "Уберите присваивание.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_every_field_in_the_chosen_language() {
        let fault = Fault::of(FaultKind::Closed).fact("sent", 5);
        let answer: serde_json::Value =
            serde_json::from_str(&fault.answer(Language::Russian)).unwrap();
        let expected = json!({ "result": false, "error": {
            "code": "object_closed",
            "phase": "call",
            "message": "the object is closed",
            "hint": "Создайте новый объект.",
            "who": "caller",
            "retryable": false,
            "elapsed_ms": 0,
            "sent": 5,
        }});
        assert_eq!(answer, expected);
    }

    #[test]
    fn an_error_below_keeps_its_code_phase_and_causes() {
        let error = opi::net::Error::new(opi::net::ErrorKind::Refused).in_phase(Phase::Connect);
        let fault = Fault::from(error.because("no route"));
        let json = fault.to_json(Language::English);
        assert_eq!(json["code"], "connect_refused");
        assert_eq!(json["phase"], "connect");
        assert_eq!(json["message"], "connect: the connection was refused: no route");
        assert_eq!(json["retryable"], true);
    }
}
