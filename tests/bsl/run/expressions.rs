//! Expressions.

use tree_sitter::Node;

use super::value::{Thrown, Value};
use super::{Frame, Machine, Outcome};
use crate::syntax::{Source, children};

impl Machine<'_> {
    pub(super) fn truth(
        &self,
        text: &Source,
        node: Node<'_>,
        frame: &mut Frame,
    ) -> Result<bool, Thrown> {
        match self.value(text, node, frame)? {
            Value::Bool(flag) => Ok(flag),
            other => Err(Thrown::new(format!("{other:?} is neither true nor false"))),
        }
    }

    pub(super) fn value(&self, text: &Source, node: Node<'_>, frame: &mut Frame) -> Outcome {
        match node.kind() {
            "expression" | "parenthesized_expression" | "index" => {
                self.value(text, children(node)[0], frame)
            }
            "const_expression" => self.constant(text, node),
            "identifier" => self.variable(text, node, frame),
            "unary_expression" => self.unary(text, node, frame),
            "binary_expression" => self.binary(text, node, frame),
            "ternary_expression" => {
                let field = |name| node.child_by_field_name(name).unwrap();
                let taken = self.truth(text, field("condition"), frame)?;
                let way = field(if taken { "consequence" } else { "alternative" });
                self.value(text, way, frame)
            }
            "new_expression" => self.new_object(text, node, frame),
            "new_expression_method" => {
                let name = self.value(text, node.child_by_field_name("type").unwrap(), frame)?;
                self.new_addin(&name.shown())
            }
            "method_call" => self.own_call(text, node, frame),
            "access" if children(node).len() == 1 => self.value(text, children(node)[0], frame),
            "access" | "call_expression" | "property_access" => self.access(text, node, frame),
            other => Err(Thrown::new(format!("the expression {other} is not known here"))),
        }
    }

    pub(super) fn constant(&self, text: &Source, node: Node<'_>) -> Outcome {
        let node = if node.kind() == "const_expression" { children(node)[0] } else { node };
        let word = text.text(node);
        match node.kind() {
            "number" => Ok(Value::Number(word.parse().unwrap())),
            "string" => Ok(Value::text(word[1..word.len() - 1].replace("\"\"", "\""))),
            "boolean" => Ok(Value::Bool(["истина", "true"].contains(&&*word.to_lowercase()))),
            "NULL_KEYWORD" => Ok(Value::Null),
            "UNDEFINED_KEYWORD" => Ok(Value::Undefined),
            other => Err(Thrown::new(format!("the constant {other} is not known here"))),
        }
    }

    fn variable(&self, text: &Source, node: Node<'_>, frame: &Frame) -> Outcome {
        let name = text.text(node).to_lowercase();
        if let Some(value) = frame.get(&name) {
            return Ok(value.clone());
        }
        if let Some(value) = self.module.borrow().get(&name) {
            return Ok(value.clone());
        }
        Ok(Value::Enum(self.english(&name)))
    }

    fn unary(&self, text: &Source, node: Node<'_>, frame: &mut Frame) -> Outcome {
        let argument = node.child_by_field_name("argument").unwrap();
        let operator = text.text(node.child_by_field_name("operator").unwrap());
        match (operator, self.value(text, argument, frame)?) {
            ("-", Value::Number(number)) => Ok(Value::Number(-number)),
            ("+" | "-", other) => Err(Thrown::new(format!("{other:?} is no number"))),
            (_, Value::Bool(flag)) => Ok(Value::Bool(!flag)),
            (_, other) => Err(Thrown::new(format!("{other:?} is neither true nor false"))),
        }
    }

    fn binary(&self, text: &Source, node: Node<'_>, frame: &mut Frame) -> Outcome {
        let field = |name| node.child_by_field_name(name).unwrap();
        let operator = text.text(field("operator")).to_lowercase();
        let (left, right) = (field("left"), field("right"));
        match operator.as_str() {
            "и" | "and" => {
                let both = self.truth(text, left, frame)? && self.truth(text, right, frame)?;
                return Ok(Value::Bool(both));
            }
            "или" | "or" => {
                let either = self.truth(text, left, frame)? || self.truth(text, right, frame)?;
                return Ok(Value::Bool(either));
            }
            _ => {}
        }
        let (left, right) = (self.value(text, left, frame)?, self.value(text, right, frame)?);
        match (operator.as_str(), &left, &right) {
            ("=", ..) => Ok(Value::Bool(left.equals(&right))),
            ("<>", ..) => Ok(Value::Bool(!left.equals(&right))),
            ("+", Value::Text(text), other) => Ok(Value::Text(format!("{text}{}", other.shown()))),
            ("+", Value::Date(date), Value::Number(seconds)) => {
                Ok(Value::Date(date + *seconds as i64))
            }
            ("-", Value::Date(one), Value::Date(other)) => Ok(Value::Number((one - other) as f64)),
            ("<" | ">" | "<=" | ">=", Value::Date(one), Value::Date(other)) => {
                Ok(Value::Bool(compared(&operator, *one as f64, *other as f64)))
            }
            ("<" | ">" | "<=" | ">=", Value::Number(one), Value::Number(other)) => {
                Ok(Value::Bool(compared(&operator, *one, *other)))
            }
            ("+", Value::Number(one), Value::Number(other)) => Ok(Value::Number(one + other)),
            ("-", Value::Number(one), Value::Number(other)) => Ok(Value::Number(one - other)),
            ("*", Value::Number(one), Value::Number(other)) => Ok(Value::Number(one * other)),
            ("/", Value::Number(one), Value::Number(other)) => Ok(Value::Number(one / other)),
            _ => Err(Thrown::new(format!("{left:?} {operator} {right:?} means nothing"))),
        }
    }

    fn own_call(&self, text: &Source, node: Node<'_>, frame: &mut Frame) -> Outcome {
        let name = text.text(node.child_by_field_name("name").unwrap()).to_lowercase();
        let (nodes, given) = self.arguments(text, node, frame)?;
        if !self.functions.contains_key(&name) {
            return self.platform(&self.english(&name), &given, frame);
        }
        let (value, left) = self.invoke(&name, &given)?;
        self.give_back(text, &nodes, left, frame);
        Ok(value)
    }

    /// What a function did to parameters that are variables here.
    pub(super) fn give_back(
        &self,
        text: &Source,
        nodes: &[Option<Node<'_>>],
        left: Vec<Value>,
        frame: &mut Frame,
    ) {
        for (node, value) in nodes.iter().zip(left) {
            let inner = node.filter(|it| it.kind() == "expression").map(|it| children(it)[0]);
            if let Some(name) = inner.filter(|it| it.kind() == "identifier") {
                self.set(&text.text(name).to_lowercase(), value, frame);
            }
        }
    }

    /// The arguments of a call: their expressions, and their values.
    pub(super) fn arguments<'tree>(
        &self,
        text: &Source,
        call: Node<'tree>,
        frame: &mut Frame,
    ) -> Result<(Vec<Option<Node<'tree>>>, Vec<Value>), Thrown> {
        let (mut nodes, mut values) = (Vec::new(), Vec::new());
        for node in call.child_by_field_name("arguments").map(children).unwrap_or_default() {
            if node.kind() == "omitted_argument" {
                nodes.push(None);
                values.push(Value::Omitted);
            } else {
                values.push(self.value(text, node, frame)?);
                nodes.push(Some(node));
            }
        }
        Ok((nodes, values))
    }

    fn access(&self, text: &Source, node: Node<'_>, frame: &mut Frame) -> Outcome {
        let parts = children(node);
        let object = self.value(text, parts[0], frame)?;
        let last = *parts.last().unwrap();
        match last.kind() {
            "method_call" => {
                let name = text.text(last.child_by_field_name("name").unwrap());
                let (nodes, given) = self.arguments(text, last, frame)?;
                if let Value::Module = object {
                    let (value, left) = self.invoke(&name.to_lowercase(), &given)?;
                    self.give_back(text, &nodes, left, frame);
                    return Ok(value);
                }
                if let (Value::Structure(_), [key, _]) = (&object, given.as_slice())
                    && self.english(name) == "property"
                {
                    let found = object.find(key);
                    let is_there = Value::Bool(found.is_some());
                    let value = found.unwrap_or(Value::Undefined);
                    self.give_back(text, &nodes, vec![key.clone(), value], frame);
                    return Ok(is_there);
                }
                self.method(&object, name, &given)
            }
            "index" => {
                let key = self.value(text, last, frame)?;
                self.element(&object, &key)
            }
            _ => self.property(&object, text.text(last)),
        }
    }
}

fn compared(operator: &str, one: f64, other: f64) -> bool {
    match operator {
        "<" => one < other,
        ">" => one > other,
        "<=" => one <= other,
        _ => one >= other,
    }
}
