//! From what 1C passed to what a method needs, or a fault that names the parameter.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use opi::net::Target;
use opi::tcp_server::ConnectionId;

use crate::fault::{Fault, FaultKind};
use crate::options::Options;
use crate::table::{Kind, Param};
use crate::value::Value;

/// The arguments of one call, taken in the order of the parameters.
#[derive(Debug)]
pub(crate) struct Args<'call> {
    params: &'call [Param],
    given: &'call mut [Value],
    taken: usize,
}

impl<'call> Args<'call> {
    /// `given` may be shorter than `params`; what is missing takes its default.
    pub(crate) fn new(params: &'call [Param], given: &'call mut [Value]) -> Self {
        Self { params, given, taken: 0 }
    }

    /// The next argument.
    pub(crate) fn next<T: Argument>(&mut self) -> Result<T, Fault> {
        let Some(param) = self.params.get(self.taken).filter(|param| T::fits(param.kind)) else {
            let message = format!("argument {} does not fit its row", self.taken + 1);
            return Err(Fault::new(FaultKind::Internal, message));
        };
        let given = self.given.get_mut(self.taken).map(std::mem::take).unwrap_or_default();
        self.taken += 1;
        match (given, param.default) {
            (Value::Empty, None) => Err(missing(param)),
            (Value::Empty, Some(preset)) => T::convert(Value::from(preset), param),
            (given, _) => T::convert(given, param),
        }
    }
}

/// What a parameter can be turned into.
pub(crate) trait Argument: Sized {
    /// Whether parameters of this kind hold such a value.
    fn fits(kind: Kind) -> bool;

    /// Converts `given`, or says what was expected.
    fn convert(given: Value, param: &Param) -> Result<Self, Fault>;
}

impl Argument for bool {
    fn fits(kind: Kind) -> bool {
        matches!(kind, Kind::Bool)
    }

    fn convert(given: Value, param: &Param) -> Result<Self, Fault> {
        match given {
            Value::Bool(flag) => Ok(flag),
            other => Err(wrong(param, &other)),
        }
    }
}

impl Argument for String {
    fn fits(kind: Kind) -> bool {
        matches!(kind, Kind::Text)
    }

    fn convert(given: Value, param: &Param) -> Result<Self, Fault> {
        match given {
            Value::Text(text) => Ok(text),
            other => Err(wrong(param, &other)),
        }
    }
}

impl Argument for Target {
    fn fits(kind: Kind) -> bool {
        matches!(kind, Kind::Address)
    }

    fn convert(given: Value, param: &Param) -> Result<Self, Fault> {
        match given {
            Value::Text(text) => text.parse().map_err(|error| Fault::from(error).about(param)),
            other => Err(wrong(param, &other)),
        }
    }
}

/// Where a server listens: an address of this machine, since a name may stand for several.
impl Argument for SocketAddr {
    fn fits(kind: Kind) -> bool {
        matches!(kind, Kind::Address)
    }

    fn convert(given: Value, param: &Param) -> Result<Self, Fault> {
        let Value::Text(text) = given else { return Err(wrong(param, &given)) };
        listening(&text).map_err(|why| Fault::new(FaultKind::Argument, why).about(param))
    }
}

/// The address to listen on that `text` is, or what is wrong with it.
pub(crate) fn listening(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        // What holds an @ may hold a password.
        let got = if text.contains('@') { "(hidden)".to_owned() } else { format!("{text:?}") };
        format!("expected an IP address and a port, such as 127.0.0.1:9000, got {got}")
    })
}

/// Bytes, or text whose encoding is told elsewhere.
#[derive(Debug)]
pub(crate) enum TextOrBytes {
    Bytes(Bytes),
    Text(String),
}

impl TextOrBytes {
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Bytes(bytes) => bytes.is_empty(),
            Self::Text(text) => text.is_empty(),
        }
    }

    pub(crate) fn is_text(&self) -> bool {
        matches!(self, Self::Text(_))
    }
}

impl Argument for TextOrBytes {
    fn fits(kind: Kind) -> bool {
        matches!(kind, Kind::Data)
    }

    fn convert(given: Value, param: &Param) -> Result<Self, Fault> {
        match given {
            Value::Bytes(bytes) => Ok(Self::Bytes(bytes)),
            Value::Text(text) => Ok(Self::Text(text)),
            other => Err(wrong(param, &other)),
        }
    }
}

impl Argument for Bytes {
    fn fits(kind: Kind) -> bool {
        matches!(kind, Kind::Data)
    }

    fn convert(given: Value, param: &Param) -> Result<Self, Fault> {
        match given {
            Value::Bytes(bytes) => Ok(bytes),
            Value::Text(text) => Ok(text.into()),
            other => Err(wrong(param, &other)),
        }
    }
}

/// How long to wait; 0 is the longest wait, 24 hours.
impl Argument for Duration {
    fn fits(kind: Kind) -> bool {
        matches!(kind, Kind::Milliseconds)
    }

    fn convert(given: Value, param: &Param) -> Result<Self, Fault> {
        match whole(&given).and_then(wait) {
            Some(wait) => Ok(wait),
            None => Err(wrong(param, &given)),
        }
    }
}

/// How many bytes at most; `None`, written 0, is as many as the object allows.
impl Argument for Option<usize> {
    fn fits(kind: Kind) -> bool {
        matches!(kind, Kind::Size)
    }

    fn convert(given: Value, param: &Param) -> Result<Self, Fault> {
        match whole(&given).and_then(size) {
            Some(size) => Ok(Some(size).filter(|size| *size > 0)),
            None => Err(wrong(param, &given)),
        }
    }
}

/// A handle: a number, or its digits as text, since numbers of JSON may lose digits on the way.
impl Argument for u64 {
    fn fits(kind: Kind) -> bool {
        matches!(kind, Kind::Handle)
    }

    fn convert(given: Value, param: &Param) -> Result<Self, Fault> {
        number(&given).ok_or_else(|| wrong(param, &given))
    }
}

/// A connection's number, as a handle.
impl Argument for ConnectionId {
    fn fits(kind: Kind) -> bool {
        matches!(kind, Kind::Connection)
    }

    fn convert(given: Value, param: &Param) -> Result<Self, Fault> {
        let id = number(&given).and_then(|number| number.to_string().parse().ok());
        id.ok_or_else(|| wrong(param, &given))
    }
}

impl Argument for Options {
    fn fits(kind: Kind) -> bool {
        matches!(kind, Kind::Options(_))
    }

    fn convert(given: Value, param: &Param) -> Result<Self, Fault> {
        match (given, param.kind) {
            (Value::Text(text), Kind::Options(rows)) => Self::parse(&text, rows, param),
            (other, _) => Err(wrong(param, &other)),
        }
    }
}

fn number(given: &Value) -> Option<u64> {
    let number = match given {
        Value::Text(digits) => digits.trim().parse().ok(),
        other => whole(other).and_then(|number| u64::try_from(number).ok()),
    };
    number.filter(|number| *number > 0)
}

/// The whole number that `value` is, even when it came as a fraction of zero.
fn whole(value: &Value) -> Option<i64> {
    match *value {
        Value::Int(number) => Some(number),
        // Within 2^53 every whole number is exact; NaN and the infinities compare as outside.
        Value::Float(number) if number.fract() == 0.0 && number.abs() <= EXACT => {
            Some(number as i64)
        }
        _ => None,
    }
}

/// The wait that a number of milliseconds stands for.
pub(crate) fn wait(millis: i64) -> Option<Duration> {
    let wait = Duration::from_millis(u64::try_from(millis).ok()?);
    match wait {
        Duration::ZERO => Some(LONGEST),
        wait => Some(wait).filter(|wait| *wait <= LONGEST),
    }
}

/// The count of bytes that a number stands for.
pub(crate) fn size(number: i64) -> Option<usize> {
    i32::try_from(number).ok().and_then(|number| usize::try_from(number).ok())
}

fn missing(param: &Param) -> Fault {
    Fault::new(FaultKind::ArgumentCount, format!("{param} is required"))
}

fn wrong(param: &Param, given: &Value) -> Fault {
    let (expected, got) = (param.kind.expected(), given.describe());
    Fault::new(FaultKind::Argument, format!("{param} must be {expected}, got {got}"))
}

const EXACT: f64 = 9_007_199_254_740_992.0;
const LONGEST: Duration = opi::net::Deadline::LONGEST;

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use super::*;
    use crate::language::Bilingual;
    use crate::table::Preset;

    const NAME: Bilingual = Bilingual::new("Some", "Нечто");

    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "tables read better so")]
    fn check<T: Argument + Debug + PartialEq>(kind: Kind, given: Value, expected: Result<T, &str>) {
        let params = [Param::required(kind, NAME, NAME)];
        let got = Args::new(&params, &mut [given.clone()]).next::<T>();
        match (got, expected) {
            (Ok(got), Ok(expected)) => assert_eq!(got, expected, "{given:?}"),
            (Err(fault), Err(end)) => {
                let message = fault.to_string();
                assert!(message.starts_with("parameter Some (Нечто) "), "{message}");
                assert!(message.ends_with(end), "{message}");
            }
            (got, expected) => panic!("{given:?}: got {got:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn numbers_come_whole_or_as_fractions_of_zero() {
        let ms = Duration::from_millis;
        for (given, expected) in [
            (Value::Int(5000), Ok(ms(5000))),
            (Value::Float(5000.0), Ok(ms(5000))),
            (Value::Int(0), Ok(LONGEST)),
            (Value::Int(86_400_000), Ok(LONGEST)),
            (Value::Int(86_400_001), Err("got the number 86400001")),
            (Value::Int(-1), Err("got the number -1")),
            (Value::Float(0.5), Err("got the number 0.5")),
            (Value::Float(f64::NAN), Err("got the number NaN")),
            (Value::Float(f64::INFINITY), Err("got the number inf")),
            (Value::Float(1e300), Err("0")),
            (Value::from("5000"), Err("got text of 4 characters")),
            (Value::Bool(true), Err("got true")),
        ] {
            check(Kind::Milliseconds, given, expected);
        }
        check(Kind::Size, Value::Int(0), Ok(None::<usize>));
        check(Kind::Size, Value::Int(7), Ok(Some(7_usize)));
        check::<Option<usize>>(Kind::Size, Value::Int(1 << 31), Err("got the number 2147483648"));
        check(Kind::Handle, Value::from(" 12 "), Ok(12_u64));
        check(Kind::Handle, Value::Float(12.0), Ok(12_u64));
        for wrong in [Value::from("x"), Value::Int(0), Value::Int(-3), Value::Float(1.5)] {
            check::<u64>(Kind::Handle, wrong.clone(), Err(&wrong.describe()));
        }
    }

    #[test]
    fn text_and_bytes_are_data_and_nothing_else_is() {
        check(Kind::Data, Value::from("это"), Ok(Bytes::from("это")));
        check(Kind::Data, Value::Bytes(Bytes::new()), Ok(Bytes::new()));
        check::<Bytes>(Kind::Data, Value::Int(1), Err("got the number 1"));
        check::<Bytes>(
            Kind::Data,
            Value::IllFormed(3),
            Err("got text with half of a surrogate pair at 3"),
        );
        check(Kind::Text, Value::from("x"), Ok("x".to_owned()));
        check::<String>(Kind::Text, Value::Bytes(Bytes::new()), Err("binary data of 0 bytes"));
        check(Kind::Bool, Value::Bool(true), Ok(true));
        check::<bool>(Kind::Bool, Value::Int(1), Err("must be true or false, got the number 1"));
    }

    #[test]
    fn an_omitted_argument_takes_its_default_or_is_missed() {
        let params = [
            Param::optional(Kind::Milliseconds, NAME, NAME, Preset::Int(30)),
            Param::required(Kind::Text, NAME, NAME),
        ];
        let mut given = [Value::Empty];
        let mut args = Args::new(&params, &mut given);
        assert_eq!(args.next::<Duration>().unwrap(), Duration::from_millis(30));
        assert_eq!(args.next::<String>().unwrap_err().code(), "argument_count");
    }

    #[test]
    fn a_body_that_does_not_follow_its_row_is_an_internal_fault() {
        let params = [Param::required(Kind::Text, NAME, NAME)];
        let mut given = [Value::from("x")];
        let fault = Args::new(&params, &mut given).next::<bool>().unwrap_err();
        assert_eq!(fault.code(), "internal");
    }
}
