//! A JSON document made of items, value by value. Raw JSON stays as it was written. Pure.

use std::fmt::Write;

use serde_json::Value;

use super::place::Step;

/// A document, or a part of one.
#[derive(Debug, Default, PartialEq)]
pub(super) enum Node {
    /// Elements in order.
    Array(Vec<Self>),
    /// A value that is not given: null.
    #[default]
    Gap,
    /// Members in order.
    Object(Vec<(String, Self)>),
    /// JSON as it was written.
    Raw(String),
}

impl Node {
    /// A string.
    pub(super) fn text(text: &str) -> Self {
        Self::Raw(Value::from(text).to_string())
    }

    /// Puts `value` at the place; what was there goes.
    ///
    /// # Errors
    ///
    /// A step wants an object where an array or a value stands, or the other way round.
    pub(super) fn put(&mut self, place: &[Step], value: Self) -> Result<(), String> {
        let Some((step, further)) = place.split_first() else {
            *self = value;
            return Ok(());
        };
        self.step(step)?.put(further, value)
    }

    /// The part behind `step`; made when it is not there.
    fn step(&mut self, step: &Step) -> Result<&mut Self, String> {
        self.open(step);
        match (self, step) {
            (Self::Object(members), Step::Key(key)) => Ok(member(members, key)),
            (Self::Array(elements), Step::Append) => Ok(element(elements, elements.len())),
            (Self::Array(elements), Step::Index(index)) => Ok(element(elements, *index)),
            (found, Step::Key(_)) => {
                Err(format!("a key in brackets is for an object, and this is {}", found.kind()))
            }
            (found, _) => Err(format!(
                "[] and numbers in brackets are for an array, and this is {}",
                found.kind()
            )),
        }
    }

    /// Makes something to step into: of nothing, or of raw JSON.
    fn open(&mut self, step: &Step) {
        match self {
            Self::Gap => *self = step.holder(),
            Self::Raw(text) => {
                if let Ok(value @ (Value::Array(_) | Value::Object(_))) = serde_json::from_str(text)
                {
                    *self = Self::opened(value);
                }
            }
            Self::Array(_) | Self::Object(_) => {}
        }
    }

    fn opened(value: Value) -> Self {
        match value {
            Value::Array(elements) => {
                let raw = elements.into_iter().map(|element| Self::Raw(element.to_string()));
                Self::Array(raw.collect())
            }
            Value::Object(members) => {
                let raw = members.into_iter().map(|(key, it)| (key, Self::Raw(it.to_string())));
                Self::Object(raw.collect())
            }
            value => Self::Raw(value.to_string()),
        }
    }

    const fn kind(&self) -> &'static str {
        match self {
            Self::Array(_) => "an array",
            Self::Gap => "nothing",
            Self::Object(_) => "an object",
            Self::Raw(_) => "a value",
        }
    }

    /// The document as JSON.
    pub(super) fn json(&self) -> String {
        let mut json = String::new();
        self.write(&mut json);
        json
    }

    fn write(&self, json: &mut String) {
        match self {
            Self::Gap => json.push_str("null"),
            Self::Raw(text) => json.push_str(text),
            Self::Array(elements) => {
                json.push('[');
                for (place, element) in elements.iter().enumerate() {
                    json.push_str(if place == 0 { "" } else { "," });
                    element.write(json);
                }
                json.push(']');
            }
            Self::Object(members) => {
                json.push('{');
                for (place, (key, member)) in members.iter().enumerate() {
                    let comma = if place == 0 { "" } else { "," };
                    // Text can always be written to.
                    let _infallible =
                        write!(json, "{comma}{}:", Value::from(key.as_str())).is_err();
                    member.write(json);
                }
                json.push('}');
            }
        }
    }
}

impl Step {
    /// What this step leads into.
    const fn holder(&self) -> Node {
        match self {
            Self::Append | Self::Index(_) => Node::Array(Vec::new()),
            Self::Key(_) => Node::Object(Vec::new()),
        }
    }
}

fn member<'a>(members: &'a mut Vec<(String, Node)>, key: &str) -> &'a mut Node {
    let place = members.iter().position(|(known, _)| known == key).unwrap_or(members.len());
    if place == members.len() {
        members.push((key.to_owned(), Node::Gap));
    }
    &mut members[place].1
}

fn element(elements: &mut Vec<Node>, index: usize) -> &mut Node {
    if index >= elements.len() {
        elements.resize_with(index + 1, Node::default);
    }
    &mut elements[index]
}

#[cfg(test)]
mod tests {
    use super::super::place::parse;
    use super::*;

    fn built(items: &[(&str, &str)]) -> Result<String, String> {
        let mut document = Node::default();
        for (place, value) in items {
            document.put(&parse(place)?, Node::Raw((*value).to_owned()))?;
        }
        Ok(document.json())
    }

    #[track_caller]
    fn check(items: &[(&str, &str)], expected: &str) {
        assert_eq!(built(items).as_deref(), Ok(expected), "{items:?}");
    }

    #[test]
    fn values_go_to_their_places() {
        check(&[("a", "1"), ("b", "\"x\"")], r#"{"a":1,"b":"x"}"#);
        check(
            &[("a[b][c]", "1"), ("a[b][d]", "2"), ("e", "3")],
            r#"{"a":{"b":{"c":1,"d":2}},"e":3}"#,
        );
        check(&[("a[]", "1"), ("a[]", "2")], r#"{"a":[1,2]}"#);
        check(&[("a[2]", "1"), ("a[0]", "2"), ("a[]", "3")], r#"{"a":[2,null,1,3]}"#);
        check(
            &[("a[][b]", "1"), ("a[][b]", "2"), ("a[1][c]", "3")],
            r#"{"a":[{"b":1},{"b":2,"c":3}]}"#,
        );
        check(&[("[]", "1"), ("[]", "2")], "[1,2]");
        check(&[("[1][x]", "1")], r#"[null,{"x":1}]"#);
        check(&[("я\"", "1")], r#"{"я\"":1}"#);
    }

    #[test]
    fn the_last_value_of_a_place_counts() {
        check(&[("a", "1"), ("a", "2")], r#"{"a":2}"#);
        check(&[("a[b]", "1"), ("a", "2")], r#"{"a":2}"#);
    }

    #[test]
    fn raw_json_stays_as_it_was_written_and_can_be_stepped_into() {
        check(&[("n", "12345678901234567890.10")], r#"{"n":12345678901234567890.10}"#);
        check(
            &[("a", "{\"x\":[1]}"), ("a[x][]", "2"), ("a[y]", "3")],
            r#"{"a":{"x":[1,2],"y":3}}"#,
        );
    }

    #[test]
    fn a_step_must_fit_what_is_there() {
        for items in [
            [("a[]", "1"), ("a[b]", "2")],
            [("a[b]", "1"), ("a[]", "2")],
            [("a", "1"), ("a[b]", "2")],
            [("a", "\"x\""), ("a[0]", "2")],
            [("[]", "1"), ("b", "2")],
            [("b", "1"), ("[0]", "2")],
        ] {
            let wrong = built(&items).unwrap_err();
            assert!(wrong.contains("and this is a"), "{wrong}");
        }
    }
}
