//! Objects: what they are made of, their methods and their fields.

use std::cell::RefCell;
use std::rc::Rc;

use harness::addin;
use tree_sitter::Node;

use super::value::{Thrown, Value};
use super::{Frame, Machine, Outcome};
use crate::syntax::Source;

impl Machine<'_> {
    pub(super) fn new_object(&self, text: &Source, node: Node<'_>, frame: &mut Frame) -> Outcome {
        let name = self.english(text.text(node.child_by_field_name("type").unwrap()));
        let (_, given) = self.arguments(text, node, frame)?;
        match (name.as_str(), given.as_slice()) {
            ("array", []) => Ok(Value::array(Vec::new())),
            ("map", []) => Ok(Value::map(Vec::new())),
            ("structure", []) => Ok(Value::structure(Vec::new())),
            ("structure", [Value::Text(names), values @ ..]) => {
                let structure = Value::structure(Vec::new());
                for (number, name) in names.split(',').enumerate() {
                    let value = values.get(number).cloned().unwrap_or(Value::Undefined);
                    structure.insert(Value::text(name.trim()), value);
                }
                Ok(structure)
            }
            ("jsonreader", []) => Ok(Value::Reader(Rc::default())),
            ("jsonwriter", []) => Ok(Value::Writer(Rc::default())),
            ("uuid", [Value::Text(text)]) => Ok(Value::Uuid(text.to_lowercase())),
            (name, given) => Err(Thrown::new(format!("New {name}({given:?}) is not known here"))),
        }
    }

    /// An object of the add-in, by the name after `AddIn.`; nothing has to be attached here.
    pub(super) fn new_addin(&self, name: &str) -> Outcome {
        let class = name.rsplit('.').next().unwrap();
        match self.host.try_create(class) {
            Some(object) => Ok(Value::AddIn(Rc::new(object))),
            None => Err(Thrown::new(format!("there is no {name}"))),
        }
    }

    pub(super) fn method(&self, object: &Value, name: &str, given: &[Value]) -> Outcome {
        if let Value::AddIn(object) = object {
            let given: Result<Vec<_>, _> = given.iter().map(outgoing).collect();
            let answer = object.call(name, &given?);
            return answer.map(incoming).map_err(|_| Thrown::new(format!("{name} failed")));
        }
        let name = self.english(name);
        match (object, name.as_str(), given) {
            (Value::Array(values), "add", [value]) => {
                values.borrow_mut().push(value.clone());
                Ok(Value::Undefined)
            }
            (Value::Array(values), "count", []) => Ok(Value::Number(values.borrow().len() as f64)),
            (Value::Array(values), "find", [wanted]) => {
                let at = values.borrow().iter().position(|it| it.equals(wanted));
                Ok(at.map_or(Value::Undefined, |at| Value::Number(at as f64)))
            }
            (Value::Structure(pairs) | Value::Map(pairs), "count", []) => {
                Ok(Value::Number(pairs.borrow().len() as f64))
            }
            (Value::Structure(_) | Value::Map(_), "insert", [key, value]) => {
                object.insert(key.clone(), value.clone());
                Ok(Value::Undefined)
            }
            (Value::Map(_), "get", [key]) => Ok(object.find(key).unwrap_or(Value::Undefined)),
            (Value::Structure(_), "property", [key]) => Ok(Value::Bool(object.find(key).is_some())),
            (Value::Bytes(bytes), "size", []) => Ok(Value::Number(bytes.len() as f64)),
            (Value::Reader(text) | Value::Writer(text), "setstring", given) => {
                *text.borrow_mut() = given.first().map(Value::shown).unwrap_or_default();
                Ok(Value::Undefined)
            }
            (Value::Reader(_), "close", []) => Ok(Value::Undefined),
            (Value::Writer(text), "close", []) => Ok(Value::Text(text.borrow().clone())),
            _ => Err(Thrown::new(format!("{} has no {name}({given:?})", object.type_name()))),
        }
    }

    pub(super) fn property(&self, object: &Value, name: &str) -> Outcome {
        let english = self.english(name);
        match (object, english.as_str()) {
            (Value::Structure(_), _) => object
                .find(&Value::text(name))
                .ok_or_else(|| Thrown::new(format!("{object:?} has no field {name}"))),
            (Value::Member(pair), "key") => Ok(pair.0.clone()),
            (Value::Member(pair), "value") => Ok(pair.1.clone()),
            (Value::Enum(of), "lf") if of == "chars" => Ok(Value::text("\n")),
            (Value::Enum(of), _) => Ok(Value::Enum(format!("{of}.{english}"))),
            (Value::AddIn(object), _) => match object.get(name) {
                Ok(value) => Ok(incoming(value)),
                Err(_) => Err(Thrown::new(format!("the add-in has no {name}"))),
            },
            _ => Err(Thrown::new(format!("{} has no field {name}", object.type_name()))),
        }
    }

    pub(super) fn element(&self, object: &Value, key: &Value) -> Outcome {
        match (object, key) {
            (Value::Array(values), Value::Number(at)) => {
                let values: &RefCell<Vec<Value>> = values;
                let found = values.borrow().get(*at as usize).cloned();
                found.ok_or_else(|| Thrown::new(format!("there is no element {at}")))
            }
            (Value::Structure(_) | Value::Map(_), key) => {
                Ok(object.find(key).unwrap_or(Value::Undefined))
            }
            _ => Err(Thrown::new(format!("{} has no elements", object.type_name()))),
        }
    }
}

fn outgoing(value: &Value) -> Result<addin::Value, Thrown> {
    match value {
        Value::Bool(flag) => Ok(addin::Value::Bool(*flag)),
        Value::Bytes(bytes) => Ok(addin::Value::bytes(bytes.to_vec())),
        Value::Number(number) if number.fract() == 0.0 => Ok(addin::Value::Int(*number as i32)),
        Value::Number(number) => Ok(addin::Value::Number(*number)),
        Value::Text(text) => Ok(addin::Value::text(text.clone())),
        Value::Undefined | Value::Omitted => Ok(addin::Value::Undefined),
        other => Err(Thrown::new(format!("the add-in takes no {}", other.type_name()))),
    }
}

fn incoming(value: addin::Value) -> Value {
    match value {
        addin::Value::Bool(flag) => Value::Bool(flag),
        addin::Value::Bytes(bytes) => Value::bytes(bytes),
        addin::Value::Int(number) => Value::Number(number.into()),
        addin::Value::Number(number) => Value::Number(number),
        addin::Value::Text(text) => Value::Text(text),
        _ => Value::Undefined,
    }
}
