//! Functions of the platform.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::statements::CAUGHT;
use super::value::{Thrown, Value};
use super::{Frame, Machine, Outcome, json};

impl Machine<'_> {
    pub(super) fn platform(&self, name: &str, given: &[Value], frame: &Frame) -> Outcome {
        let number = |count: usize| Ok(Value::Number(count as f64));
        match (name, given) {
            ("type", [Value::Text(name)]) => Ok(Value::Type(self.english(name))),
            ("typeof", [value]) => Ok(Value::Type(value.type_name().to_owned())),
            ("strfind", [Value::Text(text), Value::Text(part)]) => {
                number(text.find(part).map_or(0, |at| text[..at].chars().count() + 1))
            }
            ("strlen", [Value::Text(text)]) => number(text.chars().count()),
            ("left", [Value::Text(text), Value::Number(count)]) => {
                Ok(text.chars().take(*count as usize).collect::<String>().into())
            }
            ("right", [Value::Text(text), Value::Number(count)]) => {
                let skipped = text.chars().count().saturating_sub(*count as usize);
                Ok(text.chars().skip(skipped).collect::<String>().into())
            }
            ("mid", [Value::Text(text), Value::Number(from), rest @ ..]) => {
                let most = match rest {
                    [Value::Number(most)] => *most as usize,
                    _ => usize::MAX,
                };
                let tail = text.chars().skip((*from as usize).saturating_sub(1));
                Ok(tail.take(most).collect::<String>().into())
            }
            ("upper", [value]) => Ok(value.shown().to_uppercase().into()),
            ("lower", [value]) => Ok(value.shown().to_lowercase().into()),
            ("trimall", [value]) => Ok(value.shown().trim().to_owned().into()),
            ("strreplace", [Value::Text(text), Value::Text(from), Value::Text(to)]) => {
                Ok(text.replace(from, to).into())
            }
            ("strsplit", [Value::Text(text), Value::Text(at)]) => {
                Ok(Value::array(text.split(&**at).map(Value::text).collect()))
            }
            ("strconcat", [Value::Array(values), rest @ ..]) => {
                let between = rest.first().map(Value::shown).unwrap_or_default();
                let texts: Vec<_> = values.borrow().iter().map(Value::shown).collect();
                Ok(texts.join(&between).into())
            }
            ("char", [Value::Number(code)]) => {
                Ok(char::from_u32(*code as u32).unwrap().to_string().into())
            }
            ("string", [value]) => Ok(value.shown().into()),
            _ => self.of_values(name, given, frame),
        }
    }

    /// Functions of other values than texts.
    fn of_values(&self, name: &str, given: &[Value], frame: &Frame) -> Outcome {
        match (name, given) {
            ("number", [Value::Text(text)]) => match text.parse() {
                Ok(number) => Ok(Value::Number(number)),
                Err(_) => Err(Thrown::new(format!("{text} is no number"))),
            },
            ("int", [Value::Number(number)]) => Ok(Value::Number(number.trunc())),
            ("xmlstring", [value]) => Ok(value.shown().into()),
            ("errorinfo", []) => Ok(frame.get(CAUGHT).cloned().unwrap_or(Value::Undefined)),
            ("brieferrordescription", [Value::ErrorInfo(text)]) => Ok(text.clone().into()),
            ("base64string", [Value::Bytes(bytes)]) => Ok(STANDARD.encode(&**bytes).into()),
            ("base64value", [Value::Text(text)]) => {
                Ok(Value::bytes(STANDARD.decode(text).map_err(|it| Thrown::new(it.to_string()))?))
            }
            ("getbinarydatafromstring", [Value::Text(text)]) => Ok(Value::bytes(text.as_bytes())),
            ("getstringfrombinarydata", [Value::Bytes(bytes), ..]) => {
                Ok(String::from_utf8_lossy(bytes).into_owned().into())
            }
            ("encodestring", [Value::Text(text), _]) => Ok(encoded(text).into()),
            ("readjson", [Value::Reader(text), Value::Bool(to_map), ..]) => {
                json::read(&text.borrow(), *to_map)
            }
            ("writejson", [Value::Writer(text), value, ..]) => {
                *text.borrow_mut() = json::write(value)?.to_string();
                Ok(Value::Undefined)
            }
            ("date", _) => date(given),
            ("touniversaltime", [Value::Date(local)]) => Ok(Value::Date(local - ZONE)),
            ("tolocaltime", [Value::Date(universal)]) => Ok(Value::Date(universal + ZONE)),
            _ => Err(Thrown::new(format!("{name}({given:?}) is not known here"))),
        }
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// Three hours east.
pub(crate) const ZONE: i64 = 3 * 3600;

fn encoded(text: &str) -> String {
    let keep = |it: u8| it.is_ascii_alphanumeric() || b"-_.~".contains(&it);
    let byte = |it: u8| if keep(it) { char::from(it).to_string() } else { format!("%{it:02X}") };
    text.bytes().map(byte).collect()
}

/// From numbers, or from digits as `20190121002400`.
fn date(given: &[Value]) -> Outcome {
    let wrong = || Thrown::new(format!("{given:?} is no date"));
    let fields: Vec<i64> = match given {
        [Value::Text(text)] => {
            let digits = text.bytes().all(|it| it.is_ascii_digit());
            if !digits || ![8, 12, 14].contains(&text.len()) {
                return Err(wrong());
            }
            let field =
                |from: usize, to: usize| text.get(from..to).map_or(0, |it| it.parse().unwrap());
            vec![field(0, 4), field(4, 6), field(6, 8), field(8, 10), field(10, 12), field(12, 14)]
        }
        numbers => {
            let number = |it: &Value| match it {
                Value::Number(number) => Ok(*number as i64),
                _ => Err(wrong()),
            };
            numbers.iter().map(number).collect::<Result<_, _>>()?
        }
    };
    let at = |number: usize| fields.get(number).copied().unwrap_or_default();
    if !(1..=9999).contains(&at(0)) || !(1..=12).contains(&at(1)) || !(1..=31).contains(&at(2)) {
        return Err(wrong());
    }
    let seconds = at(3) * 3600 + at(4) * 60 + at(5);
    Ok(Value::Date(days(at(0), at(1), at(2)) * 86400 + seconds))
}

/// Days since the beginning of the year 1.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let before = (1..year).map(|it| if leap(it) { 366 } else { 365 }).sum::<i64>();
    before + (1..month).map(|it| length(year, it)).sum::<i64>() + day - 1
}

fn leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn length(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

/// As `2019-01-21T00:24:00`.
pub(super) fn iso(date: i64) -> String {
    let (mut day, seconds) = (date.div_euclid(86400), date.rem_euclid(86400));
    let mut year = 1;
    while day >= if leap(year) { 366 } else { 365 } {
        day -= if leap(year) { 366 } else { 365 };
        year += 1;
    }
    let mut month = 1;
    while day >= length(year, month) {
        day -= length(year, month);
        month += 1;
    }
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{:02}T{hour:02}:{minute:02}:{second:02}", day + 1)
}
